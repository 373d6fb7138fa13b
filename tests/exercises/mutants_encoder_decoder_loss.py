"""Bugs planted in the practice of chapter 11: the loss."""

FILE = "seqlib/exercises/encoder_decoder_loss.py"
TESTS = ["tests/exercises/test_encoder_decoder_loss.py"]
MUTANTS = {
    "one-word-too-many-in-the-sum": ("sum(axis, keepdims=True))", "sum(axis, keepdims=True) + 1)"),
    "ended-by-the-rows-above": ("np.cumsum(y == eos, 1)", "np.cumsum(y == eos, 0)"),
    "last-token-left-out": ("_counts(y, eos)].mean())\n\n\ndef _sum", "_counts(y, eos)][:-1].mean())\n\n\ndef _sum"),
    "the-word-after": (
        "np.take_along_axis(scores, y[..., None], -1)",
        "np.take_along_axis(scores, (y[..., None] + 1) % scores.shape[-1], -1)",
    ),
    "median": (
        "return float(_surprises(logits, y)[_counts(y, eos)].mean())",
        "return float(np.median(_surprises(logits, y)[_counts(y, eos)]))",
    ),
}
