"""Bugs planted in the practice of chapter 14: whether two sentences belong together."""

FILE = "seqlib/exercises/bert_pairs.py"
TESTS = ["tests/exercises/test_bert_pairs.py"]
MUTANTS = {
    "worst-topics": ("b.argmax(1) == c.argmax(1),", "b.argmin(1) == c.argmax(1),"),
    "two-topics-less": (
        "_right = _odds(lambda s, Z: (1 - s) / (Z - 1))",
        "_right = _odds(lambda s, Z: (1 - s) / (Z - 2))",
    ),
    "half-agreed": ("_right = _odds(lambda s, Z: (1 - s) / (Z - 1))", "_right = _odds(lambda s, Z: (2 - s) / (Z - 1))"),
    "beliefs-squared": ("s: Array = (b * c).sum(1)", "s: Array = (b * c**2).sum(1)"),
    "share-squared": ("together = share * mine(s, Z)", "together = share**2 * mine(s, Z)"),
    "not-a-distribution": ("b[:, -1] += 1 - b.sum(1)", "b[:, -1] += 0.9 - b.sum(1)"),
    "evenly": ("_beliefs(4, 3, 0.3)", "_beliefs(4, 3, 0.5)"),
    "seldom": ("_beliefs(3, 3, 0.8), _beliefs(5, 8, 0.6)", "_beliefs(3, 3, 0.4), _beliefs(5, 8, 0.2)"),
    "no-square": ("_beliefs(3, 3, 0.8)", "_beliefs(4, 3, 0.8)"),
    "sure": ("np.full(Z, 0.8)", "np.full(Z, 0.05)"),
    "by-more-chance": ("_odds(lambda s, Z: 1 / Z)", "_odds(lambda s, Z: 1 / (Z + 1))"),
    "a-third-of-the-pairs": ("(1 - s) / (Z * (Z - 1) / 2)", "(1 - s) / (Z * (Z - 1) / 3)"),
    "cosine-of-one": ("np.sqrt(_agree(b, b) * _agree(c, c))", "np.sqrt(_agree(b, b))"),
    "least-product": ("(b * c).max(1)", "(b * c).min(1)"),
    "columns-of-the-batch": ("(b @ c.T).sum(1)", "(b @ c.T).sum(0)"),
    "weights-by-two": ("share * s * Z", "share * s * 2"),
    "pairs-backwards": ("share * (b @ c.T) / (share", "share * (c @ b.T) / (share"),
    "log-of-the-share-alone": ("np.log(share * s) - np.log((1 - share)", "np.log(s) - np.log((1 - share)"),
}
