"""Planted bugs of seqlib/reference/lstm.py."""

FILE = "seqlib/reference/lstm.py"
TESTS = ["tests/reference/test_lstm.py", "tests/reference/test_recurrence.py"]
MUTANTS = {
    "gate-order": ("*a_i, a_f, a_g, a_o = self.blocks", "*a_i, a_f, a_o, a_g = self.blocks"),
    "forget-gate-sign": ("sigmoid(_seeing(a_f, w_f, c))", "sigmoid(-_seeing(a_f, w_f, c))"),
    "cell-forgotten": ("c = f * c + i * g", "c = c + i * g"),
    "output-not-squashed": ("return (o * np.tanh(c), c)", "return (o * c, c)"),
    "peephole-of-the-wrong-cell": (
        "c = f * c + i * g\n",
        "old = c\n        c = f * c + i * g\n        a_o = a_o + w_o * (old - c)\n",
    ),
    "peepholes-swapped": ("tuple(params.w_c)", "(params.w_c[1], params.w_c[0], params.w_c[2])"),
    "peephole-of-o-sees-the-cell-before": ("(da_o * c_new)", "(da_o * c)"),
    "peephole-not-in-dc": ("_seeing(dc + dh * o * (1 - tanh_c**2), w_o, da_o)", "dc + dh * o * (1 - tanh_c**2)"),
    "peephole-not-in-the-cell-before": ("_seeing(_seeing(dc * f, w_i, da_i), w_f, da_f)", "_seeing(dc * f, w_i, da_i)"),
    "coupled-without-the-minus": ("(df - di) * f", "(df + di) * f"),
    "coupled-forgets-the-input": ("(df - di) * f", "df * f"),
    "coupled-peephole-lost": ("(None, *params.w_c) if", "(None, 0 * params.w_c[0], params.w_c[1]) if"),
    "state-path-missing": ("_seeing(dc + dh * o", "_seeing(dh * o"),
    "output-path-missing": ("_seeing(dc + dh * o * (1 - tanh_c**2)", "_seeing(dc + 0 * dh"),
    "slope-without-tanh-of-c": ("dh * o * (1 - tanh_c**2)", "dh * o * (1 - c_new**2)"),
    "slope-of-g": ("dg * (1 - g**2)", "dg * g * (1 - g)"),
    "old-cell-in-tanh": ("tanh_c = np.tanh(c_new)", "tanh_c = np.tanh(c)"),
    "new-cell-for-old": ("dc * g, dc * c, dc * i", "dc * g, dc * c_new, dc * i"),
    "i-for-g": ("dc * g, dc * c, dc * i", "dc * i, dc * c, dc * g"),
    "final-cotangents-swapped": ('{"dh_T": dh_T, "dc_T": dc_T}', '{"dh_T": dc_T, "dc_T": dh_T}'),
    "initial-states-swapped": ('{"h0": h0, "c0": c0}', '{"h0": c0, "c0": h0}'),
    "initial-gradients-swapped": ("grads, dx, (dh0, dc0) =", "grads, dx, (dc0, dh0) ="),
    "jacobian-of-the-other-state": ("_, (ch, cc) =", "_, (cc, ch) ="),
    "direct-is-the-input-gate": ('"direct": kept.f', '"direct": kept.i'),
    "total-of-this-steps-gate": ("[:, :T, None]", "[:, 1:, None]"),
    "total-scales-rows": ("ch * follows[:, :, None]", "ch * follows[..., None]"),
    "masked-step-moves": ("np.where(mask, block, carried[name])", "block"),
    "bias-of-the-next-gate": ("[(n - 3) * H : (n - 2) * H]", "[(n - 2) * H : (n - 1) * H]"),
}
