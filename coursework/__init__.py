"""Coursework: graded problems drawn from a secret, and marks that can be trusted. For nbgrader courses.

    visible    check(): what a student's notebook calls
    problem    a family of problems: what is drawn, oracle, right sources, known mistakes
    variant    what a secret draws: forms of tables and constants, which fill templates
    values     numbers, arrays and texts as JSON, and the comparison of an answer with what was expected
    trouble    what went wrong in a student's code: a known kind and a place, never a text of the student's

    making     a course: its assignments, its folder, what students get, and who they are
    reading    what was handed in, whatever it is
    running    a student's code, in a process that can harm nobody
    marking    a mark with a reason for everybody, kept and handed on
    showing    what came from a student, to a person, harmlessly
    comparing  which hand-ins are alike

The modules above are what notebooks and families of problems import; the packages below are the grader. The problems
of the book are in the folder problems, beginnings for problems of your own in template. A student's notebook needs
`check` alone. Importing this package needs NumPy and nothing else.
"""

from coursework.visible import CheckFailed, check

__all__ = ["CheckFailed", "check"]
