"""Bugs planted in how much a page shows."""

FILE = "coursework/showing/budget.py"
TESTS = ["tests/coursework/showing/test_budget.py"]
MUTANTS = {
    "never-cut": ("shown = text[: max(0, most)]", "shown = text"),
    "added-takes-all-room": ('if added else CELL, "text" * added', 'if True else CELL, "text"'),
    "not-counted": ("self.cut[what] += 1", "pass"),
    "never-spent": ("self.left[purse] -= size", "pass"),
    "always-said": ('return f"not all is shown here', 'return None and f"not all is shown here'),
    "one-output-more": ("return number < OUTPUTS", "return number <= OUTPUTS"),
    "bytes-not-counted": ('"bytes": len(packed), ', ""),
    "pixels-not-counted": (', "pixels": pixels(packed)}', "}"),
}
