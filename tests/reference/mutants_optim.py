"""Planted bugs of seqlib/reference/optim.py."""

FILE = "seqlib/reference/optim.py"
TESTS = ["tests/reference/test_optim.py"]
MUTANTS = {
    "adam-no-correction": ("(m / (1 - b1**t))", "m"),
    "adam-eps-in-root": ("(np.sqrt(v / (1 - b2**t)) + eps)", "np.sqrt(v / (1 - b2**t) + eps)"),
    "sgd-uphill": ("_map(lambda p, g: p - lr * g, params, grads)", "_map(lambda p, g: p + lr * g, params, grads)"),
    "clip-always": ("scale = min(1.0, max_norm / (norm + 1e-6))", "scale = max_norm / (norm + 1e-6)"),
    "clip-squares-overflow": ("1e-100 < largest < 1e100", "largest < 1e300"),
    "clip-squares-vanish": ("1e-100 < largest < 1e100", "largest < 1e100"),
    "clip-norm-in-units": ("return _map(lambda g: g * unit, clipped), norm * unit", "return clipped, norm"),
}
