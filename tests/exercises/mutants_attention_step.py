"""Bugs planted in the practice of chapter 12: a step of the decoder."""

FILE = "seqlib/exercises/attention_step.py"
TESTS = ["tests/exercises/test_attention_step.py"]
MUTANTS = {
    "the-word-twice": ("return np.tanh(s @ W_ss.T + u)", "return np.tanh(s @ W_ss.T + 2 * u)"),
    "asks-with-the-other": ("score(now if new else s, keys, W_a)", "score(s if new else now, keys, W_a)"),
    "combines-the-other": (
        "combine(context, now if new_beside else s, W_c)",
        "combine(context, s if new_beside else now, W_c)",
    ),
    "keys-backwards": ('np.einsum("bs,bsd->bd", weights, keys)', 'np.einsum("bs,bsd->bd", weights, keys[:, ::-1])'),
    "half-the-score": (
        'return np.einsum("bh,hd,bsd->bs", query, W_a, keys)',
        'return 0.5 * np.einsum("bh,hd,bsd->bs", query, W_a, keys)',
    ),
    "state-first": (
        "np.concatenate([context, s], -1) @ W_c.T)\n\n\ndef _step",
        "np.concatenate([s, context], -1) @ W_c.T)\n\n\ndef _step",
    ),
    "a-mean-of-half": ("_context(weights, keys) / keys.shape[1]", "_context(weights, keys) / (2 * keys.shape[1])"),
    "a-mean-of-all": ("(weights > 0).sum(-1", "(weights >= 0).sum(-1"),
    "one-width-for-another": ("_case(3, 2, 2, 5, [4, 5])", "_case(2, 2, 2, 5, [5, 5])"),
    "the-first-word-left-out": (
        "np.where(mask, e, -np.inf))\n\n\ndef _context",
        "np.where(mask & (np.arange(mask.shape[1]) > 0), e, -np.inf))\n\n\ndef _context",
    ),
}
