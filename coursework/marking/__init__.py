"""Gives marks that can be trusted, keeps them, and hands them on.

grader        a class: a mark with a reason for everybody, none is lost, none harms another
rehearsal     a right answer is marked first, so that what is broken here costs nobody a point
marker        the record of one submission, and which hand-in counts
judge         gives the marks: hidden calls go to the worker, its answers are compared here
environment   what a mark depends on beside the submission
records       what was judged, on disk, whole or not at all
gradebook     a record in nbgrader's gradebook, late penalties, and the notebook that feedback is made of
preprocessor  the judge as a step of nbgrader's own autograde
export        the table of marks for a university, Canvas or Moodle
"""
