"""Bugs planted in the practice of chapter 12: contexts."""

FILE = "seqlib/exercises/attention_context.py"
TESTS = ["tests/exercises/test_attention_context.py"]
MUTANTS = {
    "padding-at-the-front": ("return np.arange(S) < np.reshape", "return np.arange(S)[::-1] < np.reshape"),
    "half-the-score": ("return query @ keys.swapaxes(1, 2)", "return 0.5 * query @ keys.swapaxes(1, 2)"),
    "of-the-sentence-before": ("return weights @ values, weights", "return weights @ np.roll(values, 1, 0), weights"),
    "twice-the-context": ("return weights @ values, weights", "return 2 * weights @ values, weights"),
    "no-other-scale": ("scale=k.shape[-1] ** -0.5), v)", "scale=k.shape[-1] ** -0.25), v)"),
    "mask-of-the-next-axis": (
        "np.where(_real(n, k.shape[1])[:, 0], _scores(q, k)",
        "np.where(~_real(n, k.shape[1])[:, 0], _scores(q, k)",
    ),
    "index-turned-over": ("e[~_real(n, k.shape[1])[:, 0]] = low", "e[_real(n, k.shape[1])[:, 0]] = low"),
    "exponentials-of-all": ("np.exp(_scores(q, k)) * _real(n, k.shape[1])", "np.exp(_scores(q, k))"),
    "the-first-word-left-out": (
        "np.where(_real(n, k.shape[1]), scale",
        "np.where(_real(n, k.shape[1]) & (np.arange(k.shape[1]) > 0), scale",
    ),
    "queries-of-a-word-less": ("return _real(n, {", "return _real(n - 1, {"),
    "queries-not-set-to-0": ("low)) * real(q, k, n), v)", "low)) * (real(q, k, n) | True), v)"),
    "always-along-the-queries": ('{"queries": q, "keys": k}', '{"queries": q, "keys": q}'),
    "all-of-one-length": ("np.full_like(n, n[0])", "np.full_like(n, n[0] - 1)"),
}
