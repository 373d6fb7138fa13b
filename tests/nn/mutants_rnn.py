"""Planted bugs of seqlib.nn.rnn."""

FILE = "seqlib/nn/rnn.py"
TESTS = ["tests/nn/test_recurrent.py", "tests/nn/test_rnn.py"]
MUTANTS = {
    "one-bias": ("b_ih + b_hh, data", "b_ih, data"),
    "slope-of-h": ("one, h, h, value=-1)", "one, h, h.sign(), value=-1)"),
    "slope-sign": ("one, h, h, value=-1)", "one, h, h)"),
    "relu-slope-everywhere": ("else h.sign()", "else torch.ones_like(h)"),
    "weights-transposed": ("later, w_hh, out=dh)", "later, w_hh.t(), out=dh)"),
    "nonlinearities-swapped": (
        'Tensor.tanh_ if self.nonlinearity == "tanh"',
        'Tensor.tanh_ if self.nonlinearity == "relu"',
    ),
    "newcomers-from-zero": ("later @ w_hh, t, dh_n, dh_0)", "later @ w_hh, t, 0 * dh_n, dh_0)"),
    "step-cotangent-dropped": ("dh = douts[t] + steps.carry", "dh = 0 * douts[t] + steps.carry"),
    "initial-gradient-without-the-weights": ("dh_0[: len(later)] = later @ w_hh", "dh_0[: len(later)] = later"),
    "ended-sequences-lose-their-gradient": (", t, dh_n, dh_0)", ", t, dh_n)"),
    "stretches-walked-back-forwards": ("in reversed(steps.stretches", "in (steps.stretches"),
    "states-of-another-stretch": ("steps.before(out, h_0, order)", "steps.before(out, h_0)[: len(da)]"),
    "state-not-carried": ("h if steps.uniform else steps.carry(h, t, h_0)", "h_0[: steps.sizes[t]]"),
    "loop-adds-no-hidden-bias": ("steps.carry(h, t, h_0), w_hh, b_hh)", "steps.carry(h, t, h_0), w_hh)"),
}
