"""Planted bugs of seqlib.nn.attention."""

FILE = "seqlib/nn/attention.py"
TESTS = ["tests/nn/test_attention.py", "tests/nn/test_attention_input.py"]
MUTANTS = {
    "mask-inverted": ("scores.masked_fill(~left, -math.inf)", "scores.masked_fill(left, -math.inf)"),
    "mask-after-the-softmax-alone": (
        "scores.masked_fill(~left, -math.inf).softmax(-1).masked_fill(~mask, 0.0)",
        "scores.softmax(-1).masked_fill(~mask, 0.0)",
    ),
    "empty-row-nan": ("left = mask | ~mask.any(-1, keepdim=True)", "left = mask"),
    "empty-row-uniform": (".softmax(-1).masked_fill(~mask, 0.0)", ".softmax(-1)"),
    "finite-instead-of-infinite": ("-math.inf).softmax", "-1e3).softmax"),
    "softmax-over-queries": ("return scores.softmax(-1)", "return scores.softmax(-2)"),
    "numbers-taken-for-truth": ("or mask.dtype != torch.bool", "or False"),
    "alignment-transposed": (
        "return weights @ values, weights",
        "return weights @ values, weights.mT.reshape(weights.shape)",
    ),
    "keys-for-values": (
        "self.attend(query, self.project(keys), values, mask)",
        "self.attend(query, self.project(keys), keys, mask)",
    ),
    "mask-forgotten": (
        "self.attend(query, self.project(keys), values, mask)",
        "self.attend(query, self.project(keys), values, None)",
    ),
    "not-scaled": ("query = query / math.sqrt(self.key_size)", "pass"),
    "scaled-twice": ("query / math.sqrt(self.key_size)", "query / self.key_size"),
    "dot-scaled-too": ('if self.score == "scaled dot":', "if True:"),
    "weight-of-general-transposed": (
        "return linear(keys, self.weight)",
        "return linear(keys, self.weight.reshape(self.weight.shape[::-1]).T)",
    ),
    "parts-of-concat-swapped": ("self.weight[:, : self.query_size]", "self.weight[:, -self.query_size :]"),
    "tanh-of-half": ("(2 * query).unsqueeze(2) + (2 * keys).unsqueeze(1)", "query.unsqueeze(2) + keys.unsqueeze(1)"),
    "sigmoid-for-tanh": ("@ (2 * v) - v.sum()", "@ v"),
    "constant-forgotten": ("- v.sum()", ""),
    "longest-ignored": ("if self.longest is not None and self.longest < scores.shape[2]:", "if False:"),
    "mask-forgotten-behind-longest": ("known if mask is None else mask & known", "known"),
    "last-positions-for-the-first": ("self.weight[:S])", "self.weight[-S:])"),
    "keys-of-another-batch": ('("keys", keys, (B, "S"', '("keys", keys, ("B", "S"'),
    "values-of-other-keys": ('values, (B, S, "d_v")', 'values, (B, "S", "d_v")'),
    "other-dtypes": ("value.dtype != like.dtype", "False"),
    "integers-accepted": ("if not value.is_floating_point():", "if False:"),
    "bounds-of-the-other-axis": ("math.sqrt(parameter.shape[-1])", "math.sqrt(parameter.shape[0])"),
    "parameters-at-zero": ("nn.init.uniform_(parameter, -bound, bound)", "nn.init.uniform_(parameter, 0, bound)"),
    "any-score": ('check_choice("score", score, SCORES)', "score"),
    "dot-of-other-widths": ("self.key_size != self.query_size:", "False:"),
    "hidden-size-for-all": ('score not in ("additive", "concat")', "False"),
    "hidden-size-ignored": ("hidden = self.hidden_size or self.query_size", "hidden = self.query_size"),
    "longest-for-all": ('(longest is None) != (score != "location")', "False"),
}
