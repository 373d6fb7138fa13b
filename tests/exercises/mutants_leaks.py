"""Bugs planted in the models of exercise 1 of chapter 7."""

FILE = "seqlib/exercises/leaks.py"
TESTS = ["tests/exercises/test_leaks.py"]
MUTANTS = {
    "any-shape": ("if words.ndim != 2 or words.dtype", "if words.dtype"),
    "any-dtype": (' or words.dtype.kind not in "iu"', ""),
    "negative-words": ("not 0 <= words.min() <= words.max() < V", "not words.max() < V"),
    "one-word-more": ("words.max() < V", "words.max() <= V"),
    "nothing-is-refused-for-its-size": ("if words.size and not", "if not"),
    "rounds-too-much": ("numbers = 30 * table[x] / 7", "numbers = 3e5 * table[x] / 7"),
    "a-little-is-too-little": ("- 0.01 * (_shifted", "- 0.001 * (_shifted"),
    "row-sees-itself": ("_at(1)(table, x) * (x", "(_at(1)(table, x) + table[x]) * (x"),
    "t-is-0": ("5, _at(-1)), _ROWS, 3)", "5, _at(-1)), _ROWS, 0)"),
}
