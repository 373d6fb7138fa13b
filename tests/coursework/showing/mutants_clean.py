"""Bugs planted in what makes names, lines and outputs harmless."""

FILE = "coursework/showing/clean.py"
TESTS = ["tests/coursework/showing/test_clean.py", "tests/coursework/reading/test_submission.py"]
MUTANTS = {
    "formulas-in-tables": ("(folder[0].isalnum() or folder[0] in LEADING)", '(folder[0] not in ". \\u0301")'),
    "any-character": ("good = good and all(map(_allowed, folder))", "pass"),
    "any-length": ("len(folder) <= LONGEST and", ""),
    "names-run-together": ("return f\"{spelt or '_'}-{digest}\", False", "return f\"{spelt or '_'}-0\", False"),
    "control-characters": ('c if c.isprintable() else " "', "c"),
    "pictures-not-looked-at": (
        "seen[form] = picture.checked(form, text(data[form]))",
        "seen[form] = text(data[form]).strip()",
    ),
    "any-width": ("if type(n) is int and 0 < n <= WIDEST", "if n"),
    "alt-as-given": ('re.sub(r"[<>&\\"\']", " ", line(text(said["alt"]), 1000))', 'text(said["alt"])'),
    "colours-stay": ('COLOUR.sub("", line)', "line"),
    "all-states-of-a-bar": ('p[-1] if p else ""', '"".join(p)'),
}
