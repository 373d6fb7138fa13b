"""Bugs planted in how troubles are told: no text of a student's may come through."""

FILE = "coursework/trouble.py"
TESTS = ["tests/coursework/test_trouble.py", "tests/coursework/running/test_said.py"]
MUTANTS = {
    "any-kind": (
        'known = kind if isinstance(kind, str) and (kind in ERRORS or kind in OWN) else "Exception"',
        "known = kind",
    ),
    "kinds-by-name": ("if ERRORS.get(kind.__name__) is kind:", "if kind.__name__ in ERRORS:"),
    "own-names": ("if ERRORS.get(kind.__name__) is kind:", "if True:"),
    "any-line": ("1 <= line <= lines[cell - 1]", "1 <= line"),
    "any-cell": ("1 <= cell <= len(lines)", "cell <= len(lines)"),
    "truth-for-a-cell": ("type(cell) is int", "isinstance(cell, int)"),
    "words-of-the-process": (
        "return Trouble(known, cell, line)",
        'return Trouble(known, cell, line, said.get("said", ""))',
    ),
    "the-first-line": (
        "            place = int(number), trace.tb_lineno\n",
        "            return int(number), trace.tb_lineno\n",
    ),
}
