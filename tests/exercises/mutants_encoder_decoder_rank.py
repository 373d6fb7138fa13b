"""Bugs planted in the practice of chapter 11: ranks."""

FILE = "seqlib/exercises/encoder_decoder_rank.py"
TESTS = ["tests/exercises/test_encoder_decoder_rank.py"]
MUTANTS = {
    "lengths-too-long": (
        "_sum(log_p, lengths) / lengths**alpha\n\n\n",
        "_sum(log_p, lengths) / (lengths + 2) ** alpha\n\n\n",
    ),
    "no-padding": ("n.max() + 1", "n.max()"),
    "a-token-more": ("np.arange(log_p.shape[1]) < lengths[:, None]", "np.arange(log_p.shape[1]) <= lengths[:, None]"),
    "by-the-square": (
        "_sum(log_p, lengths) / lengths**alpha\n\n\n",
        "_sum(log_p, lengths) / lengths ** (2 * alpha)\n\n\n",
    ),
    "numbered-from-2": ("_first(_scores(log_p, lengths, alpha)) + 1", "_first(_scores(log_p, lengths, alpha)) + 2"),
    "places-from-2": ("_first(_scores(log_p, lengths, alpha))) + 1", "_first(_scores(log_p, lengths, alpha))) + 2"),
    "best-second": ("return np.argsort(-scores)", "return np.roll(np.argsort(-scores), 1)"),
}
