"""Planted bugs of seqlib.training.progress."""

FILE = "seqlib/training/progress.py"
TESTS = ["tests/training/test_progress.py"]
MUTANTS = {
    "bar-stays": ("            clear_output()\n", "            pass\n"),
    "clears-what-was-printed": ("        if alone:", "        if True:"),
    "bar-where-nobody-watches": ('bool(getattr(kernel, "_allow_stdin", False))', "True"),
}
