"""Bugs planted in the table for a university: somebody is missing, or a cell is a formula."""

FILE = "coursework/marking/export.py"
TESTS = ["tests/coursework/marking/test_export.py"]
MUTANTS = {
    "roster-left-out": ("dict.fromkeys(roster.students, ", "dict.fromkeys((), ", "everyone"),
    "not-graded-yet-left-out": ("dict.fromkeys(handed.students.values(), ", "dict.fromkeys((), ", "everyone"),
    "astray-left-out": (' | handed.astray\n', "\n", "everyone"),
    "formula-at-a-semicolon": (r"(^|[;\t\r\n])", "(^)", "formula"),
    "formula-after-blanks": (r"(\s*)(?=", "()(?=", "formula"),
    "numbers-are-texts": ("isinstance(value, int | float)", "isinstance(value, int)", "stay"),
    "a-zero-overwrites-in-canvas": ("*ids, one.points if one.there else \"\"])\n    return rows\n\n\ndef _moodle",
        "*ids, one.points])\n    return rows\n\n\ndef _moodle", "canvas"),
    "canvas-number-forgotten": ("titles.get(_letters(name), name)", "name", "canvas_reads"),
    "half-a-table": ("write_text(Path(os.path.realpath(path)), table.getvalue())", "pass", "whole or canvas"),
}  # fmt: skip
