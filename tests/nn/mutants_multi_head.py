"""Planted bugs of seqlib.nn.multi_head."""

FILE = "seqlib/nn/multi_head.py"
TESTS = ["tests/nn/test_multi_head.py"]
MUTANTS = {
    "scale-missing": ("(query / math.sqrt(self.d_k)) @ keys.mT", "query @ keys.mT"),
    "scaled-twice": ("(query / math.sqrt(self.d_k)) @ keys.mT", "(query / self.d_k) @ keys.mT"),
    "fused-scale-of-the-model": (
        "(query, keys, values, mask, p, causal)",
        "(query, keys, values, mask, p, causal, scale=self.d_model**-0.5)",
    ),
    "mask-after-the-softmax": ("@ keys.mT, mask)", "@ keys.mT) * (1.0 if mask is None else mask.double())"),
    "mask-inverted": (
        "mask = None if mask is None else mask.unsqueeze(1)",
        "mask = mask if mask is None else ~mask[:, None]",
    ),
    "mask-forgotten": ("mask = None if mask is None else mask.unsqueeze(1)", "mask = None"),
    "mask-forgotten-by-the-order": ("order[None] if mask is None else mask & order", "order[None]"),
    "order-forgotten-beside-a-mask": (
        "order[None] if mask is None else mask & order",
        "order[None] if mask is None else mask",
    ),
    "causal-off-by-one": (".tril(S - T)", ".tril(S - T + 1)"),
    "causal-one-too-few": (".tril(S - T)", ".tril(S - T - 1)"),
    "causal-forgotten": ("mask, p, causal)", "mask, p, False)"),
    "heads-transposed": ("heads.transpose(1, 2).flatten(2)", "heads.reshape(heads.shape[0], T, -1)"),
    "heads-not-merged-in-order": (
        "heads.transpose(1, 2).flatten(2)",
        "heads.transpose(1, 2).transpose(2, 3).flatten(2)",
    ),
    "shared-keys-the-wrong-way": (
        "keys.repeat_interleave(times, 1), values.repeat_interleave(times, 1)",
        "keys.repeat(1, times, 1, 1), values.repeat(1, times, 1, 1)",
    ),
    "rotary-on-values": (
        "both, values = together.split([n + n_kv, n_kv], 2)",
        "both, values = together.split([n + n_kv, n_kv], 2)\n            values = rotated(values, turn.unsqueeze(-2))",
    ),
    "rotary-on-queries-alone": (
        "query, keys = rotated(both, turn.unsqueeze(-2)).split([n, n_kv], 2)",
        "query, keys = both.split([n, n_kv], 2)\n            query = rotated(query, turn.unsqueeze(-2))",
    ),
    "keys-and-values-swapped": ("query, keys, values = together.split", "query, values, keys = together.split"),
    "source-keys-and-values-swapped": (
        "torch.cat([self.k_proj_weight, self.v_proj_weight])",
        "torch.cat([self.v_proj_weight, self.k_proj_weight])",
    ),
    "rows-of-the-source-shifted": (
        "weight = self.in_proj_weight[self.d_model :]",
        "weight = self.in_proj_weight[: -self.d_model]",
    ),
    "bias-of-the-keys-for-the-query": (
        "self.in_proj_bias[: self.d_model]",
        "self.in_proj_bias[-self.d_model :]",
    ),
    "bias-of-the-source-shifted": ("self.in_proj_bias[self.d_model :]", "self.in_proj_bias.roll(1)[self.d_model :]"),
    "dropout-in-evaluation": ("self.dropout if self.training else 0.0", "self.dropout", "dropout"),
    "dropout-forgotten": ("self.dropout if self.training else 0.0", "0.0", "dropout"),
    "weights-after-dropout": (
        "heads = dropout(weights, p) @ values",
        "weights = dropout(weights, p)\n            heads = weights @ values",
        "dropout",
    ),
    "positions-ignored": (
        "check_positions(positions, x.shape[0]",
        "check_positions(None, x.shape[0]",
    ),
    "base-ignored": ("at, self.d_k, self.rotary, dtype", "at, self.d_k, dtype"),
    "positions-without-rotary": (
        "if positions is not None:\n                raise",
        "if False:\n                raise",
        "bad_input",
    ),
    "causal-source": ("if causal or self.rotary is not None:", "if False:", "bad_input"),
    "source-not-needed": ("elif self.source_size != self.d_model:", "elif False:", "bad_input"),
    "odd-heads-turned": ("self.rotary is not None and self.d_k % 2", "False", "bad_options"),
    "heads-of-any-size": ("if self.d_model % self.n_heads:", "if False:", "bad_options"),
    "groups-of-any-size": ("if self.n_heads % self.n_kv_heads:", "if False:", "bad_options"),
    "sources-of-another-batch": (
        "self.source_size, self.out_proj.weight, B)",
        "self.source_size, self.out_proj.weight)",
        "bad_input",
    ),
    "integers-accepted": ("if not value.is_floating_point():", "if False:", "bad_input"),
    "other-dtypes": ("value.dtype != like.dtype", "False", "bad_input"),
    "biases-not-0": ("nn.init.zeros_(bias)", "pass", "begins"),
    "drawn-otherwise": ("nn.init.xavier_uniform_(weight)", "nn.init.kaiming_uniform_(weight)", "begins"),
}
