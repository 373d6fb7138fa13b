"""Bugs planted in the practice of chapter 16: parity by one unit."""

FILE = "seqlib/exercises/linear_recurrence_parity.py"
TESTS = ["tests/exercises/test_linear_recurrence_parity.py"]
MUTANTS = {
    "nearly-minus-one": (
        "    _steps(lambda x: 1 - 2 * x, lambda x: x),\n    [",
        "    _steps(lambda x: 1 - 1.99 * x, lambda x: x),\n    [",
    ),
    "short-ones-alone": ("size=(2, 40)", "size=(2, 4)"),
    "never-one-step": ("np.array([[0], [1]])", "np.array([[0, 1], [1, 0]])"),
    "no-run-of-ones": ("[1, 1, 1, 1, 1, 1]]", "[1, 1, 0, 1, 1, 1]]"),
    "parity-of-the-next": ("np.cumsum(x, 1) % 2.0", "np.cumsum(x, 1) % 3.0"),
    "changes-from-one": ("axis=1, prepend=0", "axis=1, prepend=1"),
    "flips-without-input": ("_steps(lambda x: -1, lambda x: x)", "_steps(lambda x: -1, lambda x: 0)"),
    "sets-at-zeros": ("_steps(lambda x: 1 - x, lambda x: x)", "_steps(lambda x: 1 - x, lambda x: 1 - x)"),
    "factors-of-zeros": ("lambda x: 1.0 - 2 * x,", "lambda x: 2 * x - 1.0,"),
}
