"""The practice of chapter 8 over seeds: which rate is best, and whether a difference is luck."""

from __future__ import annotations

from math import comb
from typing import Any

import numpy as np

from seqlib.exercises.checker import Exercise

__all__ = ["best_rates", "luck"]

_RNG = np.random.default_rng(8)


def _errors(arms: int, rates: int, seeds: int, *diverged: tuple[int, int, int]) -> np.ndarray:
    errors = _RNG.lognormal(0, 1, (arms, rates, seeds)).round(3)
    for place in diverged:
        errors[place] = np.nan
    return errors


def _chosen(score: Any, *, bad: float = np.inf, choose: Any = np.argmin) -> Any:
    """The index of the best score over seeds for each arm; a run that diverged counts as `bad`."""

    def answer(errors: np.ndarray) -> np.ndarray:
        return np.asarray(choose(score(np.where(np.isnan(errors), bad, errors)), axis=1))

    return answer


def _median(errors: np.ndarray) -> np.ndarray:
    return np.asarray(np.median(errors, axis=2))


def _as_infinite(errors: np.ndarray) -> np.ndarray:
    return np.where(np.isnan(errors), np.inf, errors)


_LUCKY = np.array([[[9, 9, 9, 0.1, 9], [3, 4, 5, 6, 7], [0.5, 5.1, 5.2, 5.3, 0.4]]] * 2)
_OUTLIER = np.array(
    [
        [[1, 1, 90, 1.2, 1.1], [2, 2, 2, 3, 4], [1.5, 1.6, 1.4, 8, 9]],
        [[5, 4, 6, 7, 8], [3, 2, 4, 9, 1], [6, 6, 6, 6, 6]],
    ]
)
_GONE = np.array(
    [
        [[1, 1, np.nan, np.nan, np.nan], [4, 5, 6, 7, 8], [9, 9, 9, 9, 9]],
        [[3, 2, 4, np.nan, 3.5], [3.6, 3.7, 3.8, 3.9, 4], [1, 6, 7, 8, 9]],
        [[7, 7.5, np.nan, np.nan, 8], [7.2, 7.3, 7.1, 9, 9], [8, 8, 8, 8, 8]],
    ]
)
_MINORITY = np.array(  # the rate with two runs that diverged is not the best one, unless these count for little
    [
        [[0.2, 0.3, 0.4, 0.25, 0.35], [np.nan, np.nan, 0.1, 0.05, 2], [1.5, 1.6, 1.7, 1.8, 1.9]],
        [[2, 3, 4, 5, 6], [np.nan, np.nan, 7, 8, 9], [7, 7.1, 7.2, 7.3, 7.4]],
    ]
)
best_rates = Exercise(
    "best_rates",
    _chosen(_median),
    [(_LUCKY,), (_OUTLIER,), (_GONE,), (_MINORITY,), (_errors(4, 3, 5, (0, 1, 2)),), (_errors(3, 4, 5),)],
    wrong={
        "mean": (
            (
                _chosen(lambda errors: errors.mean(2)),
                lambda errors: errors.mean(2).argmin(1),
                lambda errors: np.nanmean(errors, axis=2).argmin(1),
            ),
            "You took the mean over seeds. One bad seed moves it as far as you like; what is wanted is the median.",
        ),
        "luckiest": (
            (_chosen(lambda errors: errors.min(2)), lambda errors: errors.min(2).argmin(1)),
            "You took the best seed of each rate. That rewards luck; what is wanted is the median over seeds.",
        ),
        "worst seed": (
            (_chosen(lambda errors: errors.max(2)), lambda errors: errors.max(2).argmin(1)),
            "You took the worst seed of each rate. What is wanted is the median over seeds.",
        ),
        "over rates": (
            (
                lambda errors: np.median(_as_infinite(errors), 1).argmin(1),
                lambda errors: np.median(errors, 1).argmin(1),
            ),
            "You took the median over the rates (axis=1), and then the index of a seed. The seeds are the last axis.",
        ),
        "over the first axis": (
            (
                lambda errors: np.median(_as_infinite(errors), 0).argmin(1),
                lambda errors: np.median(errors, 0).argmin(1),
            ),
            "You took the median over the arms (axis=0). The seeds are the last axis.",
        ),
        "diverged ignored": (
            lambda errors: np.nanmedian(errors, axis=2).argmin(1),
            "You left out the runs that diverged. They count as infinitely bad, and a rate with which most do as well.",
        ),
        "diverged chosen": (
            lambda errors: np.median(errors, axis=2).argmin(1),
            "A NaN in the medians: argmin takes it for the least. A run that diverged counts as infinitely bad.",
        ),
        "diverged is 0": (
            (_chosen(_median, bad=0), _chosen(_median, bad=-np.inf)),
            "You counted a run that diverged as the smallest error. It counts as infinitely bad.",
        ),
        "diverged is 1": (
            _chosen(_median, bad=1),
            "You gave a run that diverged an error that other runs have, too. It counts as infinitely bad.",
        ),
        "rate given up": (
            lambda errors: np.nanargmin(np.median(errors, axis=2), axis=1),
            "You gave up every rate with a run that diverged. With two of five, the median is still finite.",
        ),
        "worst rate": (_chosen(_median, choose=np.argmax), "That is the rate with the largest median."),
        "one for all": (
            (
                lambda errors: np.full(len(errors), np.median(_as_infinite(errors), axis=(0, 2)).argmin()),
                lambda errors: np.median(_as_infinite(errors), axis=(0, 2)).argmin(),
            ),
            "You took one rate for all arms. Each arm is tuned by itself.",
        ),
        "one index": (
            lambda errors: _median(_as_infinite(errors)).argmin(),
            "argmin without an axis looks for one place in the whole array. One index for each arm is wanted: axis=1.",
        ),
        "the medians": (
            lambda errors: _median(_as_infinite(errors)).min(1),
            "Those are the medians at the best rates. What is wanted is the index of that rate.",
        ),
        "counted from 1": (
            lambda errors: _chosen(_median)(errors) + 1,
            "You count the rates from 1. An index counts from 0.",
        ),
        "over arms": (
            lambda errors: _median(_as_infinite(errors)).argmin(0),
            "That is the best arm for each rate. What is wanted is the best rate for each arm.",
        ),
    },
    prompt="Return an array with a whole number for each arm and run the cell again.",
)


def _tail(k: int, n: int) -> float:
    return sum(comb(n, j) for j in range(k, n + 1)) / 2**n


def _wins(a: np.ndarray, b: np.ndarray) -> int:
    return int((a < b).sum())


def _most_wins(a: np.ndarray, b: np.ndarray) -> int:
    return max(_wins(a, b), _wins(b, a))


def _pair(n: int, wins: int) -> tuple[np.ndarray, np.ndarray]:
    """Errors of two arms with n seeds, of which the first arm is better with so many."""
    a = _RNG.lognormal(0, 1, n).round(3)
    worse = _RNG.permutation(np.arange(n) < wins)
    return a, np.round(a * np.where(worse, 1.3, 0.8) + np.where(worse, 0.01, -0.0005), 4)


_CROSSED = np.array([0.1, 0.5, 0.9, 0.3, 0.7]), np.array([0.95, 0.55, 0.6, 0.35, 0.15])
luck = Exercise(
    "luck",
    lambda a, b: _tail(_wins(a, b), len(a)),
    [_CROSSED, _pair(8, 7), _pair(5, 5), _pair(10, 6), _pair(6, 1)],
    wrong={
        "exactly": (
            lambda a, b: comb(len(a), _wins(a, b)) / 2 ** len(a),
            "That is the probability of exactly so many. Add those of more.",
        ),
        "more": (
            lambda a, b: _tail(_wins(a, b) + 1, len(a)),
            "That is the probability of more than so many. The number that was seen counts too.",
        ),
        "the last one left out": (
            lambda a, b: _tail(_wins(a, b), len(a)) - 0.5 ** len(a),
            "The last term is missing, that of all n: range(k, n) ends at n - 1.",
        ),
        "the other side": (
            (lambda a, b: 1 - _tail(_wins(a, b) + 1, len(a)), lambda a, b: _tail(_wins(b, a), len(a))),
            "That is the probability that a wins so often or less. "
            "What is wanted is so often or more; the smaller error wins.",
        ),
        "complement": (
            lambda a, b: 1 - _tail(_wins(a, b), len(a)),
            "That is the probability of fewer. What is wanted is that of so many or more.",
        ),
        "two-sided": (
            (
                lambda a, b: min(1.0, 2 * _tail(_wins(a, b), len(a))),
                lambda a, b: 2 * _tail(_wins(a, b), len(a)),
                lambda a, b: min(1.0, 2 * _tail(_most_wins(a, b), len(a))),
                lambda a, b: 2 * _tail(_most_wins(a, b), len(a)),
            ),
            "That is two-sided. What is wanted is one side: a at least so often the better one.",
        ),
        "the better one": (
            lambda a, b: _tail(_most_wins(a, b), len(a)),
            "You took the one that is better more often. What is wanted is a, even where it loses.",
        ),
        "not divided": (
            lambda a, b: _tail(_wins(a, b), len(a)) * 2 ** len(a),
            "You counted the sequences of tosses. Divide by the number of all of them, 2^n.",
        ),
        "not paired": (
            lambda a, b: _tail(_wins(np.sort(a), np.sort(b)), len(a)),
            "You sorted both. The errors belong together by their seed: compare a[i] with b[i].",
        ),
        "one path": (
            lambda a, b: 0.5 ** _wins(a, b),
            "That is the probability that so many given seeds all fall to a. They may be any of the n.",
        ),
        "one sequence": (
            lambda a, b: 0.5 ** len(a),
            "That is the probability of one sequence of tosses. Add up all those in which a wins so often or more.",
        ),
        "the share": (
            lambda a, b: _wins(a, b) / len(a),
            "That is the share of seeds with which a is better. What is wanted is how likely a coin does as well.",
        ),
        "all pairs": (
            lambda a, b: float((a[:, None] < b).mean()),
            "You compared every seed of a with every seed of b. Compare a[i] with b[i], and ask what a coin would do.",
        ),
        "the count": (
            lambda a, b: _wins(a, b),
            "That is with how many seeds a is better. What is wanted is how likely a coin does as well.",
        ),
    },
    prompt="Return a probability and run the cell again.",
)
