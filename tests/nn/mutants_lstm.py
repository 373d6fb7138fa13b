"""Planted bugs of seqlib.nn.lstm."""

FILE = "seqlib/nn/lstm.py"
TESTS = ["tests/nn/test_lstm.py", "tests/nn/test_recurrent.py"]
MUTANTS = {
    "loop-gate-order": ("i, f, g, o = (linear(xs[t]", "i, f, o, g = (linear(xs[t]"),
    "loop-projects-nothing": ("h = linear(h, *w_hr)", "h = h[:, : self.proj_size]"),
    "walk-gate-order": ("Cs, is_, fs, gs, os = map", "Cs, fs, is_, gs, os = map"),
    "one-bias": ("_doubled(b_ih + b_hh, H)", "_doubled(b_ih, H)"),
    "another-gate-doubled": ("[i, f, 2 * g, o]", "[i, f, g, 2 * o]"),
    "cell-not-carried": (
        "steps.carry(h, t, h_0), steps.carry(C, t, C_0)",
        "steps.carry(h, t, h_0), C_0[: steps.sizes[t]]",
    ),
    "cell-sign": ("C_0, later, dh, e, dc = -2 * c_0", "C_0, later, dh, e, dc = 2 * c_0"),
    "final-cell-doubled": (".mul_(-0.5)\n        return", ".neg()\n        return"),
    "tanh-of-c-missing-in-the-slope": ("q.addcmul_(q, q, value=-1).mul_(o)", "0.25 * o"),
    "slope-of-o": ("torch.addcmul(m, m, o, value=-1, out=o)", "torch.addcmul(o, o, o, value=-1, out=o)"),
    "slope-of-g": ("torch.addcmul(one, g, g, value=-1)", "torch.addcmul(one, g, g)"),
    "slope-of-i": ("i.addcmul_(i, i, value=-1).mul_(g)", "i.addcmul_(i, i, value=-1)"),
    "new-cell-for-old": (".mul_(C_before)", ".mul_(C)"),
    "state-path-missing": ("C.copy_(forget)", "C.zero_()"),
    "state-path-through-the-input-gate": (
        "steps.first(kept[:, :H]).clone()",
        "steps.first(kept[:, H : 2 * H]).clone()",
    ),
    "projection-forgotten-on-the-way-back": ("dm = dh @ w_hr[0]", "dm = dh.sum(1, keepdim=True).expand(-1, H)"),
    "projection-gradient-of-the-output": ("(dhs.t() @ m,)", "(dout.t() @ m,)"),
    "cotangent-of-c-dropped": ("e = steps.carry(e, t, dc_n)", "e = steps.carry(e, t, 0 * dc_n)"),
    "cotangent-of-h-dropped": ("steps.carry(later @ w_hh, t, dh_n)", "steps.carry(later @ w_hh, t, 0 * dh_n)"),
    "initial-gradient-of-the-last": ("steps.first(kept[:, H:]) @ w_hh", "steps.last(kept[:, H:]) @ w_hh"),
    "stretches-forget-the-state": ("steps.before(out, h_0, order)", "steps.before(out, h_0)[part] * (part.start > 0)"),
    "projected-width": ("return self.proj_size or self.hidden_size, ", "return self.hidden_size, "),
}
