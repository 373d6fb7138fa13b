"""The practice of chapter 10 that counts: one step of Kneser–Ney, and its continuation counts."""

from __future__ import annotations

import numpy as np

from seqlib.exercises.checker import Exercise

__all__ = ["continuation", "kneser_ney"]

_RNG = np.random.default_rng(11)


def _step(counts: np.ndarray, D: float, lower: np.ndarray) -> np.ndarray:
    return (np.maximum(counts - D, 0) + D * (counts > 0).sum() * lower) / counts.sum()


def _case(counts: list[int], D: float) -> tuple[np.ndarray, float, np.ndarray]:
    return np.array(counts), D, _RNG.dirichlet(np.ones(len(counts)))


kneser_ney = Exercise(
    "kneser_ney",
    _step,
    [_case([3, 0, 1, 0, 2], 0.7), _case([0, 5, 1, 1], 0.4), _case([2, 0, 0, 9, 0, 1], 0.9)],
    wrong={
        "below zero": (
            lambda c, D, q: (c - D + D * (c > 0).sum() * q) / c.sum(),
            "A count of 0 became negative in yours. Subtract D only where there is a count: max(count - D, 0).",
        ),
        "no lower order": (
            lambda c, D, q: np.maximum(c - D, 0) / c.sum(),
            "What the discount took away is lost in yours. It goes to the lower order.",
        ),
        "one type": (
            lambda c, D, q: (np.maximum(c - D, 0) + D * q) / c.sum(),
            "You gave D away once. It was taken from each kind of symbol that came: D times their number.",
        ),
        "all types": (
            lambda c, D, q: (np.maximum(c - D, 0) + D * len(c) * q) / c.sum(),
            "You gave D away once for each symbol there is. It was taken only from those that came.",
        ),
        "nothing taken": (
            lambda c, D, q: (c + D * (c > 0).sum() * q) / c.sum(),
            "Your counts are whole, so the sum is above 1. Subtract D from each that is not 0.",
        ),
        "plain mixture": (
            lambda c, D, q: (1 - D) * c / c.sum() + D * q,
            "You mixed with the weight D. What the lower order gets is D times the number of kinds, over the total.",
        ),
        "only if unseen": (
            lambda c, D, q: np.where(c > 0, c - D, D * (c > 0).sum() * q) / c.sum(),
            "You asked the lower order only for what never came. It is added to all: interpolation, not backing off.",
        ),
        "uniform": (
            lambda c, D, q: (np.maximum(c - D, 0) + D * (c > 0).sum() / len(c)) / c.sum(),
            "You gave to all symbols alike what was taken away. It is shared out as the lower order says.",
        ),
        "not normalised": (
            lambda c, D, q: np.maximum(c - D, 0) + D * (c > 0).sum() * q,
            "Yours are counts. Divide by the total of the counts.",
        ),
        "wrong total": (
            lambda c, D, q: np.maximum(c - D, 0) / np.maximum(c - D, 0).sum() + D * (c > 0).sum() * q / c.sum(),
            "You divided by what is left of the counts. Divide both terms by the total before the discount.",
        ),
        "discount once": (
            lambda c, D, q: (c * (1 - D / c.sum()) + D * (c > 0).sum() * q) / c.sum(),
            "You took D from the total. It is taken from each count that is not 0.",
        ),
    },
    prompt="Return an array of shape (V,) and run the cell again.",
)


def _pairs(V: int) -> np.ndarray:
    return _RNG.poisson(0.9, (V, V)) * _RNG.integers(1, 9, (V, V)) + np.eye(V, k=1, dtype=int)


continuation = Exercise(
    "continuation",
    lambda pairs: (pairs > 0).sum(0) / (pairs > 0).sum(),
    [(_pairs(4),), (_pairs(5),), (_pairs(6),)],
    wrong={
        "counts": (
            lambda pairs: pairs.sum(0) / pairs.sum(),
            "You counted how often each symbol came. Count after how many different symbols it came.",
        ),
        "rows": (
            lambda pairs: (pairs > 0).sum(1) / (pairs > 0).sum(),
            "You counted how many different symbols follow. Asked for is how many come before: the columns.",
        ),
        "counts of rows": (
            lambda pairs: pairs.sum(1) / pairs.sum(),
            "You added up rows: how often a symbol came first. Count the different ones before it, in its column.",
        ),
        "not normalised": (
            lambda pairs: (pairs > 0).sum(0),
            "Those are the numbers of different predecessors. Divide by their sum.",
        ),
        "share of symbols": (
            lambda pairs: (pairs > 0).mean(0),
            "You divided by the number of symbols. Divide by the number of different pairs, so that the sum is 1.",
        ),
        "per occurrence": (
            lambda pairs: (pairs > 0).sum(0) / pairs.sum(0),
            "You divided by how often the symbol came. Divide by the number of different pairs.",
        ),
        "over all pairs seen": (
            lambda pairs: (pairs > 0).sum(0) / pairs.sum(),
            "You divided by the number of pairs in the text. Divide by the number of different ones.",
        ),
        "once": (
            lambda pairs: (pairs == 1).sum(0) / (pairs == 1).sum(),
            "You counted the pairs that came once. Those that came more often are predecessors too.",
        ),
    },
    prompt="Return an array of shape (V,) and run the cell again.",
)
