"""Planted bugs of seqlib/reference/optim.py."""

FILE = "seqlib/reference/optim.py"
TESTS = ["tests/reference/test_optim.py"]
MUTANTS = {
    "adam-no-correction": ("(m / (1 - b1**t))", "m"),
    "adam-eps-in-root": ("(np.sqrt(v / (1 - b2**t)) + eps)", "np.sqrt(v / (1 - b2**t) + eps)"),
    "adamw-decay-without-lr": ("p - lr * decay * p, params)", "p - decay * p, params)"),
    "adamw-decay-grows": ("p - lr * decay * p, params)", "p + lr * decay * p, params)"),
    "adamw-as-penalty": (
        "adam(_map(lambda p: p - lr * decay * p, params), grads,",
        "adam(params, _map(lambda g, p: g + decay * p, grads, params),",
    ),
    "sgd-uphill": ("_map(lambda p, g: p - lr * g, params, grads)", "_map(lambda p, g: p + lr * g, params, grads)"),
    "overflow-taken": ("if not all(np.isfinite(leaf).all() for leaf in _leaves(result)):", "if False:"),
    "adam-squares-unseen": ('v = _finite("state.v", lambda: ', "v = (lambda made: made())(lambda: "),
    "negative-squares": ("if any(np.any(np.real(leaf) < 0) for leaf in _leaves(before)):", "if False:"),
    "zero-by-zero": ("if eps == 0 and not all", "if False and not all"),
    "clip-always": ("scale = min(1.0, max_norm / (norm + 1e-6))", "scale = max_norm / (norm + 1e-6)"),
    "clip-squares-overflow": ("unit = math.ldexp(0.5, math.frexp(largest)[1])", "unit = min(1.0, largest)"),
    "clip-squares-vanish": ("unit = math.ldexp(0.5, math.frexp(largest)[1])", "unit = max(1.0, largest)"),
    "clip-norm-in-units": ("lambda: unit * math.sqrt(", "lambda: math.sqrt("),
}
