"""Planted bugs of seqlib/reference/linear_attention.py."""

FILE = "seqlib/reference/linear_attention.py"
TESTS = ["tests/reference/test_linear_attention.py"]
MUTANTS = {
    "feature-without-one": ("np.where(high, x + 1, np", "np.where(high, x, np"),
    "feature-overflows": ("np.exp(np.where(high, 0, x))", "np.exp(x)"),
    "keys-without-feature": ("b = feature(keys)[..., None]", "b = keys[..., None]"),
    "queries-without-feature": ("sums = (feature(query)[..., None] * S)", "sums = (query[..., None] * S)"),
    "state-forgotten": ("b, state, method=method)", "b, method=method)"),
    "method-forgotten": ("b, state, method=method)", "b, state)"),
    "state-that-decays": ("forward(np.ones(b.shape), b", "forward(0.9 * np.ones(b.shape), b"),
    "always-normalised": ("return _mean(sums, normalised), Cache", "return _mean(sums, True), Cache"),
    "no-gradient-of-the-sum-of-weights": ("-(dy * n).sum(-1, keepdims=True) / d**2]", "0 * d]"),
    "sign-of-the-sum-of-weights": ("-(dy * n).sum", "(dy * n).sum"),
    "sum-of-weights-not-squared": ("keepdims=True) / d**2]", "keepdims=True) / d]"),
    "cotangent-not-divided": ("[dy / d, -", "[dy, -"),
    "final-cotangent-forgotten": ("cache.scan, dh_T=dstate)", "cache.scan)"),
    "state-before-for-after": ("cache.scan.states[:, 1:] * dsums", "cache.scan.states[:, :-1] * dsums"),
    "keys-by-this-step-alone": ("dk = (G * cache.values", "dk = (dS * cache.values"),
    "values-by-this-step-alone": ("dv = (G * k[..., None])", "dv = (dS * k[..., None])"),
    "slope-of-the-query-forgotten": ("dq * _slope(cache.query, q)", "dq"),
    "slope-of-the-keys-by-the-query": ("_slope(cache.keys, k)", "_slope(cache.query, q)"),
    "slope-everywhere-the-feature": ("np.where(x.real > 0, 1, feature_of_x)", "feature_of_x"),
    "quadratic-sees-what-comes-after": ("np.tril(q @ k.swapaxes(1, 2))", "q @ k.swapaxes(1, 2)"),
    "quadratic-without-the-diagonal": ("np.tril(q @ k.swapaxes(1, 2))", "np.tril(q @ k.swapaxes(1, 2), -1)"),
    "quadratic-without-the-state": (" + q @ state\n", "\n"),
    "quadratic-in-the-other-order": ("np.tril(q @ k.swapaxes(1, 2))", "np.tril(k @ q.swapaxes(1, 2))"),
    "division-by-zero": ("if not np.all(sums[..., -1]):", "if False:"),
    "view-of-the-cache": ("return sums[..., :-1].copy()", "return sums[..., :-1]"),
}
