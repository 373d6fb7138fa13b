"""Bugs planted in the rehearsal: a broken installation would become zeros again."""

FILE = "coursework/marking/rehearsal.py"
TESTS = ["tests/coursework/marking/test_rehearsal.py"]
MUTANTS = {
    "lost-points-are-no-matter": ("if missing or lost else None", "if missing else None", "right or full"),
    "packages-are-no-matter": ("if missing or lost else None", "if lost else None", "package"),
    "errors-are-no-doubt": (
        'if any(word in said for word in ("ModuleNotFoundError"',
        'if any(word in said for word in ("-"',
        "fault",
    ),
    "zero-is-no-doubt": ('return record["points"] == 0 and not (', 'return record["points"] < 0 and not (', "fault"),
    "full-disk-unsaid": ("if free < ROOM else None", "if free < 0 else None", "full"),
}
