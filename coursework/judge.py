"""Gives the marks: draws hidden calls, has the student's code answer them elsewhere, and compares here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from coursework import sandbox
from coursework.problem import CASES, Answer, Problem, verdict
from coursework.values import decode, encode

__all__ = ["Mark", "judge"]


@dataclass
class Mark:
    """The mark of one problem: points by part, each with its reason."""

    name: str
    points: int
    largest: int
    parts: list[dict[str, Any]]
    notes: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """For a record."""
        return asdict(self)

    def lines(self) -> list[str]:
        """For the student."""
        head = f"{self.name}: {self.points} of {self.largest} points"
        return [head, *(f"  {p['name']}: {p['points']} of {p['largest']}, {p['why']}" for p in self.parts)]


def judge(
    code: list[str],
    problems: Sequence[Problem],
    secret: str,
    limits: sandbox.Limits = sandbox.USUAL,
    *,
    unmarked: Sequence[str] = (),
) -> tuple[list[Mark], list[str]]:
    """The marks of a notebook's code, and what was noticed while it ran.

    A problem that this run does not answer, or for which a name is missing, is tried again alone, with the imports,
    definitions and constants of the notebook only, those of the `unmarked` cells (the experiment) included. So one bad
    statement does not cost the other problems, and no training is run to no purpose.
    """
    asked = {problem.name: _asked(problem, secret) for problem in problems}
    first = sandbox.run(code, list(asked.values()), limits)
    notes, marks = list(dict.fromkeys(first.notes)), []
    if first.ended:
        notes.append(first.ended)
    for problem in problems:
        outcome, wanted = first, len(problem.parts) * CASES
        if not _complete(first, problem.name, wanted):
            outcome = sandbox.run([*code, *unmarked], [asked[problem.name]], limits, definitions_only=True)
        marks.append(_mark(problem, secret, outcome))
    return marks, notes


def _asked(problem: Problem, secret: str) -> dict[str, Any]:
    calls = [encode(list(call)) for part in problem.parts for call in problem.cases(secret, part.name, "hidden")]
    return {"name": problem.name, "calls": calls}


def _complete(outcome: sandbox.Outcome, name: str, wanted: int) -> bool:
    """Whether every call has an answer, be it an error, that does not come of a missing name."""
    errors = [outcome.answers.get((name, i), (None, "NameError"))[1] for i in range(wanted)]
    return not any(error and (error.startswith("NameError") or "is not defined" in error) for error in errors)


def _mark(problem: Problem, secret: str, outcome: sandbox.Outcome) -> Mark:
    parts: list[dict[str, Any]] = []
    silent = outcome.ended or "the code ended the process before it answered"
    for k, part in enumerate(problem.parts):
        answers = [_answer(outcome.answers.get((problem.name, k * CASES + i)), silent) for i in range(CASES)]
        expected = problem.expected(secret, part.name, "hidden")
        right, why = verdict(expected, answers, problem.mistakes(secret, part.name, "hidden"))
        parts.append({"name": part.name, "points": part.points * right, "largest": part.points, "why": why})
    return Mark(problem.name, sum(p["points"] for p in parts), problem.points, parts)


def _answer(given: tuple[Any, str | None] | None, silent: str) -> Answer:
    if given is None:
        return Answer(error=silent)
    value, error = given
    if error is not None:
        return Answer(error=error)
    try:
        return Answer(decode(value))
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError):
        return Answer(error="returned something that is no answer")
