"""Planted bugs of seqlib.tasks.task: each check left out."""

FILE = "seqlib/tasks/task.py"
TESTS = ["tests/tasks/test_task.py", "tests/tasks/test_blanks.py", "tests/tasks/test_pizza.py"]
MUTANTS = {
    "span-backwards": (
        'check_integer(f"{name}[1]", value[1], low=low)',
        'check_integer(f"{name}[1]", value[1], low=0)',
    ),
    "span-below-its-limit": (
        'low = check_integer(f"{name}[0]", value[0], low=low)',
        'low = check_integer(f"{name}[0]", value[0])',
    ),
    "span-of-three": ("if len(value) != 2:", "if len(value) < 2:"),
    "floor-above-chance": ("and floor <= chance + ROUNDING * abs(chance))", ")"),
    "no-rounding": ("chance + ROUNDING * abs(chance)", "chance"),
    "rounding-of-the-negative": ("abs(chance)", "chance"),
    "any-floor-nearly": ("ROUNDING = 1e-12", "ROUNDING = 1e-6"),
    "levels-not-finite": (
        "np.isfinite(floor) and np.isfinite(chance) and floor <= chance + ROUNDING * abs(chance)",
        "not floor > chance",
    ),
    "no-floor-needed": ('("floor", "chance", "draw")', '("chance", "draw")'),
    "no-unit-needed": ('("name", "loss", "unit")', '("name", "loss")'),
    "batch-not-checked": ("self._check(batch, B)", "pass"),
    "levels-not-checked": ("self._check_levels()", "pass"),
    "any-generator": ("if not isinstance(rng, np.random.Generator):", "if rng is None:"),
    "any-batch-size": ('check_integer("batch_size", batch_size, low=1)', "int(batch_size)"),
    "padding-counts": ("if (mask & ~real).any():", "if False:"),
    "row-without-answer": ("if not mask.any(1).all():", "if not mask.any():"),
    "lengths-not-counted": ('check_shape(f"lengths of {name}", lengths, (B,))', "pass"),
    "ids-of-the-input": ('check_ids(f"x of {name}", inputs[0], self.vocab_size, (B, T))', "pass"),
    "settings-incomplete": ("if not hasattr(self, name)]", "if False]"),
}
