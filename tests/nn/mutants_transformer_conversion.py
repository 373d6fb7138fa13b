"""Planted bugs of seqlib.nn.transformer_conversion."""

FILE = "seqlib/nn/transformer_conversion.py"
TESTS = ["tests/nn/test_transformer_conversion.py"]
MUTANTS = {
    "weights-not-loaded": ("    made.load_state_dict(module.state_dict())\n", ""),
    "weights-not-loaded-back": (
        "dtype=weight.dtype).load_state_dict(module.state_dict())",
        "dtype=weight.dtype)",
    ),
    "always-training": (
        "    made.load_state_dict(module.state_dict())\n    return made.train(module.training)",
        "    made.load_state_dict(module.state_dict())\n    return made",
    ),
    "always-post-norm": ('"norm_first": layer.norm_first,', '"norm_first": False,'),
    "eps-forgotten": ('"eps": layer.norm1.eps,', ""),
    "eps-forgotten-back": ("        block.norm1.eps,\n        batch_first", "        batch_first"),
    "dropout-forgotten": ('        "dropout": module.dropout,\n        "device"', '        "device"'),
    "gelu-by-tanh": (' and function.approximate == "none"', ""),
    "bias-k": ("if module.bias_k is not None or module.add_zero_attn:", "if module.add_zero_attn:"),
    "zero-attention": ("if module.bias_k is not None or module.add_zero_attn:", "if module.bias_k is not None:"),
    "keys-of-another-source": ("if module.kdim != module.vdim:", "if False:"),
    "other-dropouts": ("if any(part.p != found", "if False and any(part.p != found"),
    "third-dropout-not-looked-at": ("*([layer.dropout3] if decodes else [])", ""),
    "third-norm-not-looked-at": ("*([layer.norm3] if decodes else [])", ""),
    "final-norm-not-looked-at": ("_check_norm(module.norm, options[0])", "pass"),
    "layers-that-differ": ("if not options or any(other != options[0] for other in options):", "if not options:"),
    "rotary-lost": ("if module.rotary is not None:", "if False:"),
    "groups-lost": ("if module.n_kv_heads != module.n_heads:", "if False:"),
    "norm-lost": (" or not isinstance(block.norm1, nn.LayerNorm)", ""),
    "wide-source": ("if cross is not None and cross.source_size != cross.d_model:", "if False:"),
}
