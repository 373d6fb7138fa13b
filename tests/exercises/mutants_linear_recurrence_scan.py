"""Bugs planted in the practice of chapter 16: all states."""

FILE = "seqlib/exercises/linear_recurrence_scan.py"
TESTS = ["tests/exercises/test_linear_recurrence_scan.py"]
MUTANTS = {
    "never-one-step": ("_case(1, 1, 2)", "_case(1, 2, 2)"),
    "powers-of-two-alone": ("_case(2, 5, 3)", "_case(2, 4, 3)"),
    "minus": (
        "h = a[:, t] * h + b[:, t]\n    return hs\n\n\ndef _started",
        "h = a[:, t] * h - b[:, t]\n    return hs\n\n\ndef _started",
    ),
    "start-in-the-second": ("b[:, :1] += a[:, :1] * h0[:, None]", "b[:, 1:2] += a[:, :1] * h0[:, None]"),
    "a-round-more": ("(T - 1).bit_length(),", "T.bit_length() - 1,"),
    "late-from-zero": ("np.ones_like(a[:, :1]), a[:, :-1]", "np.zeros_like(a[:, :1]), a[:, :-1]"),
    "twice-inside": ("_loop(a, a * b, h0)", "_loop(a, a * a * b, h0)"),
    "each-from-its-own": ("h, hs = h0[0], np.empty", "h, hs = h0[-1], np.empty"),
    "products-less-one": ("products = np.cumprod(a, 1)", "products = np.cumprod(a, 0)"),
    "logarithms-of-sizes": ("np.cumsum(np.log(a), 1)", "np.cumsum(np.log(abs(a) + 1), 1)"),
}
