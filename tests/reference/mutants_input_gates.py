"""Planted bugs of seqlib/reference/input_gates.py."""

FILE = "seqlib/reference/input_gates.py"
TESTS = ["tests/reference/test_input_gates.py"]
MUTANTS = {
    "positive-without-a-half": ("sums + 0.5, sigmoid(sums)", "sums, sigmoid(sums)"),
    "positive-on-the-wrong-side": ("np.where(sums.real >= 0, sums + 0.5", "np.where(sums.real <= 0, sums + 0.5"),
    "slope-of-the-sum": ("np.where(n.real >= 0.5, 1", "np.where(n.real >= 0, 1"),
    "slope-of-the-linear-forgotten": ("return np.ones_like(n)", "return n"),
    "softplus-overflows": ("np.where(high, -a, a)", "a"),
    "softplus-without-the-linear-part": ("np.where(high, a, 0) + np.log1p", "np.log1p"),
    "start-by-the-outputs": ("1 / np.sqrt(D) if scale", "1 / np.sqrt(H) if scale"),
    "step-of-the-factor-alone": ("return a * h + b", "return a * h"),
    "bias-forgotten": (
        "a, b, kept = cell.coefficients(x @ params.W_xh.T + params.b_h)",
        "a, b, kept = cell.coefficients(x @ params.W_xh.T)",
    ),
    "initial-state-forgotten": ("linear_recurrence.forward(a, b, h0, method", "linear_recurrence.forward(a, b, method"),
    "initial-state-through-g": (
        "linear_recurrence.forward(a, b, h0, method",
        'linear_recurrence.forward(a, b, candidate(h0, "positive"), method',
    ),
    "method-forgotten": ("(a, b, h0, method=method)", "(a, b, h0)"),
    "final-cotangent-forgotten": ("(dhs, cache.scan, dh_T=dh_T)", "(dhs, cache.scan)"),
    "factor-and-input-swapped": ("(cache.kept, da, db)\n    params", "(cache.kept, db, da)\n    params"),
    "mean-for-sum": ("dsums.sum((0, 1)))", "dsums.mean((0, 1)))"),
    "inputs-not-the-callers": (
        'x = np.array(real_array("x", x, ("B", "T"',
        'x = np.asarray(real_array("x", x, ("B", "T"',
    ),
    "weights-not-the-callers": ("Params(np.array(W_xh)", "Params(np.asarray(W_xh)"),
    "any-number-of-rows": ("if len(W_xh) % cell.blocks:", "if False:"),
}
