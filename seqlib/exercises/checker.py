"""What every exercise does: run the learner's function, compare, and say why a usual wrong answer is wrong."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from seqlib.arguments import check_number

__all__ = ["Exercise", "Result"]


@dataclass(frozen=True)
class Result:
    """The outcome of an exercise: status "empty", "right" or "wrong", the id of a recognised mistake, the message."""

    status: str
    id: str
    message: str

    def __repr__(self) -> str:
        return f"<{self.status}>"

    def _ipython_display_(self) -> None:
        """Nothing: the message has been printed already."""


class Exercise:
    """One practice exercise.

    `expected` is the right answer and `wrong` maps ids to usual wrong answers, each a pair of function and reason. An
    answer that agrees with a wrong one on all `cases` gets its reason; another wrong one is shown the first case.

    Raises:  ValueError if a wrong answer agrees with the right one on every case, or with another wrong one
    """

    def __init__(
        self,
        name: str,
        expected: Callable[..., Any],
        cases: Sequence[tuple[Any, ...]],
        *,
        wrong: Mapping[str, tuple[Callable[..., Any], str]],
        tol: float = 1e-8,
        prompt: str = "Write it in the cell above and run it again.",
    ) -> None:
        self.name, self.expected, self.cases, self.wrong, self.prompt = name, expected, list(cases), dict(wrong), prompt
        self.tol = check_number("tol", tol, above=0)
        if not self.cases:
            raise ValueError("cases must hold at least one case")
        self._right = [expected(*copy.deepcopy(case)) for case in self.cases]
        self._wrong = {id: self._answers(function) for id, (function, _) in self.wrong.items()}
        known = {"the right answer": self._right}
        for id, answers in self._wrong.items():
            for other, others in known.items():
                if self._agree(answers, others):
                    raise ValueError(
                        f"wrong[{id!r}] agrees with {other} on every case: add a case that tells them apart"
                    )
            known[id] = answers

    def __call__(self, answer: Callable[..., Any]) -> Result:
        """Judge the learner's function: print one line, return the Result."""
        result = self.judge(answer)
        mark = {"empty": "✎", "right": "✓", "wrong": "✗"}[result.status]
        print(f"{mark} {self.name}: {result.message}")
        return result

    def judge(self, answer: Callable[..., Any]) -> Result:
        """The Result of the learner's function, without printing."""
        if answer is None or answer is Ellipsis:
            return Result("empty", "untouched", f"not written yet. {self.prompt}")
        if not callable(answer):
            return Result("wrong", "not-callable", f"hand over the function itself, not {_short(answer)}.")
        answers = []
        for case in self.cases:
            given = copy.deepcopy(case)
            try:
                value = answer(*given)
            except NotImplementedError:
                return Result("empty", "untouched", f"not written yet. {self.prompt}")
            except RecursionError:
                return Result("wrong", "recursion", "the function calls itself without end.")
            except Exception as error:
                what = " ".join(f"{type(error).__name__}: {error}".split())
                return Result("wrong", "exception", f"it stopped with {what[:200]}, for {_call(case)}.")
            if not _close(given, case, 0.0):
                return Result("wrong", "changes-input", "it changes its arguments in place. Work on a copy.")
            answers.append(_plain(value))
        if all(value is None or value is Ellipsis for value in answers):
            return Result("empty", "untouched", f"not written yet. {self.prompt}")
        if self._agree(answers, self._right):
            return Result("right", "right", "right.")
        for id, known in self._wrong.items():
            if self._agree(answers, known):
                return Result("wrong", id, self.wrong[id][1])
        for case, got, wanted in zip(self.cases, answers, self._right, strict=True):
            if not _close(got, wanted, self.tol):
                return Result("wrong", "other", f"{_difference(got, wanted)}, for {_call(case)}.")
        raise AssertionError("answers that agree nowhere differ somewhere")

    def _answers(self, function: Callable[..., Any]) -> list[Any]:
        return [_plain(function(*copy.deepcopy(case))) for case in self.cases]

    def _agree(self, answers: Sequence[Any], others: Sequence[Any]) -> bool:
        return all(_close(a, b, self.tol) for a, b in zip(answers, others, strict=True))


def _plain(value: Any) -> Any:
    """Tensors as arrays, so that an answer written with torch is judged like one with NumPy."""
    if hasattr(value, "detach"):
        return value.detach().cpu().numpy()
    if isinstance(value, tuple | list) and any(hasattr(part, "detach") for part in value):
        return [_plain(part) for part in value]
    return value


def _close(got: Any, wanted: Any, tol: float) -> bool:
    if isinstance(wanted, dict):
        return (
            isinstance(got, dict)
            and got.keys() == wanted.keys()
            and all(_close(got[k], wanted[k], tol) for k in wanted)
        )
    if isinstance(wanted, tuple | list) and not _numeric(wanted):
        same = isinstance(got, tuple | list) and len(got) == len(wanted)
        return same and all(_close(g, w, tol) for g, w in zip(got, wanted, strict=True))
    if not _numeric(wanted):
        return bool(type(got) is type(wanted) and (got == wanted or not isinstance(wanted, str | bytes | bool)))
    if not _numeric(got):
        return False
    a, b = np.asarray(got), np.asarray(wanted)
    if a.shape != b.shape:
        return False
    return bool(np.allclose(a, b, rtol=tol, atol=tol, equal_nan=True))


def _numeric(value: Any) -> bool:
    try:
        return np.asarray(value).dtype.kind in "biufc"
    except (ValueError, TypeError):
        return False


def _difference(got: Any, wanted: Any) -> str:
    if _numeric(got) and _numeric(wanted):
        a, b = np.shape(got), np.shape(wanted)
        if a != b:
            return f"the result has shape {a}, needed {b}"
        if not np.isfinite(np.asarray(got)).all():
            return "the result has NaN or infinite entries"
    elif isinstance(wanted, tuple | list) and isinstance(got, tuple | list) and len(got) == len(wanted):
        for i, (g, w) in enumerate(zip(got, wanted, strict=True)):
            if not _close(g, w, 1e-8):
                return f"part {i + 1} of the result: {_difference(g, w)}"
    elif _numeric(wanted) != _numeric(got) or isinstance(wanted, tuple | list):
        return f"the result is {_short(got)}, needed {_short(wanted)}"
    return f"got {_short(got)}, needed {_short(wanted)}"


def _call(case: tuple[Any, ...]) -> str:
    return "the arguments " + ", ".join(_short(value) for value in case)


def _short(value: Any) -> str:
    if callable(value):
        return f"the function {getattr(value, '__name__', 'f')}"
    if isinstance(value, np.ndarray) and value.size > 6:
        return f"an array of shape {value.shape}"
    if isinstance(value, np.ndarray):
        return " ".join(np.array2string(value, precision=4, separator=", ").split())
    if isinstance(value, float | np.floating):
        return f"{float(value):.6g}"
    if hasattr(value, "_fields"):
        return f"a {type(value).__name__}"
    text = " ".join(repr(value).split())
    return text if len(text) <= 60 else text[:57] + "..."
