"""Bugs planted in the practice of chapter 14: the loss at the chosen words."""

FILE = "seqlib/exercises/bert_loss.py"
TESTS = ["tests/exercises/test_bert_loss.py"]
MUTANTS = {
    "a-word-more": (
        "_losses(scores, words)[chosen].mean()",
        "_losses(scores, words)[chosen].sum() / (chosen.sum() + 1)",
    ),
    "one-word-less": ("np.exp(shifted).sum(axis, keepdims=True)", "(np.exp(shifted).sum(axis, keepdims=True) - 0.1)"),
    "something-everywhere": ("[0, 4]),  # a text", "[1, 4]),  # a text"),
    "as-many-everywhere": ("[1, 3, 2]),", "[2, 2, 2]),"),
    "no-cube": ("_scored(4, 4, 4, [1, 2, 2, 1])", "_scored(4, 4, 5, [1, 2, 2, 1])"),
    "not-in-float32": ("(B, T, V)) / 8 + high", "(B, T, V)) / 7 + high"),
    "a-quarter-at-most": ("np.maximum(chosen.sum(1), 1)", "np.maximum(chosen.sum(1), 2)"),
    "digits": ("losses[chosen].mean() / np.log(2)", "losses[chosen].mean() / np.log(10)"),
    "over-two-axes": ("for axis in (0, 1, (1, 2), (0, 1, 2))", "for axis in (0, 1, (0, 1), (0, 1, 2))"),
    "less-than-a-mean": ("1 - np.exp(-losses)[chosen].mean()", "2 - np.exp(-losses)[chosen].mean()"),
    "perplexity-of-bits": ("np.exp(losses[chosen].mean())", "np.exp2(losses[chosen].mean())"),
}
