"""Gives the marks: draws hidden calls, has the student's code answer them elsewhere, and compares here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from coursework.problem import CASES, Answer, Problem, verdict
from coursework.running import sandbox
from coursework.trouble import Trouble
from coursework.values import TooLarge, decode, encode, room

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

    What a first run does not answer, or for which a name is missing, is asked again problem by problem, with the
    imports, definitions and constants of the notebook only, those of the `unmarked` cells (the experiment) included;
    and then part by part. So one bad statement or call does not cost the other problems and parts, and no training is
    run to no purpose. What is not right, for want of time that others may have taken, is asked again with nothing
    beside it.
    """
    tries = [_Try(problem, k, secret) for problem in problems for k in range(len(problem.parts))]
    notes = _ask(tries, code, unmarked, limits)
    late = [one for one in tries if one.late and not one.verdict(limits)[0]]
    if late:
        notes = _ask(late, code, unmarked, limits, alone=True)
    marks = [_mark(problem, [one for one in tries if one.problem is problem], limits) for problem in problems]
    return marks, list(dict.fromkeys(notes))


class _Try:
    """One part of a problem, with its hidden calls, and what is known of their answers."""

    def __init__(self, problem: Problem, k: int, secret: str):
        self.problem, self.part = problem, problem.parts[k]
        self.calls = [(problem.name, k * CASES + i) for i in range(CASES)]
        cases = problem.cases(secret, self.part.name, "hidden")
        self.expected = problem.expected(secret, self.part.name, "hidden")
        self.mistakes = problem.mistakes(secret, self.part.name, "hidden")
        self.room = room(*self.expected, *(answer.value for _, wrong in self.mistakes for answer in wrong))
        self.asked: dict[str, Any] = {
            "name": problem.name,
            "first": k * CASES,
            "calls": [encode(list(case)) for case in cases],
        }
        self.asked["room"] = self.room.bytes
        self.outcome, self.late = sandbox.Outcome(), False

    @property
    def name(self) -> str:
        """The function."""
        return self.problem.name

    def hear(self, outcome: sandbox.Outcome) -> None:
        """Take the answers of a run."""
        self.outcome, self.late = outcome, self.late or outcome.late

    def unanswered(self, first: sandbox.Outcome, among: int) -> bool:
        """Whether to ask again: after the first run what lacked a name too, later what others may have kept back."""
        kinds = [self.outcome.answers.get(call, (None, "silent"))[1] for call in self.calls]
        if self.outcome is first:
            return any(kind in ("silent", "missing", "NameError") for kind in kinds)
        return "silent" in kinds and among == 1 and self.outcome.begun not in self.calls

    def verdict(self, limits: sandbox.Limits) -> tuple[bool, str]:
        """Whether the part is right, and why not."""
        return verdict(self.expected, [self.answer(call, limits) for call in self.calls], self.mistakes)

    def answer(self, call: tuple[str, int], limits: sandbox.Limits) -> Answer:
        """What came of a call."""
        outcome = self.outcome
        if call not in outcome.answers:
            return Answer(error=Trouble("silent", said=outcome.ended or ""))
        trouble = outcome.trouble(call)
        if trouble and trouble.kind in ("slow", "skipped"):
            return Answer(error=replace(trouble, said=f"took more than {limits.seconds:g} s"))
        if trouble and trouble.kind == "missing":
            return Answer(error=replace(trouble, said=f"{self.problem.name} is not defined"))
        if trouble:
            return Answer(error=trouble)
        try:
            return Answer(decode(outcome.answers[call][0], self.room))
        except TooLarge:
            return Answer(error=Trouble("large"))
        except ValueError:
            return Answer(error=Trouble("unsuitable"))


def _ask(
    tries: Sequence[_Try], code: list[str], unmarked: Sequence[str], limits: sandbox.Limits, *, alone: bool = False
) -> list[str]:
    """Have the calls answered, in one run, or in several where that is not enough; return the notes."""
    bound = sum(one.asked["room"] + 1000 for one in tries) + sandbox.MEGABYTE
    limits = replace(limits, output=min(limits.output, bound))
    first = sandbox.run(code, [one.asked for one in tries], limits, alone=alone)
    for one in tries:
        one.hear(first)
    # seconds for the runs after the first: what it has left, or for one that hung; while all others wait, none
    left_over = limits.whole(sum(len(one.calls) for one in tries)) - first.seconds
    left_over = 0.0 if alone else max(left_over, limits.whole(0))
    together = [[one for one in tries if one.problem.name == name] for name in dict.fromkeys(one.name for one in tries)]
    for group in [*together, *([one] for one in tries)]:
        left = [one for one in group if one.unanswered(first, among=len(group))]
        if left and left_over > 0:
            asked = [one.asked for one in left]
            again = sandbox.run([*code, *unmarked], asked, limits, definitions_only=True, alone=alone)
            left_over -= again.seconds
            for one in left:
                one.hear(again)
    return [*first.notes, *([first.ended] if first.ended else [])]


def _mark(problem: Problem, tries: Sequence[_Try], limits: sandbox.Limits) -> Mark:
    parts: list[dict[str, Any]] = []
    for one in tries:
        right, why = one.verdict(limits)
        points = one.part.points if right else 0
        parts.append({"name": one.part.name, "points": points, "largest": one.part.points, "why": why, "ok": right})
    return Mark(problem.name, sum(p["points"] for p in parts), problem.points, parts)
