"""Bugs planted in the practice of chapter 14: words that are hidden, replaced or kept."""

FILE = "seqlib/exercises/bert_masking.py"
TESTS = ["tests/exercises/test_bert_masking.py"]
MUTANTS = {
    "replaced-by-the-next": (
        "return np.where(fates < 0.8, MASK, np.where(fates < 0.9, others, ids))",
        "return np.where(fates < 0.8, MASK, np.where(fates < 0.9, others + 1, ids))",
    ),
    "asked-for-too-early": (
        "return np.where(chosen, _fate(ids, fates, others), ids), chosen\n\n\ndef _becomes",
        "return np.where(chosen, _fate(ids, fates, others), ids), chosen & (fates < 0.95)\n\n\ndef _becomes",
    ),
    "nearly-all-chosen": ("(0, 30, ids.shape) / 100 + 0.005", "(0, 18, ids.shape) / 100 + 0.005"),
    "kept-up-to-an-eighth": ("chosen & (fates < 0.9)", "chosen & (fates < 0.93)"),
    "fates-of-special-ids": ("np.where(ids >= FIRST, _fate(ids, fates, others), ids)", "np.where(ids > 4, 8, ids)"),
    "words-from-8": ("MASK, FIRST = 6, 7", "MASK, FIRST = 6, 8"),
    "another-mask": ("MASK, FIRST = 6, 7", "MASK, FIRST = 5, 7"),
    "a-fifth": ("return (draws < 0.15) & (ids >= FIRST)", "return (draws < 0.2) & (ids >= FIRST)"),
    "eight-tenths-kept": (
        "return np.where(fates < 0.8, MASK, np.where(fates < 0.9, others, ids))",
        "return np.where(fates < 0.8, MASK, np.where(fates < 0.95, others, ids))",
    ),
    "no-padding": ("ids[:, -2], ids[:, -1] = 4, 5, 0", "ids[:, -2], ids[:, -1] = 4, 7, 0"),
    "nothing-by-itself": ("others[kept, 2] = 0.055, 0.855, ids[kept, 2]", "others[kept, 2] = 0.055, 0.855, 7"),
    "draws-at-the-edge": ("(0, 30, ids.shape) / 100 + 0.005", "(0, 30, ids.shape) / 100"),
    "other-labels": ("np.where(chosen, ids, -100)", "np.where(chosen, ids, -99)"),
    "draw-of-a-tenth": ("_fate(ids, draws / 0.15, others)", "_fate(ids, draws / 0.1, others)"),
    "above-another-share": (
        "_picked(lambda ids, draws: (draws > 0.15) & (ids >= FIRST))",
        "_picked(lambda ids, draws: (draws > 0.25) & (ids >= FIRST))",
    ),
}
