"""Planted bugs of seqlib/reference/recurrence.py: the loop, the mask, the walk back, the truncation."""

FILE = "seqlib/reference/recurrence.py"
TESTS = ["tests/reference/test_recurrence.py"]
MUTANTS = {
    "mask-forgets-state": ("_where(mask[:, t], a, b)", "a"),
    "output-under-mask": ("np.where(mask[..., None], states[0][:, 1:], 0)", "states[0][:, 1:].copy()"),
    "output-is-the-cache": (
        "np.where(mask[..., None], states[0][:, 1:], 0)",
        "states[0][:, 1:] if mask.all() else np.where(mask[..., None], states[0][:, 1:], 0)",
    ),
    "padding-is-read": ("x = np.where(mask[..., None], x, 0)", "x = np.array(x)"),
    "inputs-not-the-callers": ("x = np.where(mask[..., None], x, 0)", "x = _where(mask, x, 0)"),
    "weights-not-the-callers": (
        "    params = type(params)(*(None if array is None else np.array(array) for array in params))\n",
        "",
    ),
    "nan-passes": ('    check_finite("x", x)\n', ""),
    "states-after-for-before": ("before, after, cache.kept", "after, after, cache.kept"),
    "cotangent-under-mask": ("(B, T, H), finite=False), 0)", "(B, T, H), finite=False), dhs)"),
    "cotangent-of-the-last-state-only": ("(dstate[0] + dhs[:, t], *dstate[1:])", "(dhs[:, t], *dstate[1:])"),
    "order-of-da": ("np.stack(da[::-1], 1)", "np.stack(da, 1)"),
    "masked-step-stops-the-gradient": ("_where(mask, new, d) for new, d", "new for new, d"),
    "masked-step-has-a-gradient": ("_where(mask, d, 0) for d in dstate", "d for d in dstate"),
    "new-state-for-old": ("_each(cache.states, after), _each(cache.kept", "_each(cache.states, t), _each(cache.kept"),
    "truncate-off-by-one": ("for lag in range(k):", "for lag in range(k + 1):"),
    "truncate-at-full-length": ("low=1) < T:", "low=1) < T - 1:"),
    "final-state-of-the-first-step": ("d[:, -1] += last", "d[:, 0] += last"),
    "initial-state-of-one-lag": ("d + new[:, 0] for d, new", "new[:, 0] for d, new"),
    "one-step-back-without-a-mask": (
        "_back(cache, t, dafter, cache.mask[:, t].all())",
        "_back(cache, t, dafter, np.bool_(True))",
    ),
    "cotangents-written-into": ("dstate = (dhs.astype(dtype), *", "dstate = (dhs, *"),
    "step-of-the-first-input": ("cell.step(params, x[:, t], state)", "cell.step(params, x[:, 0], state)"),
    "states-before-for-after": ("before, after, cache.kept", "before, before, cache.kept"),
    "sigmoid-warns": ('over="ignore"', 'over="warn"'),
    "sigmoid-overflows": ("np.exp(np.where(low, a, -a))", "np.exp(np.where(low, -a, a))"),
    "mean-for-sum": ("return da.reshape(-1, da.shape[-1]).T @ x", "return da.reshape(-1, da.shape[-1]).T / len(x) @ x"),
}
