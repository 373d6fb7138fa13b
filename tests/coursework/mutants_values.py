"""Bugs planted in the values that go between processes, in their bounds, and in how they are compared."""

FILE = "coursework/values.py"
TESTS = ["tests/coursework/test_values.py"]
MUTANTS = {
    "half-is-good-enough": (
        "made.astype(np.float32) if kind == np.float16 else made.copy()",
        "made.copy()",
        "half_precision",
    ),
    "right-numbers-told": ("tell: bool = False", "tell: bool = True"),
    "too-exact-for-float32": ("tol=TOL", "tol=1e-9"),
    "a-tenth-is-good-enough": ("tol=TOL", "tol=0.1"),
    "shape-lost": ("dtype=kind).reshape(shape)", "dtype=kind)"),
    "infinity-becomes-nothing": ('{"float": repr(float(value))}', "None"),
    "any-dtype": ("if value.dtype.kind not in KINDS:", "if False:"),
    "graph-not-left": ("value = value.detach().cpu()", "value = value.cpu()"),
    "other-bytes": ("if value.dtype.str not in DTYPES:", "if False:"),
    "any-float": ('value["float"] in ("nan", "inf", "-inf")', "True"),
    "any-dtype-decoded": ("and dtype in DTYPES)", "and np.dtype(dtype))"),
    "entries-not-counted": ("if self.entries > 2 * self.most.entries:", "if False:"),
    "blown-up-texts": ("if self.entries * self.longest > self.most.together:", "if False:"),
    "as-deep-as-they-like": ("if depth > DEEPEST:", "if False:"),
    "negative-shapes": ("type(n) is int and n >= 0", "type(n) is int"),
    "booleans-for-sizes": ("type(n) is int and n >= 0", "isinstance(n, int) and n >= 0"),
    "any-axis": ("if max(shape, default=0) >= 1 << 40:", "if False:"),
    "too-little-room": ("Room(2000 + 4 * entries, 200 + 4 * characters,", "Room(10 + entries // 2, characters,"),
    "too-few-bytes": ("1000 + 80 * self.entries", "1000 + self.entries"),
    "huge-keys": ("abs(key) < 1 << 63", "True"),
}
