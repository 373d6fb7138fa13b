"""Bugs planted in the practice of chapter 15: bits per byte."""

FILE = "seqlib/exercises/gpt_bytes.py"
TESTS = ["tests/exercises/test_gpt_bytes.py"]
MUTANTS = {
    "a-byte-more": (
        "return nats.sum() / np.log(2) / sizes[ids].sum()",
        "return nats.sum() / np.log(2) / (sizes[ids].sum() + 1)",
    ),
    "not-in-float32": ("(4, 60, T) / 8", "(4, 60, T) / 7"),
    "one-size": ("_RNG.integers(1, 9, V)", "_RNG.integers(4, 6, V)"),
    "no-square": ("_case(7, 7, False)", "_case(8, 7, False)"),
    "log-of-one": ("np.log2(nats).sum()", "np.log(nats).sum()"),
    "real-tokens": ("(bits / n)[n > 0].mean()", "(bits / n)[n > 1].mean()"),
    "without-the-second": ("sizes[1:].mean()", "sizes[2:].mean()"),
    "end-of-two": ("bits.sum() / np.maximum(n, 1).sum()", "bits.sum() / np.maximum(n, 2).sum()"),
    "of-the-wrong-base": ("2 ** bits.mean()", "np.e ** bits.mean()"),
    "seven-bits": ("nats.sum() / (8 * sizes", "nats.sum() / (7 * sizes"),
    "all-weighted": ("(bits * n).mean()", "(bits * n).sum()"),
}
