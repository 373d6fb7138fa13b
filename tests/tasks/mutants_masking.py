"""Planted bugs of seqlib.tasks.masking."""

FILE = "seqlib/tasks/masking.py"
TESTS = ["tests/tasks/test_masking.py"]
MUTANTS = {
    "none-may-be-chosen": ("n - 1) if at_least_one else -np.ones_like(n)", "n - 1) * 0 - 1"),
    "always-one": ("n - 1) if at_least_one else -np.ones_like(n)", "n - 1)"),
    "one-is-always-the-first": ("np.minimum((eligible & passed).sum(1, keepdims=True), n - 1) if", "0 * n if"),
    "first-of-any-number": (
        "np.minimum((eligible & passed).sum(1, keepdims=True), n - 1)",
        "rng.integers(0, np.maximum(n, 1))",
    ),
    "only-one": ("((number == first) | ((number > first) & (rng.random(x.shape) < share)))", "(number == first)"),
    "all-after-the-first": ("& (rng.random(x.shape) < share)", ""),
    "counts-places-for-words": ("(eligible & passed).sum(1", "passed.sum(1"),
    "special-ids-too": ("chosen = eligible & (", "chosen = True & ("),
    "never-replaced": ("fate < hidden + replaced", "fate < hidden"),
    "never-kept": ("fate < hidden + replaced", "fate < 1"),
    "replaced-for-kept": ("hidden, replaced, _ = check_shares(shares)", "hidden, _, replaced = check_shares(shares)"),
    "kept-for-hidden": ("hidden, replaced, _ = check_shares(shares)", "_, replaced, hidden = check_shares(shares)"),
    "all-hidden": ("np.where(chosen & (fate < hidden), mask_id, read)", "np.where(chosen, mask_id, read)"),
    "hidden-where-not-chosen": (
        "np.where(chosen & (fate < hidden), mask_id, read)",
        "np.where(fate < hidden, mask_id, read)",
    ),
    "replaced-where-not-chosen": (
        "np.where(chosen & (fate < hidden + replaced), drawn, x)",
        "np.where(fate < hidden + replaced, drawn, x)",
    ),
    "a-word-less": (
        "rng.integers(words.start, words.stop, x.shape)",
        "rng.integers(words.start, words.stop - 1, x.shape)",
    ),
    "replaced-by-special-ids": (
        "rng.integers(words.start, words.stop, x.shape)",
        "rng.integers(0, words.stop, x.shape)",
    ),
    "one-replacement-for-all": (
        "rng.integers(words.start, words.stop, x.shape)",
        "rng.integers(words.start, words.stop, (len(x), 1))",
    ),
    "one-fate-for-all": ("fate, drawn = rng.random(x.shape)", "fate, drawn = rng.random((len(x), 1))"),
    "asks-for-the-hidden-only": (
        "mask_id, read), chosen\n\n\ndef mask_each",
        "mask_id, read), chosen & (fate < hidden)\n\n\ndef mask_each",
    ),
    "asks-for-all": ("mask_id, read), chosen\n\n\ndef mask_each", "mask_id, read), eligible\n\n\ndef mask_each"),
    "each-in-its-own-text-only": (
        "np.where(chosen, mask_id, x[rows]), chosen, rows",
        "np.where(chosen, mask_id, x[rows[::-1]]), chosen, rows",
    ),
    "each-hides-the-words-before": ("np.arange(x.shape[1]) == places", "np.arange(x.shape[1]) <= places"),
    "each-hides-special-ids": ("np.nonzero(eligible)", "np.nonzero(x)"),
    "last-word-is-none": ("(x < words.stop)", "(x < words.stop - 1)"),
    "padding-is-a-word": ("return x, (x >= words.start) & ", "return x, (x >= 0) & "),
    "shares-of-any-sum": ("abs(hidden + replaced + kept - 1) > 1e-9", "hidden + replaced + kept > 2"),
    "mask-may-be-a-word": ("if mask_id in words:", "if mask_id in words[1:]:"),
}
