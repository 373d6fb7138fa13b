"""Planted bugs of seqlib/reference/gru_conversion.py."""

FILE = "seqlib/reference/gru_conversion.py"
TESTS = ["tests/reference/test_gru_conversion.py"]
MUTANTS = {
    "bias-keeps-its-sign": ("for array in (W_xh, W_hh, b_xh, b_hh):", "for array in (W_xh, W_hh):"),
    "second-bias-keeps-its-sign": ("for array in (W_xh, W_hh, b_xh, b_hh):", "for array in (W_xh, W_hh, b_xh):"),
    "sign-of-the-wrong-gate": ("array[z] *= -1", "array[r] *= -1"),
    "reset-moves-anyhow": ("        if joined:\n", "        if False:\n"),
    "reset-moves-only-if-diagonal": ("if np.any(gates[i] != gates[j])]", "if i != j]"),
    "gates-compared-without-bias": (
        "np.column_stack([W_xh[r], W_hh[r], b_xh[r] + b_hh[r]])",
        "np.column_stack([W_xh[r], W_hh[r]])",
    ),
    "gates-compared-by-one-bias": ("b_xh[r] + b_hh[r]])", "b_xh[r]])"),
    "bias-leaves-the-reset-gate": ("if inside and moves and np.any(b_hh[n]):", "if False:"),
    "bias-enters-the-reset-gate": ("        if not inside:", "        if False:"),
    "second-bias-dropped": ("Params(W_xh, W_hh, b_xh + b_hh)", "Params(W_xh, W_hh, b_xh)"),
    "arrays-shared": ("W_xh, W_hh, b_xh = W_xh.copy(), W_hh.copy(), b_xh.copy()", "b_xh = b_xh.copy()"),
    "keras-order-kept": ("np.concatenate([second, first, third])", "np.concatenate([first, second, third])"),
    "keras-biases-swapped": ("np.stack(biases) if", "np.stack(biases[::-1]) if"),
    "torch-always-the-first-layer": ('state[f"weight_{kind}_{suffix}"])', 'state[f"weight_{kind}_l0"])'),
    "torch-biases-swapped": (
        '("weight_ih", "weight_hh", "bias_ih", "bias_hh")',
        '("weight_ih", "weight_hh", "bias_hh", "bias_ih")',
    ),
}
