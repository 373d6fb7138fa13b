"""Planted bugs of seqlib.nn.steps that only an export sees."""

FILE = "seqlib/nn/steps.py"
TESTS = ["tests/nn/test_export.py", "-k", "any_batch"]
MUTANTS = {
    "batch-fixed-by-its-length": ("rows[rows.shape[0] - self.sizes[0] :]", "rows[len(rows) - self.sizes[0] :]"),
}
