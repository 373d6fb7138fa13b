"""Bugs planted in the practice of chapter 15: what an induction head guesses."""

FILE = "seqlib/exercises/gpt_induction.py"
TESTS = ["tests/exercises/test_gpt_induction.py"]
MUTANTS = {
    "at-least-two": ("w: Array = match / np.maximum(n, 1)", "w: Array = match / np.maximum(n, 2)"),
    "before-the-first-a-0": (
        "before = np.concatenate([np.full((len(ids), 1), -1), ids[:, :-1]], 1)\n    same",
        "before = np.concatenate([np.full((len(ids), 1), 0), ids[:, :-1]], 1)\n    same",
    ),
    "none-known": (
        "none: Callable[[int], float] = lambda V: 1 / V",
        "none: Callable[[int], float] = lambda V: 1 / (V + 1)",
    ),
    "no-square": ("_case(2, 7, 7)", "_case(2, 8, 7)"),
    "always-two-texts": ("_case(1, 12, 5)", "_case(2, 12, 5)"),
    "too-many-tokens": ("_case(2, 9, 4)", "_case(2, 9, 40)"),
    "second-favourite": ("np.eye(V)[p.argmax(-1)], p)", "np.eye(V)[p.argmin(-1)], p)"),
    "two-back": ("k=-2, dtype=bool", "k=-3, dtype=bool"),
    "smoothed-otherwise": ("(_counts(ids, V) + 1 / V) / (_counts", "(_counts(ids, V) + 2 / V) / (_counts"),
    "all-but-the-last-text": ("for b in range(len(ids))])", "for b in range(len(ids))])[::-1]"),
    "length-less-one": ("match / match.shape[1])", "match / (match.shape[1] - 1))"),
}
