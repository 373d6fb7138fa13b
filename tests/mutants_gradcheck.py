"""Planted bugs of seqlib/gradcheck.py."""

FILE = "seqlib/gradcheck.py"
TESTS = ["tests/test_gradcheck.py"]
MUTANTS = {
    "central-not-halved": ("/ (2 * eps)", "/ eps"),
}
