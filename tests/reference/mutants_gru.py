"""Planted bugs of seqlib/reference/gru.py."""

FILE = "seqlib/reference/gru.py"
TESTS = ["tests/reference/test_gru.py", "tests/reference/test_recurrence.py"]
MUTANTS = {
    "gates-in-another-order": ("r, z = np.split(sigmoid", "z, r = np.split(sigmoid"),
    "update-sign": (
        'h = z * h + (1 - z) * n if self.convention.update == "keeps"',
        'h = (1 - z) * h + z * n if self.convention.update == "keeps"',
    ),
    "update-sign-backward": (
        "dh_new * z, dh_new * (1 - z), dh_new * (h - n)",
        "dh_new * (1 - z), dh_new * z, dh_new * (h - n)",
    ),
    "sign-of-dz-where-z-takes": ("dh_new * z, dh_new * (n - h)", "dh_new * z, dh_new * (h - n)"),
    "reset-place": (
        "q = h @ W_hn.T + b_hn\n            n = np.tanh(a_n + r * q)",
        "q = h @ W_hn.T + b_hn\n            n = np.tanh(a_n + (r * h) @ W_hn.T + b_hn)",
    ),
    "hidden-bias-merged": ("n = np.tanh(a_n + r * q)", "n = np.tanh(a_n + r * (q - b_hn) + b_hn)"),
    "hidden-bias-forgotten": ("n = np.tanh(a_n + (r * q) @ W_hn.T + b_hn)", "n = np.tanh(a_n + (r * q) @ W_hn.T)"),
    "no-path-through-the-candidate": ("dh = dh + (da_n * r) @ W_hn", "dh = dh + 0"),
    "reset-forgotten-on-the-way-back": ("dh = dh + (da_n * r) @ W_hn", "dh = dh + da_n @ W_hn"),
    "no-path-through-the-reset-state": ("dh = dh + drh * r", "dh = dh + 0"),
    "no-path-through-the-gates": ("(dh + da_rz @ W_rz,)", "(dh,)"),
    "dr-by-the-candidate": ("dr = da_n * q", "dr = da_n * n"),
    "slope-of-z-forgotten": ("dz * z * (1 - z)], -1)", "dz], -1)"),
    "hidden-gradient-without-reset": ("(da_n * r, h) if", "(da_n, h) if"),
    "hidden-gradient-of-the-whole-state": ("else (da_n, r * h)", "else (da_n, h)"),
    "update-gate-for-reset-gate": ("(r, *_), (da_rz", "(_, r, *_), (da_rz"),
    "final-cotangent-forgotten": ('{"dh_T": dh_T}', '{"dh_T": None}'),
    "jacobian-without-the-reset-gate": ("r[:, :, None] * W_hn + into_r if", "r[:, :, None] * W_hn if"),
    "jacobian-transposed": ("W_hn @ (_diagonal(r) + into_r)", "(_diagonal(r) + into_r) @ W_hn"),
    "jacobian-keeps-for-takes": ("else (1 - z, (n - h) * z * (1 - z))", "else (z, (n - h) * z * (1 - z))"),
    "one-bias-for-two": ("if (params[3] is not None) != (biases == 2):", "if False:"),
    "square-only": ('    real_array("params.W_hh", W_hh, (3 * H, H))\n', ""),
}
