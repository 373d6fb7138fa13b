"""Planted bugs of the first screen."""

FILE = "book/_ext/first_screen.py"
TESTS = ["tests/tools/test_first_screen_made.py"]
MUTANTS = {
    "text-asks-too": (' if cell["cell_type"] == "code")', ")"),
    "cells-without-a-name": ("[name for name in found if name]", "[name for name in found]"),
    "another-page": ("reftarget=f\"/chapters/{chapter['file']}\"", "reftarget=f\"/{chapter['file']}\""),
    "minutes-are-seconds": ("{reading_minutes(notebook)} minutes", "{chapter['cpu']} minutes"),
    "all-are-ready": ('"file" in chapter\n    item', "True\n    item"),
    "to-come-unsaid": ('else ["chapter-card", "to-come"]', 'else ["chapter-card"]'),
    "to-come-of-every-part": ("    if begun:\n", "    if True:\n"),
    "no-question": ('        item += nodes.paragraph("", chapter["question"], classes=["question"])\n', ""),
    "each-part-begins-with-one": ('            first += len(record["chapters"])\n', ""),
    "chapters-that-are-ready-count": (
        'first += len(record["chapters"])',
        'first += sum("file" in c for c in record["chapters"])',
    ),
    "every-chapter-is-ready": (
        '[chapter for chapter in record["chapters"] if "file" in chapter]',
        '[c for c in record["chapters"] if c["title"]][:1]',
    ),
    "parts-from-zero": ("enumerate(records(), 1)", "enumerate(records())"),
    "nothing-ready-is-zero": ('if ready else "to come"\n    section', 'if True else "to come"\n    section'),
    "last-chapter-first": ("number, chapter = chapters()[0]", "number, chapter = 0, chapters()[0][1]"),
    "start-without-facts": ('nodes.Text(" "), nodes.inline("", said, classes=["start-facts"])', 'nodes.Text(" ")'),
    "one-is-several": ("'s' * (len(ready) > 1)", "'s'"),
    "start-is-a-paragraph": ('        paragraph["classes"].append("start")\n', ""),
}
