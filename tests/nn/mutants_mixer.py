"""Planted bugs of seqlib.nn.mixer."""

FILE = "seqlib/nn/mixer.py"
TESTS = ["tests/nn/test_mixer.py"]
MUTANTS = {
    "padding-read": (
        "torch.where(real if x.ndim == 2 else real[..., None], x, 0), real",
        "x, real",
        "padding and minGRU",
    ),
    "lengths-ignored": ("    if not (lengths < T).any():", "    if True:", "padding and minGRU"),
    "any-length": ("T, least=1)", "None, least=0)", "bad_input and minGRU"),
    "as-many-lengths-as-one-likes": ('    check_shape("lengths", lengths, (B,))\n', "", "bad_input and minGRU"),
    "any-dtype": ("if x.dtype != like.dtype and not", "if False and not", "bad_input and minGRU"),
    "no-step": ('if "T" in axes and x.shape[1] == 0:', "if False:", "bad_input and minGRU"),
    "any-state": ("    check_shape(name, state, shape)\n", "", "bad_input and minGRU"),
    "ids-for-vectors": ("    if not x.is_floating_point():", "    if False:", "bad_input and minGRU"),
}
