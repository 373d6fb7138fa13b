"""Bugs planted in what the grader decides: whether a mark is sure, who is judged anew, which hand-in counts."""

FILE = "coursework/marking/marker.py"
TESTS = [f"tests/coursework/marking/test_{name}.py" for name in ("marker", "grader", "rehearsal", "gradebook")]
MUTANTS = {
    "given-up-too-early": ("TRIES = 3 ", "TRIES = 1 ", "ends_the_grader"),
    "points-of-one-problem": ('"points": sum(mark.points for mark in marks)', '"points": marks[0].points', "no_text"),
    "what-failed-stays": (" and not anew and not failed:", " and not anew:", "by_itself"),
    "no-second-try-of-ours": (
        '            if judged["reason"].startswith(FAILED):',
        "            if not judged:",
        "moment",
    ),
    "no-doubt": ("        if doubtful(judged):", "        if not judged:", "middle"),
    "our-failure-counts-as-a-try": ("            self.records.forget(student)\n", "", "middle"),
    "again-is-not-heard": (" and not anew and not failed:", " and not failed:", "whom_it_names"),
    "limits-are-no-matter": ('"limits": asdict(self.limits), "noted"', '"noted"', "other_limits"),
    "the-best-is-the-last": ("        if not self.best:\n            return last", "        return last", "best"),
    "a-time-that-is-none-unsaid": (
        '            notes.append(\n                "timestamp',
        '            str(\n                "timestamp',
        "cannot_be_read",
    ),
}
