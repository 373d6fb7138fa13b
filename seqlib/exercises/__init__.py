"""Checkers of the practice exercises, one module a chapter: right, or wrong and why.

    from seqlib.exercises import rnn as practice
    practice.step(my_step)

Each prints one line. A stub that was not touched gets an invitation.
"""
