"""Planted bugs of tests/benchmarks/longer_16_scan.py: ways, numbers of entries and threads that are not as they say."""

FILE = "tests/benchmarks/longer_16_scan.py"
TESTS = ["tests/benchmarks/test_longer_16_scan.py"]
MUTANTS = {
    "always-by-tree": ("np.ones((1, 1)), method=method", 'np.ones((1, 1)), method="tree"'),
    "counted-for-all": ("ones = np.ones((1, T, 1))", "ones = np.ones((1, 64, 1))"),
    "with-gradients": ("    with torch.no_grad():\n        return", "    with torch.enable_grad():\n        return"),
    "sum-over-entries": ("b.cumsum(1)", "b.cumsum(2)"),
    "one-way": ("scan(a, b, h0, method=way)", "scan(a, b, h0)"),
    "no-start": ("scan(a, b, h0, method=way)", "scan(a, b, None, method=way)"),
    "sum-left-out": ("for way in (*METHODS, SUM)}", "for way in METHODS}"),
    "last-way-alone": (
        "lambda way=way, given=(a, b, h0): run(way, *given)",
        "lambda given=(a, b, h0): run(way, *given)",
    ),
    "one-entry": ("shape = 1, about(T, seed), int(n)", "shape = 1, about(T, seed), 1"),
    "length-not-drawn": ("shape = 1, about(T, seed), int(n)", "shape = 1, T, int(n)"),
    "one-draw-for-all-seeds": ("torch.manual_seed(seed)", "torch.manual_seed(0)"),
    "factors-beyond-one": ("torch.rand(shape), torch.randn(shape)", "torch.randn(shape), torch.randn(shape)"),
    "one-thread": ("torch.set_num_threads(int(each))", "torch.set_num_threads(1)"),
    "two-threads-stay": ("                torch.set_num_threads(1)\n", ""),
    "counted-not-drawn": ("counted(method, about(T, seed))", "counted(method, T)"),
    "no-far-ones": ('"64": LENGTHS', '"64": LENGTHS[:-1]'),
}
