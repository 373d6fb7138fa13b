"""Planted bugs of seqlib/reference/encoder_decoder.py."""

FILE = "seqlib/reference/encoder_decoder.py"
TESTS = ["tests/reference/test_encoder_decoder.py", "tests/reference/test_ways_of_attention.py"]
MUTANTS = {
    # forward
    "last-place-of-the-padding": ("initial, lengths=lengths, **options)", "initial, **options)"),
    "source-in-reverse": ("params.E_x[source], initial", "params.E_x[source[:, ::-1]], initial"),
    "encoder-starts-from-zeros": ("params.E_x[source], initial, lengths", "params.E_x[source], None, lengths"),
    "bridge-dropped": ("params.decoder, y, start, lengths=n", "params.decoder, y, None, lengths=n"),
    "teacher-shifted": (
        "y, n = params.E_y[previous], ",
        "y, n = params.E_y[np.roll(previous, -1, 1)], ",
    ),
    "options-of-the-encoder-alone": ("start, lengths=n, **options)", "start, lengths=n)"),
    "options-of-the-decoder-alone": ("initial, lengths=lengths, **options)", "initial, lengths=lengths)"),
    "no-mask-on-attention": (
        "may_attend = mask[:, :, None] & (np.arange(source.shape[1]) < lengths[:, None, None])",
        "may_attend = mask[:, :, None] & np.ones(source.shape, bool)[:, None]",
    ),
    "mask-one-long": (
        "np.arange(source.shape[1]) < lengths[:, None, None]",
        "np.arange(source.shape[1]) <= lengths[:, None, None]",
    ),
    "mask-inverted": (
        "(np.arange(source.shape[1]) < lengths[:, None, None])",
        "(np.arange(source.shape[1]) >= lengths[:, None, None])",
    ),
    "context-of-the-step-before": (
        "both = np.concatenate([context, s], -1)",
        "both = np.concatenate([np.roll(context, 1, 1), s], -1)",
    ),
    "state-before-the-context": ("np.concatenate([context, s], -1)", "np.concatenate([s, context], -1)"),
    "no-tanh": ("out = np.tanh(both @ params.W_c.T)", "out = both @ params.W_c.T"),
    "no-bias": ("logits = out @ params.W_o.T + params.b_o", "logits = out @ params.W_o.T"),
    "attends-to-the-decoder": (
        "attention.forward(params.score, s, h, mask=may_attend)",
        "attention.forward(params.score, s, h[:, ::-1], mask=may_attend)",
    ),
    # the loss
    "eos-unscored": (
        "losses.cross_entropy(logits, y, model.mask)",
        "losses.cross_entropy(logits, y, model.mask & np.roll(model.mask, -1, 1) | (model.mask.sum(1) == 1)[:, None])",
    ),
    "padding-scored": (
        "losses.cross_entropy(logits, y, model.mask)",
        "losses.cross_entropy(logits, np.where(model.mask, y, 0))",
    ),
    "mean-over-the-sentences": (
        "return value, LossCache(model, scored)",
        "return value * model.mask.sum() / len(model.mask), LossCache(model, scored)",
    ),
    "mean-over-the-padding-too": (
        "return value, LossCache(model, scored)",
        "return value * model.mask.mean(), LossCache(model, scored._replace(weight=scored.weight * model.mask.mean()))",
    ),
    "scale-of-the-loss-forgotten": (
        "losses.cross_entropy_backward(cache.cross_entropy, dloss)",
        "losses.cross_entropy_backward(cache.cross_entropy)",
    ),
    # backward
    "read-out-slope-forgotten": ("da = ds * (1 - cache.out**2)", "da = ds"),
    "attention-through-the-context-alone": ("ds + attended.query, attended.keys", "attended.query, attended.keys"),
    "query-gets-no-gradient": ("ds + attended.query, attended.keys", "ds, attended.keys"),
    "encoder-hears-through-its-last-states-alone": (
        "dscore, ds, dh = attended.score, ds + attended.query, attended.keys",
        "dscore, ds = attended.score, ds + attended.query",
    ),
    "encoder-hears-through-attention-alone": (
        "encoded = stacked.backward(dh, cache.encoder, bridged.finals)",
        "encoded = stacked.backward(dh, cache.encoder)",
    ),
    "bridge-skipped-on-the-way-back": (
        "bridged = bridge.backward(dstart, cache.bridge)",
        "bridged = bridge.backward([tuple(0 * d for d in layer) for layer in dstart], cache.bridge)",
    ),
    "context-and-state-swapped-on-the-way-back": (
        "dcontext, ds = np.split(da @ params.W_c, [cache.both.shape[-1] - cache.decoder.shape[-1]], -1)",
        "ds, dcontext = np.split(da @ params.W_c, [cache.decoder.shape[-1]], -1)",
    ),
    "dW_c-of-the-context-alone": (
        "dW_c = outer(da, cache.both)",
        "dW_c = outer(da, np.where(np.arange(cache.both.shape[-1]) < cache.encoder.shape[-1], cache.both, 0))",
    ),
    "db_o-is-a-mean": ("dlogits.sum((0, 1)), dlogits @", "dlogits.mean((0, 1)), dlogits @"),
    "cotangents-in-the-padding": ("    dlogits = np.where(mask, dlogits, 0)\n", ""),
    "embedding-keeps-the-last-word": ("    np.add.at(dE, ids, dx)\n", "    dE[ids] = dx\n"),
    "embedding-loses-repeated-words": ("    np.add.at(dE, ids, dx)\n", "    dE[ids] += dx\n"),
    "embedding-of-the-words-to-come": (
        "_gathered(dy, cache.previous, len(params.E_y))",
        "_gathered(dy, np.roll(cache.previous, -1, 1), len(params.E_y))",
    ),
    # step by step
    "step-by-step-options-dropped": ("start, **given, **options)", "start, **given)"),
    "step-by-step-from-zeros": ("told, y, h, start, **given", "told, y, h, None, **given"),
    "step-by-step-always-after": (
        'given: dict[str, Any] = {"attend": attend,',
        'given: dict[str, Any] = {"attend": "after",',
    ),
    "step-by-step-over-the-padding": ('"lengths": n, "source', '"source'),
    "step-by-step-looks-at-the-padding": ('"lengths": n, "source_lengths": lengths}', '"lengths": n}'),
    "input-feeding-for-none": (
        "        if params.W_c is not None:\n            may",
        "        if False:\n            may",
    ),
    "step-by-step-encoder-unheard": (
        "(ddecoder, dscore, dW_c), dy, dh, dstart = attending",
        "(ddecoder, dscore, dW_c), dy, _, dstart = attending",
    ),
    "step-by-step-bridge-unheard": (
        "dy, dh, dstart = attending_decoder.backward(ds, cache.decoder)\n",
        "dy, dh, dstart = attending_decoder.backward(ds, cache.decoder)\n"
        "        dstart = [tuple(0 * d for d in layer) for layer in dstart]\n",
    ),
    # what is checked
    "any-way-to-attend": ('    check_choice("attend", attend, ("after", "before"))\n', ""),
    "feeding-is-a-number": ("    if not isinstance(input_feeding, bool):\n", "    if False:\n"),
    "two-ways-at-once": ('    if input_feeding and attend == "before":\n', "    if False:\n"),
    "a-way-without-attention": (
        '    if (input_feeding or attend == "before") and params.score is None:\n',
        "    if False:\n",
    ),
    "weights-are-the-callers": ('return np.array(real_array(f"params.{name}"', 'return (real_array(f"params.{name}"'),
    "a-mask-with-a-gap": ("    if not np.array_equal(mask, np.arange(T) < mask.sum(1)[:, None]):\n", "    if False:\n"),
    "ids-in-the-padding-checked": (
        "len(params.E_x), mask=np.arange(S) < lengths[:, None])",
        "len(params.E_x))",
    ),
    "words-in-the-padding-checked": ("len(params.E_y), mask=mask)", "len(params.E_y))"),
    "half-an-attention": ("    if (params.score is None) != (params.W_c is None):\n", "    if False:\n"),
    "a-decoder-that-reads-ahead": ("        if isinstance(layer, Directions):\n", "        if False:\n"),
}
