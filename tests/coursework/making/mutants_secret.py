"""Bugs planted in where the secret comes from."""

FILE = "coursework/making/secret.py"
TESTS = ["tests/coursework/making/test_secret.py"]
HERE = "not make_course"  # a copy of the tree has no Makefile
MUTANTS = {
    "line-feed-kept": ('.rstrip("\\r\\n")', "", HERE),
    "mark-kept": ('"utf-8-sig"', '"utf-8"', HERE),
    "seen-by-all-unsaid": ("st_mode & 0o004", "st_mode & 0o000", HERE),
    "two-lines": ("len(text.splitlines()) != 1", "len(text.splitlines()) > 9", HERE),
    "shown": ("getpass.getpass(prompt)", "input(prompt)", HERE),
    "repeated": ('"--secret is not taken', 'str(rest) + "--secret is not taken', HERE),
    "any-length": ("if len(data) > LONGEST:", "if False:", HERE),
    "blank": ("if not text.strip():", "if not text:", HERE),
}
