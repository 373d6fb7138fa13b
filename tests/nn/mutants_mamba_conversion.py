"""Planted bugs of seqlib.nn.mamba_conversion."""

FILE = "seqlib/nn/mamba_conversion.py"
TESTS = ["tests/nn/test_mamba_conversion.py"]
MUTANTS = {
    "layer-norm": ('            norm="rms",\n', "", "single"),
    "feed-forward": ("            mixer,\n            0,\n", "            mixer,\n", "single"),
    "embedding-scaled": ("            embedding_scale=1.0,\n", "", "single or way_back"),
    "eps-lost": ("            eps=config.layer_norm_epsilon,\n", "", "way_back"),
    "read-out-with-bias": ("            readout_bias=False,\n", "", "way_back"),
    "always-tied": ("            tied=tied,\n", "            tied=True,\n", "way_back"),
    "width-of-convolution-lost": ('        "convolution": config.conv_kernel,\n', "", "way_back"),
    "rank-lost": ('        "step_rank": config.time_step_rank,\n', "", "way_back"),
    "bias-lost": ('        "bias": config.use_bias,\n', "", "way_back or alone"),
    "width-lost": ('        "hidden_size": config.intermediate_size,\n', "", "way_back"),
    "tied-in-name-alone": ("if tied and not torch.equal(", "if False and not torch.equal(", "counterpart"),
    "in-training-mode": ("return made.train(module.training)", "return made", "same_mode"),
    "any-activation": ('if config.hidden_act not in ("silu", "swish"):', "if False:", "counterpart"),
    "any-module": ('if kind not in ("MambaForCausalLM", "MambaMixer"):', "if False:", "counterpart"),
    "any-rule": ("if layer.scan.rule != MAMBA_CODE or", "if", "counterpart"),
    "any-eigenvalues": ("MAMBA_CODE or layer.scan.negative_eigenvalues:", "MAMBA_CODE:", "counterpart"),
    "any-width": ("    if E % D:", "    if False:", "counterpart"),
    "any-mixture": ("if any(options != found[0] for options in found):", "if False:", "counterpart"),
    "any-stack": ("        _check_model(module)\n", "", "counterpart"),
    "options-with-an-end": ('            "eos_token_id": None,\n', "", "way_back"),
    "options-without-rank": ('        "time_step_rank": layer.scan.step_rank,\n', "", "way_back"),
    "one-block": (
        "for i, block in enumerate(module.blocks):",
        "for i, block in enumerate(module.blocks[:1]):",
        "single",
    ),
}
