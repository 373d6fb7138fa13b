"""Planted bugs of seqlib.tasks.product."""

FILE = "seqlib/tasks/product.py"
TESTS = ["tests/tasks/test_product.py", "tests/tasks/test_task.py"]
MUTANTS = {
    "sum-for-product": ("np.multiply", "np.add"),
    "numbers-from-0": ("rng.uniform(-1, 1, ", "rng.uniform(0, 1, "),
    "chance-of-one-number": ("return square**2", "return square"),
    "density-forgotten": ("square = 2 / 3 / 2", "square = 2 / 3"),
    "linear-as-from-0-to-1": ("return self.chance", "return self.chance / 7"),
}
