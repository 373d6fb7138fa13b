"""Bugs planted in the practice of chapter 16: what the page gets from one module."""

FILE = "seqlib/exercises/linear_recurrence.py"
TESTS = ["tests/exercises/test_linear_recurrence.py"]
MUTANTS = {
    "one-exercise-twice": (
        "from seqlib.exercises.linear_recurrence_scan import scan_states",
        "from seqlib.exercises.linear_recurrence_gradient import scan_gradients as scan_states",
    ),
    "light-for-two-steps": (
        "from seqlib.exercises.linear_recurrence_combine import combine_steps",
        "from seqlib.exercises.linear_recurrence_light import light_steps as combine_steps",
    ),
}
