"""Planted bugs of seqlib.tasks.oscillator."""

FILE = "seqlib/tasks/oscillator.py"
TESTS = ["tests/tasks/test_oscillator.py", "tests/tasks/test_task.py"]
MUTANTS = {
    "oscillator-cold-start": ("x[:, 0] = np.sqrt(gamma0) * noise[:, 0]", "x[:, 0] = self.sigma * noise[:, 0]"),
    "persistence-halved": ("2 * (gamma0 - gamma1)", "gamma0 - gamma1"),
    "memoryless-of-the-future": ("gamma0 - gamma1**2 / gamma0)\n\n", "gamma0 - gamma1 / gamma0)\n\n"),
    "yule-walker-sign": ("variance * a1 / (1 - a2)]", "variance * a1 / (1 + a2)]"),
    "target-is-the-present": ("x[:, 1:, None], mask", "x[:, :-1, None], mask"),
    "blind-step-counts": ("mask[:, 0] = False", "mask[:, 0] = True"),
}
