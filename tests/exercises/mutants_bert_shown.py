"""Bugs planted in the practice of chapter 14: the guess at a shown word."""

FILE = "seqlib/exercises/bert_shown.py"
TESTS = ["tests/exercises/test_bert_shown.py"]
MUTANTS = {
    "one-word-more": (
        "_shown_right = _by_channel(lambda own, V, s: s[1] / V + s[2] * own)",
        "_shown_right = _by_channel(lambda own, V, s: s[1] / (V + 1) + s[2] * own)",
    ),
    "half-kept": (
        "_shown_right = _by_channel(lambda own, V, s: s[1] / V + s[2] * own)",
        "_shown_right = _by_channel(lambda own, V, s: s[1] / V + s[2] / 2 * own)",
    ),
    "mask-one-early": (
        "np.where(shown[:, None] == guess.shape[1], guess, formula",
        "np.where(shown[:, None] >= guess.shape[1] - 1, guess, formula",
    ),
    "root-of-the-guess": (
        "_share(guess * channel(own, guess.shape[1], shares))",
        "_share(guess**0.5 * channel(own, guess.shape[1], shares))",
    ),
    "nothing-hidden": ("[0, 1, 3], (0.3", "[0, 1, 2], (0.3"),
    "one-word-twice": ("[2, 5, 0, 4]", "[2, 5, 2, 4]"),
    "not-a-distribution": ("guess[:, -1] += 1 - guess.sum(1)", "guess[:, -1] += 0.9 - guess.sum(1)"),
    "shares-that-do-not-add-up": ("(0.3, 0.5, 0.2)", "(0.3, 0.5, 0.3)"),
    "like-the-first": ("(0.1, 0.2, 0.7)", "(0.7, 0.1, 0.2)"),
    "mixed-by-the-hidden": ("s[2] * own + (1 - s[2]) * guess", "s[2] * own + s[0] * guess"),
    "channel-cubed": ("s[2] * own) ** 2", "s[2] * own) ** 3"),
    "uniform-over-more": ("1 / guess.shape[1], _shown_right", "1 / (guess.shape[1] + 1), _shown_right"),
    "hidden-by-another": ("np.where(hidden, shares[0], shares[1]", "np.where(hidden, shares[2], shares[1]"),
    "next-to-itself": ("np.where(own, s[2], s[1] / (V - 1))", "np.where(own, s[2], s[1] / (V - 2))"),
}
