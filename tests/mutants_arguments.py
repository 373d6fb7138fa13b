"""Planted bugs of seqlib/arguments.py."""

FILE = "seqlib/arguments.py"
TESTS = ["tests/test_arguments.py", "tests/reference/test_losses.py"]
MUTANTS = {
    "ids-mask-unread": ("if mask is not None and array.shape == mask.shape:", "if False:"),
    "negative-ids-taken": ("(array < 0) | (array >= size)", "array >= size"),
}
