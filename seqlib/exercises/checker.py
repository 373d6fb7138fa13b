"""What every exercise does: run the learner's function, compare, and say why a usual wrong answer is wrong."""

from __future__ import annotations

import copy
import dis
import inspect
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from seqlib.answers import NOTHING, SINGLE, TOL, difference, shown
from seqlib.arguments import check_number

__all__ = ["Exercise", "Result"]

Function = Callable[..., Any]
EMPTY = {"RESUME", "NOP", "LOAD_CONST", "RETURN_CONST", "RETURN_VALUE"}  # what a body of `...` or `pass` compiles to


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


@dataclass(frozen=True)
class _Raised:
    """What came of a call that stopped with an error."""

    error: Exception


class Exercise:
    """One practice exercise.

    `expected` is the right answer. `wrong` maps the id of each usual mistake to a pair: the function that makes it, or
    several that make it in other ways, and the reason that is told. An answer that agrees with one of them on all
    `cases` gets its reason, be it that both stop with the same kind of error; of another wrong answer the first
    difference is shown. Answers are compared by `seqlib.answers.difference`, with the tolerance `tol`.

    Raises:  ValueError if a wrong answer agrees with the right one on every case, or with one of another id, as far
             as float32 can tell
    """

    def __init__(
        self,
        name: str,
        expected: Function,
        cases: Sequence[tuple[Any, ...]],
        *,
        wrong: Mapping[str, tuple[Function | tuple[Function, ...], str]],
        tol: float = TOL,
        prompt: str = "Write it in the cell above and run it again.",
    ) -> None:
        self.name, self.expected, self.cases, self.prompt = name, expected, list(cases), prompt
        self.tol = check_number("tol", tol, above=0)
        if not self.cases:
            raise ValueError("cases must hold at least one case")
        self.wrong = {id: (made if isinstance(made, tuple) else (made,), why) for id, (made, why) in wrong.items()}
        self._right = [expected(*copy.deepcopy(case)) for case in self.cases]
        self._wrong = [(id, self._outcomes(function)) for id, (made, _) in self.wrong.items() for function in made]
        known: list[tuple[str, list[Any]]] = [("the right answer", self._right)]
        for id, outcomes in self._wrong:
            for other, others in known:
                if other != id and _agree(others, outcomes, max(self.tol, SINGLE)):
                    raise ValueError(
                        f"wrong[{id!r}] agrees with {other} on every case: add a case that tells them apart"
                    )
            known.append((id, outcomes))

    def __call__(self, answer: Function) -> Result:
        """Judge the learner's function: print one line, return the Result."""
        result = self.judge(answer)
        mark = {"empty": "✎", "right": "✓", "wrong": "✗"}[result.status]
        print(f"{mark} {self.name}: {result.message}")
        return result

    def judge(self, answer: Function) -> Result:
        """The Result of the learner's function, without printing."""
        empty = Result("empty", "untouched", f"not written yet. {self.prompt}")
        if answer is None or answer is Ellipsis or _is_stub(answer):
            return empty
        if not callable(answer):
            return Result("wrong", "not-callable", f"hand over the function itself, not {shown(answer)}.")
        given = copy.deepcopy(self.cases)
        outcomes = self._outcomes(answer, given)
        for case, used, outcome in zip(self.cases, given, outcomes, strict=True):
            if isinstance(outcome, _Raised) and isinstance(outcome.error, NotImplementedError):
                return empty
            if isinstance(outcome, _Raised) and isinstance(outcome.error, RecursionError):
                return Result("wrong", "recursion", "the function calls itself without end.")
            if difference(case, used, tol=0) is not None:
                return Result("wrong", "changes-input", "it changes its arguments in place. Work on a copy.")
        if all(outcome is Ellipsis for outcome in outcomes):
            return empty
        if all(outcome is None for outcome in outcomes):
            return Result("wrong", "no-return", f"{NOTHING}.")
        if _agree(self._right, outcomes, self.tol):
            return Result("right", "right", "right.")
        for id, known in self._wrong:
            if _agree(known, outcomes, self.tol):
                return Result("wrong", id, self.wrong[id][1])
        return self._other(answer, outcomes)

    def _other(self, answer: Function, outcomes: list[Any]) -> Result:
        """What is seen of a wrong answer that is not known."""
        names = _names(answer, len(self.cases[0]))
        for case, right, outcome in zip(self.cases, self._right, outcomes, strict=True):
            asked = "for the arguments " + ", ".join(n + shown(value) for n, value in zip(names, case, strict=True))
            if isinstance(outcome, _Raised):
                what = " ".join(f"{type(outcome.error).__name__}: {outcome.error}".split())
                return Result("wrong", "exception", f"it stopped with {what[:200]}, {asked}.")
            found = difference(right, outcome, tol=self.tol)
            if found:
                return Result("wrong", "no-return" if outcome is None else "other", f"{found}, {asked}.")
        raise AssertionError("answers that agree nowhere differ somewhere")

    def _outcomes(self, function: Function, cases: Sequence[tuple[Any, ...]] | None = None) -> list[Any]:
        """What comes of each case; NumPy's warnings are not shown, for the checker says what they mean."""
        outcomes: list[Any] = []
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            for case in copy.deepcopy(self.cases) if cases is None else cases:
                try:
                    outcomes.append(function(*case))
                except Exception as error:
                    outcomes.append(_Raised(error))
        return outcomes


def _agree(known: Sequence[Any], outcomes: Sequence[Any], tol: float) -> bool:
    """Whether all outcomes are the known ones; of two errors, whether they are of one kind."""
    for a, b in zip(known, outcomes, strict=True):
        if isinstance(a, _Raised) and isinstance(b, _Raised):
            if _kind(a.error) is not _kind(b.error):
                return False
        elif difference(a, b, tol=tol) is not None:  # as are an error and a value
            return False
    return True


def _kind(error: Exception) -> type[Exception]:
    """The type of an error; shapes that do not fit are a ValueError to NumPy and a RuntimeError to torch."""
    return ValueError if type(error) is RuntimeError else type(error)


def _names(function: Function, count: int) -> list[str]:
    """What the learner calls the arguments, as "x = "; nothing where that cannot be told, or where there is but one."""
    try:
        found = [f"{name} = " for name in inspect.signature(function).parameters]
    except (TypeError, ValueError):  # a builtin has no signature
        found = []
    return found if len(found) == count > 1 else [""] * count


def _is_stub(function: Any) -> bool:
    """Whether the body of a function is `...`, `pass` or a docstring, and does nothing."""
    code = getattr(function, "__code__", None)
    return code is not None and all(
        step.opname in EMPTY and (step.opname == "RESUME" or step.argval in (None, ...))
        for step in dis.get_instructions(code)
    )
