"""Planted bugs of seqlib/reference/gru_conversion.py."""

FILE = "seqlib/reference/gru_conversion.py"
TESTS = ["tests/reference/test_gru_conversion.py"]
MUTANTS = {
    "bias-keeps-its-sign": (
        "for array in arrays:\n            array[z]",
        "for array in arrays[:2]:\n            array[z]",
    ),
    "second-bias-keeps-its-sign": (
        "for array in arrays:\n            array[z]",
        "for array in arrays[:3]:\n            array[z]",
    ),
    "sign-of-the-wrong-gate": ("array[z] *= -1", "array[r] *= -1"),
    "reset-moves-anyhow": ("            else:\n                do =", "            elif False:\n                do ="),
    "first-partner-only": ("np.all(gates[units] == gates[units[0]])", "True"),
    "listeners-for-speakers": (
        'W_hh[n] if source.reset == "after" else W_hh[n].T',
        'W_hh[n].T if source.reset == "after" else W_hh[n]',
    ),
    "always-listeners": ('W_hh[n] if source.reset == "after" else W_hh[n].T', "W_hh[n]"),
    "own-gate-kept": ("taken[k] = units[0] if len(units) else k", "taken[k] = k"),
    "gates-compared-without-bias": (
        "np.column_stack([W_xh[r], W_hh[r], b_xh[r] + b_hh[r]])",
        "np.column_stack([W_xh[r], W_hh[r], 0 * b_xh[r]])",
    ),
    "gates-compared-by-one-bias": ("b_xh[r] + b_hh[r]])", "b_xh[r]])"),
    "constant-not-rounded-to-half": ("joined[units, k] *= 2 * value[units]", "joined[units, k] *= value[units]"),
    "constants-lost": ("                joined[units, k] *= 2 * value[units]\n", ""),
    "constant-by-its-input": ("np.all(gates[:, :-1] == 0", "np.all(gates[:, : W_xh.shape[1]] == 0"),
    "constant-by-its-state": ("np.all(gates[:, :-1] == 0", "np.all(gates[:, W_xh.shape[1] : -1] == 0"),
    "one-constant-is-enough": ("elif np.all(constant[units])", "elif np.any(constant[units])"),
    "constant-gate-keeps-its-bias": ("array[r][taken < 0] = 0", "array[r][taken < -1] = 0"),
    "bias-leaves-the-reset-gate": ("        if len(bound):", "        if False:"),
    "bias-leaves-no-constant-gate": ("(b_hh[n] != 0) & ~constant", "b_hh[n] != 0"),
    "bias-leaves-as-it-is": ("b_xh[n] += value * b_hh[n]", "b_xh[n] += b_hh[n]"),
    "bias-enters-the-reset-gate": ("    elif source.reset != target.reset:", "    elif False:"),
    "bias-moves-without-need": ("    elif source.reset != target.reset:", "    else:"),
    "width-of-keras-not-asked": ("    if width != 3 * len(recurrent):", "    if False:"),
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
