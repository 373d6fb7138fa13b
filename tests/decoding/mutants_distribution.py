"""Planted bugs of seqlib.decoding.distribution."""

FILE = "seqlib/decoding/distribution.py"
TESTS = ["tests/decoding/test_distribution.py"]
MUTANTS = {
    "temperature-multiplies": ("(z - z[..., :1]) / temperature", "(z - z[..., :1]) * max(temperature, 1e-9)"),
    "temperature-on-probabilities": ("np.exp((z - z[..., :1]) / temperature)", "np.exp(z - z[..., :1]) / temperature"),
    "overflow": ("np.exp((z - z[..., :1]) / temperature)", "np.exp(z / temperature)"),
    "zero-is-the-mean": ("temperature, top_k = 1.0, 1", "temperature = 1.0"),
    "zero-keeps-two": ("temperature, top_k = 1.0, 1", "temperature, top_k = 1.0, 2"),
    "top-k-one-more": ("weight[..., top_k:] = 0", "weight[..., top_k + 1 :] = 0"),
    "top-k-one-less": ("weight[..., top_k:] = 0", "weight[..., max(top_k - 1, 1) :] = 0"),
    "top-p-drops-the-crossing-one": ("np.cumsum(q, -1)[..., :-1] >=", "np.cumsum(q, -1)[..., 1:] >="),
    "top-p-keeps-one-more": (
        "q[..., 1:][np.cumsum(q, -1)[..., :-1] >=",
        "q[..., 2:][np.cumsum(q, -1)[..., :-2] >=",
    ),
    "top-p-strictly-more": (">= top_p - REACHED", "> top_p + REACHED"),
    "top-p-as-rounded": (">= top_p - REACHED", ">= top_p"),
    "top-p-of-all-that-is": ("and top_p < 1:", "and top_p < 2:"),
    "top-p-before-top-k": (
        "q = weight / weight.sum(-1, keepdims=True)",
        "q = weight / np.exp(z).sum(-1, keepdims=True)",
    ),
    "top-p-not-made-to-one": ("        q /= q.sum(-1, keepdims=True)\n", ""),
    "last-of-equals": (
        'np.argsort(-z, axis=-1, kind="stable")',
        'np.argsort(z, axis=-1, kind="stable")[..., ::-1]',
    ),
    "least-probable-first": ('np.argsort(-z, axis=-1, kind="stable")', 'np.argsort(z, axis=-1, kind="stable")'),
    "order-not-undone": ("np.put_along_axis(found, order, q, -1)", "found[:] = q"),
    "order-done-twice": ("np.put_along_axis(found, order, q, -1)", "found[:] = np.take_along_axis(q, order, -1)"),
    "draws-one-late": ("(sums <= u[..., None])", "(sums <= u[..., None] + 0.01)"),
    "draws-the-impossible": ("(sums <= u[..., None])", "(sums < u[..., None])"),
    "draws-beyond-the-last": ("np.minimum((sums <= u[..., None]).sum(-1), last)", "(sums <= u[..., None]).sum(-1)"),
    "draws-an-impossible-last": (
        "last = p.shape[-1] - 1 - (p[..., ::-1] > 0).argmax(-1)",
        "last = np.full(p.shape[:-1], p.shape[-1] - 1)",
    ),
    "nan-taken": ("wrong = np.isnan(z) | (z == np.inf)", "wrong = z == np.inf"),
    "infinity-taken": ("wrong = np.isnan(z) | (z == np.inf)", "wrong = np.isnan(z)"),
    "nothing-possible-taken": ("if not wrong.any():", "if False:"),
    "nothing-looked-at": ("if not np.isfinite(m).all():", "if False:"),
    "no-symbols-taken": ("if z.ndim == 0 or z.shape[-1] == 0:", "if z.ndim == 0:"),
    "softmax-overflows": ("        z -= m\n", "        pass\n"),
    "top-k-of-none": ('check_integer("top_k", top_k, low=1)', 'check_integer("top_k", top_k, low=0)'),
    "top-p-of-nothing": (
        'check_number("top_p", top_p, above=0, high=1)',
        'check_number("top_p", top_p, low=0, high=1)',
    ),
    "one-symbol-of-another-row": ("z[np.arange(len(ids)), ids]", "z[0, ids]"),
    "one-symbol-not-normalised": ("found - np.log(np.exp(z, out=z).sum(-1))", "found"),
    "one-symbol-of-the-exponentials": ("    found = z[np", "    np.exp(z, out=z)\n    found = z[np"),
}
