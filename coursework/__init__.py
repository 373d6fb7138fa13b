"""Coursework: graded problems drawn from a secret, and marks that can be trusted. For nbgrader courses.

    visible       check(): what a student's notebook calls
    problem       a family of problems: what is drawn, oracle, right sources, known mistakes
    variant       what a secret draws: forms of tables and constants, which fill templates
    values        numbers, arrays and texts as JSON, and the comparison of an answer with what was expected
    assignment    the template of a notebook, its families, and the notebook that a secret draws
    course        make(): the nbgrader course of a secret
    secret        asks for the secret, or reads it from a file
    place         the folder of a course: whose it is, and who can read it
    release       what students get, by nbgrader's own steps
    handout       a variant for each student, handed out and known again
    collect       archives of Moodle and Canvas into submitted/, for nbgrader's zip_collect
    own           begins a folder of problems of your own
    laws          tries every family of a folder
    submission    reads what was handed in, whatever it is
    trouble       what went wrong in a student's code: a known kind and a place, never a text of the student's
    cells         the statements of a cell, IPython's own syntax included
    kernel        runs the cells of a notebook, as Jupyter does, in spite of each other
    patience      how long that may take
    said          what a worker process says, and how far it is believed
    files         which file of a folder is the notebook, and its bytes
    formats       notebooks of an old format
    sandbox       runs a student's code in a worker process that can harm nobody
    judge         gives the marks: hidden calls go to the worker, its answers are compared here
    grader        a class: a mark with a reason for everybody, none is lost, none harms another
    entrants      who has handed in, each by a name that no other has
    rehearsal     a right answer is marked first, so that what is broken here costs nobody a point
    marker        the record of one submission, and which hand-in counts
    environment   what a mark depends on beside the submission
    records       what was judged, on disk, whole or not at all
    fingerprints  what is left of code and text when names, order, comments and layout are taken away
    similar       which hand-ins are alike: pairs to look at, and no verdict
    similar_page  those pairs as a page and a table
    gradebook     a record in nbgrader's gradebook, late penalties, and the notebook that feedback is made of
    roster        who takes the course, from a list of Canvas, Moodle or one's own
    export        the table of marks for a university, Canvas or Moodle
    feedback      the notebook with marks that a person reads
    page          the page of feedback that a student gets
    clean         makes harmless what comes from a student and is shown: names, lines, texts, outputs
    markdown      a text as HTML of an allow-list
    formula       a formula as MathML; symbols are the commands that it may hold
    picture       looks at a picture before a page shows it
    budget        how much of a notebook a page shows
    preprocessor  the judge as a step of nbgrader's own autograde

A student's notebook needs `check` alone. Importing this package needs NumPy and nothing else.
"""

from coursework.visible import CheckFailed, check

__all__ = ["CheckFailed", "check"]
