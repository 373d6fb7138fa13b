"""Bugs planted in the names of those who handed in: two become one, or a hand-in is never seen."""

FILE = "coursework/reading/entrants.py"
TESTS = ["tests/coursework/reading/test_entrants.py"]
MUTANTS = {
    "case-tells-apart": ("name).casefold()", "name)"),
    "normal-form-tells-apart": (
        'unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())',
        "name.casefold()",
    ),
    "a-name-may-be-taken": ("if _looks(way) not in taken", "if way"),
    "the-known-one-is-renamed": ("f not in known, f)", "f)"),
    "the-roster-is-no-matter": ("(f not in on_roster, ", "("),
    "the-roster-spells-nothing": ("                self.students[first] = listed[looks]\n", ""),
    "astray-unseen": ("self.astray[clean.name(entry.name)[0]] = found", "pass"),
    "hidden-folders-are-students": ('if found and not entry.name.startswith("."):', "if found:"),
}
