"""Planted bugs of seqlib/evidence/statistics.py."""

FILE = "seqlib/evidence/statistics.py"
TESTS = ["tests/evidence/test_statistics.py"]
MUTANTS = {
    "sign-test-one-off": ("for j in range(k, n + 1)", "for j in range(k + 1, n + 1)"),
    "digits-after-the-point": ("low=1)}g}", "low=1)}f}"),
    "digits-ignored": ("check_integer('digits', digits, low=1)", "3"),
    "two-digits": ("digits: int = 3", "digits: int = 2"),
    "any-digits": ("check_integer('digits', digits, low=1)", "digits"),
    "interval-one-sided": ("1 - 2 * sign_test(n + 1 - k, n)", "1 - sign_test(n + 1 - k, n)"),
    "interval-one-place-off": ("ordered[k - 1], ordered[n - k]", "ordered[k], ordered[n - k]"),
}
