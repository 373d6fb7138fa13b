"""Planted bugs of seqlib.nn.gru."""

FILE = "seqlib/nn/gru.py"
TESTS = ["tests/nn/test_gru.py", "tests/nn/test_three_rungs.py", "tests/nn/test_recurrent.py"]
MUTANTS = {
    "loop-gates-in-another-order": ("u_r, u_z, q = linear", "u_z, u_r, q = linear"),
    "loop-update-sign": ("(1 - z) * n + z * h", "z * n + (1 - z) * h"),
    "loop-reset-forgotten": ("torch.tanh(a_n + r * q)", "torch.tanh(a_n + q)"),
    "walk-update-sign": ("torch.lerp(n, h, zs[t]", "torch.lerp(h, n, zs[t]"),
    "walk-candidate-not-doubled": ("torch.cat([2 * w_n, w_rz])", "torch.cat([w_n, w_rz])"),
    "walk-bias-not-doubled": ("torch.cat([2 * b_n, b_rz", "torch.cat([b_n, b_rz"),
    "walk-reset-by-update": ("addcmul_(rs[t], qs[t], value=2)", "addcmul_(zs[t], qs[t], value=2)"),
    "hidden-bias-merged": ("kept[part, 3 * H :] = c_n", "kept[part, 3 * H :] = 0 * c_n"),
    "hidden-bias-of-the-gates-forgotten": ("b_rz + c_rz", "b_rz"),
    "state-not-carried": ("h if steps.uniform else steps.carry(h, t, h_0)", "h_0[: steps.sizes[t]]"),
    "stretch-reads-the-first-inputs": (
        "torch.addmm(b, data[part], w_x, out",
        "torch.addmm(b, data[: part.stop - part.start], w_x, out",
    ),
    "state-path-forgotten": (".addcmul_(z_later, dh), dh", ", dh"),
    "state-path-forgotten-when-packed": ("torch.addmm(z_later * dh, later, w_hh), t", "later @ w_hh, t"),
    "state-path-forgotten-at-the-end": ("= torch.addmm(z_later * dh, later, w_hh)", "= later @ w_hh"),
    "keeps-for-takes-in-the-candidate": (".mul_(1 - z_kept)", ".mul_(z_kept)"),
    "slope-of-the-candidate": ("torch.addcmul(one, n, n, value=-1", "torch.addcmul(one, n, n, value=1"),
    "sign-of-dz": (".mul_(h_before - n)", ".mul_(n - h_before)"),
    "reset-before-the-product": ("torch.mul(n, r, out=q)", "q.copy_(n)"),
    "slope-of-r-forgotten": ("r.addcmul_(r, r, value=-1).mul_(into_r)", "r.copy_(into_r)"),
    "weights-of-r-for-n": ("w_ih.roll(H, 0)", "w_ih"),
    "gradient-in-another-order": ("dw_ih, db_ih = (None if d is None else d.roll(-H, 0)", "dw_ih, db_ih = (d"),
    "hidden-gradients-merged": (", h_before, du=kept[part, H:])", ", h_before)"),
    "ended-sequences-lose-their-gradient": (", t, dh_n, dh_0)", ", t, dh_n)"),
    "newcomers-from-zero": (", t, dh_n, dh_0)", ", t, 0 * dh_n, dh_0)"),
    "stretches-walked-back-forwards": ("in reversed(steps.stretches", "in (steps.stretches"),
}
