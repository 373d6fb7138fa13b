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
    "a-layer-for-a-list": (' or hasattr(value, "_fields")', ""),
}
