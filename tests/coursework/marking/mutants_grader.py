"""Bugs planted in the grader of a class: nobody may be lost, stopped by another, or marked where all is broken."""

FILE = "coursework/marking/grader.py"
TESTS = [f"tests/coursework/marking/test_{name}.py" for name in ("marker", "grader", "rehearsal", "gradebook")]
MUTANTS = {
    "one-stops-the-others": (
        'left.append(f"{student} ({type(error).__name__}: {error})")',
        "raise",
        "entered_later",
    ),
    "nobody-says-who-is-left": ("    if left:\n", "    if False:\n", "entered_later"),
    "sandbox-is-no-matter": ("        sandbox.isolation(unsafe=unsafe)\n        most", "        most", "each_time"),
    "no-rehearsal": (
        "            rehearse(course, marker.assignment, next(iter(marker.students)), marker.limits)\n",
        "",
        "before_the_class",
    ),
    "limits-are-forgotten": ("            marker.settle()\n", "", "other_limits"),
    "two-at-once": ("fcntl.LOCK_EX | fcntl.LOCK_NB", "fcntl.LOCK_SH | fcntl.LOCK_NB", "one_grader"),
}
