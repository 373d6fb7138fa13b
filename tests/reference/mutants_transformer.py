"""Planted bugs of seqlib/reference/transformer.py."""

FILE = "seqlib/reference/transformer.py"
TESTS = ["tests/reference/test_transformer.py"]
MUTANTS = {
    "no-residual-before-a-norm": ("            x = x + out\n", "            x = out\n"),
    "no-residual-after-a-norm": (
        "normalisation.forward(norm, x + out, eps=options.eps)",
        "normalisation.forward(norm, out, eps=options.eps)",
    ),
    "always-pre-norm": ("        if options.norm_first:\n", "        if True:\n"),
    "always-post-norm": ("        if options.norm_first:\n", "        if False:\n"),
    "residual-of-the-normed": ("            x = x + out\n", "            x = read + out\n"),
    "norms-swapped": (
        "[(attend, params.norm_attention), (think, params.norm_feed_forward)]",
        "[(attend, params.norm_feed_forward), (think, params.norm_attention)]",
    ),
    "cross-before-self": ("steps.insert(1, (look", "steps.insert(0, (look"),
    "cross-after-the-network": ("steps.insert(1, (look", "steps.insert(2, (look"),
    "causal-lost": ("causal=causal, rotary=rotary", "rotary=rotary"),
    "rotary-lost": ("causal=causal, rotary=rotary", "causal=causal"),
    "mask-lost": ("x, mask=mask, n_heads=n_heads", "x, n_heads=n_heads"),
    "source-mask-lost": ("x, source, source_mask, n_heads=n_heads)", "x, source, n_heads=n_heads)"),
    "activation-lost": ("x, activation=options.activation)", "x)"),
    "eps-lost-before": (
        "            read, of_norm = normalisation.forward(norm, x, eps=options.eps)",
        "            read, of_norm = normalisation.forward(norm, x)",
    ),
    "eps-lost-at-the-end": (
        "normalisation.forward(params.norm, x, eps=options.eps)",
        "normalisation.forward(params.norm, x)",
    ),
    "no-norm-at-the-end": ("    if params.norm is not None:\n", "    if False:\n"),
    "gradient-through-alone": ("        dx = dx + through\n", "        dx = through\n"),
    "gradient-around-alone": ("        dx = dx + through\n", "        dx = dx + 0 * through\n"),
    "pre-norm-not-through-the-norm": (
        "            dnorm, through = normalisation.backward(grads.x, of_norm)\n",
        "            dnorm, through = normalisation.backward(grads.x, of_norm)[0], grads.x\n",
    ),
    "norm-of-the-cross-swapped": (
        "dparts[0], dnorms[0], dparts[1], dnorms[1]), dx, dsource)",
        "dparts[0], dnorms[1], dparts[1], dnorms[0]), dx, dsource)",
    ),
    "norms-of-the-block-swapped": (
        "Block(dparts[1], dnorms[1], dparts[0], dnorms[0]), dx, None)",
        "Block(dparts[1], dnorms[0], dparts[0], dnorms[1]), dx, None)",
    ),
    "source-of-the-last-block": ("grads.source if dsource is None else dsource + grads.source", "grads.source"),
    "blocks-in-reverse": ("dblocks.insert(0, grads.params)", "dblocks.append(grads.params)"),
    "end-norm-not-walked-back": (
        "        dnorm, dx = normalisation.backward(dx, cache.norm)\n",
        "        dnorm = normalisation.backward(dx, cache.norm)[0]\n",
    ),
    "stream-without-its-beginning": ("stream, kept, norm = [x], ", "stream, kept, norm = [0 * x], "),
    "weights-of-the-last-block": (
        "kept.parts[0].weights for kept in self.blocks",
        "self.blocks[-1].parts[0].weights for kept in self.blocks",
    ),
    "any-stack": ("    if not isinstance(params, Stack):\n", "    if False:\n"),
    "any-block": ("    if not isinstance(params, Block):\n", "    if False:\n"),
    "source-alone": ("if (params.cross is None) != (source is None) or ", "if "),
    "cross-alone": (" or (params.cross is None) != (params.norm_cross is None):", ":"),
    "mask-without-source": ("    if source_mask is not None and source is None:\n", "    if False:\n"),
    "block-not-named": ('f"in block {number}: {error}"', 'f"{error}"'),
    "blocks-from-0": ("enumerate(params.blocks, 1)", "enumerate(params.blocks, 0)"),
    "dout-of-any-shape": ('real_array("dout", dout, cache.stream.shape[1:])', "dout"),
}
