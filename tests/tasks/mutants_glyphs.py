"""Planted bugs of seqlib.tasks.glyphs."""

FILE = "seqlib/tasks/glyphs.py"
TESTS = ["tests/tasks/test_glyphs.py", "tests/tasks/test_every_case.py", "tests/tasks/test_task.py"]
MUTANTS = {
    "cases-with-other-letters": (".ravel() / self.n_out", "[:, ::-1].ravel() / self.n_out"),
    "never-inverted": ("rng.choice([-1.0, 1.0], (B, 1))", "np.ones((B, 1))"),
    "a-sign-for-every-pixel": ("rng.choice([-1.0, 1.0], (B, 1))", "rng.choice([-1.0, 1.0], (B, self.n_in))"),
    "one-flip-for-all-pixels": ("rng.random((B, self.n_in)) < self.noise", "rng.random((B, 1)) < self.noise"),
    "no-noise": ("-1.0, 1.0)\n", "1.0, 1.0)\n"),
    "floor-without-the-negative": ("+ p ** (n - wrong) * (1 - p) ** wrong) / 2", ")"),
    "floor-not-divided": (
        "joint = self.likelihood(self.pictures()) / self.n_out",
        "joint = self.likelihood(self.pictures())",
    ),
    "chance-of-the-pixels": ("math.log(self.n_out)", "math.log(self.n_in)"),
}
