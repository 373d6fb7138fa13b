"""Planted bugs of seqlib/reference/encoder_decoder_conversion.py."""

FILE = "seqlib/reference/encoder_decoder_conversion.py"
TESTS = ["tests/reference/test_encoder_decoder_conversion.py"]
MUTANTS = {
    "any-cell": ("    checked_cell(cell)\n", ""),
    "one-bias-alone": ("b_x + b_h)", "b_x)"),
    "biases-of-a-gru-swapped": ("cell.Params(W_xh, W_hh, b_x, b_h)", "cell.Params(W_xh, W_hh, b_h, b_x)"),
    "biases-of-a-gru-added": ("b_x, b_h) if cell is gru", "b_x + b_h, 0 * b_h) if cell is gru"),
    "biases-needed": ("_copy(state, name) if name in state else np.zeros(len(W_xh)) for", "_copy(state, name) for"),
    "encoder-for-decoder": ('_layers(cell, state, "decoder.")', '_layers(cell, state, "encoder.")'),
    "embeddings-swapped": (
        'E_x, E_y = _copy(state, "source_embedding.weight"), _copy(state, "target_embedding.weight")',
        'E_y, E_x = _copy(state, "source_embedding.weight"), _copy(state, "target_embedding.weight")',
    ),
    "one-layer": ('f"{prefix}weight_hh_l{len(layers)}" in state', "False"),
    "directions-swapped": (
        'Directions(one, _weights(cell, state, prefix, f"{end}_reverse"))',
        'Directions(_weights(cell, state, prefix, f"{end}_reverse"), one)',
    ),
    "one-direction-alone": ("if both else one)", "if False else one)"),
    "map-of-the-first-layer": (
        '_copy(state, f"bridge.{name}.{layer}.weight")',
        '_copy(state, f"bridge.{name}.0.weight")',
    ),
    "no-map-of-the-cell": ('for name in ("h", "c")\n', 'for name in ("h",)\n'),
    "maps-that-are-not-there": ("bridge = maps if any(maps) else None", "bridge = maps"),
    "query-and-key-swapped": ('("weight_q", "weight_k", "v")', '("weight_k", "weight_q", "v")'),
    "dot-unscaled": ('"scaled dot": (attention_scores.ScaledDot, ())', '"scaled dot": (attention_scores.Dot, ())'),
    "attention-forgotten": ('        if "combine.weight" in state:\n', "        if False:\n"),
    "projections": ('    if f"{prefix}weight_hr_l0" in state:\n', "    if False:\n"),
    "shared-arrays": ("return real_array(name, state[name]).copy()", "return real_array(name, state[name])"),
}
