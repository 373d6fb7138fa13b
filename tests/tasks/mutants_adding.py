"""Planted bugs of seqlib.tasks.adding."""

FILE = "seqlib/tasks/adding.py"
TESTS = ["tests/tasks/test_adding.py", "tests/tasks/test_task.py"]
MUTANTS = {
    "chance-wrong": ("return self.marked * variance", "return variance"),
    "both-marks-in-one-half": ("rng.integers(half, self.T, B)", "rng.integers(0, half, B)"),
    "answer-everywhere": ("mask[:, -1] = True", "mask[:] = True"),
    "view-of-one-sum": (
        "np.broadcast_to(total[:, None, None], (B, self.T, 1)).copy()",
        "np.broadcast_to(total[:, None, None], (B, self.T, 1))",
    ),
}
