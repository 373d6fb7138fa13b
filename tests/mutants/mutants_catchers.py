"""Planted bugs of tests/mutants/catchers.py."""

FILE = "tests/mutants/catchers.py"
TESTS = ["tests/mutants/test_control.py", "-k", "does_not_pass"]
MUTANTS = {
    "which-tests-is-an-option": (' if "-k" not in (before, argument)', ""),
    "no-options": ('["", *named], named', "[], named"),
}
