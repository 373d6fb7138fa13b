"""Bugs planted in the practice of chapter 15: merges that are applied."""

FILE = "seqlib/exercises/gpt_encode.py"
TESTS = ["tests/exercises/test_gpt_encode.py"]
MUTANTS = {
    "one-too-far": (
        "        row = _merged(row, a, b, V + rank)\n    return np.array(row, dtype=int)\n\n\ndef _ranked",
        "        row = _merged(row, a, b, V + rank + 1)\n    return np.array(row, dtype=int)\n\n\ndef _ranked",
    ),
    "no-text-of-one": ("(np.array([1]), ", "(np.array([1, 0]), "),
    "last-place": (
        "min((pair for pair in pairwise(row) if pair in rank)",
        "max((pair for pair in pairwise(row) if pair in rank)",
    ),
    "of-one-symbol": ("if max(a, b) < V", "if min(a, b) < V"),
    "two-further": ("r + 1, r)", "r + 2, r)"),
    "less-a-rank": ("made - V, made)", "made - V + 1, made)"),
    "lost-a-token": ("return [*row[:i], new, *row[i + 2 :]]", "return [*row[:i], new, *row[i + 1 :]]"),
    "merges-of-what-is-not": ("[[0, 0], [1, 1], [2, 1], [3, 3]]", "[[0, 0], [1, 1], [2, 1], [6, 3]]"),
    "one-more-token": (
        "lambda ids, merges, V: len(_by_rank(ids, merges, V))",
        "lambda ids, merges, V: len(_by_rank(ids, merges, V)) + 1",
    ),
}
