"""Planted bugs of seqlib/reference/rnn.py."""

FILE = "seqlib/reference/rnn.py"
TESTS = ["tests/reference/test_rnn.py"]
MUTANTS = {
    "step-transposed": ("h @ params.W_hh.T + params.b_h, check", "h @ params.W_hh + params.b_h, check"),
    "slope-sign": ("return 1 - h**2 if", "return 1 + h**2 if"),
    "slope-not-squared": ("return 1 - h**2 if", "return 1 - h if"),
    "mask-forgets-state": ("np.where(real[:, t, None], new, states[:, t])", "new"),
    "truncate-off-by-one": ("for lag in range(k):", "for lag in range(k + 1):"),
    "jacobian-columns": (")[:, :, None] * params.W_hh", ")[:, None, :] * params.W_hh"),
}
