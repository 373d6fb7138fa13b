"""Bugs planted in the practice of chapter 12: additive scores."""

FILE = "seqlib/exercises/attention_scores.py"
TESTS = ["tests/exercises/test_attention_scores.py"]
MUTANTS = {
    "key-counted-half": ("+ of_key[:, None]", "+ 0.5 * of_key[:, None]"),
    "keys-backwards": (
        "return of_query[:, :, None] + of_key[:, None]",
        "return of_query[:, :, None] + of_key[:, None, ::-1]",
    ),
    "sine": (
        "return np.tanh(_inside(q, k, W, U)) @ v\n\n\ndef _sigmoid",
        "return np.sin(_inside(q, k, W, U)) @ v\n\n\ndef _sigmoid",
    ),
    "last-unit-left-out": (
        "return np.tanh(_inside(q, k, W, U)) @ v\n\n\ndef _sigmoid",
        "return np.tanh(_inside(q, k, W, U))[..., 1:] @ v[1:]\n\n\ndef _sigmoid",
    ),
    "median-of-the-units": ("np.tanh(_inside(q, k, W, U)).sum(-1)", "np.median(np.tanh(_inside(q, k, W, U)), -1)"),
    "the-first-key-alone": (
        "np.tanh(_pairs(0 * (q @ W.T), k @ U.T))",
        "np.tanh(_pairs(0 * (q @ W.T), k[:, :1] @ U.T))",
    ),
    "steps-that-never-pair": ("_case(3, 2, 2, 3, 2, 4)", "_case(3, 2, 1, 3, 2, 4)"),
}
