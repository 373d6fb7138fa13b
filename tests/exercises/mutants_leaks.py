"""Bugs planted in exercise 1 of chapter 7: cases that do not tell a wrong answer from the right one."""

FILE = "seqlib/exercises/leaks.py"
TESTS = ["tests/exercises/test_leaks.py", "tests/exercises/test_leaky_models.py"]
MUTANTS = {
    "a-little-is-too-little": ("models.faint(0.006, sure=5.0)", "models.faint(0.0006, sure=5.0)"),
    "hardly-is-less": ("models.faint(0.0002)", "models.faint(0.00002)"),
    "t-is-0": ("5, models.at(-1)), _ROWS, 3)", "5, models.at(-1)), _ROWS, 0)"),
}
