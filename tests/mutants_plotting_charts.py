"""Planted bugs of seqlib/plotting/charts.py: numbers of an axis, ceilings of single groups."""

FILE = "seqlib/plotting/charts.py"
TESTS = ["tests/test_plotting.py"]
MUTANTS = {
    "numbers-as-they-come": ("axes.set_yticks(marks, [", "axes.set_yticks(marks + 1, ["),
    "rounded-away": ('f"{mark:g}" for mark in marks', 'f"{mark:.0f}" for mark in marks'),
    "minor-numbers-stay": ("        axes.set_yticks([], minor=True)\n", ""),
    "zero-on-a-log-axis": ('if yscale == "log" and (marks <= 0).any():', "if False:"),
    "any-zero-is-wrong": ("(marks <= 0).any()", "(marks <= 1).any()"),
    "ceiling-of-no-group": ("if label not in values]:", "if False]:"),
    "ceilings-of-all": ("draw_ceiling(axes, i, ceilings[label])", "draw_ceiling(axes, i, max(ceilings.values()))"),
    "one-place-on": ("draw_ceiling(axes, i, c", "draw_ceiling(axes, i + 1, c"),
    "not-told": ("levels_alt(floor, chance, levels)", "levels_alt(floor, chance, others)"),
    "others-not-told": ("dict(others or {}) | {", "dict() | {"),
}
