"""Planted bugs of seqlib/evidence/stored.py."""

FILE = "seqlib/evidence/stored.py"
TESTS = ["tests/evidence/test_stored.py"]
MUTANTS = {
    "another-folder": ("Path(folder) /", 'Path("measured") /'),
    "missing-unsaid": ("if not path.is_file():", "if False:"),
}
