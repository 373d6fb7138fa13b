"""A graded problem is a family: a course secret draws the variant, the oracle is computed, wrong answers are known."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np

from coursework.values import difference

__all__ = ["Answer", "Experiment", "Part", "Problem", "Wrong", "edited", "generator", "run_source", "verdict"]

CASES = 3  # tries of each part, visible and hidden alike
Variant = dict[str, Any]


@dataclass(frozen=True)
class Part:
    """A stated property with its points; all its cases must be right."""

    name: str
    points: int
    states: str


@dataclass(frozen=True)
class Wrong:
    """A usual wrong answer: its code, what is said about it, and the parts in which it must get nothing."""

    label: str
    source: str
    message: str
    fails: tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """What came of one call: a value, or an error in one line."""

    value: Any = None
    error: str | None = None


class Problem:
    """A family of problems. A subclass says what is drawn, what is right, and what is often done wrong.

    `name` is the function that a student writes, `signature` its first line without def and colon. Two secrets draw
    variants whose right answers differ; `solutions` and `wrongs` are complete sources.
    """

    name: str
    signature: str
    parts: tuple[Part, ...]

    def draw(self, rng: np.random.Generator) -> Variant:
        """The constants and choices of one variant."""
        raise NotImplementedError

    def text(self, variant: Variant) -> dict[str, str]:
        """What the statement in the notebook calls by name."""
        raise NotImplementedError

    def case(self, variant: Variant, part: str, rng: np.random.Generator) -> tuple[Any, ...]:
        """The arguments of one call that tests a part."""
        raise NotImplementedError

    def oracle(self, variant: Variant, *arguments: Any) -> Any:
        """The right answer."""
        raise NotImplementedError

    def solutions(self, variant: Variant) -> list[str]:
        """Two or more right sources, differently written."""
        raise NotImplementedError

    def wrongs(self, variant: Variant) -> list[Wrong]:
        """Six or more usual wrong answers."""
        raise NotImplementedError

    @property
    def points(self) -> int:
        """All points of the problem."""
        return sum(part.points for part in self.parts)

    def variant(self, secret: str) -> Variant:
        """The variant that a secret draws."""
        return self.draw(generator(secret, self.name, "variant"))

    def cases(self, secret: str, part: str, purpose: str) -> list[tuple[Any, ...]]:
        """The calls of a part; `purpose` is "visible" or "hidden": other data, the same property."""
        rng = generator(secret, self.name, part, purpose)
        return [self.case(self.variant(secret), part, rng) for _ in range(CASES)]

    def expected(self, secret: str, part: str, purpose: str) -> list[Any]:
        """The right answers of those calls."""
        return [self.oracle(self.variant(secret), *arguments) for arguments in self.cases(secret, part, purpose)]

    def mistakes(self, secret: str, part: str, purpose: str) -> list[tuple[str, list[Answer]]]:
        """What each wrong answer that fails this part says to those calls, with the words for it."""
        calls = self.cases(secret, part, purpose)
        return [
            (wrong.message, run_source(wrong.source, self.name, calls))
            for wrong in self.wrongs(self.variant(secret))
            if part in wrong.fails
        ]


class Experiment:
    """An experiment with a written conclusion, marked by a person; its sizes and data are drawn too."""

    name: str
    points: int

    def draw(self, rng: np.random.Generator) -> Variant:
        """The constants and choices of one variant."""
        raise NotImplementedError

    def text(self, variant: Variant) -> dict[str, str]:
        """What the statement in the notebook calls by name."""
        raise NotImplementedError

    def variant(self, secret: str) -> Variant:
        """The variant that a secret draws."""
        return self.draw(generator(secret, self.name, "variant"))


def edited(source: str, *edits: tuple[str, str]) -> str:
    """A source with some of its text replaced, to make a wrong answer of a right one.

    Raises:  ValueError if a piece does not stand there exactly once
    """
    for old, new in edits:
        if source.count(old) != 1:
            raise ValueError(f"edits: {old!r} stands {source.count(old)} times in the source, not once")
        source = source.replace(old, new)
    return source


def generator(*words: str) -> np.random.Generator:
    """A random generator of its own for each list of words."""
    digest = hashlib.sha256("\0".join(words).encode()).digest()
    return np.random.default_rng(np.frombuffer(digest, dtype=np.uint32))


def run_source(source: str, name: str, calls: list[tuple[Any, ...]]) -> list[Answer]:
    """Call a function of a source that we wrote ourselves, in this process."""
    space: dict[str, Any] = {"np": np}
    exec(compile(source, name, "exec"), space)
    answers = []
    for arguments in calls:
        try:
            with np.errstate(all="ignore"):
                answers.append(Answer(space[name](*(_copy(a) for a in arguments))))
        except Exception as error:
            answers.append(Answer(error=type(error).__name__))
    return answers


def verdict(expected: list[Any], answers: list[Answer], mistakes: list[tuple[str, list[Answer]]]) -> tuple[bool, str]:
    """Whether all answers are right; if not, why: the known mistake that gives the same answers, or what is seen."""
    seen = [answer.error or difference(e, answer.value) for e, answer in zip(expected, answers, strict=True)]
    found = next(filter(None, seen), None)
    if found is None:
        return True, "right"
    if found.startswith("NotImplementedError"):
        return False, "not written yet"
    for message, wrong in mistakes:
        if all(_same(w, answer) for w, answer in zip(wrong, answers, strict=True)):
            return False, message
    return False, found


def _same(wrong: Answer, answer: Answer) -> bool:
    if wrong.error or answer.error:
        return bool(wrong.error and answer.error) and wrong.error == str(answer.error).split(":")[0]
    return difference(wrong.value, answer.value) is None


def _copy(value: Any) -> Any:
    return value.copy() if isinstance(value, np.ndarray) else value
