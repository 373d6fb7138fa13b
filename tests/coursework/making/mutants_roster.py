"""Bugs planted in the list of students."""

FILE = "coursework/making/roster.py"
TESTS = ["tests/coursework/making/test_roster.py"]
MUTANTS = {
    "mark-of-utf8-stays": ('data.decode("utf-8-sig")', 'data.decode("utf-8")', "spreadsheets"),
    "latin-1-untold": (
        '        said.append(f"{path.name} is not in UTF-8',
        '        str(f"{path.name} is not in UTF-8',
        "spreadsheets",
    ),
    "semicolons-unknown": ('max(",;\\t", key', 'max(",\\t", key', "spreadsheets"),
    "points-possible-is-a-student": ('NOBODY = ("points possible", ', "NOBODY = (", "canvas"),
    "the-second-row-counts": ("elif student in found:", "elif student is found:", "odd"),
    "a-second-list-replaces": ("roster.students.get(student, {}) | values_of", "values_of", "adds"),
    "the-login-is-not-first": (
        '"username", "number", "email", "canvas")  #',
        '"canvas", "number", "email", "username")  #',
        "canvas",
    ),
    "nbgrader-knows-nobody": ("    _into_gradebook(course, found)\n", "", "canvas"),
}
