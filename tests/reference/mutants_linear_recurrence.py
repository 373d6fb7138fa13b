"""Planted bugs of seqlib/reference/linear_recurrence.py."""

FILE = "seqlib/reference/linear_recurrence.py"
TESTS = ["tests/reference/test_linear_recurrence.py"]
MUTANTS = {
    "combine-in-the-other-order": ("return a2 * a, a2 * b + b2", "return a2 * a, a * b2 + b"),
    "combine-forgets-the-first-factor": ("return a2 * a, a2 * b + b2", "return a2, a2 * b + b2"),
    "combine-adds-the-factors": ("return a2 * a, a2 * b + b2", "return a2 + a, a2 * b + b2"),
    "initial-state-without-its-factor": ("b[:, :1] += a[:, :1] * h0[:, None]", "b[:, :1] += h0[:, None]"),
    "initial-state-forgotten-by-the-scan": ("b[:, :1] += a[:, :1] * h0[:, None]", "b[:, :1] += 0"),
    "initial-state-into-every-step": ("b[:, :1] += a[:, :1] * h0[:, None]", "b[:] += a * h0[:, None]"),
    "scan-writes-into-its-input": ("b = b.astype(dtype)  # a copy", "b = b.astype(dtype, copy=False)"),
    "scan-loses-the-imaginary-part": ("dtype = np.result_type(a, b, h0)\n", "dtype = b.dtype\n"),
    "loop-of-the-first-state": ("hs[:, t] = h = a[:, t] * h", "hs[:, t] = a[:, t] * h"),
    "loop-with-the-first-factor": ("h = a[:, t] * h + b[:, t]", "h = a[:, 0] * h + b[:, t]"),
    "distance-one-too-far": ("while d < T:", "while d < T - 1:"),
    "distance-grows-by-one": ("3 * (T - d)), 2 * d", "3 * (T - d)), d + 1"),
    "doubling-reads-what-comes-after": (
        "_combined((a[:, :-d], b[:, :-d]), (a[:, d:], b[:, d:]))",
        "_combined((a[:, d:], b[:, d:]), (a[:, :-d], b[:, :-d]))",
    ),
    "tree-without-the-odd-places": ("odd = (T - 1) // 2  # places", "odd = T // 2 - 1  # places"),
    "tree-pairs-shifted": ("(a[:, 1::2], b[:, 1::2]))\n", "(a[:, 2::2], b[:, 2::2]))\n"),
    "cost-of-the-pairs-forgotten": ("cost += Cost(n, 1, 3 * n)", "cost += Cost(0, 1, 0)"),
    "cost-side-by-side": ("cost += Cost(odd, 1, 3 * odd)", "cost += Cost(odd, 0, 3 * odd)"),
    "cost-of-the-first-step-forgotten": ("cost + Cost(start, start, 2 * start)", "cost"),
    "cost-of-no-step": ("start = min(b.shape[1], 1)", "start = 1"),
    "step-counted-as-a-combination": ("cost += Cost(1, 1, 2)", "cost += Cost(1, 1, 3)"),
    "state-after-for-before": ("cache.a, cache.states[:, :-1]", "cache.a, cache.states[:, 1:]"),
    "factor-of-the-same-step": (
        "np.concatenate([np.ones_like(a[:, :1]), a[:, :0:-1]], 1)",
        "a[:, ::-1]",
    ),
    "factors-not-reversed": ("a[:, :0:-1]], 1)", "a[:, 1:]], 1)"),
    "final-cotangent-scaled": ("np.ones_like(a[:, :1]), a", "a[:, -1:], a"),
    "final-cotangent-forgotten": ("dhs[:, ::-1], dlast, cache.method", "dhs[:, ::-1], 0 * dlast, cache.method"),
    "cotangents-not-reversed": ("_run(a_next, dhs[:, ::-1]", "_run(a_next, dhs"),
    "gradients-not-reversed-back": ("    g = g[:, ::-1]\n", ""),
    "initial-gradient-without-its-factor": ("a[:, 0] * g[:, 0])", "g[:, 0])"),
    "no-step-loses-the-gradient": ("np.zeros_like(a), dlast.copy())", "np.zeros_like(a), 0 * dlast)"),
    "factors-not-the-callers": ('a = np.array(real_array("a", a, b.shape))', 'a = real_array("a", a, b.shape)'),
    "states-not-the-callers": (
        "return hs.copy(), Cache(a, np.concatenate([h0[:, None], hs], 1)",
        "c = np.concatenate([h0[:, None], hs], 1)\n    return c[:, 1:], Cache(a, c",
    ),
    "the-cheapest-way-only": ('method = check_choice("method", method, METHODS)', 'method = "loop"'),
}
