"""Planted bugs of seqlib/reference/attention.py."""

FILE = "seqlib/reference/attention.py"
TESTS = ["tests/reference/test_attention.py", "tests/reference/test_attention_scores.py"]
MUTANTS = {
    # the softmax
    "mask-inverted": ("e = np.where(mask, scores, 0)", "mask = ~mask\n    e = np.where(mask, scores, 0)"),
    "mask-ignored": ("e = np.where(mask, scores, 0)", "mask = mask | True\n    e = np.where(mask, scores, 0)"),
    "maximum-of-what-is-masked-too": (
        "m = np.where(mask, e.real, -np.inf).max(-1, keepdims=True, initial=-np.inf)",
        "m = scores.real.max(-1, keepdims=True, initial=-np.inf)",
    ),
    "no-maximum": ("e - np.where(m == -np.inf, 0, m)", "e"),
    "masked-places-in-the-sum": ("total = p.sum(-1, keepdims=True)", "total = (p + ~mask).sum(-1, keepdims=True)"),
    "a-row-of-nothing-is-nan": ("np.where(total == 0, 1, total)", "total"),
    "a-row-of-nothing-is-uniform": (
        "return p / np.where(total == 0, 1, total)",
        "return np.where(total == 0, 1 / max(p.shape[-1], 1), p / np.where(total == 0, 1, total))",
    ),
    "over-the-queries": ("total = p.sum(-1, keepdims=True)", "total = p.sum(min(-1, 1 - p.ndim), keepdims=True)"),
    "softmax-of-a-number": ("    if not scores.ndim:\n", "    if False:\n"),
    "nan-scores": ('    check_finite("scores", e)\n', ""),
    # its way back
    "softmax-backward-sign": (
        "(dweights - (weights * dweights).sum(-1, keepdims=True))",
        "(dweights + (weights * dweights).sum(-1, keepdims=True))",
    ),
    "softmax-backward-without-the-sum": ("(dweights - (weights * dweights).sum(-1, keepdims=True))", "dweights"),
    "softmax-backward-plain-sum": ("(weights * dweights).sum(-1,", "dweights.sum(-1,"),
    "softmax-backward-mean": ("(weights * dweights).sum(-1,", "dweights.mean(-1,"),
    "softmax-backward-not-weighted": ("return weights * (dweights -", "return (dweights -"),
    "softmax-backward-as-a-sigmoid": (
        "return weights * (dweights - (weights * dweights).sum(-1, keepdims=True))",
        "return weights * (1 - weights) * dweights",
    ),
    "masked-cotangents-read": ("np.where(weights == 0, 0, real_array", "(real_array"),
    # forward
    "context-is-a-sum": ("context = weights @ values", "context = (weights > 0) @ values"),
    "context-of-the-keys": (
        'values = keys if values is None else real_array("values", values, (B, S, "Dv"), finite=False)',
        "values = keys",
    ),
    "mask-of-the-first-query": (
        'return check_mask("mask", mask, (B, T, S)).copy()',
        'return np.repeat(check_mask("mask", mask, (B, T, S))[:, :1], T, 1)',
    ),
    "mask-is-the-callers": ('check_mask("mask", mask, (B, T, S)).copy()', 'check_mask("mask", mask, (B, T, S))'),
    "queries-are-read-everywhere": ("_read(query, mask, 2), _read", "query, _read"),
    "keys-are-read-everywhere": ("_read(keys, mask, 1), ", "keys, "),
    "values-are-read-everywhere": ("_read(values, mask, 1)\n", "values\n"),
    "keys-are-read-where-all-attend": ("_read(keys, mask, 1)", "np.where(mask.all(1)[..., None], keys, 0)"),
    "query-unchecked": ('(("query", query), ("keys", keys), ', '(("keys", keys), '),
    "values-unchecked": (', ("values", values)):', "):"),
    "places-that-location-does-not-know": (
        "        mask[..., len(score.W_a) :] = False\n",
        "        pass\n",
        "location_gives_no_weight",
    ),
    "no-cotangent-of-the-weights": ("if dweights is not None:", "if False:"),
    # backward
    "mask-ignored-in-backward": (
        "dscores = softmax_backward(weights, through_context)",
        "dscores = softmax_backward(softmax(cache.score.score(cache.query, cache.keys)[0]), through_context)",
    ),
    "keys-without-their-part-as-values": ("dkeys + dvalues, None)", "dkeys, None)"),
    "keys-only-as-values": ("dkeys + dvalues, None)", "dvalues, None)"),
    "values-get-the-keys-gradient-too": (
        "return Grads(dscore, dquery, dkeys, dvalues)",
        "return Grads(dscore, dquery, dkeys + dvalues.mean(), dvalues)",
    ),
    "values-of-the-wrong-query": (
        "dvalues = weights.swapaxes(1, 2) @ dcontext",
        "dvalues = weights[:, ::-1].swapaxes(1, 2) @ dcontext",
    ),
    "values-as-if-weights-were-equal": (
        "dvalues = weights.swapaxes(1, 2) @ dcontext",
        "dvalues = (weights > 0).swapaxes(1, 2) @ dcontext / weights.shape[2]",
    ),
    "weights-of-the-next-value": (
        "through_context = dcontext @ values.swapaxes(1, 2)",
        "through_context = dcontext @ np.roll(values, 1, 1).swapaxes(1, 2)",
    ),
    "cotangents-of-nobody-read": ("    dcontext = _read(dcontext, cache.mask, 2)\n", ""),
}
