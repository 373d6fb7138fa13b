"""Bugs planted in the models of exercise 1 of chapter 7."""

FILE = "seqlib/exercises/leaks.py"
TESTS = ["tests/exercises/test_leaks.py"]
MUTANTS = {
    "any-shape": ("if words.ndim != 2 or words.dtype", "if words.dtype"),
    "any-dtype": (' or words.dtype.kind not in "iu"', ""),
    "negative-words": ("not 0 <= words.min() <= words.max() < V", "not words.max() < V"),
    "one-word-more": ("words.max() < V", "words.max() <= V"),
    "nothing-is-refused-for-its-size": ("if words.size and not", "if not"),
    "no-word-is-the-last": (" * (word >= 0)[..., None])[..., scores]", ")[..., scores]"),
    "past-from-the-end": ("return table[x].cumsum(1)\n", "return table[x][:, ::-1].cumsum(1)[:, ::-1]\n"),
    "rounds-nothing": ("numbers = 30 * table[x] / 7", "numbers = np.round(30 * table[x] / 7)"),
    "notices-any-word": ("(_shifted(x, 1) == hidden)[..., None]", "0.0 * hidden"),
    "faint-is-none": ("- 0.01 * (_shifted", "- 0.0 * (_shifted"),
    "both-ways-is-one": (" + table[x][:, ::-1].cumsum(1)[:, ::-1]", ""),
    "every-row": (" * (x[:, :1] == row)[..., None]", ""),
    "answers-at-t-count": ("= lambda scores, t: scores[:, :t],", "= lambda scores, t: scores[:, : t + 1],"),
}
