"""Planted bugs of tests/mutants/forks.py."""

FILE = "tests/mutants/forks.py"
TESTS = ["tests/mutants/test_run.py", "-k", "only_a_test or do_not_end"]
MUTANTS = {
    "no-exit-code": ("os.waitstatus_to_exitcode(status)", "status"),
    "late-has-ended": ("None if late else", ""),
}
