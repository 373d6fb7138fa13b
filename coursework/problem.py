"""A graded problem is a family: a course secret draws the variant, the oracle is computed, wrong answers are known."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from coursework.trouble import Trouble, kind_of
from coursework.values import difference
from coursework.variant import Form, Table, Variant, number

__all__ = [
    "Answer",
    "Experiment",
    "Form",
    "Mistake",
    "Part",
    "Problem",
    "Variant",
    "Wrong",
    "edited",
    "generator",
    "number",
    "run_source",
    "verdict",
]

CASES = 3  # tries of each part, visible and hidden alike


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
    """What came of one call: a value, or what went wrong."""

    value: Any = None
    error: Trouble | None = None


class Mistake:
    """A usual mistake, as data: how the first right source is changed, and what is said about it.

    `edits` replace pieces of the source that stand there once; `drawn` draws something else for the source: another
    form, by its name, or another constant. All are templates. `only` names the parts in which it gets nothing; () means
    all parts.
    """

    def __init__(
        self, label: str, message: str, *edits: tuple[str, str], only: tuple[str, ...] = (), **drawn: str | float
    ):
        self.label, self.message, self.edits, self.only, self.drawn = label, message, edits, only, drawn


class Drawn:
    """What a secret draws: a form of each table, and constants."""

    name: str
    forms: Mapping[str, Table] = {}
    says: Mapping[str, str] = {}  # what the notebook calls by name, as templates

    def constants(self, rng: np.random.Generator, variant: Variant) -> dict[str, Any]:
        """The constants of a variant, whose forms are drawn."""
        raise NotImplementedError

    def draw(self, rng: np.random.Generator) -> Variant:
        """The forms and constants of one variant."""
        forms = Variant(self.forms, {name: str(rng.choice(list(table))) for name, table in self.forms.items()})
        return forms.but(**self.constants(rng, forms))

    def variant(self, secret: str) -> Variant:
        """The variant that a secret draws."""
        return self.draw(generator(secret, self.name, "variant"))

    def text(self, variant: Variant) -> dict[str, str]:
        """What the statement in the notebook calls by name."""
        return {name: variant.fill(template) for name, template in self.says.items()}


class Problem(Drawn):
    """A family of problems: a subclass says what is drawn, what is right, and what is often done wrong.

    `name` is the function that a student writes. `right` are two or more right sources, differently written, as
    templates; the first stands in the teacher's notebook. `known` are six or more usual mistakes, those that one form
    alone allows included with the form. Two secrets draw variants whose right answers differ.
    """

    parts: tuple[Part, ...]
    right: tuple[str, ...]
    known: Sequence[Mistake]

    def case(self, variant: Variant, part: str, rng: np.random.Generator) -> tuple[Any, ...]:
        """The arguments of one call that tests a part."""
        raise NotImplementedError

    def oracle(self, variant: Variant, *arguments: Any) -> Any:
        """The right answer, computed in another way than the sources do it."""
        raise NotImplementedError

    def solutions(self, variant: Variant) -> list[str]:
        """The right sources."""
        return [variant.fill(source) for source in self.right]

    def wrongs(self, variant: Variant) -> list[Wrong]:
        """The usual wrong answers."""
        every, found = tuple(part.name for part in self.parts), []
        of_forms = [mistake for table in self.forms for mistake in getattr(getattr(variant, table), "mistakes", [])]
        for mistake in [*self.known, *of_forms]:
            taken = variant.but(**mistake.drawn)
            edits = [(taken.fill(old), taken.fill(new)) for old, new in mistake.edits]
            source = edited(taken.fill(self.right[0]), *edits)
            found.append(Wrong(mistake.label, source, variant.fill(mistake.message), mistake.only or every))
        return found

    @property
    def points(self) -> int:
        """All points of the problem."""
        return sum(part.points for part in self.parts)

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


class Experiment(Drawn):
    """An experiment with a written conclusion, marked by a person; its sizes and data are drawn too."""

    points: int

    def text(self, variant: Variant) -> dict[str, str]:
        """What the statement in the notebook calls by name: all constants."""
        return super().text(variant) | {name: variant.fill(f"«{name}»") for name in variant.names()}


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
            answers.append(Answer(error=Trouble(kind_of(error))))
    return answers


def verdict(expected: list[Any], answers: list[Answer], mistakes: list[tuple[str, list[Answer]]]) -> tuple[bool, str]:
    """Whether all answers are right; if not, why: the known mistake that gives the same answers, or what is seen.

    Only the first of the two says whether they are right. The second is for a person, whatever it reads.
    """
    found: Trouble | str | None = None
    for want, answer in zip(expected, answers, strict=True):
        found = answer.error or difference(want, answer.value)
        if found is not None:
            break
    if found is None:
        return True, "right"
    if isinstance(found, Trouble) and found.kind == "NotImplementedError":
        return False, "not written yet"
    for message, wrong in mistakes:
        if all(_same(w, answer) for w, answer in zip(wrong, answers, strict=True)):
            return False, message
    return False, str(found)


def _same(wrong: Answer, answer: Answer) -> bool:
    if wrong.error or answer.error:
        return wrong.error is not None and answer.error is not None and wrong.error.kind == answer.error.kind
    return difference(wrong.value, answer.value) is None


def _copy(value: Any) -> Any:
    return value.copy() if isinstance(value, np.ndarray) else value
