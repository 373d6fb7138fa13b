"""Bugs planted in the practice of chapter 16: the way back."""

FILE = "seqlib/exercises/linear_recurrence_gradient.py"
TESTS = ["tests/exercises/test_linear_recurrence_gradient.py"]
MUTANTS = {
    "every-factor-positive": (" * _RNG.choice([-1, 1], (B, T, H))", ""),
    "never-one-step": ("_case(1, 1, 2)", "_case(1, 2, 2)"),
    "short-ones-alone": ("_case(2, 6, 1)", "_case(2, 5, 1)"),
    "from-the-second": ("if t < T - 1 else 0", "if t < T - 2 else 0"),
    "forwards-without-factor": ("made[:, t] = g = a[:, t] * g + dhs[:, t]", "made[:, t] = g = g + dhs[:, t]"),
    "rolled-the-other-way": ("np.roll(a, 1, 1)", "np.roll(a, -1, 1)"),
    "met-the-next": ("np.roll(hs, 1, 1)", "np.roll(hs, -1, 1)"),
    "start-minus": ("Array] = lambda a, g, h0: a[:, 0] * g[:, 0],", "Array] = lambda a, g, h0: -a[:, 0] * g[:, 0],"),
    "b-squared": ("lambda g, hs: g,", "lambda g, hs: g * g,"),
}
