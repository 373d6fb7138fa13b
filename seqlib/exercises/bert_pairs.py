"""The practice of chapter 14: whether two sentences belong together, said by a reader who has a belief about each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from seqlib.exercises.checker import Exercise

__all__ = ["same_topic"]

_RNG = np.random.default_rng(2020)
Array = np.ndarray


def _beliefs(B: int, Z: int, share: float) -> tuple[Array, Array, float]:
    b, c = _RNG.dirichlet(np.full(Z, 0.8), (2, B)).round(3)
    b[:, -1] += 1 - b.sum(1)
    c[:, -1] += 1 - c.sum(1)
    return b, c, share


def _agree(b: Array, c: Array) -> Array:
    """How probable it is that both have one topic, if neither depends on the other: (B,)."""
    s: Array = (b * c).sum(1)
    return s


def _odds(other: Callable[[Array, int], Any], mine: Callable[[Array, int], Any] = lambda s, Z: s) -> Callable[..., Any]:
    """share · mine against (1 - share) · other, both of s and Z."""

    def answer(b: Array, c: Array, share: float) -> Any:
        s, Z = _agree(b, c), b.shape[1]
        together = share * mine(s, Z)
        return together / (together + (1 - share) * other(s, Z))

    return answer


def _of(s: Callable[[Array, Array], Array]) -> Callable[..., Any]:
    """Another s."""

    def answer(b: Array, c: Array, share: float) -> Any:
        agree = s(b, c)
        return share * agree / (share * agree + (1 - share) * (1 - agree) / (b.shape[1] - 1))

    return answer


def _plain(formula: Callable[[Array, int, float], Any]) -> Callable[..., Any]:
    """Something else made of s, Z and the share."""
    return lambda b, c, share: formula(_agree(b, c), b.shape[1], share)


def _cosine(b: Array, c: Array) -> Array:
    return _agree(b, c) / np.sqrt(_agree(b, b) * _agree(c, c))


def _best(b: Array) -> Array:
    return (b == b.max(1, keepdims=True)) * 1.0


_right = _odds(lambda s, Z: (1 - s) / (Z - 1))


def _swapped(b: Array, c: Array, share: float) -> Any:
    return _right(b, c, 1 - share)


def _even(b: Array, c: Array, share: float) -> Any:
    return _right(b, c, 0.5)


same_topic = Exercise(
    "same_topic",
    _right,
    [_beliefs(4, 3, 0.3), _beliefs(3, 3, 0.8), _beliefs(5, 8, 0.6)],
    wrong={
        "as if independent": (
            _plain(lambda s, Z, share: s),
            "That is s, the answer if the topics of both were drawn one by one. Half of what is drawn here belongs "
            "together, or another share: weigh s against (1 − s)/(Z − 1).",
        ),
        "pairs not counted": (
            (_odds(lambda s, Z: 1 - s), _plain(lambda s, Z, share: share * s + (1 - share) * (1 - s))),
            "Z − 1 other topics share what does not belong together: divide 1 − s by Z − 1.",
        ),
        "divided by Z": (
            _odds(lambda s, Z: (1 - s) / Z),
            "Of Z topics one is that of the first sentence: Z − 1 are left, not Z.",
        ),
        "same by chance": (
            _odds(lambda s, Z: 1 / Z),
            "You let the second sentence be one of the same topic by chance. Here it never is: only z' ≠ z, which has "
            "the weight 1 − s.",
        ),
        "pairs of topics": (
            (
                _odds(lambda s, Z: (1 - s) / (Z * (Z - 1))),
                _odds(lambda s, Z: (1 - s) / (Z - 1), lambda s, Z: s / Z),
                _odds(lambda s, Z: (1 - s) / (Z * (Z - 1) / 2)),
            ),
            "The first topic is one of Z either way: that factor is in both, and cancels.",
        ),
        "share forgotten": (
            _even,
            "The share is missing: it says how many pairs belong together before anything is read.",
        ),
        "share swapped": (
            _swapped,
            "The share belongs to the pairs of one topic, 1 − share to the others.",
        ),
        "not normalised": (
            (
                _plain(lambda s, Z, share: share * s),
                _plain(lambda s, Z, share: share * s * Z),
            ),
            "That is one of two weights. Divide it by their sum.",
        ),
        "odds": (
            _plain(lambda s, Z, share: share * s / ((1 - share) * (1 - s) / (Z - 1))),
            "Those are the odds, o. The probability is o/(1 + o).",
        ),
        "logarithm": (
            (
                lambda b, c, share: np.log(_right(b, c, share)),
                _plain(lambda s, Z, share: np.log(share * s) - np.log((1 - share) * (1 - s) / (Z - 1))),
            ),
            "That is a logarithm. Return the probability.",
        ),
        "others": (
            lambda b, c, share: 1 - _right(b, c, share),
            "That is the probability that they do not belong together.",
        ),
        "best topics": (
            (
                _of(lambda b, c: _agree(_best(b), _best(c))),
                lambda b, c, share: b.argmax(1) == c.argmax(1),
            ),
            "You compared the likeliest topics alone. s is a sum over all of them: Σ b(z) c(z).",
        ),
        "cosine": (
            (_of(_cosine), lambda b, c, share: _cosine(b, c)),
            "That is a cosine. s is the sum of the products alone.",
        ),
        "largest product": (
            (_of(lambda b, c: (b * c).max(1)), _of(lambda b, c: (b * c).mean(1))),
            "Add up the products over all topics, for they may agree in any.",
        ),
        "whole batch": (
            (
                _of(lambda b, c: np.full(len(b), (b * c).sum())),
                _of(lambda b, c: (b @ c.T).sum(1)),
                lambda b, c, share: (b * c).sum() * share / ((b * c).sum() * share + (1 - share) * (1 - (b * c).sum())),
            ),
            "You mixed the pairs of the batch. Each row of b belongs to the same row of c.",
        ),
        "square": (
            lambda b, c, share: (
                share * (b @ c.T) / (share * (b @ c.T) + (1 - share) * (1 - b @ c.T) / (b.shape[1] - 1))
            ),
            "That is (B, B), every first sentence against every second. Only the pairs are asked for: its diagonal.",
        ),
    },
    prompt="Return an array of shape (B,) and run the cell again.",
)
