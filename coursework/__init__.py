"""Coursework: graded problems drawn from a secret, and marks that can be trusted. For nbgrader courses.

    visible       check(): what a student's notebook calls
    problem       a family of problems: what is drawn, oracle, right sources, known mistakes
    variant       what a secret draws: forms of tables and constants, which fill templates
    values        numbers, arrays and texts as JSON, and the comparison of an answer with what was expected
    assignment    the template of a notebook, its families, and the notebook that a secret draws
    course        make(): the nbgrader course of a secret
    submission    reads what was handed in, whatever it is
    trouble       what went wrong in a student's code: a known kind and a place, never a text of the student's
    cells         the statements of a cell, IPython's own syntax included
    kernel        runs the cells of a notebook, as Jupyter does, in spite of each other
    patience      how long that may take
    said          what a worker process says, and how far it is believed
    sandbox       runs a student's code in a worker process that can harm nobody
    judge         gives the marks: hidden calls go to the worker, its answers are compared here
    grader        a class: a record, a reason and an entry of the gradebook for everybody
    feedback      the notebook with marks that a person reads
    preprocessor  the judge as a step of nbgrader's own autograde

A student's notebook needs `check` alone. Importing this package needs NumPy and nothing else.
"""

from coursework.visible import CheckFailed, check

__all__ = ["CheckFailed", "check"]
