"""Planted bugs of seqlib/reference/attention_scores.py."""

FILE = "seqlib/reference/attention_scores.py"
TESTS = ["tests/reference/test_attention_scores.py"]
MUTANTS = {
    "additive-without-tanh": ("u = np.tanh((query", "u = ((query"),
    "additive-minus": ("[:, :, None] + (keys @ self.U_a.T)", "[:, :, None] - (keys @ self.U_a.T)"),
    "additive-slope-of-a-sigmoid": ("self.v_a * (1 - u**2)", "self.v_a * u * (1 - u)"),
    "additive-no-slope": ("self.v_a * (1 - u**2)", "self.v_a"),
    "additive-without-v": ("dscores[..., None] * self.v_a * (1 - u**2)", "dscores[..., None] * (1 - u**2)"),
    "additive-sums-swapped": (
        "of_query, of_key = da.sum(2), da.sum(1)",
        "of_query, of_key = da.sum(1, keepdims=True) + 0 * da.sum(2), da.sum(2, keepdims=True)[:, 0] + 0 * da.sum(1)",
    ),
    "additive-mean-over-keys": ("of_query, of_key = da.sum(2)", "of_query, of_key = da.mean(2)"),
    "additive-v-of-the-slope": (
        "dv_a = outer(dscores[..., None], u)[0]",
        "dv_a = outer(dscores[..., None], 1 - u**2)[0]",
    ),
    "additive-keys-weighted-by-queries": ("outer(of_key, keys), dv_a)", "outer(of_key, keys) * 2, dv_a)"),
    "concat-key-first": (
        "W, U = np.split(self.W_a, [query.shape[-1]], 1)",
        "U, W = np.split(self.W_a, [self.W_a.shape[1] - query.shape[-1]], 1)",
    ),
    "concat-gradient-key-first": ("np.concatenate([dW, dU], 1)", "np.roll(np.concatenate([dW, dU], 1), 1, 1)"),
    "dot-keys-get-keys": (
        "return Dot(), dscores @ keys, dscores.swapaxes(1, 2) @ query",
        "return Dot(), dscores @ keys, dscores.swapaxes(1, 2) @ (dscores @ keys)",
    ),
    "dot-transposed": (
        "return Dot(), dscores @ keys, dscores.swapaxes(1, 2) @ query",
        "return Dot(), dscores[:, ::-1] @ keys, dscores.swapaxes(1, 2) @ query",
    ),
    "scale-by-the-width": (
        "query @ keys.swapaxes(1, 2) / np.sqrt(keys.shape[-1])",
        "query @ keys.swapaxes(1, 2) / keys.shape[-1]",
    ),
    "scale-by-the-places": (
        "query @ keys.swapaxes(1, 2) / np.sqrt(keys.shape[-1])",
        "query @ keys.swapaxes(1, 2) / np.sqrt(keys.shape[1])",
    ),
    "scale-forgotten-on-the-way-back": ("dscaled = dscores / np.sqrt(keys.shape[-1])", "dscaled = dscores"),
    "scale-twice-on-the-way-back": (
        "dscaled = dscores / np.sqrt(keys.shape[-1])",
        "dscaled = dscores / keys.shape[-1]",
    ),
    "general-gradient-transposed": (
        "General(outer(query, to_query))",
        "General(outer(to_query, query).T[::-1])",
    ),
    "general-forgets-the-matrix-for-the-query": (
        "to_query @ self.W_a.T, to_key @ self.W_a\n",
        "to_query @ np.abs(self.W_a.T), to_key @ self.W_a\n",
    ),
    "general-of-all-queries": ("General(outer(query, to_query))", "General(outer(query[:, :1], to_query[:, :1]))"),
    "location-looks-at-the-keys": (
        "self.W_a[:S].T, ((0, 0), (0, 0), (0, max(S - N, 0)))), ()",
        "self.W_a[:S].T + 0 * keys.sum(), ((0, 0), (0, 0), (0, max(S - N, 0)))) + keys[:, None, :, 0], ()",
    ),
    "location-from-the-end": (
        "known = self.W_a[: keys.shape[1]]",
        "known = self.W_a[-keys.shape[1] :]",
    ),
    "location-of-the-last-rows": ("np.pad(query @ self.W_a[:S].T", "np.pad(query @ self.W_a[-S:].T"),
    "location-keys-get-something": ("dscores @ known, np.zeros(keys.shape)", "dscores @ known, np.ones(keys.shape)"),
    "real-gradients-of-location": (
        "np.zeros(self.W_a.shape, np.result_type(dscores, query))",
        "np.zeros(self.W_a.shape)",
    ),
    "widths-unchecked": ("    if Dq != Dk:\n", "    if False:\n"),
    "any-score": ("    if not isinstance(score, SCORES):\n", "    if False:\n"),
    "parameters-are-the-callers": ("*(np.array(real_array(", "*((real_array("),
}
