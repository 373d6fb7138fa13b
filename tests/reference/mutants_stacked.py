"""Planted bugs of seqlib/reference/stacked.py."""

FILE = "seqlib/reference/stacked.py"
TESTS = ["tests/reference/test_stacked.py"]
MUTANTS = {
    "any-cell": ("    checked_cell(cell)\n", ""),
    "residual-around-the-first": ("if residual and layer:", "if residual and out.shape == x.shape:"),
    "residual-always": ("if residual and layer:", "if layer:"),
    "residual-not-around-the-last": ("if residual and layer:", "if residual and layer and layer < len(params) - 1:"),
    "residual-from-the-bottom": ("out = out + x\n", "out = out + kept[0].x\n"),
    "residual-not-on-the-way-back": ("if cache.residual and layer:", "if False:"),
    "residual-back-at-the-first": ("if cache.residual and layer:", "if cache.residual and dx.shape == dout.shape:"),
    "every-layer-reads-x": ("        x = out\n", "        x = out if layer == len(params) - 1 else x\n"),
    "states-of-the-first-layer": ("else initial[layer]", "else initial[0]"),
    "cotangents-of-the-first-layer": (
        "read_back(cache.cell, dout, kept, dfinal[layer])",
        "read_back(cache.cell, dout, kept, dfinal[0])",
    ),
    "cotangents-of-the-top-layer": (
        "bidirectional.backward(dout, kept, dfinal[layer])",
        "bidirectional.backward(dout, kept, dfinal[-1])",
    ),
    "gradients-from-the-top": ("return Grads(dparams[::-1]", "return Grads(dparams"),
    "initial-gradients-from-the-top": ("dx, dinitial[::-1])", "dx, dinitial)"),
    "lengths-forgotten": ("start, lengths=lengths, **options)", "start, **options)"),
    "one-direction-unmasked": (
        "read(cell, weights, x, start, mask, options)",
        "read(cell, weights, x, start, mask | True, options)",
    ),
    # step by step
    "step-reads-the-padding": ("    x = np.where(mask[:, None], x, 0)\n    for number", "    for number"),
    "step-from-the-initial-state": (
        "tuple(states[:, -1] for states in last.states)",
        "tuple(states[:, 0] for states in last.states)",
    ),
    "step-forgets-states": (
        "x[:, None], start, mask[:, None])\n        layers",
        "x[:, None], start, mask[:, None] | True)\n        layers",
    ),
    "step-output-under-mask": ("out = np.where(mask[:, None], states[0][:, 1], 0)", "out = states[0][:, 1]"),
    "step-residual-around-the-first": (
        "before.residual and number else",
        "before.residual and out.shape == x.shape else",
    ),
    "step-no-residual": ("x = out + x if before.residual and number else out\n", "x = out\n"),
    "joined-without-the-initial-state": ("zip(first.states, *(", "zip([0 * s for s in first.states], *("),
    "joined-states-from-the-initial-ones": ("s[:, 1:] for s in one.states", "s[:, :1] for s in one.states"),
    "joined-in-reverse": ("        each = [first, *more]\n", "        each = [first, *more[::-1]]\n"),
    "step-back-without-the-future": ("(first + dout, *others)", "(dout, *others)"),
    "step-back-without-its-output": ("(first + dout, *others)", "(first, *others)"),
    "step-back-cotangent-under-mask": ("np.where(layers[number].mask[:, t, None], dx, 0)", "dx"),
    "step-back-of-the-next-step": (
        "recurrence.step_back(layer, t, (",
        "recurrence.step_back(layer, min(t + 1, layer.x.shape[1] - 1), (",
    ),
    "step-back-no-residual": ("        if cache.residual and number:\n", "        if False:\n"),
    "step-back-residual-always": ("        if cache.residual and number:\n", "        if number:\n"),
    "step-back-from-the-top": ("return dx, dbefore[::-1], da[::-1]", "return dx, dbefore, da[::-1]"),
    "sums-from-the-top": ("return dx, dbefore[::-1], da[::-1]", "return dx, dbefore[::-1], da"),
    "gradients-of-the-states-after": (
        "for part in (slice(-1), slice(1, None)))",
        "for part in (slice(1, None), slice(1, None)))",
    ),
    "gradients-of-one-layer": ("[of_step[number] for of_step in da]", "[of_step[0] for of_step in da]"),
    "no-step-no-shape": (" if da else np.zeros((len(layer.x), 0, G))", ""),
    "steps-in-both-directions": (
        "        if isinstance(kept, bidirectional.Cache):\n            raise",
        "        if False:\n            raise",
    ),
    "a-layer-for-a-list": (' or hasattr(value, "_fields")', ""),
}
