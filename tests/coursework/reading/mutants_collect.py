"""Bugs planted in whose hand-in a file of an archive is."""

FILE = "coursework/reading/collect.py"
TESTS = ["tests/coursework/reading/test_collect.py"]
MUTANTS = {
    "late-is-a-name": ("_(LATE_)?", "_"),
    "names-as-written": ("return sorted(unicodedata.normalize", "return (unicodedata.normalize"),
    "forms-of-letters": ('unicodedata.normalize("NFC", name)', "name"),
    "one-of-two": (
        "return found[0] if len(found) == 1 else None\n\n\ndef",
        "return found[0] if found else None\n\n\ndef",
    ),
    "overwritten": ("while name in self.taken[student]:", "while False:"),
    "leftovers-of-macos": ('or path.name.startswith("._") or "__MACOSX" in places', ""),
    "strangers-unsaid": ("if not known and self.students:", "if False:"),
    "markup-in-a-folder": ("clean.name(f\"{found['who']}_{found['number']}\")[0], False", "place, False"),
}
