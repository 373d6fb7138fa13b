"""Bugs planted in nbgrader's side of a record: what a person marked, late penalties, stale feedback."""

FILE = "coursework/marking/gradebook.py"
TESTS = ["tests/coursework/marking/test_gradebook.py"]
MUTANTS = {
    "a-mark-by-hand-survives-unnoticed": ("bool(written) or lost or by_hand", "bool(written) or lost", "looked_at"),
    "all-is-marked-again": ("        if not same:\n", "        if True:\n", "leaves"),
    "again-changes-no-mark": (
        'before["judged"] == record["judged"]',
        'before["submission"] == record["submission"]',
        "after_again",
    ),
    "stale-feedback-stays": ("    shutil.rmtree(folder)\n", "", "mended"),
    "largest-of-before": (", grade.cell.max_score = new, problem.points", " = new", "mended"),
    "no-penalty-at-all": ("        step(new_notebook(), ", "        str(new_notebook(), ", "autograde"),
    "penalties-that-nobody-counts": ("    if not _counted(course):\n        return []\n", "", "counts_none"),
    "extensions-are-no-matter": (
        "if one.late_submission_penalty or one.total_seconds_late > 0",
        "if one.total_seconds_late > 9**9",
        "autograde",
    ),
    "best-without-penalties": ("    return points - min(max(penalty, 0), points)", "    return points", "best"),
    "stale-page-of-a-penalty": ("                _stale(course, name, student)\n", "", "autograde"),
}
