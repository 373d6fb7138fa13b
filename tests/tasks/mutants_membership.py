"""Planted bugs of seqlib.tasks.membership."""

FILE = "seqlib/tasks/membership.py"
TESTS = ["tests/tasks/test_membership.py", "tests/tasks/test_task.py"]
MUTANTS = {
    "the-first-symbol": ("(x == x[:, -1:])", "(x == x[:, :1])"),
    "counted": (".cumsum(1).clip(0, 1)", ".cumsum(1)"),
    "at-this-step-only": ("(x == x[:, -1:]).cumsum(1).clip(0, 1)", "(x == x[:, -1:]).astype(int)"),
    "asked-at-the-last-step-too": ("mask[:, -1] = False", "mask[:, -1] = True"),
    "asked-at-the-last-step-only": ("mask[:, -1] = False", "mask[:, :-1] = False"),
    "chance-one-step-late": ("np.arange(1, self.T)", "np.arange(self.T - 1)"),
    "chance-of-the-absent": ("1 - (1 - 1 / self.symbols) **", "1 - (1 / self.symbols) **"),
    "past-one-step-behind": ("self._come(self.symbols)[1:]", "self._come(self.symbols)[:-1]"),
    "sum-one-step-ahead": ("self._come(others)[:-1]", "self._come(others)[1:]"),
    "sum-of-the-others-only": ("others / self.symbols * (come", "(come"),
    "sum-of-all-symbols": ("others = self.symbols - 1", "others = self.symbols"),
    "come-without-repeats": ("* (kinds - r) / self.symbols", "* (kinds - r) / kinds"),
    "half-the-uncertainty": ("both = np.stack([p, 1 - p])", "both = np.stack([p, 0 * p])"),
    "a-symbol-less": ("rng.integers(0, self.symbols, (B", "rng.integers(0, max(self.symbols - 1, 2), (B"),
}
