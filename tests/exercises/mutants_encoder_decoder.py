"""Bugs planted in the practice of chapter 11: batches and contexts."""

FILE = "seqlib/exercises/encoder_decoder.py"
TESTS = ["tests/exercises/test_encoder_decoder.py"]
MUTANTS = {
    "read-backwards": ("[[bos, *row] for row in sentences], pad)", "[[bos, *row[::-1]] for row in sentences], pad)"),
    "asked-for-backwards": (
        "[[*row, eos] for row in sentences], pad)",
        "[[*row[::-1], eos] for row in sentences], pad)",
    ),
    "long-sentences-masked": ("_up_to([len(row) + more for", "_up_to([min(len(row), 3) + more for"),
    "first-step-alone": ("(_taught(x, bos, eos, pad)[0] != bos)", "(_taught(x, bos, eos, pad)[0] == bos)"),
    "an-axis-for-the-sentences": ("_last(states, lengths)[:, None]", "_last(states, lengths)[None]"),
    "from-the-middle": ("np.arange(len(states)), lengths - 1]", "np.arange(len(states)), lengths // 2]"),
    "of-the-row-before": ("np.arange(len(states)), lengths - 1]", "np.arange(len(states)) - 1, lengths - 1]"),
    "turned": ("np.arange(len(states)), lengths - 1]", "np.arange(len(states)), lengths - 1, ::-1]"),
}
