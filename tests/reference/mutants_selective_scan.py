"""Planted bugs of seqlib/reference/selective_scan.py."""

FILE = "seqlib/reference/selective_scan.py"
TESTS = ["tests/reference/test_selective_scan.py"]
MUTANTS = {
    "step-without-softplus": ("(x, softplus(sums), A", "(x, np.exp(sums), A"),
    "step-without-its-bias": ("params.W_up.T + params.b_delta", "params.W_up.T"),
    "A-above-zero": ("    A = -np.exp(params.A_log)\n", "    A = np.exp(params.A_log)\n"),
    "B-and-C-swapped": ("B, C = x @ params.W_B.T", "C, B = x @ params.W_B.T"),
    "skip-forgotten": ("params.skip, h0, rule", "None, h0, rule"),
    "initial-state-forgotten": ("params.skip, h0, rule", "params.skip, None, rule"),
    "rule-forgotten": ("rule=rule, method=method)", "method=method)"),
    "rule-of-the-paper": ("rule: str = MAMBA_CODE", 'rule: str = "zero-order hold"'),
    "slope-of-softplus-forgotten": ("dsums = grads.delta * sigmoid(cache.sums)", "dsums = grads.delta"),
    "A_log-without-its-slope": ("A_log=cache.kept.A * grads.A", "A_log=grads.A"),
    "W_up-twice": ("W_up=outer(dsums, cache.down)", "W_up=2 * outer(dsums, cache.down)"),
    "bias-mean": ("b_delta=dsums.sum((0, 1))", "b_delta=dsums.mean((0, 1))"),
    "W_B-by-C": ("W_B=outer(grads.B, x)", "W_B=outer(grads.C, x)"),
    "no-way-through-the-step": (" + ddown @ params.W_down\n", "\n"),
    "no-way-through-B": ("grads.x + grads.B @ params.W_B", "grads.x"),
    "no-way-through-C": (" + grads.C @ params.W_C", ""),
    "no-way-through-the-input": ("dx = grads.x + grads.B", "dx = grads.B"),
    "final-cotangent-forgotten": ("(dy, cache.kept, dh_T=dh_T)", "(dy, cache.kept)"),
    "bias-of-the-step-itself": ("b_delta=delta + np.log(-np.expm1(-delta))", "b_delta=delta"),
    "inputs-not-the-callers": ('x = np.array(real_array("x"', 'x = np.asarray(real_array("x"'),
    "weights-not-the-callers": ("Params(*(np.array(real", "Params(*(np.asarray(real"),
}
