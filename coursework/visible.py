"""The check that stands in a released notebook. It holds data only: calls, right answers, and usual wrong ones."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from coursework.problem import Answer, Problem, verdict
from coursework.trouble import Trouble, kind_of
from coursework.values import decode, difference, encode
from seqlib.answers import shown

__all__ = ["CheckFailed", "check", "visible_data"]

FILE = "checks.json"


class CheckFailed(AssertionError):
    """A visible check that is not passed; shown as one line."""

    def _render_traceback_(self) -> list[str]:
        return [f"✗ {self}"]


def check(name: str, function: Callable[..., Any], *, folder: str | Path = ".") -> None:
    """Try a function on the visible data of a problem, and say of each part whether it is right, or what is wrong.

    The mark is given on other data of the same kind, for the same stated properties.

    Raises:  CheckFailed if a part is wrong; TypeError, ValueError or FileNotFoundError naming the argument or the file
    """
    if not callable(function):
        raise TypeError(f"function must be the function {name}, got {type(function).__name__}")
    path = Path(folder) / FILE
    if not path.exists():
        raise FileNotFoundError(f"{FILE} is missing: it comes with the assignment and belongs beside the notebook")
    problems = json.loads(path.read_text(encoding="utf8"))
    if name not in problems:
        raise ValueError(f"name must be one of {', '.join(problems)}, got {name!r}")
    failed = []
    for part in problems[name]:
        answers = [_call(function, decode(arguments)) for arguments in part["calls"]]
        mistakes = [
            (message, [Answer(decode(value), error and Trouble(error)) for value, error in said])
            for message, said in part["mistakes"]
        ]
        expected = decode(part["expected"])
        right, why = verdict(expected, answers, mistakes)
        if not right:
            why = _with_numbers(part, expected, answers).get(why, why)
        print(f"{'✓' if right else '✗'} {part['name']} ({part['points']} point{'s' * (part['points'] != 1)}): {why}")
        failed += [] if right else [part["name"]]
    if failed:
        raise CheckFailed(f"{name}: not yet right: {', '.join(failed)}")


def visible_data(problem: Problem, secret: str) -> list[dict[str, Any]]:
    """What `check` reads of a problem."""
    return [
        {
            "name": part.name,
            "points": part.points,
            "calls": [encode(list(arguments)) for arguments in problem.cases(secret, part.name, "visible")],
            "expected": encode(problem.expected(secret, part.name, "visible")),
            "mistakes": [
                [message, [[encode(a.value), a.error and a.error.kind] for a in answers]]
                for message, answers in problem.mistakes(secret, part.name, "visible")
            ],
        }
        for part in problem.parts
    ]


def _with_numbers(part: dict[str, Any], expected: list[Any], answers: list[Answer]) -> dict[str | None, str]:
    """What is said of a difference without numbers -> the same with the numbers, which are no secret here."""
    return {
        difference(want, answer.value): f"{difference(want, answer.value, tell=True)}, for the arguments "
        + ", ".join(map(shown, decode(arguments)))
        for want, answer, arguments in reversed(list(zip(expected, answers, part["calls"], strict=True)))
        if answer.error is None
    }


def _call(function: Callable[..., Any], arguments: list[Any]) -> Answer:
    try:
        return Answer(decode(encode(function(*arguments))))
    except Exception as error:
        return Answer(error=Trouble(kind_of(error), said=f"{type(error).__name__}: {error}"))
