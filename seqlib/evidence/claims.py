"""Claims: measurements with bounds, and the verdict that they decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from seqlib.arguments import check_integer, check_number, real_array
from seqlib.evidence.statistics import interval, rounded, sign_test

__all__ = ["Bound", "Measure", "above", "below", "between", "claim", "hypothesis", "outside", "verdict"]

FEWEST_SEEDS = 5  # the fewest with which the sign test can fall below SIGNIFICANT: 1/32
SIGNIFICANT = 0.05
INF = float("inf")


class Bound(NamedTuple):
    """A set of numbers, as open spans, with the words for it."""

    text: str
    spans: tuple[tuple[float, float], ...]

    def met(self, values: np.ndarray) -> int:
        """How many of the values lie in it."""
        inside = np.zeros(values.shape, dtype=bool)
        for low, high in self.spans:  # infinity counts as beyond every number
            inside |= ((values > low) | (low == -INF)) & ((values < high) | (high == INF))
        return int(inside.sum())

    def overlaps(self, other: Bound) -> bool:
        """Whether a number can lie in both."""
        return any(max(a, c) < min(b, d) for a, b in self.spans for c, d in other.spans)


def above(x: float) -> Bound:
    """The numbers greater than x."""
    return Bound(f"above {check_number('x', x):g}", ((x, INF),))


def below(x: float) -> Bound:
    """The numbers less than x."""
    return Bound(f"below {check_number('x', x):g}", ((-INF, x),))


def between(low: float, high: float) -> Bound:
    """The numbers between low and high."""
    low = check_number("low", low)
    return Bound(f"between {low:g} and {check_number('high', high, above=low):g}", ((low, high),))


def outside(low: float, high: float) -> Bound:
    """The numbers less than low or greater than high."""
    low = check_number("low", low)
    return Bound(f"outside {low:g} to {check_number('high', high, low=low):g}", ((-INF, low), (high, INF)))


@dataclass(frozen=True)
class Measure:
    """One measurement over seeds, with the bound that would support a statement and the one that would refute it.

    A bound is met when so many seeds lie within it that a fair coin would do as well with probability below 0.05
    (the one-sided sign test): 5 of 5, 7 of 8, 9 of 10. What lies between the bounds decides nothing.

    `digits` significant digits are shown, as many as another machine reproduces; with 0, for times, only the bounds.

    Shapes:  values (seeds,), at least five
    Raises:  TypeError or ValueError naming the argument: too few seeds, a NaN, bounds that overlap
    Source:  Dixon & Mood 1946 (the sign test)
    """

    what: str
    values: Any
    supports: Bound
    refutes: Bound
    unit: str = ""
    digits: int = 2

    def __post_init__(self) -> None:
        values = real_array(f"values of {self.what!r}", self.values, ("seeds",), finite=False)
        if len(values) < FEWEST_SEEDS:
            raise ValueError(f"values of {self.what!r} must hold at least {FEWEST_SEEDS} seeds, got {len(values)}")
        if np.isnan(values).any():
            raise ValueError(
                f"values of {self.what!r} must be numbers, but seed {int(np.isnan(values).argmax())} gave NaN"
            )
        for name in ("supports", "refutes"):
            if not isinstance(getattr(self, name), Bound):
                raise TypeError(f"{name} must be a bound such as above(0.5), got {getattr(self, name)!r}")
        if self.supports.overlaps(self.refutes):
            raise ValueError(
                f"bounds of {self.what!r} must exclude each other, got {self.supports.text} and {self.refutes.text}"
            )
        check_integer("digits", self.digits, low=0, high=6)
        object.__setattr__(self, "values", values)

    @property
    def outcome(self) -> str:
        """ "supported", "refuted" or "undecided"."""
        for outcome, bound in (("supported", self.supports), ("refuted", self.refutes)):
            if sign_test(bound.met(self.values), len(self.values)) < SIGNIFICANT:
                return outcome
        return "undecided"

    def __str__(self) -> str:
        n, outcome = len(self.values), self.outcome
        bounds = {"supported": [self.supports], "refuted": [self.refutes]}.get(outcome, [self.supports, self.refutes])
        counts = " and ".join(f"{bound.text} in {bound.met(self.values)} of {n} seeds" for bound in bounds)
        if not self.digits:
            return f"{self.what}: {counts}"
        median, low, high = (f"{rounded(v, self.digits):g}" for v in interval(self.values)[:3])
        return f"{self.what}: {median} [{low}, {high}]{f' {self.unit}' if self.unit else ''}, {counts}"


def verdict(arms: Mapping[str, Sequence[Measure]]) -> tuple[str, dict[str, str]]:
    """The verdict on a statement, and the outcome of each of its arms.

    An arm is one condition under which the statement is tried. It is supported when all its measures are, refuted
    when one of them is, undecided otherwise. The verdict is "supported" or "not supported" when all arms agree,
    "supported with conditions" when some hold and some do not, and "undecided" otherwise.

    Raises:  TypeError or ValueError naming the argument
    """
    if not isinstance(arms, Mapping) or not arms:
        raise ValueError("arms must map the name of at least one condition to its measures")
    outcomes = {}
    for arm, measures in arms.items():
        if not isinstance(measures, Sequence) or not measures or not all(isinstance(m, Measure) for m in measures):
            raise TypeError(f"arms[{arm!r}] must be a list of at least one Measure")
        found = {measure.outcome for measure in measures}
        outcomes[arm] = "refuted" if "refuted" in found else "undecided" if "undecided" in found else "supported"
    found = set(outcomes.values())
    if found == {"supported"}:
        return "supported", outcomes
    if found == {"refuted"}:
        return "not supported", outcomes
    return "supported with conditions" if found >= {"supported", "refuted"} else "undecided", outcomes


def claim(id: str, arms: Mapping[str, Sequence[Measure]]) -> None:
    """Compute and print the verdict on a common claim, with every arm and its values.

    Raises:  TypeError or ValueError naming the argument
    Book:    book/claims
    """
    if not isinstance(id, str) or not id:
        raise TypeError(f"id must be the id of a claim, got {id!r}")
    found, outcomes = verdict(arms)
    print(f"⚖ {id}: {found}")
    for arm, measures in arms.items():
        print(f"  {outcomes[arm]}: {arm}. {'; '.join(map(str, measures))}")


def hypothesis(text: str, measures: Sequence[Measure]) -> None:
    """Compute and print whether a hypothesis of our own, stated before it was tried, held.

    Raises:  TypeError or ValueError naming the argument
    Book:    book/negative
    """
    if not isinstance(text, str) or not text:
        raise TypeError(f"text must be the hypothesis, got {text!r}")
    _, outcomes = verdict({text: measures})
    held = {"supported": "held", "refuted": "did not hold", "undecided": "undecided"}[outcomes[text]]
    print(f"◇ {text}: {held}")
    print(f"  {'; '.join(map(str, measures))}")
