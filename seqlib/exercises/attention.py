"""The practice of chapter 12, attention: right answers, and the usual wrong ones."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from seqlib.exercises._softmax import softmax
from seqlib.exercises.attention_alignment import aer
from seqlib.exercises.attention_context import attend
from seqlib.exercises.attention_gradient import attention_backward
from seqlib.exercises.attention_scores import additive_scores
from seqlib.exercises.attention_step import luong_step
from seqlib.exercises.checker import Exercise

__all__ = ["additive_scores", "aer", "attend", "attention_backward", "luong_step", "masked_softmax"]

_T, _F = True, False
_SMALL = (1e-20, 1e-16, np.finfo(float).eps, 1e-15, 1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5)


def _log_softmax(e: np.ndarray) -> np.ndarray:
    shifted = e - e.max(-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))


def _guarded(p: np.ndarray, axis: int | tuple[int, ...] | None = -1) -> np.ndarray:
    """Each row over its sum; one that adds up to 0 stays 0."""
    total = p.sum(axis, keepdims=True)
    return p / np.where(total == 0, 1, total)


def _exp(scores: np.ndarray, mask: np.ndarray, top: np.ndarray | float) -> np.ndarray:
    """The exponentials where the mask is True, `top` taken off before."""
    return np.exp(np.where(mask, scores - top, -np.inf))


def _top(scores: np.ndarray, mask: np.ndarray, axis: int | tuple[int, ...] | None = -1) -> np.ndarray:
    """The largest score that counts; 0 where none does."""
    top = np.where(mask, scores, -np.inf).max(axis, keepdims=True)
    return np.where(np.isfinite(top), top, 0)


def _right(scores: np.ndarray, mask: np.ndarray, axis: int | tuple[int, ...] | None = -1) -> np.ndarray:
    return _guarded(_exp(scores, mask, _top(scores, mask, axis)), axis)


def _shares(p: np.ndarray) -> np.ndarray:
    return p / p.sum(-1, keepdims=True)


def _largest(scores: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """1 at the largest score that counts."""
    return 1.0 * (mask & (scores == _top(scores, mask)))


def _plus(p: np.ndarray, epsilon: float) -> np.ndarray:
    """Each row over its sum, which a small number keeps from being 0."""
    return p / (p.sum(-1, keepdims=True) + epsilon)


def _at_least(p: np.ndarray, epsilon: float) -> np.ndarray:
    """Each row over its sum, which is taken for a small number where it is smaller."""
    return p / np.maximum(p.sum(-1, keepdims=True), epsilon)


def _with_epsilon(epsilon: float, *, inside: bool = False) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    """No score is taken off, and a small number keeps the sum from being 0."""

    def weights(scores: np.ndarray, mask: np.ndarray) -> np.ndarray:
        p = _exp(scores, mask, 0) if inside else np.exp(scores) * mask
        return _plus(p, epsilon)

    return weights


def _swallowed(epsilon: float) -> tuple:
    """A small number in the sum, after the largest score has been taken off, though it may not count."""
    return (
        lambda scores, mask: _plus(_exp(scores, mask, scores.max(-1, keepdims=True)), epsilon),
        lambda scores, mask: _plus(_exp(scores, mask, (scores * mask).max(-1, keepdims=True)), epsilon),
        lambda scores, mask: _at_least(_exp(scores, mask, scores.max(-1, keepdims=True)), epsilon),
    )


def _over(axis: int | tuple[int, ...] | None) -> tuple:
    """The softmax over another axis, with what people put under the mask."""
    return (
        lambda scores, mask: _right(scores, mask, axis),
        lambda scores, mask: softmax(np.where(mask, scores, -np.inf), axis),
        lambda scores, mask: softmax(np.where(mask, scores, -1e9), axis),
        lambda scores, mask: np.where(mask, softmax(np.where(mask, scores, -1e9), axis), 0),
        lambda scores, mask: _exp(scores, mask, 0) / _exp(scores, mask, 0).sum(axis, keepdims=True),
    )


masked_softmax = Exercise(
    "masked_softmax",
    _right,
    [
        (
            np.array([[[0.5, -1.0, 2.0], [1.5, 0.25, -0.5]], [[-0.75, 1.0, 0.5], [2.5, 0.5, 1.25]]]),
            np.array([[[_T, _T, _F], [_T, _F, _T]], [[_F, _F, _F], [_F, _T, _T]]]),
        ),
        (
            np.array([[[1.0, -2.0, 0.5, 1.75], [0.0, 1.25, -1.0, 2.25], [-0.5, 2.0, 0.75, 1.5]]]),
            np.array([[[_T, _T, _T, _F], [_F, _T, _F, _T], [_T, _T, _T, _T]]]),
        ),
        # exp overflows; exp is 0 everywhere; a large score under the mask; scores that lie far apart
        (
            np.array([[[800.25, 799.5, 801.0], [-999.5, -1.5, -1000.0]]]),
            np.array([[[_T, _T, _F], [_T, _F, _T]]]),
        ),
        (np.array([[[0.5, -300.5, -301.25]]]), np.array([[[_F, _T, _T]]])),
        (np.array([[[900.0, 1.5, 0.25], [1.0, 0.5, 950.0]]]), np.array([[[_F, _T, _T], [_T, _T, _F]]])),
        (np.array([[[-1000.0, -999.25, 600.5, 1.5]]]), np.array([[[_T, _T, _T, _F]]])),
    ],
    wrong={
        "NaN where nothing is allowed": (
            lambda scores, mask: _shares(_exp(scores, mask, _top(scores, mask))),
            "Where the mask allows nothing, yours is 0 / 0, NaN. The weights of such a row are 0.",
        ),
        "weights where nothing is allowed": (
            (
                lambda scores, mask: softmax(np.where(mask, scores, -1e9)),
                lambda scores, mask: softmax(scores - 1e9 * ~mask),
                lambda scores, mask: np.where(mask.any(-1, keepdims=True), _right(scores, mask), 1),
            ),
            "A row in which nothing is allowed still gets weights: the same large negative number everywhere is as "
            "good as none. Set such a row to 0.",
        ),
        "not renormalised": (
            (
                lambda scores, mask: np.where(mask, softmax(scores), 0),
                lambda scores, mask: np.where(mask, _shares(np.exp(scores)), 0),
                lambda scores, mask: _shares(np.exp(scores)) * mask,
            ),
            "You took the softmax of all scores and then set some weights to 0: the rest no longer adds up to 1. "
            "The mask comes before the sum.",
        ),
        "0 under the mask": (
            (
                lambda scores, mask: softmax(np.where(mask, scores, 0)),
                lambda scores, mask: softmax(np.where(mask, scores, 0)) * mask,
                lambda scores, mask: _shares(np.exp(np.where(mask, scores, 0))),
                lambda scores, mask: _shares(np.exp(np.where(mask, scores, 0))) * mask,
            ),
            "You set scores to 0 under the mask, and exp(0) is 1: they get weight, or stay in the sum. "
            "Leave out their exponentials.",
        ),
        "mask turned over": (
            (
                lambda scores, mask: _right(scores, ~mask),
                lambda scores, mask: softmax(np.where(mask, -np.inf, scores)),
                lambda scores, mask: softmax(np.where(mask, -1e9, scores)),
                lambda scores, mask: np.where(mask, 0, softmax(np.where(mask, -1e9, scores))),
                lambda scores, mask: _shares(_exp(scores, ~mask, 0)),
            ),
            "You turned the mask over. True is for what may be attended to.",
        ),
        "another axis": (
            (*_over(1), *_over(0), *_over(None), *_over((1, 2))),
            "Your weights add up to 1 along another axis. Each query shares out its weights among the S places: "
            "the last axis.",
        ),
        "mask not used": (
            (lambda scores, mask: softmax(scores), lambda scores, mask: _shares(np.exp(scores))),
            "You did not use the mask. Where it is False, the weight is 0.",
        ),
        "overflow": (
            (
                lambda scores, mask: _guarded(_exp(scores, mask, 0)),
                lambda scores, mask: _shares(_exp(scores, mask, 0)),
                lambda scores, mask: np.nan_to_num(_shares(_exp(scores, mask, 0))),
                lambda scores, mask: np.where(mask.any(-1, keepdims=True), _shares(_exp(scores, mask, 0)), 0),
                lambda scores, mask: np.where(mask, _shares(_exp(scores, mask, 0)), 0),
                lambda scores, mask: _guarded(np.exp(scores) * mask),
                lambda scores, mask: _shares(np.exp(scores) * mask),
                lambda scores, mask: _guarded(np.exp(np.clip(scores, -500, 500)) * mask),
                lambda scores, mask: np.nan_to_num(_shares(np.exp(scores) * mask)),
                *(_with_epsilon(epsilon) for epsilon in _SMALL),
                *(_with_epsilon(epsilon, inside=True) for epsilon in _SMALL),
            ),
            "exp(800) is infinite and exp(-900) is 0. Take the largest score that counts off each row first: "
            "the weights stay the same.",
        ),
        "largest of all": (
            (
                lambda scores, mask: _guarded(_exp(scores, mask, scores.max(-1, keepdims=True))),
                lambda scores, mask: _shares(_exp(scores, mask, scores.max(-1, keepdims=True))),
                lambda scores, mask: np.nan_to_num(_shares(_exp(scores, mask, scores.max(-1, keepdims=True)))),
                lambda scores, mask: np.where(mask, _shares(_exp(scores, mask, scores.max(-1, keepdims=True))), 0),
                lambda scores, mask: _guarded(softmax(scores) * mask),
                lambda scores, mask: _shares(softmax(scores) * mask),
                lambda scores, mask: _guarded(_exp(scores, mask, scores.max())),
                lambda scores, mask: _guarded(_exp(scores, mask, _top(scores, mask, None))),
                lambda scores, mask: _shares(_exp(scores, mask, _top(scores, mask, None))),
                lambda scores, mask: np.nan_to_num(_shares(_exp(scores, mask, _top(scores, mask, None)))),
                lambda scores, mask: _guarded(_exp(scores, mask, scores.max((1, 2), keepdims=True))),
                lambda scores, mask: _guarded(_exp(scores, mask, (scores * mask).max(-1, keepdims=True))),
                lambda scores, mask: _shares(_exp(scores, mask, (scores * mask).max(-1, keepdims=True))),
                lambda scores, mask: _guarded(_exp(scores, mask, abs(scores).max(-1, keepdims=True))),
            ),
            "The number that you take off is not the largest of those in the row that count. One under the mask, or "
            "in another row, can be so much larger that every exponential is 0.",
        ),
        "sum swallowed": (
            tuple(made for epsilon in _SMALL for made in _swallowed(epsilon)),
            "The number that you take off is not the largest of those in the row that count. With a much larger one "
            "under the mask, all exponentials that count are tiny, and the small number that you add to their sum "
            "swallows them: the weights come out as 0. Take off the largest that counts.",
        ),
        "smallest taken off": (
            (
                lambda scores, mask: _guarded(_exp(scores, mask, scores.min(-1, keepdims=True))),
                lambda scores, mask: np.nan_to_num(_shares(_exp(scores, mask, scores.min(-1, keepdims=True)))),
            ),
            "You take the smallest score off each row, or the mean, which leaves exponents that are too large. "
            "Take off the largest that counts.",
        ),
        "no exponential": (
            (
                lambda scores, mask: _shares(np.where(mask, scores, 0)),
                lambda scores, mask: np.nan_to_num(_shares(np.where(mask, scores, 0))),
                lambda scores, mask: _guarded(np.where(mask, scores, 0)),
            ),
            "You divided the scores themselves by their sum. Take their exponentials first.",
        ),
        "not divided": (
            (
                lambda scores, mask: _exp(scores, mask, 0),
                lambda scores, mask: np.exp(scores) * mask,
                lambda scores, mask: _exp(scores, mask, _top(scores, mask)),
            ),
            "Those are exponentials. Divide each row by its sum.",
        ),
        "all alike": (
            (lambda scores, mask: _guarded(1.0 * mask), lambda scores, mask: _shares(1.0 * mask)),
            "You share out the weight evenly. It goes by the exponentials of the scores.",
        ),
        "largest alone": (_largest, "You give all the weight to the largest score. That is a hard maximum."),
        "logarithms": (
            (
                lambda scores, mask: np.log(_right(scores, mask)),
                lambda scores, mask: np.log(_shares(_exp(scores, mask, _top(scores, mask)))),
                lambda scores, mask: np.log(softmax(np.where(mask, scores, -1e9))),
                lambda scores, mask: _log_softmax(np.where(mask, scores, -np.inf)),
                lambda scores, mask: _log_softmax(np.where(mask, scores, -1e9)),
            ),
            "Those are the logarithms of the weights. Asked for are the weights.",
        ),
        "mask too weak": (
            (
                lambda scores, mask: softmax(np.where(mask, scores, -100)),
                lambda scores, mask: softmax(np.where(mask, scores, -100)) * mask,
                lambda scores, mask: softmax(np.where(mask, scores, -10)),
                lambda scores, mask: softmax(np.where(mask, scores, -1000)),
                lambda scores, mask: softmax(np.where(mask, scores, -1000)) * mask,
                lambda scores, mask: softmax(scores - 100 * ~mask),
            ),
            "The number that you put under the mask is not small enough: a score that counts can be smaller.",
        ),
    },
    prompt="Return an array of shape (B, T, S) and run the cell again.",
)
