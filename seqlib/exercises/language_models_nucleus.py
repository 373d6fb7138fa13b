"""The practice of chapter 10 that cuts: the nucleus of a distribution."""

from __future__ import annotations

from typing import Any

import numpy as np

from seqlib.exercises.checker import Exercise

__all__ = ["nucleus"]


def _normed(p: np.ndarray) -> np.ndarray:
    return p / p.sum()


def _kept(choose: Any) -> Any:
    """Keeps those whose rank is below choose(sorted p, its cumulative sum, mass), divided by their sum."""

    def answer(p: np.ndarray, mass: float) -> np.ndarray:
        order = np.argsort(-p)
        k = choose(p[order], p[order].cumsum(), mass)
        kept = np.zeros_like(p)
        kept[order[:k]] = p[order[:k]]
        return _normed(kept)

    return answer


def _enough(sorted_p: np.ndarray, total: np.ndarray, mass: float) -> int:
    return int((total < mass).sum()) + 1


def _below(sorted_p: np.ndarray, total: np.ndarray, mass: float) -> int:
    return int((total <= mass).sum())  # 0 if the most probable one alone has more


def _below_mass(p: np.ndarray, mass: float, each: bool = True) -> np.ndarray:
    order = np.argsort(-p)
    keep = order[p[order].cumsum() <= mass]
    kept = np.zeros_like(p)
    kept[keep] = p[keep] / p[keep].sum() if each else p[keep]
    return kept


def _raw(p: np.ndarray, mass: float) -> np.ndarray:
    return np.where(_right(p, mass) > 0, p, 0.0)


def _in_order(p: np.ndarray, mass: float) -> np.ndarray:
    return _normed(np.where(np.arange(len(p)) < int((p.cumsum() < mass).sum()) + 1, p, 0))


def _sorted(p: np.ndarray, mass: float) -> np.ndarray:
    return np.sort(_right(p, mass))[::-1].copy()


def _alone(p: np.ndarray, mass: float) -> np.ndarray:
    kept = _right(p, mass)
    return kept[kept > 0]


def _mask_misplaced(p: np.ndarray, mass: float) -> np.ndarray:
    return _normed(np.where(_sorted(p, mass) > 0, p, 0))


def _least(p: np.ndarray, mass: float) -> np.ndarray:
    order = np.argsort(p)
    k = _enough(p[order], p[order].cumsum(), mass)
    kept = np.zeros_like(p)
    kept[order[:k]] = p[order[:k]]
    return _normed(kept)


_right = _kept(_enough)
_LISTS = (
    [0.05, 0.4, 0.1, 0.25, 0.2],
    [0.31, 0.02, 0.49, 0.09, 0.05, 0.04],
    [0.12, 0.28, 0.13, 0.2, 0.27],
    [0.11, 0.62, 0.07, 0.2],
)
nucleus = Exercise(
    "nucleus",
    _right,
    [(np.array(p), mass) for p, mass in zip(_LISTS, (0.7, 0.9, 0.6, 0.5), strict=True)],
    wrong={
        "one too few": (
            (
                _kept(lambda p, total, mass: max(int((total <= mass).sum()), 1)),
                _kept(_below),
                _below_mass,
                lambda p, mass: _below_mass(p, mass, each=False),
                lambda p, mass: _below_mass(p, mass, each=False) / mass,
            ),
            "Together yours are less probable than mass. The token that reaches it belongs to the nucleus.",
        ),
        "one too many": (
            _kept(lambda p, total, mass: min(_enough(p, total, mass) + 1, len(p))),
            "You kept a token after mass was reached. The set is the smallest that reaches it.",
        ),
        "not normalised": (_raw, "You kept the right ones, but they do not sum to 1. Divide by their sum."),
        "in order of ids": (
            (_in_order, lambda p, mass: _normed(np.where(p.cumsum() <= mass, p, 0))),
            "You added the probabilities in the order of the ids. Add them from the most probable down.",
        ),
        "sorted": (
            _sorted,
            "Your probabilities are in order of size. Each has to stand at the id of its token.",
        ),
        "the kept ones alone": (
            (
                lambda p, mass: _alone(p, mass),
                lambda p, mass: np.sort(_alone(p, mass))[::-1].copy(),
                lambda p, mass: p[_right(p, mass) > 0],
                lambda p, mass: np.sort(p[_right(p, mass) > 0])[::-1].copy(),
            ),
            "Yours holds only what was kept. Asked for is a number for each of the V symbols, 0 for the others.",
        ),
        "order mixed up": (
            (_mask_misplaced, lambda p, mass: _sorted(p, mass)[np.argsort(-p)]),
            "Your order is mixed up. With order = argsort(-p), p[order] is sorted, and kept[order] = ... puts back.",
        ),
        "the least probable": (_least, "You began with the least probable token. Begin with the most probable."),
        "divided by mass": (
            lambda p, mass: _raw(p, mass) / mass,
            "You divided by mass. What was kept sums to more than that: divide by its own sum.",
        ),
        "top k": (
            tuple(
                _kept(lambda p, total, mass, whole=whole: max(int(whole(mass * len(p))), 1))
                for whole in (np.ceil, np.floor, np.round)
            ),
            "You kept a share of the tokens. It is their probability that has to reach mass.",
        ),
        "a threshold": (
            (
                _kept(lambda p, total, mass: int((p >= 1 - mass).sum())),
                _kept(lambda p, total, mass: int((p >= mass).sum())),
                _kept(lambda p, total, mass: int((p >= mass * p.max()).sum())),
                _kept(lambda p, total, mass: int((p >= (1 - mass) * p.max()).sum())),
            ),
            "You compared each probability with a bound. Add them up, from the most probable down.",
        ),
        "softmax": (
            lambda p, mass: _normed(np.exp(_right(p, mass))),
            "You took a softmax of probabilities, and nothing is 0 any more. Divide by the sum.",
        ),
        "ids": (
            (
                lambda p, mass: np.flatnonzero(_right(p, mass)),
                lambda p, mass: np.argsort(-p)[: int((_right(p, mass) > 0).sum())],
            ),
            "Those are the ids of the nucleus. Asked for is the distribution, with 0 at all others.",
        ),
    },
    prompt="Return an array of shape (V,) and run the cell again.",
)
