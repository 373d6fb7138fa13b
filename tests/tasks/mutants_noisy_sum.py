"""Planted bugs of seqlib.tasks.noisy_sum."""

FILE = "seqlib/tasks/noisy_sum.py"
TESTS = ["tests/tasks/test_noisy_sum.py", "tests/tasks/test_task.py"]
MUTANTS = {
    "another-lag": ("x[..., -1] + x[..., -3]", "x[..., -1] + x[..., -2]"),
    "a-difference": ("x[..., -1] + x[..., -3]", "x[..., -1] - x[..., -3]"),
    "noise-of-the-others-alone": ("q = 1 - self.noise + rare", "q = 1 - self.noise"),
    "one-other-more": ("(self.K - 1) * rare", "self.K * rare"),
    "chance-in-bits": ("math.log(self.K)", "math.log2(self.K)"),
    "noise-not-shared": ("+ self.noise / self.K", "+ self.noise"),
    "never-broken": ("np.where(broken[:, t], x[:, t],", "np.where(False, x[:, t],"),
    "mostly-broken": ("< self.noise", "> self.noise"),
    "asked-too-early": ("mask[:, : FIRST - 1]", "mask[:, : FIRST - 2]"),
    "asked-too-late": ("mask[:, : FIRST - 1]", "mask[:, :FIRST]"),
    "not-shifted": ("x[:, 1:], mask", "x[:, :-1], mask"),
    "short-text": ("x.shape[1] < FIRST", "x.shape[1] < FIRST - 1"),
}
