"""Bugs planted in how a worker is heard: its word must count for an answer, and no more."""

FILE = "coursework/running/said.py"
TESTS = ["tests/coursework/running/test_said.py"]
MUTANTS = {
    "the-last-answer-counts": ("or call not in rooms or call in outcome.answers", "or call not in rooms"),
    "any-call": ("or call not in rooms or", "or"),
    "as-many-lines-as-there-are": ("for _ in range(most):", "for _ in range(most + 10**6):"),
    "as-many-notes-as-there-are": ("len(outcome.notes) < NOTES and", ""),
    "notes-twice": (" and text not in outcome.notes", ""),
    "as-long-as-they-are": ("if len(text) > most or left < 0:", "if False:"),
    "longer-than-its-call": ("if len(text) > rooms[call] + HEAD:", "if False:"),
    "together-as-long-as-they-are": ("or left < 0:", ":", "flood"),
    "late-forgotten": ('outcome.late |= trouble.kind in ("slow", "skipped")', "outcome.late |= False"),
    "late-by-itself": (' and said["error"].get("starved") is True', ""),
    "late-notes-forgotten": ("outcome.late |= slow", "outcome.late |= False"),
    "value-beside-an-error": ("(None, trouble.kind)", '(said["value"], trouble.kind)'),
    "places-forgotten": ("= trouble.cell, trouble.line", "= 0, 0"),
}
