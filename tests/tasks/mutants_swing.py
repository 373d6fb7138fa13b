"""Planted bugs of seqlib.tasks.swing."""

FILE = "seqlib/tasks/swing.py"
TESTS = ["tests/tasks/test_swing.py", "tests/tasks/test_task.py"]
MUTANTS = {
    "let-go-one-step-late": ("(steps - last) / self.period)", "(steps - last + 1) / self.period)"),
    "sine-for-cosine": ("* np.cos(2 * np.pi * (steps", "* np.sin(2 * np.pi * (steps"),
    "never-caught": ("np.where(again, steps, 0), 1)", "np.where(again, 0, 0), 1)"),
    "first-step-not-marked": ("again[:, 0] = True", "again[:, 0] = again[:, 0]"),
    "places-without-marks": (
        "np.where(again, rng.uniform(-1, 1, (B, self.T)), 0.0)",
        "rng.uniform(-1, 1, (B, self.T))",
    ),
    "half-the-range": ("rng.uniform(-1, 1,", "rng.uniform(0, 1,"),
    "chance-without-the-first": ("still * at + self.restart *", "self.restart *"),
    "chance-counts-now-twice": ("(np.cumsum(still * at) - still * at)", "np.cumsum(still * at)"),
    "variance-of-a-die": ("square = 1 / 3", "square = 1 / 12"),
}
