"""Bugs planted in what is drawn for whom, and in whose questions a hand-in holds."""

FILE = "coursework/making/handout.py"
TESTS = ["tests/coursework/making/test_handout.py"]
MUTANTS = {
    "same-for-all": ("drawn(assignment, course.secret_of(student))", "drawn(assignment, course.secret)"),
    "drawn-again": ('if not (course.folder / "handout" / n / s).is_dir()]', "]"),
    "any-name": ("if not clean.name(student)[1] or", "if"),
    "capitals": ("folded = Counter(student.casefold()", "folded = Counter(student"),
    "open-to-all": ("with place.private(folder):", "with open('/dev/null'):", "private"),
    "never-a-remark": ("if most and found[student] < most:", "if False:"),
    "one-more-is-enough": ("found[student] < most", "found[student] <= most"),
    "release-is-nobody-s": ('{"": course.folder / "release" / name / f"{name}.ipynb", **books}', "books"),
    "nothing-handed-out-unsaid": (
        'if not (course.folder / "handout" / name / student).is_dir():',
        "if False:",
    ),
    "one-share": ("missing[k::workers]", "missing[: k + 1 : 2]", "later"),
}
