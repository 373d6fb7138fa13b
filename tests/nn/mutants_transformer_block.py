"""Planted bugs of seqlib.nn.transformer_block."""

FILE = "seqlib/nn/transformer_block.py"
TESTS = ["tests/nn/test_transformer.py", "tests/nn/test_transformer_block.py"]
MUTANTS = {
    "pre-and-post-swapped": ("return x if self.norm_first else norm(x)", "return norm(x) if self.norm_first else x"),
    "norm-on-the-stream": (
        "normed = self.norm1(x) if self.norm_first else x",
        "normed = x = self.norm1(x) if self.norm_first else x",
    ),
    "residual-forgotten": ("x = x + self._dropped(out)", "x = self._dropped(out)"),
    "norms-swapped": ("self._added(x, out, self.norm1)", "self._added(x, out, self.norm2)"),
    "norm-of-the-attention-before-the-network": ("cross, last = None, self.norm2", "cross, last = None, self.norm1"),
    "norm-of-cross-before-the-network": ("self.norm2), self.norm3", "self.norm2), self.norm2"),
    "network-not-normed": ("self._thought(last(x) if self.norm_first else x)", "self._thought(x)"),
    "cross-not-normed": ("normed = self.norm2(x) if self.norm_first else x", "normed = x"),
    "source-mask-forgotten": (
        "attend(query, memory, source_mask, need_weights",
        "attend(query, memory, None, need_weights",
    ),
    "masks-swapped": ("attend(query, own, mask, causal", "attend(query, own, None, causal"),
    "causal-forgotten": ("mask, causal=causal, need_weights", "mask, causal=False, need_weights"),
    "gate-and-up-swapped": ("gate, up = a.chunk(2, -1)", "up, gate = a.chunk(2, -1)"),
    "sigmoid-for-silu": ("silu(gate) * up", "gate.sigmoid() * up"),
    "gelu-by-tanh": ('"tanh" if self.activation == "gelu_tanh" else "none"', '"tanh"'),
    "gelu-never-by-tanh": ('"tanh" if self.activation == "gelu_tanh" else "none"', '"none"'),
    "relu-always": ('a.relu_() if self.activation == "relu" else gelu(a, approximate=form)', "a.relu_()"),
    "eps-forgotten": ("nn.LayerNorm(d_model, eps, bias", "nn.LayerNorm(d_model, bias"),
    "eps-of-rms-forgotten": ("nn.RMSNorm(d_model, eps, ", "nn.RMSNorm(d_model, 1e-5, "),
    "norm-denominator": ("return nn.RMSNorm(d_model", "return nn.LayerNorm(d_model"),
    "biases-of-norms-always": ("eps, bias=bias, **kind", "eps, **kind"),
    "hidden-features-not-dropped": ("self.linear2(self._dropped(a))", "self.linear2(a)", "dropout"),
    "parts-not-dropped": ("x = x + self._dropped(out)", "x = x + out", "dropout"),
    "attention-not-dropped": ('"dropout": dropout, **kind}', '"dropout": 0.0, **kind}', "dropout"),
    "dropout-in-evaluation": ("self.dropout, self.training)", "self.dropout, True)", "dropout"),
    "hidden-of-one-width": ("4 * d_model if", "d_model if", "options_of_a_stack"),
    "grouped-queries-forgotten": ('{"n_kv_heads": n_kv_heads,', '{"n_kv_heads": None,', "options_of_a_stack"),
    "rotary-forgotten": ("n_heads, rotary=rotary, **attention", "n_heads, **attention"),
    "positions-forgotten": ("turn(positions, x)", "turn(None, x)", "positions or bad_input"),
    "source-not-asked-for": ("if (source is None) != (cross is None):", "if False:", "bad_input"),
    "mask-without-a-source": ("if source_mask is not None:\n", "if False:\n", "bad_input"),
    "mask-of-the-source-not-looked-at": (
        'check_attention_mask("source_mask", source_mask, B, T, S)',
        "source_mask",
        "bad_input",
    ),
    "any-norm": ('check_choice("norm", norm, ("layer", "rms"))', "norm", "bad_options"),
    "any-flag": ("if not isinstance(value, bool):", "if False:", "bad_"),
    "first-of-the-queries": (
        "query, x = query[:, :, -1:], x[:, -1:]",
        "query, x = query[:, :, :1], x[:, -1:]",
        "only_the",
    ),
    "first-of-the-stream": (
        "query, x = query[:, :, -1:], x[:, -1:]",
        "query, x = query[:, :, -1:], x[:, :1]",
        "only_the",
    ),
}
