"""What a worker has said: its lines are read here, and each is believed to be an answer to a call, and no more.

The student's code may write such lines too. It gains nothing by it: what is longer than an answer can be, answers no
call, or comes a second time is not read, and notes are words of ours with a place.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from coursework.trouble import Trouble, told

__all__ = ["Outcome", "hear"]

NOTES = 10  # of one run
HEAD = 300  # bytes of a line beside the value
LONGEST = 64 << 20  # bytes of a line, where nobody says how long an answer can be


@dataclass
class Outcome:
    """What a run left: answers by problem and call, notes, and why it ended early if it did.

    An answer is a value as JSON holds it, and the kind of an error or None; `places` are code cell and line of errors.
    `begun` is the call that was under way last. `late`: time was short, and it may have been others who took it.
    """

    answers: dict[tuple[str, int], tuple[Any, str | None]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    ended: str | None = None
    seconds: float = 0.0
    places: dict[tuple[str, int], tuple[int, int]] = field(default_factory=dict)
    begun: tuple[str, int] | None = None
    late: bool = False

    def trouble(self, call: tuple[str, int]) -> Trouble | None:
        """The error of an answer."""
        kind = self.answers[call][1]
        return None if kind is None else Trouble(kind, *self.places.get(call, (0, 0)))


def hear(written: bytes, outcome: Outcome, problems: Sequence[dict[str, Any]], cells: Sequence[str]) -> None:
    """Read what a worker wrote into an outcome. The first answer to a call counts."""
    rooms = {call: problem.get("room", LONGEST) for problem in problems for call in _calls(problem)}
    lines = [source.count("\n") + 1 for source in cells]
    most, left = max(rooms.values(), default=LONGEST) + HEAD, sum(rooms.values()) + HEAD * (2 * len(rooms) + 2 * NOTES)
    for text in _lines(written, 2 * len(rooms) + 10 * NOTES):
        left -= len(text)
        if len(text) > most or left < 0:
            continue
        try:
            said = json.loads(text)
            if "note" in said:
                _note(told(said["note"], lines), said["note"], outcome)
                continue
            call = said["problem"], said["call"]
            if type(call[1]) is not int or call not in rooms or call in outcome.answers:
                continue
            if "error" not in said:
                outcome.begun = call
                continue
            if len(text) > rooms[call] + HEAD:
                said |= {"value": None, "error": {"kind": "large"}}
            trouble = None if said["error"] is None else told(said["error"], lines)
            outcome.answers[call] = (said["value"], None) if trouble is None else (None, trouble.kind)
            if trouble is not None:
                outcome.places[call] = trouble.cell, trouble.line
                outcome.late |= trouble.kind in ("slow", "skipped") and said["error"].get("starved") is True
        except (ValueError, KeyError, TypeError, RecursionError, OverflowError, MemoryError):
            continue


def _calls(problem: dict[str, Any]) -> list[tuple[str, int]]:
    first = problem.get("first", 0)
    return [(problem["name"], first + i) for i in range(len(problem["calls"]))]


def _lines(written: bytes, most: int) -> Iterator[bytes]:
    """At most so many lines, one by one: a list of all could take gigabytes."""
    begin = 0
    for _ in range(most):
        end = written.find(b"\n", begin)
        if end < 0:
            return
        yield written[begin:end]
        begin = end + 1


def _note(trouble: Trouble, said: dict[str, Any], outcome: Outcome) -> None:
    slow = trouble.kind in ("slow", "late")
    outcome.late |= slow and said.get("starved") is True
    text = str(trouble) + (
        " and was left out, like what follows in the cell, except definitions" if trouble.kind == "slow" else ""
    )
    if len(outcome.notes) < NOTES and text not in outcome.notes:
        outcome.notes.append(text)
