"""Bugs planted in how the families of an assignment are read and kept."""

FILE = "coursework/making/assignment.py"
TESTS = ["tests/coursework/making/test_assignment.py"]
MUTANTS = {
    "all-are-read": ("if only not in (None, template.stem):", "if False:"),
    "shared-files-not-kept": ('for path in problems.glob("*.py"):', "for path in []:"),
    "any-family-answers": ("            if name not in asked:", "            if False:"),
    "any-name-of-a-file": ('if getattr(c, "name", None) == file.stem]', "if hasattr(c, 'name')]"),
    "order-of-the-files": ("for name in asked if name in families", "for name in families"),
}
