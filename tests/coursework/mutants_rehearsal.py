"""Bugs planted in the rehearsal: a broken installation would become zeros again."""

FILE = "coursework/rehearsal.py"
TESTS = ["tests/coursework/test_rehearsal.py"]
MUTANTS = {
    "lost-points-are-no-matter": ("    if missing or lost:", "    if missing:", "-k right or full"),
    "packages-are-no-matter": ("    if missing or lost:", "    if lost:", "-k package"),
    "errors-are-no-doubt": (
        'if any(word in said for word in ("ModuleNotFoundError"',
        'if any(word in said for word in ("-"',
        "-k fault",
    ),
    "zero-is-no-doubt": ('return record["points"] == 0 and not (', 'return record["points"] < 0 and not (', "-k fault"),
    "full-disk-unsaid": ("if free < ROOM else None", "if free < 0 else None", "-k full"),
}
