"""Planted bugs of seqlib.metrics.bleu."""

FILE = "seqlib/metrics/bleu.py"
TESTS = ["tests/metrics/test_bleu.py"]
MUTANTS = {
    "brevity-inverted": ("math.exp(1 - r / c)", "math.exp(1 - c / r)"),
    "brevity-for-the-long": ("1.0 if c >= r else", "1.0 if c <= r else"),
    "brevity-missing": ("brevity = 1.0 if c >= r else math.exp(1 - r / c)", "brevity = 1.0"),
    "clipping-missing": ("(found & allowed).total()", "sum(k for gram, k in found.items() if gram in allowed)"),
    "clipped-by-all-together": ("allowed |= _ngrams(other, n)", "allowed += _ngrams(other, n)"),
    "clipped-by-the-last": ("allowed |= _ngrams(other, n)", "allowed = _ngrams(other, n)"),
    "order-off-by-one": ("in range(1, order + 1):\n            found", "in range(1, order):\n            found"),
    "ngrams-one-longer": ("_ngrams(mine, n), Counter", "_ngrams(mine, n + 1), Counter"),
    "ngrams-without-the-last": ("range(len(tokens) - n + 1)", "range(len(tokens) - n)"),
    "bags-of-words": ("Counter(tuple(tokens[i : i + n])", "Counter(tuple(sorted(tokens[i : i + n], key=str))"),
    "kinds-for-counts": ("total[n - 1] += found.total()", "total[n - 1] += len(found)"),
    "recall-for-precision": ("total[n - 1] += found.total()", "total[n - 1] += allowed.total()"),
    "longest-reference": ("r += min((abs", "r += max((abs"),
    "longer-of-two": (
        "(abs(len(other) - len(mine)), len(other)) for",
        "(abs(len(other) - len(mine)), -len(other)) for",
    ),
    "first-reference-alone": ("for choice in choices]", "for choice in choices[:1]]"),
    "arithmetic-mean": ("math.exp(sum(logs) / len(logs))", "sum(map(math.exp, logs)) / len(logs)"),
    "order-as-given": ("sum(logs) / len(logs)", "sum(logs) / len(counts.total)"),
    "always-effective": ("and not effective_order:", "and False:"),
    "never-effective": ("and not effective_order:", "and True:"),
    "halved-once": ("            halved /= 2\n", "            halved = 0.5\n"),
    "halved-from-one": ("logs, halved = [], 1.0", "logs, halved = [], 2.0"),
    "floor-unused": ('elif right == 0 and smoothing == "floor":', "elif False:"),
    "floor-for-all": ('elif right == 0 and smoothing == "floor":', 'elif smoothing == "floor":'),
    "added-to-single-words": ('smoothing == "add-k" and n > 1', 'smoothing == "add-k"'),
    "added-above-alone": ("right, of = right + value, of + value", "right += value"),
    "value-ignored": ("default if smooth_value is None else", "default if True else"),
    "value-zero-is-default": ("if smooth_value is None else check", "if not smooth_value else check"),
    "smoothed-nothing": ("if not any(counts.correct):", "if not any(counts.total):"),
    "from-0-to-1": ("return 100 * brevity", "return brevity"),
    "cut-at-blanks-anyway": (
        'words(f"hypotheses{number}", hypothesis, tokenize)',
        'words(f"hypotheses{number}", hypothesis)',
    ),
    "sentence-as-corpus": ("effective_order: bool = True", "effective_order: bool = False"),
}
