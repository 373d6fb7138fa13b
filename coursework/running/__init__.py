"""Runs a student's code in a process that can harm nobody.

    sandbox       run(): the cells of a notebook, and the calls to make, within limits
    isolation     what the process sees of the machine
    seccomp       which calls of the kernel it can make
    protection    which of this there is on this machine, tried once
    quotas        memory, tasks and time of the process and all that it starts, watched from outside
    groups        the same by control groups, where one may be made
    cores         a core of its own for each run
    turns         who runs beside others, and who alone
    worker        the process itself
    kernel        runs the cells, as Jupyter does, in spite of each other
    cells         the statements of a cell, IPython's own syntax included
    patience      how long that may take
    said          what the process says, and how far it is believed

Nothing here imports what makes or marks a course: a student's process sees this package, and a mark is no affair of
its.
"""
