"""What went wrong in a student's code: one of the kinds known here, and a place; never a text of the student's.

The code of a student sees the hidden calls. What it says of itself is shown to the student later, so it may say no more
than a word out of this list and a line of its own source.
"""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any

__all__ = ["OWN", "Trouble", "kind_of", "place_of", "told"]

ERRORS = {name: kind for name, kind in vars(builtins).items() if isinstance(kind, type) and name == kind.__name__}
ERRORS = {name: kind for name, kind in ERRORS.items() if issubclass(kind, BaseException)}
OWN = {  # what is no error of Python's, in words; no name of an error is written like these
    "missing": "the function is not defined",
    "slow": "took too long",
    "unsuitable": "returned something that is no answer",
    "large": "returned far more than was asked for",
    "silent": "the code ended the process before it answered",
    "skipped": "an earlier call of this part took too long, or returned far too much",
    "late": "the cells took too long together: after this line only definitions were run",
    "magic": "a magic that is not known here, and did nothing",
}
FILE = "<code cell {}>"  # what the source of a cell is called


@dataclass(frozen=True)
class Trouble:
    """A kind, the code cell and the line in it (from 1, or 0 for nowhere), and our own words if there are better ones.

    Two troubles of one kind are the same trouble to a known mistake. `said` is never read from a student's process.
    """

    kind: str
    cell: int = 0
    line: int = 0
    said: str = ""

    def __str__(self) -> str:
        """In words, for the student."""
        place = f" in code cell {self.cell}, line {self.line}" if self.cell else ""
        return self.said or OWN.get(self.kind, self.kind) + place


def kind_of(error: BaseException) -> str:
    """The name of the error among Python's own, or of what it is a kind of."""
    for kind in type(error).__mro__:
        if ERRORS.get(kind.__name__) is kind:
            return kind.__name__
    return "Exception"


def place_of(trace: TracebackType | None) -> tuple[int, int]:
    """The code cell and the line of the student's where an error came up, (0, 0) if in none."""
    place = (0, 0)
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        number = name[len("<code cell ") : -1]
        if name.startswith("<code cell ") and number.isdecimal():
            place = int(number), trace.tb_lineno
        trace = trace.tb_next
    return place


def told(said: Any, lines: Sequence[int]) -> Trouble:
    """The trouble that a student's process tells of, as far as it can be believed.

    It is a dict with "kind", "cell" and "line". A kind that is not known is an "Exception"; a place must be in the
    cells, of which `lines` are the numbers of lines.

    Raises:  ValueError for what is no dict
    """
    if not isinstance(said, dict):
        raise ValueError(f"a trouble must be a dict, got {type(said).__name__}")
    kind, cell, line = said.get("kind"), said.get("cell"), said.get("line")
    known = kind if isinstance(kind, str) and (kind in ERRORS or kind in OWN) else "Exception"
    if type(cell) is int and type(line) is int and 1 <= cell <= len(lines) and 1 <= line <= lines[cell - 1]:
        return Trouble(known, cell, line)
    return Trouble(known)
