"""Bugs planted in the grader of a class: nobody may be lost, stopped by another, or judged without end."""

FILE = "coursework/grader.py"
TESTS = ["tests/coursework/test_grader.py", "-k", "no_text or entered_later or ends_the_grader"]
MUTANTS = {
    "one-stops-the-others": ('left.append(f"{_printable(student)} ({type(error).__name__}: {error})")', "raise"),
    "nobody-says-who-is-left": ("    if left:\n", "    if False:\n"),
    "given-up-too-early": ("TRIES = 3 ", "TRIES = 1 "),
    "points-of-one-problem": ("points = sum(mark.points for mark in marks)", "points = marks[0].points"),
}
