"""Bugs planted in the practice of chapter 15: a step with a cache."""

FILE = "seqlib/exercises/gpt_cache.py"
TESTS = ["tests/exercises/test_gpt_cache.py"]
MUTANTS = {
    "a-little-colder": ("= lambda D, heads: (D // heads) ** -0.5,", "= lambda D, heads: (1 + D // heads) ** -0.5,"),
    "never-empty": ("_case(2, 0, 2, 2)", "_case(2, 1, 2, 2)"),
    "never-one-text": ("_case(1, 6, 2, 4)", "_case(2, 6, 2, 4)"),
    "not-to-the-new-one": ("seen: slice = slice(None)", "seen: slice = slice(-3, None)"),
    "batches-of-two": ("_case(3, 3, 3, 2)", "_case(2, 3, 3, 2)"),
    "keys-less-the-last": ("return context, K[:, -1], V[:, -1]", "return context, K[:, 0], V[:, 0]"),
    "once-and-again": (
        "x, K @ W_k.T, V @ W_v.T, W_q, W_k, W_v, heads",
        "x, K @ W_k.T, V @ W_k.T, W_q, W_k, W_v, heads",
    ),
    "nothing-at-first": ("np.full(context.shape, np.nan)", "np.full(context.shape, 0.0)"),
    "over-nothing": ("_weights(e, 0)", "_weights(e, 2)"),
    "divided-twice": ("(D / heads) ** 0.5", "(D / heads) ** -2"),
}
