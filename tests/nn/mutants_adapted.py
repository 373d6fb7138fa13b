"""Planted bugs of seqlib.nn.adapted."""

FILE = "seqlib/nn/adapted.py"
TESTS = ["tests/nn/test_adapted.py", "tests/nn/test_mixer.py"]
ATTENTION = "padding_is_not_read and attention and not linear"
MUTANTS = {
    "not-causal": ("mask, causal=True)", "mask, causal=False)", "test_attention"),
    "state-not-turned": ("return state.transpose(0, 1).contiguous()", "return state", "recurrent_layer"),
    "positions-begin-anew": ("torch.arange(start, start + T", "torch.arange(0, T", "carries and attention"),
    "padding-counts-as-positions": ("positions = positions - start + before.sum(1, keepdim=True)", "pass", ATTENTION),
    "padding-attended-to": ("mask = seen[:, None] if holes else None", "mask = None", ATTENTION),
    "old-padding-attended-to": (", holes or not bool(before.all())", ", holes", ATTENTION),
    "padding-answers": (
        "(out if real is None else out.masked_fill(~real[..., None], 0)), (tuple",
        "out, (tuple",
        ATTENTION,
    ),
    "past-forgotten": ("own = own if past is None else past.extended(own)", "own = own", "carries and attention"),
    "everything-copied-at-each-step": (
        "past = past if isinstance(past, KeyValues) else KeyValues(*past)",
        "past = KeyValues(*past)",
        "many_steps",
    ),
    "lengths-forgotten": (
        "        if real is None:\n            out, hx",
        "        if True:\n            out, hx",
        "padding and LSTM",
    ),
    "both-directions": ("        if layer.bidirectional:", "        if False:", "what_is_one"),
    "any-module": ("    if not isinstance(module, Mixer):", "    if False:", "what_is_one"),
}
