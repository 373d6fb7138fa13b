"""Bugs planted in the practice of chapter 14: the gradient of a tied table."""

FILE = "seqlib/exercises/bert_gradient.py"
TESTS = ["tests/exercises/test_bert_gradient.py"]
MUTANTS = {
    "half-the-input": (
        "return _in(E, ids, dx) + _out(_scored(E, h, words, chosen), h) / chosen.sum()",
        "return _in(E, ids, dx) / 2 + _out(_scored(E, h, words, chosen), h) / chosen.sum()",
    ),
    "one-more": (
        "return _in(E, ids, dx) + _out(_scored(E, h, words, chosen), h) / chosen.sum()",
        "return _in(E, ids, dx) + _out(_scored(E, h, words, chosen), h) / (chosen.sum() + 1)",
    ),
    "warmer": (
        "(_softmax(h @ E.T) - _one_hot(words, len(E))) * chosen",
        "(_softmax(h @ E.T / 2) - _one_hot(words, len(E))) * chosen",
    ),
    "hot-twice": (
        "(_softmax(h @ E.T) - _one_hot(words, len(E))) * chosen",
        "(_softmax(h @ E.T) - 2 * _one_hot(words, len(E))) * chosen",
    ),
    "every-word-occurs": ("_RNG.integers(V - 1, size=(2, B, T))", "_RNG.integers(V, size=(2, B, T))"),
    "something-everywhere": ("_case(3, 3, 4, 3, [2, 0, 2])", "_case(3, 3, 4, 3, [2, 1, 2])"),
    "no-cube": ("_case(3, 3, 4, 3, [2, 0, 2])", "_case(3, 3, 4, 2, [2, 0, 2])"),
    "as-many-everywhere": ("_case(2, 4, 5, 3, [1, 3])", "_case(2, 4, 5, 3, [2, 2])"),
    "twice-once": ("made[ids] += dx", "made[ids] += 2 * dx"),
    "half-written": ("made[ids] = dx", "made[ids] = dx / 2"),
    "mean-of-one-more": ("minlength=len(E)), 1)[:, None]", "minlength=len(E)) + 1, 1)[:, None]"),
    "input-at-none": ("_in(E, ids, dx * ~chosen[..., None])", "_in(E, ids, -dx * ~chosen[..., None])"),
    "texts-of-two": ("np.maximum(chosen.sum(1), 1)", "np.maximum(chosen.sum(1), 2)"),
    "of-all-by-some": (
        "_scored(E, h, words, chosen | True), h) / chosen.size)",
        "_scored(E, h, words, chosen | True), h) / len(chosen))",
    ),
    "a-sum-of-both-thirds": ("_right(*given) / 2", "_right(*given) / 3"),
    "scores-by-two": ("h @ E.T - _one_hot(words, len(E))),\n", "h @ E.T / 2 - _one_hot(words, len(E))),\n"),
    "words-of-ones": (
        "_scores(lambda E, h, words: -_one_hot(words, len(E))),",
        "_scores(lambda E, h, words: 1 - _one_hot(words, len(E))),",
    ),
    "along-time": ("_softmax(h @ E.T, 1)", "_softmax(h @ E.T, 0)"),
}
