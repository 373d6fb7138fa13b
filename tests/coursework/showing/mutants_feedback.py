"""Bugs planted in the notebook that a person reads."""

FILE = "coursework/showing/feedback.py"
TESTS = ["tests/coursework/showing/test_feedback.py"]
MUTANTS = {
    "blanks-kept": ('"\\n".join(line.rstrip() for line in source.split("\\n"))', "source", "highlighter"),
    "text-as-it-was-written": ('shown = clean.markdown(source, cell.get("pictures"))', "shown = source"),
    "conclusion-as-it-was-written": (
        'cell["source"] = clean.markdown(source, pictures) if source.strip() else ""',
        'cell["source"] = source',
    ),
    "questions-as-they-were-written": ('cell["source"] = _set(cell["source"])', "pass"),
    "scheme-as-it-was-written": ('source = _set(f"**How', 'source = str(f"**How'),
    "untouched-stub-changed": ('elif source.strip() != cell["source"].strip():', "else:"),
    "scheme-after": ("cells.append(_scheme(name", "cells.insert(0, _scheme(name"),
    "scheme-everywhere": ('.get("exporter_class") != PAGE:', '.get("exporter_class") == "":'),
    "cells-without-end": ("elif budget.cell():", "else:"),
    "cut-in-silence": ('notes += [budget.note() or ""]', 'notes += [""]'),
    "notes-without-end": ('record["notes"][:NOTES]]', 'record["notes"]]'),
}
