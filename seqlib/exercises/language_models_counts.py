"""The practice of chapter 10 that counts: one step of Kneser–Ney, and its continuation counts."""

from __future__ import annotations

import numpy as np

from seqlib.exercises.checker import Exercise

__all__ = ["continuation", "kneser_ney"]

_RNG = np.random.default_rng(11)


def _normed(p: np.ndarray) -> np.ndarray:
    return p / p.sum()


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
        "renormalised": (
            (
                lambda c, D, q: np.maximum(c - D, 0) / np.maximum(c - D, 0).sum(),
                lambda c, D, q: _normed(np.maximum(c - D, 0) + D * q),
                lambda c, D, q: _normed(np.maximum(c - D, 0) + D * len(c) * q),
                lambda c, D, q: _normed(c + D * (c > 0).sum() * q),
            ),
            "You made it sum to 1 by dividing. It does so by itself if the lower order gets just what was taken away.",
        ),
        "one type": (
            lambda c, D, q: (np.maximum(c - D, 0) + D * q) / c.sum(),
            "You gave D away once. It was taken from each kind of symbol that came: D times their number.",
        ),
        "all types": (
            lambda c, D, q: (np.maximum(c - D, 0) + D * len(c) * q) / c.sum(),
            "You gave D away once for each symbol there is. It was taken only from those that came.",
        ),
        "types that never came": (
            lambda c, D, q: (np.maximum(c - D, 0) + D * (c == 0).sum() * q) / c.sum(),
            "You multiplied by the number of symbols that never came. D was taken from those that did.",
        ),
        "different counts": (
            lambda c, D, q: (np.maximum(c - D, 0) + D * len(np.unique(c)) * q) / c.sum(),
            "You multiplied by how many different counts there are. It is how many symbols have a count above 0.",
        ),
        "not summed": (
            (
                lambda c, D, q: (np.maximum(c - D, 0) + D * (c > 0) * q) / c.sum(),
                lambda c, D, q: np.maximum(c - D, 0) + D * (c > 0) * q / c.sum(),
            ),
            "counts > 0 is True or False for each symbol. Their number is its sum, and all symbols get a share.",
        ),
        "whole numbers": (
            (
                lambda c, D, q: (np.maximum(c - D, 0).astype(int) + D * (c > 0).sum() * q) / c.sum(),
                lambda c, D, q: _step(c, D, q).astype(int),
            ),
            "You wrote into an array of whole numbers, and NumPy cut what you wrote. Make it one of floats.",
        ),
        "np.max": (
            lambda c, D, q: (np.max(c - D, 0) + D * (c > 0).sum() * q) / c.sum(),
            "np.max(x, 0) is the largest of x, along axis 0. np.maximum(x, 0) compares entry by entry.",
        ),
        "nothing taken": (
            lambda c, D, q: (c + D * (c > 0).sum() * q) / c.sum(),
            "Your counts are whole, so the sum is above 1. Subtract D from each that is not 0.",
        ),
        "plain mixture": (
            (
                lambda c, D, q: (1 - D) * c / c.sum() + D * q,
                lambda c, D, q: D * c / c.sum() + (1 - D) * q,
                lambda c, D, q: np.maximum(c - D, 0) / c.sum() + D * q,
                lambda c, D, q: np.maximum(c - D, 0) / c.sum() + (1 - D) * q,
            ),
            "You gave the lower order the weight D, or 1 - D. It is D times the number of kinds, over the total.",
        ),
        "only if unseen": (
            (
                lambda c, D, q: np.where(c > 0, c - D, D * (c > 0).sum() * q) / c.sum(),
                lambda c, D, q: np.where(c > 0, c - D, D * (c > 0).sum() * q / q[c == 0].sum()) / c.sum(),
            ),
            "You asked the lower order only for what never came. It is added to all: interpolation, not backing off.",
        ),
        "uniform": (
            lambda c, D, q: (np.maximum(c - D, 0) + D * (c > 0).sum() / len(c)) / c.sum(),
            "You gave to all symbols alike what was taken away. It is shared out as the lower order says.",
        ),
        "not normalised": (
            (
                lambda c, D, q: np.maximum(c - D, 0) + D * (c > 0).sum() * q,
                lambda c, D, q: np.maximum(c - D, 0) / c.sum() + D * (c > 0).sum() * q,
                lambda c, D, q: np.maximum(c - D, 0) + D * (c > 0).sum() * q / c.sum(),
            ),
            "Yours holds counts. Divide both terms by the total of the counts.",
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


def _different(pairs: np.ndarray) -> np.ndarray:
    return np.array([len(np.unique(column)) for column in pairs.T])


continuation = Exercise(
    "continuation",
    lambda pairs: (pairs > 0).sum(0) / (pairs > 0).sum(),
    [(_pairs(4),), (_pairs(5),), (_pairs(6),)],
    wrong={
        "counts": (
            (lambda pairs: pairs.sum(0) / pairs.sum(), lambda pairs: pairs.sum(0)),
            "You counted how often each symbol came. Count after how many different symbols it came.",
        ),
        "rows": (
            (
                lambda pairs: (pairs > 0).sum(1) / (pairs > 0).sum(),
                lambda pairs: (pairs > 0).sum(1),
                lambda pairs: (pairs > 0).mean(1),
            ),
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
            (lambda pairs: (pairs > 0).mean(0), lambda pairs: (pairs > 0).sum(0) / pairs.size),
            "You divided by how many there could be. Divide by the number of different pairs that came.",
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
            (
                lambda pairs: (pairs == 1).sum(0) / (pairs == 1).sum(),
                lambda pairs: (pairs > 1).sum(0) / (pairs > 1).sum(),
            ),
            "You left out pairs by how often they came. Each that came counts once, be it rare or frequent.",
        ),
        "different counts": (
            (lambda pairs: _normed(_different(pairs)), _different),
            "You counted the different numbers in a column. Count the rows in which it is not 0.",
        ),
        "not after itself": (
            lambda pairs: _normed((pairs > 0).sum(0) - (np.diag(pairs) > 0)),
            "You left out the diagonal. A symbol that came right after itself came after one more symbol.",
        ),
    },
    prompt="Return an array of shape (V,) and run the cell again.",
)
