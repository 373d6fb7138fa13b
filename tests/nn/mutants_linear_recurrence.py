"""Planted bugs of seqlib.nn.linear_recurrence."""

FILE = "seqlib/nn/linear_recurrence.py"
TESTS = ["tests/nn/test_linear_recurrence.py"]
MUTANTS = {
    "state-of-the-same-step": ("torch.cat([h0[:, None], hs[:, :-1]], 1)", "hs"),
    "first-state-forgotten-in-the-gradient": ("torch.cat([h0[:, None], hs", "torch.cat([0 * h0[:, None], hs"),
    "gradient-of-the-first-state-unscaled": ("dh0 = a[:, 0] * g[:, 0]", "dh0 = g[:, 0]"),
    "factor-of-the-same-step-on-the-way-back": (
        "WAYS[method](a[:, 1:], d[:, :-1]",
        "WAYS[method](a[:, :-1], d[:, :-1]",
    ),
    "last-cotangent-forgotten": ("d[:, -1], g[:, :-1], True)", "0 * d[:, -1], g[:, :-1], True)"),
    "second-derivative-one-step-late": ("d[:, :-1] * g[:, 1:]], 1), d", "d[:, 1:] * g[:, 1:]], 1), d"),
    "gradients-that-nobody-needs-missing-first": ("if ctx.needs_input_grad[2]:", "if ctx.needs_input_grad[0]:"),
    "first-state-forgotten": ("b[:, :1].addcmul_(a[:, :1], h[:, None])", "pass"),
    "writes-into-what-it-is-given": ("    b = b.clone()\n", "    b = b.detach()\n"),
    "doubling-half-way": ("    while d < T:", "    while 2 * d < T:"),
    "order-of-two-steps": (
        "torch.addcmul(b[:, d:], a[:, d:], b[:, :-d])",
        "torch.addcmul(b[:, d:], a[:, :-d], b[:, :-d])",
    ),
    "tree-without-odd-places": (
        "    hs[:, 2::2] = torch.addcmul(b[:, 2::2], a[:, 2::2], pairs[:, : (T - 1) // 2])\n",
        "    hs[:, 2::2] = b[:, 2::2]\n",
    ),
    "pairs-with-one-factor": ("_climbed(a[:, even] * a[:, first],", "_climbed(a[:, even],"),
    "not-flipped-back": ("out.copy_(there.flip(1))", "out.copy_(there)"),
    "chunks-that-begin-at-zero": ("        begins[:, i] = h\n", "        begins[:, i] = 0\n"),
    "chunk-after-its-own-end": (
        "        begins[:, i] = h\n        h = torch.addcmul(end[:, i], product[:, i], h)\n",
        "        h = torch.addcmul(end[:, i], product[:, i], h)\n        begins[:, i] = h\n",
    ),
    "product-of-a-chunk-without-its-last-factor": ("    for c in order[1:]:\n", "    for c in order[1:-1]:\n"),
    "chunks-always-forward": ("for i in range(n)[::-1] if back else range(n)", "for i in range(n)"),
    "what-is-left-over-is-left": ("    _loop(a[:, left], b[:, left], h, out[:, left], back)\n", ""),
    "loop-always-forward": ("in reversed(steps) if back else steps", "in steps"),
    "func-sees-the-function": ("if transformed() or torch.jit.is_tracing():", "if False:", "func"),
    "any-dtype": ("        if given.dtype != b.dtype:", "        if False:", "bad_input"),
    "whole-numbers": ("        if not given.is_floating_point():", "        if False:", "bad_input"),
    "any-first-state": ('        check_shape("h0", h0, b.shape[:1] + b.shape[2:])', "        pass", "bad_input"),
    "no-step": ("b.ndim < 2 or b.shape[1] == 0", "b.ndim < 2", "bad_input"),
}
