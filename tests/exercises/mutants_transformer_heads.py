"""Bugs planted in the practice of chapter 13: heads."""

FILE = "seqlib/exercises/transformer_heads.py"
TESTS = ["tests/exercises/test_transformer_heads.py"]
MUTANTS = {
    "interleaved": (
        "return x.reshape(B, T, n, D // n).swapaxes(1, 2)",
        "return x.reshape(B, T, D // n, n).transpose(0, 3, 1, 2)",
    ),
    "reshaped-at-once": ("return x.reshape(B, T, n, D // n).swapaxes(1, 2)", "return x.reshape(B, n, T, D // n)"),
    "backwards-are-right": ("_heads(x, n)[:, ::-1]", "_heads(x, n)[:, ::-1, ::-1]"),
    "another-head-again": ("np.repeat(_heads(x, n)[:, :1], n, 1)", "np.repeat(_heads(x, n)[:, -1:], n, 1)"),
    "every-feature-but": ("x.reshape(*x.shape[:2], -1, n).transpose(0, 3, 1, 2)", "_heads(x, n).swapaxes(2, 3)"),
    "no-equal-sizes": ("(_numbers(2, 2, 4), 2)]", "(_numbers(3, 2, 4), 2)]"),
    "numbers-that-come-again": (
        "return _RNG.uniform(-2, 2, shape).round(2)",
        "return _RNG.uniform(-2, 2, shape).round(0)",
    ),
    "half-the-scores": ("    return q @ k.swapaxes(1, 2)", "    return 0.5 * q @ k.swapaxes(1, 2)"),
    "looks-ahead": ("return np.tri(T, k=ahead, dtype=bool)", "return np.tri(T, k=ahead + 1, dtype=bool)"),
    "by-d-k": ("by = k.shape[-1] ** -0.5 if by is None", "by = 1 / k.shape[-1] if by is None"),
    "weights-of-two": ("return weights @ values, weights", "return weights @ values, 2 * weights"),
    "values-backwards": ("return weights @ values, weights", "return weights @ values[:, ::-1], weights"),
    "no-other-root": ("_by(lambda k, v: v.shape[-1] ** -0.5)", "_by(lambda k, v: v.shape[-1] ** -0.4)"),
    "root-of-the-batch-forgotten": ("_by(lambda k, v: k.shape[0] ** -0.5)", "_by(lambda k, v: k.shape[0] ** -0.4)"),
    "hidden-by-1": ("_weights(q, k, ahead=-1, low=-1e9)", "_weights(q, k, ahead=-1, low=-1)"),
    "two-ahead": ("_with(_weights(q, k, ahead=1), v)", "_with(_weights(q, k, ahead=2), v)"),
    "a-mask-of-1": ("_with(_weights(q, k, low=0), v),", "_with(_weights(q, k, low=1), v),"),
    "no-cube": (
        "(_numbers(3, 3, 3), _numbers(3, 3, 3), _numbers(3, 3, 3))",
        "(_numbers(1, 3, 3), _numbers(1, 3, 3), _numbers(1, 3, 3))",
    ),
}
