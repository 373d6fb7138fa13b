"""The practice of chapter 8: what is fair, what it costs, which rate is best, and whether a difference is one."""

from __future__ import annotations

from math import comb, isqrt
from typing import Any

import numpy as np

from seqlib.exercises.checker import Exercise

__all__ = ["best_rates", "equal_units", "luck", "products"]

_RNG = np.random.default_rng(8)


def _units(*, biases: int = 2, readout: tuple[int, int] = (1, 1), blocks: int = 0, up: bool = False) -> Any:
    """The most units with G H (D + H + biases) + K (H + 1) ≤ P; or a mistake: another count, one unit more."""

    def answer(P: int, G: int, D: int, K: int) -> int:
        G = blocks or G
        b = G * (D + biases) + readout[0] * K
        inside = b * b + 4 * G * (P - readout[1] * K)
        return (isqrt(inside) - b) // (2 * G) + up if inside >= 0 else -1

    return answer


def _root(P: int, G: int, D: int, K: int) -> float:
    b = G * (D + 2) + K
    return float((np.sqrt(b * b + 4.0 * G * (P - K)) - b) / (2 * G))


equal_units = Exercise(
    "equal_units",
    _units(),
    [(850, 4, 4, 26), (782, 3, 16, 40), (2968, 3, 8, 16), (2298, 1, 14, 37)],
    wrong={
        "one bias": (_units(biases=1), "You counted one bias per block. PyTorch's layers have two: H(D + H + 2)."),
        "no bias": (_units(biases=0), "The biases of the blocks are missing: two in each, H(D + H + 2)."),
        "no read-out": (_units(readout=(0, 0)), "The read-out is missing. It has K(H + 1) parameters."),
        "no bias of the read-out": (
            _units(readout=(1, 0)),
            "The read-out has biases too: K(H + 1) parameters, not K H.",
        ),
        "one block": (_units(blocks=1), "You counted one block. This cell has G of them, each with H(D + H + 2)."),
        "four blocks": (_units(blocks=4), "You counted four blocks whatever G is."),
        "one too many": (_units(up=True), "That is one unit too many: the network has more than P parameters."),
        "not whole": (
            _root,
            "That is where the count is exactly P. Units are whole: round down.",
        ),
        "by the square alone": (
            lambda P, G, D, K: isqrt(P // G),
            "You took G H² for all. The inputs, the biases and the read-out count as well.",
        ),
        "read-out of the inputs": (
            lambda P, G, D, K: _units(readout=(0, 0))(P - K * (D + 1), G, D, K),
            "Your read-out has K(D + 1) parameters. It reads the H units: K(H + 1).",
        ),
    },
    prompt="Return a whole number and run the cell again.",
)


def _products(factor: float = 3, *, square: float = 1, outside: int = 0, batch: bool = True, steps: bool = True) -> Any:
    def answer(G: int, D: int, H: int, B: int, T: int) -> int:
        per_step = G * H * (D + square * H + outside)
        return int(factor * per_step * (B if batch else 1) * (T if steps else 1))

    return answer


products = Exercise(
    "products",
    _products(),
    [(4, 3, 5, 2, 7), (1, 6, 4, 3, 5), (3, 2, 3, 5, 11)],
    wrong={
        "forward only": (
            _products(1),
            "That is the way there. The way back has two products for each: for the input or state, and the weights.",
        ),
        "back only": (_products(2), "That is the way back alone. Add the way there."),
        "biases": (
            (_products(outside=2), _products(outside=1)),
            "You counted the biases. They are added, not multiplied.",
        ),
        "additions": (_products(6), "You counted the additions as well. Asked are the multiplications."),
        "one sequence": (_products(batch=False), "That is one sequence. There are B of them."),
        "one step": (_products(steps=False), "That is one time step. There are T of them."),
        "one of one": (_products(batch=False, steps=False), "That is one time step of one sequence. There are B · T."),
        "four times": (
            _products(4),
            "You counted four products for each of the way there. It is three: that one, and two on the way back.",
        ),
        "state alone": (
            lambda G, D, H, B, T: 3 * G * H * H * B * T,
            "The products with the inputs are missing: the matrix of the inputs has H · D numbers in each block.",
        ),
        "inputs alone": (
            lambda G, D, H, B, T: 3 * G * H * D * B * T,
            "The products with the states are missing: the matrix of the states has H · H numbers in each block.",
        ),
        "no blocks": (
            lambda G, D, H, B, T: 3 * H * (D + H) * B * T,
            "That is one block. This cell has G of them.",
        ),
        "four blocks": (
            lambda G, D, H, B, T: 3 * 4 * H * (D + H) * B * T,
            "You counted four blocks whatever G is.",
        ),
    },
    prompt="Return a whole number and run the cell again.",
)


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
best_rates = Exercise(
    "best_rates",
    _chosen(_median),
    [(_LUCKY,), (_OUTLIER,), (_GONE,), (_errors(4, 3, 5, (0, 1, 2)),), (_errors(3, 4, 5),)],
    wrong={
        "mean": (
            _chosen(lambda errors: errors.mean(2)),
            "You took the mean over seeds. One bad seed moves it as far as it likes; asked is the median.",
        ),
        "luckiest": (
            _chosen(lambda errors: errors.min(2)),
            "You took the best seed of each rate. That rewards luck; asked is the median over seeds.",
        ),
        "worst seed": (
            _chosen(lambda errors: errors.max(2)),
            "You took the worst seed of each rate. Asked is the median over seeds.",
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
            _chosen(_median, bad=0),
            "You counted a run that diverged as an error of 0. It counts as infinitely bad.",
        ),
        "worst rate": (_chosen(_median, choose=np.argmax), "That is the rate with the largest median."),
        "one for all": (
            lambda errors: np.full(
                len(errors), np.median(np.where(np.isnan(errors), np.inf, errors), axis=(0, 2)).argmin()
            ),
            "You took one rate for all arms. Each arm is tuned by itself.",
        ),
        "the medians": (
            lambda errors: _median(np.where(np.isnan(errors), np.inf, errors)).min(1),
            "Those are the medians at the best rates. Asked is which rate it is: its index.",
        ),
        "counted from 1": (
            lambda errors: _chosen(_median)(errors) + 1,
            "You count the rates from 1. An index counts from 0.",
        ),
        "over arms": (
            lambda errors: _median(np.where(np.isnan(errors), np.inf, errors)).argmin(0),
            "That is the best arm for each rate. Asked is the best rate for each arm.",
        ),
    },
    prompt="Return an array with a whole number for each arm and run the cell again.",
)


def _tail(k: int, n: int) -> float:
    return sum(comb(n, j) for j in range(k, n + 1)) / 2**n


def _wins(a: np.ndarray, b: np.ndarray) -> int:
    return int((a < b).sum())


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
        "the other side": (
            (lambda a, b: 1 - _tail(_wins(a, b) + 1, len(a)), lambda a, b: _tail(_wins(b, a), len(a))),
            "That is how likely a coin lets a win so often or less. Asked is so often or more. The smaller error wins.",
        ),
        "complement": (
            lambda a, b: 1 - _tail(_wins(a, b), len(a)),
            "That is the probability of fewer. Asked is that of so many or more.",
        ),
        "two-sided": (
            lambda a, b: min(1.0, 2 * _tail(_wins(a, b), len(a))),
            "That is two-sided. Asked is one side: a at least so often the better one.",
        ),
        "not paired": (
            lambda a, b: _tail(_wins(np.sort(a), np.sort(b)), len(a)),
            "You sorted both. The errors belong together by their seed: compare a[i] with b[i].",
        ),
        "one path": (
            lambda a, b: 0.5 ** _wins(a, b),
            "That is the probability that so many given seeds all fall to a. They may be any of the n.",
        ),
        "the share": (
            lambda a, b: _wins(a, b) / len(a),
            "That is the share of seeds with which a is better. Asked is how likely chance does as well.",
        ),
        "all pairs": (
            lambda a, b: float((a[:, None] < b).mean()),
            "You compared every seed of a with every seed of b. Compare a[i] with b[i], and ask what a coin would do.",
        ),
        "the count": (
            lambda a, b: _wins(a, b),
            "That is with how many seeds a is better. Asked is how likely a coin does as well.",
        ),
    },
    prompt="Return a probability and run the cell again.",
)
