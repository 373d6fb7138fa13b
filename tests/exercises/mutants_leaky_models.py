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
    "float32-rounds-too-much": ("(table[x] / 7).astype", "(table[x] / 1).astype"),
    "row-sees-itself": ("at(1)(table, x) * (x", "(at(1)(table, x) + table[x]) * (x"),
    "breaks-on-short-texts": ("    by = max(-x.shape[1], min(by, x.shape[1]))\n", ""),
    "sees-fewer": ("x.shape[1] - 2)", "x.shape[1] - 3)"),
    "faint-reads-the-past": ("if sure else table[x])", "if sure else past(table, x))"),
    "notices-no-past": ("out = past(table, x)\n        out[..., -1]", "out = table[x]\n        out[..., -1]"),
}
