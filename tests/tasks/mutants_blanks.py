"""Planted bugs of seqlib.tasks.blanks."""

FILE = "seqlib/tasks/blanks.py"
TESTS = ["tests/tasks/test_blanks.py", "tests/tasks/test_task.py"]
MUTANTS = {
    "answer-leaks": ("np.where(seen, ids[:, :-1], 0)", "np.where(seen, ids[:, 1:], 0)"),
    "answer-behind-the-blank": ("np.where(seen, ids[:, :-1], 0)", "ids[:, :-1]"),
    "lengths-of-the-sentence": ("lengths, T = words - 1, ids", "lengths, T = words, ids"),
    "no-lengths": ("inputs = (x,) if len(self.distances) == 1 else (x, lengths)", "inputs = (x,)"),
    "own-generator": (
        "self.cues[rng.integers(len(self.cues))]",
        "self.cues[np.random.default_rng().integers(len(self.cues))]",
    ),
    "settings-lose-the-distance": ("low if low == high else (low, high)", "low"),
}
