"""Planted bugs of seqlib.tasks.product."""

FILE = "seqlib/tasks/product.py"
TESTS = ["tests/tasks/test_product.py", "tests/tasks/test_task.py"]
MUTANTS = {
    "sum-for-product": ("u[:, self.lag :] * u[:, : -self.lag]", "u[:, self.lag :] + u[:, : -self.lag]"),
    "lag-one-short": ("* u[:, : -self.lag]", "* u[:, 1 : self.T - self.lag + 1]"),
    "always-the-step-before": ("* u[:, : -self.lag]", "* u[:, self.lag - 1 : -1]"),
    "numbers-from-0": ("rng.uniform(-1, 1, ", "rng.uniform(0, 1, "),
    "asked-before-there-is-an-answer": ("mask[:, self.lag :] = True", "mask[:] = True"),
    "asked-at-the-end-only": ("mask[:, self.lag :] = True", "mask[:, -1] = True"),
    "chance-of-one-number": ("return square**2", "return square"),
    "density-forgotten": ("square = 2 / 3 / 2", "square = 2 / 3"),
    "linear-as-from-0-to-1": ("return self.chance", "return self.chance / 7"),
    "lag-of-the-whole-sequence": ("high=self.T - 1", "high=self.T"),
}
