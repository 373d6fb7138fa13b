"""Planted bugs of seqlib.arguments that only an export sees."""

FILE = "seqlib/arguments.py"
TESTS = ["tests/nn/test_export.py", "-k", "any_batch"]
MUTANTS = {
    "sizes-made-numbers": ("got = tuple(array.shape)", "got = tuple(map(int, array.shape))"),
}
