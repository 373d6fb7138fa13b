"""Bugs planted in the values that go between processes, and in how they are compared."""

FILE = "coursework/values.py"
TESTS = ["tests/coursework/test_values.py", "tests/coursework/test_problem.py"]
MUTANTS = {
    "right-numbers-told": ("tell: bool = False", "tell: bool = True"),
    "too-exact-for-float32": ("tol=TOL", "tol=1e-9"),
    "a-tenth-is-good-enough": ("tol=TOL", "tol=0.1"),
    "shape-lost": ('dtype=dtype).reshape(value["shape"])', "dtype=dtype)"),
    "infinity-becomes-nothing": ('{"float": repr(value)}', "None"),
    "any-dtype": ("if array.dtype.kind not in KINDS:", "if False:"),
    "objects-decoded": ("if dtype.kind not in KINDS:", "if False:"),
    "graph-not-left": ("value = value.detach().cpu()", "value = value.cpu()"),
    "keys-as-text": ("{decode(key): decode(item)", "{str(decode(key)): decode(item)"),
}
