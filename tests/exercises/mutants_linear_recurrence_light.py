"""Bugs planted in the practice of chapter 16: a light with four buttons."""

FILE = "seqlib/exercises/linear_recurrence_light.py"
TESTS = ["tests/exercises/test_linear_recurrence_light.py"]
MUTANTS = {
    "nearly-minus-one": (
        "    _steps([1, -1, 0, 0], [0, 1, 0, 1]),\n    [",
        "    _steps([1, -0.99, 0, 0], [0, 1, 0, 1]),\n    [",
    ),
    "short-ones-alone": ("size=(2, 60)", "size=(2, 6)"),
    "three-buttons": ("_RNG.integers(4, size", "_RNG.integers(3, size"),
    "never-one-step": ("np.array([[0], [1], [2], [3]])", "np.array([[0, 0], [1, 0], [2, 0], [3, 0]])"),
    "off-is-on": ("[on, 1 - on, 0 * on, ", "[on, 1 - on, 0 * on + 1, "),
    "turned-into-minus": ("[on, 1 - on, 0 * on, ", "[on, -on, 0 * on, "),
    "changes-from-one": ("axis=1, prepend=0", "axis=1, prepend=1"),
    "sets-to-two": ("_steps([1, 0, 0, 0], [0, 1, 0, 1])", "_steps([1, 0, 0, 0], [0, 2, 0, 1])"),
    "parity-of-three": ("1.0 - 2 * (x == 1), 1.0 * (x == 1)", "1.0 - 2 * (x == 1), 1.0 * (x == 3)"),
    "other-factors-alone": ("np.array([1.0, -1, 0, 0])[x]", "np.array([1.0, 1, 0, 0])[x]"),
}
