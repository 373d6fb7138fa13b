"""Statistics that assume no distribution: the interval of a median, and the sign test. And how numbers are rounded."""

from __future__ import annotations

from math import comb
from typing import Any, NamedTuple

import numpy as np

from seqlib.arguments import check_integer, check_number, real_array

__all__ = ["Interval", "interval", "rounded", "sign_test"]


class Interval(NamedTuple):
    """The median of `n` values between two of their order statistics, which enclose it with probability `level`."""

    median: Any
    low: Any
    high: Any
    n: int
    level: float


def sign_test(k: int, n: int) -> float:
    """The probability that a fair coin falls heads at least k times in n.

        Σ_{j ≥ k} C(n, j) / 2ⁿ

    Raises:  TypeError or ValueError naming the argument
    Source:  Dixon & Mood 1946
    Book:    chapters/08_comparison, eq-cmp-sign
    """
    n = check_integer("n", n, low=1)
    k = check_integer("k", k, low=0, high=n)
    return sum(comb(n, j) for j in range(k, n + 1)) / 2**n


def interval(values: Any, level: float = 0.95) -> Interval:
    """The order-statistics interval of a median, which assumes nothing about the distribution.

        [v_(k), v_(n+1-k)] holds the median with probability 1 - 2 Σ_{j<k} C(n, j) / 2ⁿ

    k is the largest for which that reaches `level`. Where even the extremes do not (five seeds: 0.9375), they are the
    interval, and their own level is stated.

    Shapes:  values (n, …), n ≥ 2 -> median, low and high (…)
    Raises:  TypeError or ValueError naming the argument
    Source:  Thompson 1936
    """
    array = real_array("values", values, finite=False)
    if array.ndim == 0 or len(array) < 2:
        raise ValueError(f"values must hold at least 2 seeds in its first axis, got shape {array.shape}")
    if np.isnan(array).any():
        raise ValueError("values must not hold NaN")
    level, n = check_number("level", level, above=0, high=1), len(array)
    covered = [1 - 2 * sign_test(n + 1 - k, n) for k in range(1, n // 2 + 1)]  # falls as k rises
    k = max([k for k, cover in enumerate(covered, 1) if cover >= level], default=1)
    ordered = np.sort(array, axis=0)
    median = (ordered[(n - 1) // 2] + ordered[n // 2]) / 2
    return Interval(median, ordered[k - 1], ordered[n - k], n, covered[k - 1])


def rounded(value: float, digits: int = 3) -> float:
    """The value with so many significant digits, as results are stored and shown.

    Raises:  TypeError or ValueError naming digits
    """
    return float(f"{value:.{check_integer('digits', digits, low=1)}g}")
