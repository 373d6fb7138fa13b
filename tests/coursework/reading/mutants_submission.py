"""Bugs planted in reading a submission."""

FILE = "coursework/reading/submission.py"
TESTS = ["tests/coursework/reading/test_submission.py"]
MUTANTS = {
    "types-as-given": ("if kind != cell.kind:", "if False:"),
    "untouched-one-taken": ("if _worked(one[1], released)), tried[0])", "), tried[0])"),
    "other-name-in-silence": ("if str(called) != name:", "if False:"),
    "others-in-silence": ("for one in tried if one[0] != path):", "for one in tried[:0]):"),
    "failures-in-silence": ("notes += failed", "pass"),
    "pictures-lost": (
        'return Cell(text(name or cell.get("id") or ""), kind, text(cell.get("source", "")), shown, pasted)',
        'return Cell(text(name or cell.get("id") or ""), kind, text(cell.get("source", "")), shown)',
    ),
}
