"""Bugs planted in the formulas of pages."""

FILE = "coursework/showing/formula.py"
TESTS = ["tests/coursework/showing/test_formula.py"]
MUTANTS = {
    "too-long": ("if len(tex) > LONGEST:", "if False:"),
    "too-deep": ("if self.depth > DEEPEST:", "if False:"),
    "not-encoded": ('return f"<mo>{encoded(text)}</mo>"', 'return f"<mo>{text}</mo>"'),
    "unknown-shown": ('raise ValueError(f"the command \\\\{name} is not known")', "return name"),
    "any-environment": ("if name not in TABLES:", "if False:"),
    "whole-number-as-argument": ("if piece and piece[0].isdigit() and len(piece) > 1:", "if False:"),
    "limits-beside": (
        'sub, sup = ("munder", "mover") if stacked else ("msub", "msup")',
        'sub, sup, stacked = "msub", "msup", False',
    ),
    "words-lose-blanks": ('return piece.lstrip("\\\\").replace("~", " ")', 'return piece.strip().lstrip("\\\\")'),
    "commands-in-words": ('raise ValueError("only plain words can stand here")', "pass"),
    "scripts-twice": ('raise ValueError(f"{piece} stands twice")', "self.argument()"),
}
