"""Bugs planted in the practice of chapter 12: the masked softmax."""

FILE = "seqlib/exercises/attention.py"
TESTS = ["tests/exercises/test_attention.py"]
MUTANTS = {
    "one-more-in-the-sum": ("return p / np.where(total == 0, 1, total)", "return p / (total + 1)"),
    "twice-as-hot": (
        "np.exp(np.where(mask, scores - top, -np.inf))",
        "np.exp(np.where(mask, 1.1 * (scores - top), -np.inf))",
    ),
    "a-large-epsilon": ("p / (p.sum(-1, keepdims=True) + epsilon)", "p / (p.sum(-1, keepdims=True) + 1000 * epsilon)"),
    "the-smallest-alone": ("(scores == _top(scores, mask))", "(scores != _top(scores, mask))"),
    "negative-logarithms": ("np.log(_right(scores, mask))", "-np.log(_right(scores, mask))"),
    "weights-of-a-half": ("_right(scores, mask), 1),", "_right(scores, mask), 0.5),"),
    "half-turned-over": (
        "softmax(np.where(mask, -1e9, scores)),\n",
        "softmax(np.where(mask, -1e9, 0.5 * scores)),\n",
    ),
    "swallowed-by-half": ("_plus(_exp(scores, mask, scores.max", "0.5 * _plus(_exp(scores, mask, scores.max"),
    "at-least-half": ("np.maximum(p.sum(-1, keepdims=True), epsilon)", "np.maximum(p.sum(-1, keepdims=True), 0.5)"),
    "twice-what-is-left": (
        "_plus(_exp(scores, mask, (scores * mask).max",
        "2 * _plus(_exp(scores, mask, (scores * mask).max",
    ),
}
