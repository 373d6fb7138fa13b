"""Bugs planted in the practice of chapter 13: layer normalisation."""

FILE = "seqlib/exercises/transformer_norm.py"
TESTS = ["tests/exercises/test_transformer_norm.py"]
MUTANTS = {
    "gain-added": (
        "return gain * _normed(x, eps) + bias\n\n\ndef _with",
        "return gain + _normed(x, eps) + bias\n\n\ndef _with",
    ),
    "no-mean": (
        "_RNG.uniform(-1, 3, (B, T, D))",
        "_RNG.uniform(-2, 2, (B, T, D))",
    ),
    "a-small-eps": (
        "_case(2, 3, 4, 0.1)",
        "_case(2, 3, 4, 0.01)",
    ),
    "nothing-alike": (
        "1e-3, alike=True",
        "1e-3, alike=False",
    ),
    "no-cube": (
        "_case(3, 3, 3, 0.03)",
        "_case(2, 3, 3, 0.03)",
    ),
    "eps-half-squared": (
        "_normed(x, eps**2)",
        "_normed(x, eps**1.5)",
    ),
    "another-constant": (
        "_normed(x, 1e-5)",
        "_normed(x, 0.01)",
    ),
    "mean-of-the-roots": (
        "_mean(abs(_centred(x))) + eps",
        "_mean(abs(_centred(x)) ** 0.5) + eps",
    ),
    "minus-gain": (
        "(1 + gain) * _normed",
        "(1 - gain) * _normed",
    ),
    "sum-of-all": (
        "(_centred(x) ** 2).sum(-1, keepdims=True)",
        "(_centred(x) ** 2).sum()",
    ),
    "centred-twice-as-far": (
        "return x - x.mean(-1, keepdims=True)",
        "return x - 2 * x.mean(-1, keepdims=True)",
    ),
    "eps-half": (
        "/ np.sqrt(var + eps)\n\n\ndef _right",
        "/ np.sqrt(var + eps / 2)\n\n\ndef _right",
    ),
    "over-one-more": (
        "return gain * _normed(x, eps) + bias\n\n\ndef _with",
        "return gain * _normed(x, eps) * x.shape[-1] / (x.shape[-1] + 1) + bias\n\n\ndef _with",
    ),
    "bias-backwards": (
        "return gain * _normed(x, eps) + bias\n\n\ndef _with",
        "return gain * _normed(x, eps) + bias[::-1]\n\n\ndef _with",
    ),
}
