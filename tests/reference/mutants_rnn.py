"""Planted bugs of seqlib/reference/rnn.py."""

FILE = "seqlib/reference/rnn.py"
TESTS = ["tests/reference/test_rnn.py", "tests/reference/test_recurrence.py"]
MUTANTS = {
    "step-transposed": ("h @ params.W_hh.T + params.b_h", "h @ params.W_hh + params.b_h"),
    "step-without-bias": (" + params.b_h, self.nonlinearity)", ", self.nonlinearity)"),
    "slope-sign": ("return 1 - h**2 if", "return 1 + h**2 if"),
    "slope-not-squared": ("return 1 - h**2 if", "return 1 - h if"),
    "state-back-transposed": ("return da, (da @ params.W_hh,)", "return da, (da @ params.W_hh.T,)"),
    "state-back-without-slope": ("return da, (da @ params.W_hh,)", "return da, (dh @ params.W_hh,)"),
    "input-for-state": ("outer(da, h), da.sum", "outer(da, da), da.sum"),
    "final-cotangent-forgotten": ('{"dh_T": dh_T}', '{"dh_T": None}'),
    "jacobian-columns": (")[:, :, None] * params.W_hh", ")[:, None, :] * params.W_hh"),
    "shapes-of-weights": ('real_array("params.b_h", params[2], (H,))', 'real_array("params.b_h", params[2])'),
}
