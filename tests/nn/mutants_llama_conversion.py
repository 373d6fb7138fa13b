"""Planted bugs of seqlib.nn.llama_conversion."""

FILE = "seqlib/nn/llama_conversion.py"
TESTS = ["tests/nn/test_llama_conversion.py"]
MUTANTS = {
    "tied-in-name-alone": ("if tied and not torch.equal(", "if False and not torch.equal(", "refused"),
    "pairs-not-interleaved": (
        "weight.unflatten(0, (-1, 2, d_k // 2))",
        "weight.unflatten(0, (-1, d_k // 2, 2))",
        "one_block",
    ),
    "gate-and-up-swapped": ("torch.cat([gate, up])", "torch.cat([up, gate])", "one_block"),
    "values-turned-too": ("_interleaved(k, d_k), v]", "_interleaved(k, d_k), _interleaved(v, d_k)]", "one_block"),
    "norms-swapped": (
        'weights[f"{prefix}input_layernorm.weight"]',
        'weights[f"{prefix}post_attention_layernorm.weight"]',
        "one_block",
    ),
    "base-forgotten": ('float(config.rope_parameters["rope_theta"])', "10_000.0", "whole_model"),
    "eps-forgotten": ('"eps": config.rms_norm_eps,', "", "one_block"),
    "never-tied": ("tied = bool(config.tie_word_embeddings)", "tied = False", "way_back"),
    "scaled": ('"embedding_scale": 1.0}', '"embedding_scale": 2.0}', "whole_model"),
    "halves-not-made": ("_halves(q, attention.d_k)", "q", "way_back"),
    "keys-and-values-swapped": ("q, k, v = attention.in_proj_weight", "q, v, k = attention.in_proj_weight", "way_back"),
    "heads-without-groups": (
        '"num_key_value_heads": attention.n_kv_heads',
        '"num_key_value_heads": attention.n_heads',
        "way_back",
    ),
    "biases-lost": (
        '"attention_bias": False,\n        "mlp_bias": False,\n        "attention',
        '"attention',
        "refused",
    ),
    "angles-of-another-kind": ('!= "default":', '== "nothing":', "refused"),
    "post-norm-taken": ('"norm_first": block.norm_first,', "", "no_llama"),
    "final-norm-not-needed": (
        '"a final norm": isinstance(core, TransformerBlock) or core.norm is not None,',
        "",
        "no_llama",
    ),
    "scaled-embedding-taken": ("or embedding.scale != 1 or", "or", "no_llama"),
}
