"""Bugs planted in what the grader decides: whether a mark is sure, who is judged anew, which hand-in counts."""

FILE = "coursework/grader.py"
TESTS = ["tests/coursework/test_rehearsal.py", "tests/coursework/test_gradebook.py"]
MUTANTS = {
    "what-failed-stays": (" and not anew and not failed:", " and not anew:", "by_itself"),
    "no-second-try-of-ours": (
        '            if judged["reason"].startswith(FAILED):',
        "            if not judged:",
        "moment",
    ),
    "no-doubt": ("        if doubtful(judged):", "        if not judged:", "middle"),
    "no-rehearsal": (
        "            rehearse(course, grader.assignment, next(iter(grader.students)), grader.limits)\n",
        "",
        "before_the_class",
    ),
    "our-failure-counts-as-a-try": ("            self.records.forget(student)\n", "", "middle"),
    "again-is-not-heard": (" and not anew and not failed:", " and not failed:", "whom_it_names"),
    "limits-are-no-matter": ('"limits": asdict(self.limits), "noted"', '"noted"', "other_limits"),
    "limits-are-forgotten": ("            grader.settle()\n", "", "other_limits"),
    "the-best-is-the-last": ("        if not self.best:\n            return last", "        return last", "best"),
    "a-time-that-is-none-unsaid": (
        '            notes.append(\n                "timestamp',
        '            str(\n                "timestamp',
        "cannot_be_read",
    ),
}
