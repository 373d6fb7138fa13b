"""Bugs planted in the refusal: what would run unprotected without anybody saying so."""

FILE = "coursework/running/protection.py"
TESTS = ["tests/coursework/running/test_protection.py"]
MUTANTS = {
    "never-refused": ("if not unsafe:", "if False:"),
    "said-once-for-ever": ("_told_otherwise = unsafe\n", "_told_otherwise = _told_otherwise or unsafe\n"),
    "always-told": ("return isolation(unsafe=_told_otherwise)", "return isolation(unsafe=True)"),
    "not-tried": ("if not tried.returncode:", "if True:"),
    "no-word-of-it": ('    warnings.warn(\n        f"{can}: install', '    str(\n        f"{can}: install'),
    "no-cgroup-unsaid": ("a watching parent (no cgroup may be made here)", "a watching parent"),
}
