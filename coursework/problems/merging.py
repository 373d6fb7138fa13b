"""How pairs of tokens are counted and merged, in pieces.

The code has `c`, how often a word occurs, `pair`, two tokens that stand there, and in the second answer `text`, a word
as a string, and `a`, a token.
"""

import numpy as np

from coursework.problem import Form


def _apart(places):
    """How many of these places can be taken, two of which are never neighbours."""
    taken, last = 0, -2
    for i in places:
        if i > last + 1:
            taken, last = taken + 1, i
    return taken


WEIGHTS = {
    "times": Form(words="a word that occurs c times weighs c", code="c", of=lambda c, most: float(c)),
    "root": Form(
        words="a word that occurs c times weighs $\\sqrt{c}$",
        code="c ** 0.5",
        of=lambda c, most: float(np.sqrt(c)),
    ),
    "at most": Form(
        words="a word that occurs c times weighs c, but never more than «most»",
        code="min(c, «most»)",
        of=lambda c, most: float(c if c < most else most),
    ),
}
RUNS = {
    "places": Form(
        words="every place counts, so that 2 2 2 has two of (2, 2) and 2 2 2 2 has three",
        short="every place counts",
        code="None",
        again="sum(x == y == chr(a) for x, y in zip(text, text[1:]))",
        of=len,
    ),
    "merges": Form(
        words="a pair counts as often as it could be merged at once, so that 2 2 2 has one of (2, 2) "
        "and 2 2 2 2 has two",
        short="a pair counts as often as it could be merged",
        code="pair",
        again="text.count(chr(a) * 2)",
        of=_apart,
    ),
}
DIRECTIONS = {
    "left": Form(
        words="from left to right",
        code="",
        places=lambda n: range(n - 1),
    ),
    "right": Form(
        words="from right to left",
        code="[::-1]",
        places=lambda n: reversed(range(n - 1)),
    ),
}
