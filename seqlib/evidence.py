"""Evidence on the page: `confirm` that an equation holds, `claim` a verdict with its interval.

Each prints one line that is the same on every machine, and raises EvidenceError when it is not true.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp, lgamma, log, sqrt
from typing import Any, NamedTuple

import numpy as np

from seqlib.arguments import check_choice, check_number, real_array

__all__ = ["EvidenceError", "Interval", "Measure", "claim", "confirm", "interval"]

VERDICTS = ("supported", "supported with conditions", "not supported")
FEWEST_SEEDS = 3


class EvidenceError(AssertionError):
    """An equation that does not hold, or a verdict that the measurements do not bear out."""


class Interval(NamedTuple):
    """A mean with its confidence interval, from `n` values."""

    mean: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class Measure:
    """One measurement of a claim: values over seeds, whose 95 % interval must lie beyond a bound.

    `above` or `below` (or both) bound the whole interval. With `digits` the line shows mean and interval, rounded;
    without, it shows the bound only, which is what other machines reproduce.
    """

    what: str
    values: Any
    above: float | None = None
    below: float | None = None
    unit: str = ""
    digits: int | None = None


def confirm(label: str, lhs: Any, rhs: Any, tol: float = 1e-10) -> None:
    """Confirm that both sides of a labelled equation are equal, and print so in one line.

        max |lhs - rhs| ≤ tol · max(1, max |rhs|)

    Shapes:  lhs, rhs: the same, or either a number
    Raises:  EvidenceError with the largest difference and its place if they differ, or if a side is not finite;
             TypeError or ValueError naming the argument
    """
    if not isinstance(label, str) or not label:
        raise TypeError(f"label must be the name of an equation, got {label!r}")
    tol = check_number("tol", tol, low=0)
    left, right = real_array("lhs", lhs, finite=False), real_array("rhs", rhs, finite=False)
    if left.shape != right.shape and left.ndim and right.ndim:
        raise EvidenceError(f"{label}: the left side has shape {left.shape}, the right side {right.shape}")
    left, right = np.broadcast_arrays(left, right)
    if left.size == 0:
        raise EvidenceError(f"{label}: nothing to compare, both sides are empty")
    difference = np.abs(left - right)
    if not np.isfinite(difference).all():
        raise EvidenceError(f"{label}: a side is NaN or infinite")
    if difference.max() > tol * max(1.0, float(np.abs(right).max())):
        place = tuple(int(i) for i in np.unravel_index(difference.argmax(), difference.shape))
        raise EvidenceError(
            f"{label}: the sides differ by {difference.max():.3g} at {place}: {left[place]:.6g} and {right[place]:.6g}"
        )
    count = "1 number" if left.size == 1 else f"{left.size} numbers"
    print(f"✓ {label}: both sides agree to {tol:.0e} ({count})")


def claim(id: str, verdict: str, measures: Sequence[Measure], *, condition: str = "") -> None:
    """State the verdict on a claim of `book/claims.md`, after checking it against the measurements.

    Shapes:  every measure holds one value a seed, at least three
    Raises:  EvidenceError if a measure's interval does not lie beyond its bound; TypeError or ValueError naming the
             argument (no such verdict, too few seeds, no bound, a conditional verdict without its condition)
    """
    if not isinstance(id, str) or not id:
        raise TypeError(f"id must be the id of a claim, got {id!r}")
    check_choice("verdict", verdict, VERDICTS)
    if (verdict == "supported with conditions") != bool(condition):
        raise ValueError(f"condition must be given for 'supported with conditions' and only then, got {condition!r}")
    if isinstance(measures, Measure) or not measures:
        raise ValueError("measures must be a list of at least one Measure")
    parts = [_measured(id, measure) for measure in measures]
    print(f"⚖ {id}: {verdict}{f' ({condition})' if condition else ''}. " + "; ".join(parts))


def interval(values: Any, level: float = 0.95) -> Interval:
    """The confidence interval of a mean, from independent, roughly normal values.

        mean ± t_{n-1} s / √n,   s² = Σ (v - mean)² / (n - 1)

    Shapes:  values (n,), n ≥ 2
    Raises:  TypeError or ValueError naming the argument
    Source:  Student 1908
    """
    array = real_array("values", values, ("n",))
    level = check_number("level", level, above=0, high=1 - 1e-9)
    n = len(array)
    if n < 2:
        raise ValueError(f"values must hold at least 2 numbers for an interval, got {n}")
    half = student_quantile((1 + level) / 2, n - 1) * float(array.std(ddof=1)) / sqrt(n)
    return Interval(float(array.mean()), float(array.mean()) - half, float(array.mean()) + half, n)


@lru_cache(maxsize=1024)
def student_quantile(p: float, df: int) -> float:
    """The p-quantile of Student's t with `df` degrees of freedom, for p > 1/2.

        P(T > t) = I_x(df/2, 1/2) / 2,   x = df / (df + t²),   solved for t by bisection

    Source:  Abramowitz & Stegun 1964, 26.7.1 (distribution) and 26.5.8 (continued fraction)
    """
    low, high = 0.0, 1.0
    while _upper_tail(high, df) > 1 - p:
        high *= 2
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if _upper_tail(middle, df) > 1 - p else (low, middle)
    return (low + high) / 2


def _upper_tail(t: float, df: int) -> float:
    return _incomplete_beta(df / (df + t * t), df / 2, 0.5) / 2


def _incomplete_beta(x: float, a: float, b: float) -> float:
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):  # the continued fraction converges fast on the other side only
        return 1 - _incomplete_beta(1 - x, b, a)
    front = exp(a * log(x) + b * log(1 - x) + lgamma(a + b) - lgamma(a) - lgamma(b)) / a
    fraction = 1.0
    for m in range(200, 0, -1):  # evaluated from the tail
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        fraction = 1 + even / (1 + odd / fraction)
    first = -(a + b) * x / (a + 1)
    return front / (1 + first / fraction)


def _measured(id: str, measure: Measure) -> str:
    if measure.above is None and measure.below is None:
        raise ValueError(f"measure {measure.what!r} must have a bound: above, below or both")
    values = np.ravel(real_array(f"values of {measure.what!r}", measure.values))
    if len(values) < FEWEST_SEEDS:
        raise ValueError(f"measure {measure.what!r} must have at least {FEWEST_SEEDS} seeds, got {len(values)}")
    mean, low, high, n = interval(values)
    unit = f" {measure.unit}" if measure.unit else ""
    bounds = []
    if measure.above is not None:
        bounds.append(f"above {measure.above:g}{unit}")
    if measure.below is not None:
        bounds.append(f"below {measure.below:g}{unit}")
    bound = " and ".join(bounds)
    if (measure.above is not None and not low > measure.above) or (
        measure.below is not None and not high < measure.below
    ):
        raise EvidenceError(f"{id}: {measure.what} is {mean:.4g} [{low:.4g}, {high:.4g}], not {bound}")
    if measure.digits is None:
        return f"{measure.what}: {bound} (95 % interval, {n} seeds)"
    d = measure.digits
    return f"{measure.what}: {mean:.{d}f} [{low:.{d}f}, {high:.{d}f}]{unit}, {bound} (95 % interval, {n} seeds)"
