"""Planted bugs of tests/mutants/session.py."""

FILE = "tests/mutants/session.py"
TESTS = ["tests/mutants/test_run.py"]
MUTANTS = {"in-pytests-own-words": ("--tb=native", "--tb=short", "how_a_test_failed")}
