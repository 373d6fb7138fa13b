"""Bugs planted in the models of exercise 1 of chapter 7."""

FILE = "seqlib/exercises/leaky_models.py"
TESTS = ["tests/exercises/test_leaky_models.py"]
MUTANTS = {
    "any-shape": ("if words.ndim != 2 or words.dtype", "if words.dtype"),
    "any-dtype": (' or words.dtype.kind not in "iu"', ""),
    "negative-words": ("not 0 <= words.min() <= words.max() < V", "not words.max() < V"),
    "one-word-more": ("words.max() < V", "words.max() <= V"),
    "nothing-is-refused-for-its-size": ("if words.size and not", "if not"),
    "rounds-too-much": ("numbers = 30 * table[x] / 7", "numbers = 3e5 * table[x] / 7"),
    "single-is-double": ("(table[x] / 7).astype(np.float32)", "table[x] / 7"),
    "row-sees-itself": ("at(1)(table, x) * (x", "(at(1)(table, x) + table[x]) * (x"),
    "breaks-on-short-texts": ("    by = max(-x.shape[1], min(by, x.shape[1]))\n", ""),
    "sees-the-last-too": ("x.shape[1] - 2)", "x.shape[1] - 1)"),
    "never-sees-the-size": ("- size * (shifted", "- 0 * size * (shifted"),
    "notices-nothing": ("+ by * (shifted(x, 1) == hidden)", "+ 0 * by * (shifted(x, 1) == hidden)"),
}
