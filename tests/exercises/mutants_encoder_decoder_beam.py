"""Bugs planted in the practice of chapter 11: a step of the beam, and ranks."""

FILE = "seqlib/exercises/encoder_decoder_beam.py"
TESTS = ["tests/exercises/test_encoder_decoder_beam.py"]
MUTANTS = {
    "to-end-is-a-gain": ("scores[finished] + cost", "scores[finished] + 0.1 + cost"),
    "one-symbol-less": (
        "np.divmod(order(totals.ravel())[:K], totals.shape[1])",
        "np.divmod(order(totals.ravel())[:K], totals.shape[1] - 1)",
    ),
    "best-left-out": ("order(totals.ravel())[:K]", "order(totals.ravel())[1 : K + 1]"),
    "all-end-for-nothing": (
        "    totals[finished] = -np.inf",
        "    totals[finished] = -np.inf\n    totals[:, eos] = scores",
    ),
    "length-plus-one": ("_sum(log_p, lengths) / lengths**alpha", "_sum(log_p, lengths) / (lengths + 2) ** alpha"),
    "no-padding": ("n.max() + 1", "n.max()"),
    "a-token-more": ("np.arange(log_p.shape[1]) < lengths[:, None]", "np.arange(log_p.shape[1]) <= lengths[:, None]"),
}
