"""Planted bugs of seqlib.tasks.highlighting."""

FILE = "seqlib/tasks/highlighting.py"
TESTS = ["tests/tasks/test_highlighting.py", "tests/tasks/test_task.py"]
MUTANTS = {
    "hash-in-a-string": ("[STRING, CODE, STRING, CODE]", "[STRING, CODE, COMMENT, CODE]"),
    "string-over-the-line": ("[STRING, CODE, STRING, CODE]", "[STRING, CODE, STRING, STRING]"),
    "mark-in-a-comment": ("[COMMENT] * 3 + [CODE]", "[COMMENT, STRING, COMMENT, CODE]"),
    "noise-not-halved": (
        "parts = (1 - self.noise, self.noise / 2, self.noise / 2)",
        "parts = (1 - self.noise, self.noise)",
    ),
    "chance-without-noise": ("(1 - 1.5 * self.noise) * seen", "seen"),
    "every-length-alike": ("(self.lengths >= t).mean() * (said", "(said"),
    "per-sequence": ("/ float(self.lengths.mean())", ""),
    "state-not-carried": ("            state = joint.sum(0)\n            seen", "            seen"),
    "slips-to-one-side": ("rng.integers(1, 3, x.shape)", "rng.integers(1, 2, x.shape)"),
    "colour-before-the-character": (
        "states[:, t] = state = self.next[state, x[:, t]]",
        "states[:, t], state = state, self.next[state, x[:, t]]",
    ),
    "padding-counts": ("0), real)", "0), np.ones_like(real))"),
}
