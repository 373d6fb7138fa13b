"""Planted bugs of seqlib.nn.rnn."""

FILE = "seqlib/nn/rnn.py"
TESTS = ["tests/nn/test_recurrent.py", "tests/nn/test_rnn.py"]
MUTANTS = {
    "one-bias": ("b_ih + b_hh, data", "b_ih, data"),
    "slope-of-h": ("out, out, value=-1)", "out, out.sign(), value=-1)"),
    "slope-sign": ("out, out, value=-1)", "out, out)"),
    "relu-slope-everywhere": ("else out.sign()", "else torch.ones_like(out)"),
    "weights-transposed": ("later, w_hh, out=dh)", "later, w_hh.t(), out=dh)"),
    "nonlinearities-swapped": (
        'Tensor.tanh_ if self.nonlinearity == "tanh"',
        'Tensor.tanh_ if self.nonlinearity == "relu"',
    ),
    "final-cotangent-dropped": ("dh = douts[t] + dh_n[: steps.sizes[t]]", "dh = douts[t].clone()"),
    "newcomers-from-zero": ("steps.carry(later @ w_hh, t, dh_n)", "steps.carry(later @ w_hh, t, 0 * dh_n)"),
    "step-cotangent-dropped": ("dh = douts[t] + steps.carry", "dh = 0 * douts[t] + steps.carry"),
    "initial-gradient-of-the-last": ("steps.first(da) @ w_hh", "steps.last(da) @ w_hh"),
    "state-not-carried": ("h if steps.uniform else steps.carry(h, t, h_0)", "h_0[: steps.sizes[t]]"),
    "loop-adds-no-hidden-bias": ("steps.carry(h, t, h_0), w_hh, b_hh)", "steps.carry(h, t, h_0), w_hh)"),
}
