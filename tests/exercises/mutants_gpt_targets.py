"""Bugs planted in the practice of chapter 15: what a text is asked for."""

FILE = "seqlib/exercises/gpt_targets.py"
TESTS = ["tests/exercises/test_gpt_targets.py"]
MUTANTS = {
    "no-text-of-one": ("[1, 4, 5, 3, 2]", "[2, 4, 5, 3, 2]"),
    "no-square": ("_case(5, 4, [1, 4, 5, 3, 2])", "_case(6, 4, [1, 4, 6, 3, 2])"),
    "nearly-all-long": ("_case(7, 9, [2, 7])", "_case(7, 9, [6, 7])"),
    "two-for-one": ("_asked(ids, lengths, 2)", "_asked(ids, lengths, 3)"),
    "last-of-all": ("== lengths[:, None] - 2", "== lengths[:, None] - 1"),
    "at-most": ("_asked(ids, lengths, -1)", "_asked(ids, lengths, -2)"),
    "turned-around-and-asked": (
        "(ids, np.roll(ids, -1, 1), _asked(ids, lengths, 0, 0))",
        "(ids, np.roll(ids, -1, 1), _asked(ids, lengths, 2, 0))",
    ),
    "what-is-not-read": ("ids[:, :-1] != 0", "ids[:, :-1] != 1"),
    "texts-with-themselves": (
        "np.arange(ids.shape[1]) < lengths[1:, None])",
        "np.arange(ids.shape[1]) < lengths[:-1, None])",
    ),
    "first-not-asked": (
        "return ids[:, :-1], ids[:, 1:], _asked(ids, lengths)\n",
        "return ids[:, :-1], ids[:, 1:], _asked(ids, lengths) & (ids[:, :-1] != 3)\n",
    ),
    "read-from-1": (
        "    return ids[:, :-1], ids[:, 1:], _asked(ids, lengths)\n",
        "    return np.maximum(ids[:, :-1], 1), ids[:, 1:], _asked(ids, lengths)\n",
    ),
}
