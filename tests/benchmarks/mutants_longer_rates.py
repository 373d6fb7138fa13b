"""Planted bugs of tests/benchmarks/longer_rates.py."""

FILE = "tests/benchmarks/longer_rates.py"
TESTS = ["tests/benchmarks/test_longer_13.py", "-k=tuning_asks or values_are"]
MUTANTS = {
    "first-rate": ("min(tried, key=", "max(tried[:1], key="),
    "largest-loss": ("min(tried, key=", "max(tried, key="),
    "best-seed": ("np.mean(of[", "np.min(of["),
    "one-seed": ("for seed in seeds]", "for seed in seeds[:1]]"),
}
