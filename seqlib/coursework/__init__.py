"""Coursework: graded problems drawn from a secret, and marks that can be trusted. For nbgrader courses.

    problem     a family of problems: variant, oracle, solutions, known wrong answers
    values      numbers, arrays and texts as JSON, and the comparison of an answer with what was expected
    visible     check(): what a student's notebook calls

A student's notebook needs `check` alone. Importing this package needs NumPy and nothing else.
"""

from seqlib.coursework.visible import CheckFailed, check

__all__ = ["CheckFailed", "check"]
