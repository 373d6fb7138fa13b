"""Planted bugs of seqlib.metrics.chrf."""

FILE = "seqlib/metrics/chrf.py"
TESTS = ["tests/metrics/test_chrf.py"]
MUTANTS = {
    "precision-weighted": ("beta**2 * precision + recall)", "precision + beta**2 * recall)"),
    "beta-not-squared": (
        "(1 + beta**2) * precision * recall / (beta**2 *",
        "(1 + beta) * precision * recall / (beta *",
    ),
    "blanks-counted": ('"".join(text.split())', "text"),
    "clipping-missing": ("(a & b).total())", "sum(k for gram, k in a.items() if gram in b))"),
    "order-off-by-one": ("range(1, char_order + 1)]", "range(1, char_order)] + [_grams(characters, 1)]"),
    "words-off-by-one": ("for n in range(1, word_order + 1)", "for n in range(2, word_order + 2)"),
    "grams-without-the-last": ("range(len(symbols) - n + 1)", "range(len(symbols) - n)"),
    "orders-that-are-not-there": ("counts if mine]", "counts if theirs]"),
    "missing-orders-as-zero": ("sum(column) / len(ratios)", "sum(column) / len(counts)"),
    "counts-without-a-reference": ("a.total() if b else 0", "a.total()"),
    "worst-reference": ("best = max(found", "best = min(found"),
    "first-reference": ("best = max(found, key=lambda one: _score(one, beta))", "best = found[0]"),
    "best-without-beta": ("key=lambda one: _score(one, beta)", "key=lambda one: _score(one, 1.0)"),
    "precision-and-recall-swapped": ("(both / mine, both / theirs)", "(both / theirs, both / mine)"),
    "mean-of-sentences": ("(a + x, b + y, c + z)", "(max(a, x), max(b, y), max(c, z))"),
    "marks-stay": ("if len(word) > 1 and word[-1] in PUNCTUATION:", "if False:"),
    "marks-at-the-beginning-stay": ("elif len(word) > 1 and word[0] in PUNCTUATION:", "elif False:"),
    "beginning-first": (
        "word[-1] in PUNCTUATION:\n            found += [word[:-1], word[-1]]",
        "word[-1] in PUNCTUATION and word[0] not in PUNCTUATION:\n            found += [word[:-1], word[-1]]",
    ),
    "single-marks-are-cut": ("if len(word) > 1 and word[-1]", "if word[-1]"),
    "from-0-to-1": ("return 100 * _score(counts, beta)", "return _score(counts, beta)"),
    "words-without-blanks": ('" ".join(map(str, tokens))', '"".join(map(str, tokens))'),
    "numbers-as-text": ("if not isinstance(token, str):", "if False:"),
}
