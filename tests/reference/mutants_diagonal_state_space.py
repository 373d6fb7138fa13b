"""Planted bugs of seqlib/reference/diagonal_state_space.py."""

FILE = "seqlib/reference/diagonal_state_space.py"
TESTS = ["tests/reference/test_diagonal_state_space.py"]
MUTANTS = {
    "A-above-zero": ("    A = -np.exp(params.A_log)\n", "    A = np.exp(params.A_log)\n"),
    "step-without-exp": (
        "np.broadcast_to(np.exp(params.log_delta), x.shape)",
        "np.broadcast_to(params.log_delta, x.shape)",
    ),
    "initial-state-forgotten": ("params.skip, h0, rule", "params.skip, None, rule"),
    "skip-forgotten": ("C, params.skip, h0", "C, None, h0"),
    "rule-forgotten": ("rule=rule, method=method)", "method=method)"),
    "method-forgotten": ("rule=rule, method=method)", "rule=rule)"),
    "A_log-without-its-slope": ("Params(kept.A * grads.A", "Params(grads.A"),
    "sign-of-A_log": ("Params(kept.A * grads.A", "Params(-kept.A * grads.A"),
    "log_delta-without-its-slope": ("dlog_delta = np.exp(params.log_delta) * grads", "dlog_delta = grads"),
    "B-and-C-swapped": ("grads.B.sum((0, 1)), grads.C.sum((0, 1))", "grads.C.sum((0, 1)), grads.B.sum((0, 1))"),
    "mean-for-sum": ("grads.C.sum((0, 1)), grads", "grads.C.mean((0, 1)), grads"),
    "final-cotangent-forgotten": ("(dy, kept, dh_T=dh_T)", "(dy, kept)"),
    "kernel-one-step-late": ("a ** np.arange(T)[", "a ** np.arange(1, T + 1)["),
    "kernel-without-skip": ("    K[0] += params.skip\n", ""),
    "skip-at-every-lag": ("K[0] += params.skip", "K += params.skip"),
    "kernel-without-B": ("(params.C * b * a **", "(params.C * a **"),
    "steps-uniform": (
        "rng.uniform(np.log(slowest), np.log(fastest), D)",
        "np.log(rng.uniform(slowest, fastest, D))",
    ),
    "A-from-zero": ("np.arange(1.0, N + 1)", "np.arange(2.0, N + 2)"),
}
