"""Planted bugs of seqlib.training.repeat."""

FILE = "seqlib/training/repeat.py"
TESTS = ["tests/training/test_repeat.py"]
MUTANTS = {
    "seed-again": ("[run(s) for s in chosen]", "[run(chosen[0]) for s in chosen]"),
    "low-and-high-swapped": ("Repeats(values, median, low, high,", "Repeats(values, median, high, low,"),
    "one-interval-for-all": ("evidence.interval(values)", "evidence.interval(values.ravel())"),
    "one-seed-is-enough": ("if len(chosen) < 2 or", "if len(chosen) < 1 or"),
}
