"""Bugs planted in the practice of chapter 13: the way back of layer normalisation."""

FILE = "seqlib/exercises/transformer_norm_gradient.py"
TESTS = ["tests/exercises/test_transformer_norm_gradient.py"]
MUTANTS = {
    "half-the-projection": (
        "- normed * _mean(d * normed)) / root",
        "- 0.5 * normed * _mean(d * normed)) / root",
    ),
    "eps-outside": (
        "return np.sqrt(x.var(-1, keepdims=True, ddof=ddof) + eps)",
        "return x.std(-1, keepdims=True, ddof=ddof) + eps",
    ),
    "a-sample": (
        "def _root(x: Array, eps: float, ddof: int = 0)",
        "def _root(x: Array, eps: float, ddof: int = 1)",
    ),
    "gain-twice": (
        "return (_dx(gain * dy, normed, _root(x, eps)), *_sums(dy, normed))",
        "return (_dx(gain**2 * dy, normed, _root(x, eps)), *_sums(dy, normed))",
    ),
    "a-mean-for-gain": (
        "return (dy * normed).sum((0, 1)), dy.sum((0, 1))",
        "return (dy * normed).mean((0, 1)), dy.sum((0, 1))",
    ),
    "a-mean-for-bias": (
        "return (dy * normed).sum((0, 1)), dy.sum((0, 1))",
        "return (dy * normed).sum((0, 1)), dy.mean((0, 1))",
    ),
    "a-small-eps": (
        "_case(3, 3, 3, 0.03)",
        "_case(3, 3, 3, 0.003)",
    ),
    "no-cube": (
        "_case(3, 3, 3, 0.03)",
        "_case(3, 3, 4, 0.03)",
    ),
    "constants-times-two": (
        "_of_x(lambda d, n, r: d / r)",
        "_of_x(lambda d, n, r: 2 * d / r)",
    ),
    "eps-left-in": (
        "_right(dy, x, gain, 0.0)",
        "_right(dy, x, gain, 0.01)",
    ),
    "another-order": (
        "for i in (1, 2, 0)",
        "for i in (2, 1, 0)",
    ),
    "half-the-mean-back": (
        "return (d - _mean(d) - normed * _mean(d * normed)) / root",
        "return (d - _mean(d) / 2 - normed * _mean(d * normed)) / root",
    ),
    "x-twice-for-x̂": (
        "(_right(dy, x, gain, eps)[0], *_sums(dy, x)),",
        "(_right(dy, x, gain, eps)[0], *_sums(dy, 2 * x)),",
    ),
}
