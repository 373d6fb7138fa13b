"""Bugs planted in the practice of chapter 16: a minGRU."""

FILE = "seqlib/exercises/linear_recurrence_mingru.py"
TESTS = ["tests/exercises/test_linear_recurrence_mingru.py"]
MUTANTS = {
    "a-gate-of-double-slope": ("s: Array = 1 / (1 + np.exp(-a))", "s: Array = 1 / (1 + np.exp(-2 * a))"),
    "never-one-step": ("_case(1, 1, 2, 4)", "_case(1, 2, 2, 4)"),
    "positive-by-one": ("np.where(a >= 0, a + 0.5, _sigmoid(a))", "np.where(a >= 0, a + 1, _sigmoid(a))"),
    "keeps-in-the-right": ("= lambda z, n: (1 - z, z * n),\n", "= lambda z, n: (1 - z, z * n * n),\n"),
    "late-from-nothing": ("[z[:, :1], z[:, :-1]]", "[0 * z[:, :1], z[:, :-1]]"),
    "fades-twice": (
        "+ (1 - z) * given[5][:, None]\n    return hs\n\n\ndef _from",
        "+ z * given[5][:, None]\n    return hs\n\n\ndef _from",
    ),
    "reads-twice-the-state": ("(x[:, t] + h) @ W_z.T", "(x[:, t] + 2 * h) @ W_z.T"),
    "the-first-alone": ("_of(lambda hs: hs[:, -1])", "_of(lambda hs: hs[:, 0])"),
}
