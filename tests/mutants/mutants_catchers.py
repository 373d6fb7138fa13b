"""Planted bugs of tests/mutants/catchers.py."""

FILE = "tests/mutants/catchers.py"
TESTS = ["tests/mutants/test_control.py", "-k", "does_not_pass"]
MUTANTS = {
    "which-tests-is-an-option": (' if "-k" not in (before, argument)', ""),
    "files-are-options": (
        "for argument in tests if not is_file(argument)]\n    return tuple",
        "for argument in tests]\n    return tuple",
    ),
    "no-options": ('["", *named], named', "[], named"),
}
