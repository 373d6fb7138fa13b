"""Planted bugs of seqlib.tasks.counting."""

FILE = "seqlib/tasks/counting.py"
TESTS = ["tests/tasks/test_counting.py", "tests/tasks/test_task.py"]
MUTANTS = {
    "another-symbol": ("(x == 0).cumsum(1)", "(x == 1).cumsum(1)"),
    "one-step-late": ("(x == 0).cumsum(1)", "(x == 0).cumsum(1) - (x == 0)"),
    "counted-from-the-end": ("(x == 0).cumsum(1)", "(x == 0)[:, ::-1].cumsum(1)[:, ::-1]"),
    "total-everywhere": ("(x == 0).cumsum(1)", "(x == 0).sum(1, keepdims=True).repeat(self.T, 1)"),
    "chance-of-the-last-step": ("return loss / self.T", "return loss"),
    "chance-of-half": ("p, belief, loss = 1 / self.symbols,", "p, belief, loss = 1 / 2,"),
    "chance-moves-the-wrong-way": (
        "np.append(belief * (1 - p), 0) + np.append(0, belief * p)",
        "np.append(0, belief * (1 - p)) + np.append(0, belief * p)",
    ),
    "underflow": ("belief[belief > 0]", "belief[:]"),
    "too-few-answers": ("self.n_out = self.T + 1", "self.n_out = self.T"),
    "a-symbol-less": ("rng.integers(0, self.symbols, (B", "rng.integers(0, max(self.symbols - 1, 2), (B"),
}
