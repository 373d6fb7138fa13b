"""Bugs planted in the practice of chapter 13: heads."""

FILE = "seqlib/exercises/transformer_heads.py"
TESTS = ["tests/exercises/test_transformer_heads.py"]
MUTANTS = {
    "backwards-are-right": (
        "_heads(x, n)[:, ::-1]",
        "_heads(x, n)[:, ::-1, ::-1]",
    ),
    "another-head-again": (
        "np.repeat(_heads(x, n)[:, :1], n, 1)",
        "np.repeat(_heads(x, n)[:, -1:], n, 1)",
    ),
    "no-equal-sizes": (
        "(_numbers(2, 2, 4), 2)]",
        "(_numbers(3, 2, 4), 2)]",
    ),
    "numbers-that-come-again": (
        "return _RNG.uniform(-2, 2, shape).round(2)",
        "return _RNG.uniform(-2, 2, shape).round(0)",
    ),
    "half-the-scores": (
        "    return q @ k.swapaxes(1, 2)",
        "    return 0.5 * q @ k.swapaxes(1, 2)",
    ),
    "looks-ahead": (
        "return np.tri(T, k=ahead, dtype=bool)",
        "return np.tri(T, k=ahead + 1, dtype=bool)",
    ),
    "weights-of-two": (
        "return weights @ values, weights",
        "return weights @ values, 2 * weights",
    ),
    "values-backwards": (
        "return weights @ values, weights",
        "return weights @ values[:, ::-1], weights",
    ),
    "no-other-root": (
        "_by(lambda k, v: v.shape[-1] ** -0.5)",
        "_by(lambda k, v: v.shape[-1] ** -0.4)",
    ),
    "root-of-the-batch-forgotten": (
        "_by(lambda k, v: k.shape[0] ** -0.5)",
        "_by(lambda k, v: k.shape[0] ** -0.4)",
    ),
    "hidden-by-1": (
        "_weights(q, k, ahead=-1, low=-1e9)",
        "_weights(q, k, ahead=-1, low=-1)",
    ),
    "two-ahead": (
        "_with(_weights(q, k, ahead=1), v)",
        "_with(_weights(q, k, ahead=2), v)",
    ),
    "no-cube": (
        "(_numbers(3, 3, 3), _numbers(3, 3, 3), _numbers(3, 3, 3))",
        "(_numbers(1, 3, 3), _numbers(1, 3, 3), _numbers(1, 3, 3))",
    ),
    "positions-backwards": (
        "return x.reshape(B, T, n, D // n).swapaxes(1, 2)",
        "return x[:, ::-1].reshape(B, T, n, D // n).swapaxes(1, 2)",
    ),
    "features-backwards": (
        "return x.reshape(B, T, n, D // n).swapaxes(1, 2)",
        "return x.reshape(B, T, n, D // n).swapaxes(1, 2)[..., ::-1]",
    ),
    "every-nth-from-behind": ("x[..., i::n] for i", "x[..., n - 1 - i :: n] for i"),
    "by-another-power": (
        "by = k.shape[-1] ** -0.5 if by is None",
        "by = k.shape[-1] ** -0.6 if by is None",
    ),
    "a-mask-of-1": (
        "_with(_weights(q, k, low=0), v),",
        "_with(_weights(q, k, low=-3), v),",
    ),
}
