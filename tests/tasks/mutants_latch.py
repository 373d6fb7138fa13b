"""Planted bugs of seqlib.tasks.latch."""

FILE = "seqlib/tasks/latch.py"
TESTS = ["tests/tasks/test_latch.py", "tests/tasks/test_task.py"]
MUTANTS = {
    "chance-of-all-ids": ("math.log(self.symbols)", "math.log(self.vocab_size)"),
    "first-for-last": ("places.max(1, keepdims=True)", "places.min(1, keepdims=True)"),
    "drawn-order-for-last": ("places.max(1, keepdims=True)", "places[:, -1:]"),
    "first-step-again": ("later = 1 + rng", "later = rng"),
    "one-symbol-for-all-writes": (
        "rng.integers(0, self.symbols, places.shape)",
        "rng.integers(0, self.symbols, (B, 1))",
    ),
    "a-distractor-less": (
        "rng.integers(self.symbols, self.vocab_size, (B",
        "rng.integers(self.symbols, self.vocab_size - 1, (B",
    ),
    "answer-everywhere": ("mask[:, -1] = True", "mask[:] = True"),
}
