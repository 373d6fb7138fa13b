"""Bugs planted in the practice of chapter 16: a step of linear attention."""

FILE = "seqlib/exercises/linear_recurrence_attention.py"
TESTS = ["tests/exercises/test_linear_recurrence_attention.py"]
MUTANTS = {
    "feature-of-sizes": (
        "np.where(u > 0, u + 1, np.exp(np.minimum(u, 0)))",
        "np.where(u > 0, u + 1, np.exp(np.minimum(u, 0) / 2))",
    ),
    "never-the-first-token": ("_case(2, 3, 3, 0)", "_case(2, 3, 3, 1)"),
    "never-one-text": ("_case(1, 4, 2, 6)", "_case(2, 4, 2, 6)"),
    "never-more-values": ("_case(3, 2, 4, 1)", "_case(3, 4, 2, 1)"),
    "written-twice": ("= lambda S, new: S + new,", "= lambda S, new: S + 2 * new,"),
    "late-half": ("(S, z) if late", "(S, z_new) if late"),
    "turned-again": ('np.einsum("bvk,bk->bv", S, q)', 'np.einsum("bkv,bk->bv", S, q)'),
    "rows-divided-twice": ("[..., 0] / (z * _feature(q))", "[..., 0] / 2 / (z * _feature(q))"),
    "softmax-of-halves": ("p = np.exp(x - x.max(-1, keepdims=True))", "p = np.exp(x / 2)"),
    "old-state-half": (
        "return _step()(*given)[0], given[3], given[4]",
        "return _step()(*given)[0], given[3], _step()(*given)[2]",
    ),
}
