"""Planted bugs of seqlib.tasks.parity."""

FILE = "seqlib/tasks/parity.py"
TESTS = ["tests/tasks/test_parity.py", "tests/tasks/test_task.py"]
MUTANTS = {
    "counts": ("x.cumsum(1) % 2", "x.cumsum(1).clip(0, 1)"),
    "zeros-counted": ("x.cumsum(1) % 2", "(1 - x).cumsum(1) % 2"),
    "one-step-late": ("x.cumsum(1) % 2", "(x.cumsum(1) - x) % 2"),
    "last-bit-only": ("x.cumsum(1) % 2", "x"),
    "from-the-end": ("x.cumsum(1) % 2", "x[:, ::-1].cumsum(1)[:, ::-1] % 2"),
    "total-everywhere": ("x.cumsum(1) % 2", "x.sum(1, keepdims=True) % 2"),
    "padding-turns-round": (
        "x = np.where(real, rng.integers(0, 2, real.shape), 0)",
        "x = rng.integers(0, 2, real.shape)",
    ),
    "padding-is-answered": ("y = np.where(real, x.cumsum(1) % 2, 0)", "y = x.cumsum(1) % 2"),
    "end-of-the-batch": ("== lengths[:, None] - 1", "== real.shape[1] - 1"),
    "end-one-early": ("lengths[:, None] - 1", "np.maximum(lengths[:, None] - 2, 0)"),
    "end-for-every-step": ('real if self.asked == "every step" else last', "last"),
    "every-step-for-end": ('real if self.asked == "every step" else last', "real"),
    "longest-never": ("tuple(range(low, high + 1))", "tuple(range(low, max(high, low + 1)))"),
    "one-length": ("rng.choice(self.lengths, B)", "np.full(B, rng.choice(self.lengths))"),
    "no-lengths": ("(x,) if len(self.lengths) == 1 else (x, lengths)", "(x,)"),
    "ones-are-rare": ("rng.integers(0, 2, real.shape)", "rng.integers(0, 3, real.shape) // 2"),
    "chance-in-bits": ("math.log(2)", "math.log2(2)"),
}
