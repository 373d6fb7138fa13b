"""Planted bugs of seqlib/reference/attending_decoder.py."""

FILE = "seqlib/reference/attending_decoder.py"
TESTS = ["tests/reference/test_attending_decoder.py", "tests/reference/test_ways_of_attention.py"]
MUTANTS = {
    # one step
    "asks-with-the-initial-state": (
        "query = before.layers.final[-1][0][:, None]",
        "query = before.layers.layers[-1].states[0][:, :1]",
    ),
    "asks-with-the-bottom-layer": ("before.layers.final[-1][0]", "before.layers.final[0][0]"),
    "asks-with-the-memory-cell": ("before.layers.final[-1][0]", "before.layers.final[-1][-1]"),
    "context-of-the-wrong-step": (
        "np.concatenate([y, context[:, 0]], -1), mask)\n",
        "np.concatenate([y, before.both[:, : h.shape[2]]], -1), mask)\n",
    ),
    "query-of-its-own-step": (
        "        s, layers = stacked.step(before.layers, np.concatenate([y, context[:, 0]], -1), mask)\n",
        "        s, layers = stacked.step(before.layers, np.concatenate([y, context[:, 0]], -1), mask)\n"
        "        context, look = attention.forward(params.score, s[:, None], h, mask=may_attend)\n",
    ),
    "context-before-the-word": ("np.concatenate([y, context[:, 0]], -1)", "np.concatenate([context[:, 0], y], -1)"),
    "fed-before-the-word": ("np.concatenate([y, before.out], -1)", "np.concatenate([before.out, y], -1)"),
    "not-fed": ("np.concatenate([y, before.out], -1)", "np.concatenate([y, 0 * before.out], -1)"),
    "asks-with-the-state-before-the-step": (
        "attention.forward(params.score, s[:, None], h, mask=may_attend)",
        "attention.forward(params.score, before.layers.final[-1][0][:, None], h, mask=may_attend)",
    ),
    "starts-from-ones": (
        "np.zeros((B, K + s.shape[2])), np.zeros((B, A)))",
        "np.zeros((B, K + s.shape[2])), np.ones((B, A)))",
    ),
    "starts-from-zeros": ("nothing, initial, **options)", "nothing, None, **options)"),
    "options-dropped": ("nothing, initial, **options)", "nothing, initial)"),
    "state-before-the-context": ("np.concatenate([context[:, 0], s], -1)", "np.concatenate([s, context[:, 0]], -1)"),
    "no-tanh": ("np.tanh(both @ params.W_c.T)", "both @ params.W_c.T"),
    # all steps
    "source-unmasked": ("mask[:, :, None] & real[:, None]", "mask[:, :, None] | np.zeros_like(real[:, None])"),
    "source-mask-inverted": ("mask[:, :, None] & real[:, None]", "mask[:, :, None] & ~real[:, None]"),
    "states-of-the-first-step": ("_step(params, steps[-1], ", "_step(params, steps[0], "),
    "every-step-reads-the-first-word": ("steps[-1], y[:, t], h", "steps[-1], y[:, 0], h"),
    "mask-of-the-first-step": ("mask[:, t], may_attend[:, [t]]", "mask[:, 0], may_attend[:, [t]]"),
    "attends-as-at-the-first-step": ("mask[:, t], may_attend[:, [t]]", "mask[:, t], may_attend[:, [0]]"),
    "outputs-one-late": ("np.stack(parts, 1)[:, 1:] for", "np.stack(parts, 1)[:, :-1] for"),
    "output-is-the-cache": ("return out.copy(), Cache", "return out, Cache"),
    "padding-is-read": ("np.where(mask[..., None], y, 0), np.where(real", "np.array(y), np.where(real"),
    "padding-of-the-source-is-read": ("np.where(real[..., None], h, 0)", "np.array(h)"),
    "weights-are-the-callers": ('np.array(real_array("params.W_c"', '(real_array("params.W_c"'),
    # the way back
    "cotangents-behind-the-end": ("np.where(cache.mask[..., None], real_array(", "np.where(True, real_array("),
    "what-was-fed-gets-no-gradient": ("(dout[:, t] + dfed) *", "dout[:, t] *"),
    "only-what-was-fed-gets-a-gradient": ("(dout[:, t] + dfed) *", "(dout[:, t] * (dfed == 0) + dfed) *"),
    "slope-forgotten": (" * (1 - cache.out[:, t] ** 2)", ""),
    "slope-of-the-next-step": ("(1 - cache.out[:, t] ** 2)", "(1 - cache.out[:, t - 1] ** 2)"),
    "context-and-state-swapped": (
        "dcontext, ds = np.split(da[:, t] @ cache.W_c, [K], -1)",
        "ds, dcontext = np.split(da[:, t] @ cache.W_c, [cache.W_c.shape[1] - K], -1)",
    ),
    "context-through-the-step-forgotten": ("(dcontext + through_step)[:, None]", "dcontext[:, None]"),
    "context-through-the-step-alone": ("(dcontext + through_step)[:, None]", "through_step[:, None]"),
    "query-before-gets-no-gradient": ("(ds + asked.query[:, 0], *others)", "(ds, *others)"),
    "recurrence-before-gets-no-gradient": ("(ds + asked.query[:, 0], *others)", "(asked.query[:, 0], *others)"),
    "query-of-another-layer": (
        "            ds, *others = dstates[-1]\n            dstates[-1] = (",
        "            ds, *others = dstates[0]\n            dstates[0] = (",
    ),
    "query-after-gets-no-gradient": ("t, ds + asked.query[:, 0], dstates)", "t, ds, dstates)"),
    "query-after-alone": ("t, ds + asked.query[:, 0], dstates)", "t, asked.query[:, 0], dstates)"),
    "fed-gradient-is-that-of-the-word": (
        "dy[:, t], dfed = np.split(dx, [D], -1)",
        "dy[:, t], dfed = dx[:, -D:], dx[:, :-D]",
    ),
    "recurrence-cut": (
        "dx, dstates, dlayer = stacked.step_backward(cache.layers, t, ds, dstates)",
        "dx, dstates, dlayer = stacked.step_backward(cache.layers, t, ds, [tuple(0 * d for d in s) for s in dstates])",
    ),
    "recurrence-cut-with-feeding": (
        "stacked.step_backward(cache.layers, t, ds + asked.query[:, 0], dstates)",
        "stacked.step_backward(cache.layers, t, ds + asked.query[:, 0], [tuple(0 * d for d in s) for s in dstates])",
    ),
    "attention-of-another-step": (
        "attention.backward(dcontext[:, None], _query(cache.attention, t))",
        "attention.backward(dcontext[:, None], _query(cache.attention, t - 1))",
    ),
    "attention-before-of-another-step": (
        "[:, None], _query(cache.attention, t))\n            ds, *others",
        "[:, None], _query(cache.attention, t - 1))\n            ds, *others",
    ),
    "encoder-hears-of-the-first-step-alone": ("dh = dh + asked.keys", "dh = asked.keys"),
    "encoder-hears-nothing": ("        dh = dh + asked.keys\n", ""),
    "score-of-the-first-step-alone": ("(*(d + more for d, more in", "(*(more for d, more in"),
    "gradients-in-reverse": (
        "stacked.gradients(cache.layers, dlayers[::-1])",
        "stacked.gradients(cache.layers, dlayers)",
    ),
    "dW_c-of-the-context-alone": (
        "outer(da, cache.both)",
        "outer(da, np.where(np.arange(cache.both.shape[2]) < K, cache.both, 0))",
    ),
    "no-gradient-of-the-word": ("return Grads(dparams, dy, dh, dstates)", "return Grads(dparams, 0 * dy, dh, dstates)"),
    # the attention of all steps
    "queries-of-the-first-step": ("weights=weights, kept=kept, mask=mask)", "kept=kept, mask=mask)"),
    "kept-of-the-first-step": ("kept = tuple(array[:, [t]] for array in looks.kept)", "kept = looks.kept"),
    "weights-of-all-steps": ("weights=looks.weights[:, [t]], ", ""),
    "keys-of-their-own": (
        "    return Step(layers, look._replace(keys=h, values=h), both,",
        "    return Step(layers, look, 0 * both,",
    ),
    # what is checked
    "any-way-to-attend": ('    check_choice("attend", attend, ("after", "before"))\n', ""),
    "any-params": ("    if not isinstance(params, Params):\n", "    if False:\n"),
    "layers-that-look-ahead": ("        if isinstance(layer, Directions):\n", "        if False:\n"),
    "no-room": ("    if columns and columns != (D + told,):\n", "    if False:\n"),
    "room-for-the-other": ('if attend == "before" else (len(W_c), "s̃")', 'if attend != "before" else (len(W_c), "s̃")'),
    "nan-in-a-word": ('    check_finite("y", y)\n', ""),
    "nan-in-the-source": ('    check_finite("h", h)\n', ""),
    "nan-in-the-cotangent": ('    check_finite("dout", dout)\n', ""),
    "W_c-of-any-width": ('    check_shape("params.W_c", params.W_c, ("A", K + s.shape[2]))\n', ""),
    "lengths-unnamed": (', name="source_lengths")', ")"),
    "lengths-of-the-source-for-the-target": ("checked_lengths(lengths, B, T)", "checked_lengths(source_lengths, B, T)"),
}
