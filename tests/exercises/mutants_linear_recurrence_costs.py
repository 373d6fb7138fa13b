"""Bugs planted in the practice of chapter 16: work and depth."""

FILE = "seqlib/exercises/linear_recurrence_costs.py"
TESTS = ["tests/exercises/test_linear_recurrence_costs.py"]
MUTANTS = {
    "first-distance-two": (
        "T - 2**k for k in range(_rounds(T))), _rounds(T)",
        "T - 2**k for k in range(1, _rounds(T))), _rounds(T)",
    ),
    "one-place-less": ("pairs, between = T // 2, (T - 1) // 2", "pairs, between = T // 2, (T - 1) // 2 - (T > 2)"),
    "upwards-rounded-up": ("work, depth = _upwards(T // 2)", "work, depth = _upwards((T + 1) // 2)"),
    "never-one-step": ("(8,), (13,), (1,), (2,)", "(8,), (13,), (4,), (2,)"),
    "no-power-of-two": ("(37,), (64,)", "(37,), (63,)"),
    "no-odd-ones": ("(8,), (13,)", "(8,), (16,)"),
    "two-for-a-combination": ("(3 * _doubling(T)[0], _doubling(T)[1], 3", "(2 * _doubling(T)[0], _doubling(T)[1], 3"),
    "halves-of-more": ("_halves((T + 1) // 2)", "_halves((T + 2) // 2 if T > 2 else 1)"),
    "formula-of-one-more": ("T * log(T) - T + 1, log(T)", "T * log(T) - T, log(T)"),
    "formula-of-the-tree": ("2 * T - log(T) - 2, max(", "2 * T - log(T) - 1, max("),
    "formula-of-the-depth": ("max(2 * log(T) - 1, least)", "max(2 * log(T), least)"),
    "never-rounded-up": ("for log in (_rounds, _down, log2)", "for log in (_down, log2)"),
    "never-rounded-down": ("for log in (_rounds, _down, log2)", "for log in (_rounds, log2)"),
    "never-a-fraction": ("for log in (_rounds, _down, log2)", "for log in (_rounds, _down)"),
    "never-without-a-guard": ("for least in (-1, 0)", "for least in (0,)"),
    "never-with-a-guard": ("for least in (-1, 0)", "for least in (-1,)"),
    "never-one-formula": (
        "_costs(doubling, tree), _costs(doubling=doubling), _costs(tree=tree)",
        "_costs(doubling, tree), _costs(tree=tree)",
    ),
    "never-the-tree-alone": (
        "_costs(doubling, tree), _costs(doubling=doubling), _costs(tree=tree)",
        "_costs(doubling, tree), _costs(doubling=doubling)",
    ),
    "same-pairs": ("lambda T: (_doubling(T), _tree(T))", "lambda T: (_tree(T), _doubling(T))"),
}
