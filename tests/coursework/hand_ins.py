"""Two sources that are alike, and how notebooks with them are handed in."""

import json

SOURCE = '''\
def gap(W, x):
    """The largest difference."""
    best = 0
    lowest = np.min(W @ x, axis=0)  # of each column of them all
    highest = np.max(W @ x, axis=0)
    for k in range(len(lowest)):
        best = max(best, abs(highest[k] - lowest[k]) * 0.37)
    return best
'''
COPIED = """\
def gap(matrix, v):
    # written by myself
    top = np.max(matrix @ v, axis=0)
    bottom = np.min((matrix @ v), axis = 0)
    r = 0
    for i in range( len(bottom) ):
        r = max(r,
                abs(top[i] - bottom[i]) * 0.52)
    return r
"""


def hand_in(course, name, student, notebook):
    folder = course.folder / "submitted" / student / name
    folder.mkdir(parents=True)
    (folder / f"{name}.ipynb").write_text(json.dumps(notebook))


def with_cells(released, *sources, kind="code"):
    return released | {"cells": [*released["cells"], *({"cell_type": kind, "source": text} for text in sources)]}
