"""The practice of chapter 12: the way back through a context, to the scores and to the values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from seqlib.exercises.checker import Exercise

__all__ = ["attention_backward"]

_RNG = np.random.default_rng(12)
Array = np.ndarray


def _case(B: int, T: int, S: int, Dv: int, lengths: list[int]) -> tuple[Array, Array, Array]:
    p = np.exp(_RNG.normal(0, 1, (B, T, S))) * (np.arange(S) < np.reshape(lengths, (-1, 1, 1)))
    dcontext, values = _RNG.uniform(-1.5, 1.5, (B, T, Dv)), _RNG.uniform(-1.5, 1.5, (B, S, Dv))
    return dcontext.round(2), p / p.sum(-1, keepdims=True), values.round(2)


def _dweights(dcontext: Array, values: Array) -> Array:
    return dcontext @ values.swapaxes(1, 2)


def _dscores(weights: Array, dweights: Array) -> Array:
    return weights * (dweights - (weights * dweights).sum(-1, keepdims=True))


def _dvalues(dcontext: Array, weights: Array) -> Array:
    return weights.swapaxes(1, 2) @ dcontext


def _right(dcontext: Array, weights: Array, values: Array) -> tuple[Array, Array]:
    return _dscores(weights, _dweights(dcontext, values)), _dvalues(dcontext, weights)


def _scores(formula: Callable[[Array, Array], Array]) -> Callable[..., tuple[Array, Array]]:
    """Another dscores, of the weights and their gradient."""
    return lambda dcontext, weights, values: (
        formula(weights, _dweights(dcontext, values)),
        _dvalues(dcontext, weights),
    )


def _values(formula: Callable[[Array, Array], Array]) -> Callable[..., tuple[Array, Array]]:
    """Another dvalues, of dcontext and the weights."""
    return lambda dcontext, weights, values: (
        _dscores(weights, _dweights(dcontext, values)),
        formula(dcontext, weights),
    )


def _sum(axis: Any, keepdims: bool = True) -> Callable[..., tuple[Array, Array]]:
    """The sum over another axis; without keepdims it stops with a ValueError, unless the sizes happen to fit."""
    return _scores(lambda a, da: a * (da - (a * da).sum(axis, keepdims=keepdims)))


attention_backward = Exercise(
    "attention_backward",
    _right,
    [_case(2, 3, 4, 2, [3, 4]), _case(3, 3, 3, 3, [3, 2, 3]), _case(3, 2, 4, 3, [4, 2, 3])],
    wrong={
        "sum left out": (
            _scores(lambda a, da: a * da),
            "You left out the sum. A weight grows at the cost of the others: from each dα, the gradient with respect "
            "to a weight, take their mean, weighted by the weights.",
        ),
        "no softmax": (
            _scores(lambda a, da: da),
            "Your dscores is the gradient with respect to the weights. Take it on through the softmax.",
        ),
        "weights are constants": (
            (
                _scores(lambda a, da: 0 * da),
                lambda dcontext, weights, values: (0 * weights, _dvalues(dcontext, weights)),
            ),
            "You took the weights for constants. They depend on the scores, and the context on them.",
        ),
        "sum over another axis": (
            (_sum(1), _sum(0), _sum(None), _sum((1, 2)), _sum((0, 1))),
            "Your sum is over another axis. The softmax of each query is over the S places: the last axis.",
        ),
        "axis lost": (
            (
                _sum(-1, keepdims=False),
                _sum(1, keepdims=False),
                _scores(lambda a, da: a * (da - (a * da).sum(-1)[:, None])),
            ),
            "Your sum has lost its axis, and what is left of it lies along the wrong one. Use keepdims=True.",
        ),
        "own share alone": (
            (
                _scores(lambda a, da: a * (1 - a) * da),
                _scores(lambda a, da: a * (da - a * da)),
            ),
            "α (1 - α) is the diagonal of the softmax's Jacobian. A score changes the other weights as well.",
        ),
        "sum without weights": (
            (
                _scores(lambda a, da: a * (da - da.sum(-1, keepdims=True))),
                _scores(lambda a, da: a * (da - da.mean(-1, keepdims=True))),
                _scores(lambda a, da: a * da - da.sum(-1, keepdims=True)),
                _scores(lambda a, da: da - da.mean(-1, keepdims=True)),
            ),
            "In the sum each dα, the gradient with respect to a weight, is multiplied by that weight.",
        ),
        "log-softmax": (
            _scores(lambda a, da: da - a * da.sum(-1, keepdims=True)),
            "That is the way back through a log-softmax. The weights are no logarithms.",
        ),
        "weight left out in front": (
            _scores(lambda a, da: da - (a * da).sum(-1, keepdims=True)),
            "The weight in front of the bracket is missing: a place of weight 0 gets no gradient.",
        ),
        "sum not weighted": (
            _scores(lambda a, da: a * da - (a * da).sum(-1, keepdims=True)),
            "The weight stands before the whole bracket: it multiplies the sum as well.",
        ),
        "added": (
            _scores(lambda a, da: a * (da + (a * da).sum(-1, keepdims=True))),
            "The sum is taken off, not added.",
        ),
        "mean of the products": (
            _scores(lambda a, da: a * (da - (a * da).mean(-1, keepdims=True))),
            "You took the mean of α dα. The weights add up to 1, so the sum of α dα is a mean already.",
        ),
        "sign": (
            (
                _scores(lambda a, da: -_dscores(a, da)),
                lambda *given: tuple(-x for x in _right(*given)),
            ),
            "The sign is wrong.",
        ),
        "values without dcontext": (
            lambda dcontext, weights, values: (
                _dscores(weights, np.broadcast_to(values.sum(-1)[:, None], weights.shape)),
                _dvalues(dcontext, weights),
            ),
            "dcontext is missing from your dscores: the gradient of weight i is its product with value i.",
        ),
        "values not transposed": (
            lambda dcontext, weights, values: (
                _dscores(weights, dcontext @ values),
                _dvalues(dcontext, weights),
            ),
            "The gradient of weight i is dcontext times value i: dcontext @ values transposed, (B, T, S).",
        ),
        "weights not transposed": (
            (
                _values(lambda dcontext, weights: weights @ dcontext),
                lambda dcontext, weights, values: (_dscores(weights, dcontext @ values), weights @ dcontext),
            ),
            "dvalues is (B, S, Dv): each value collects from all queries. On the way back the weights are transposed.",
        ),
        "no weights in dvalues": (
            (
                _values(lambda dcontext, weights: np.ones_like(weights).swapaxes(1, 2) @ dcontext),
                _values(lambda dcontext, weights: dcontext),
            ),
            "A value gets dcontext by its weight. You left out the weights.",
        ),
        "mean over queries": (
            (
                _values(lambda dcontext, weights: _dvalues(dcontext, weights) / weights.shape[1]),
                _values(lambda dcontext, weights: _dvalues(dcontext, weights) / weights.shape[2]),
            ),
            "You took a mean over the queries. Their gradients are added up.",
        ),
        "queries not added up": (
            _values(lambda dcontext, weights: weights[..., None] * dcontext[:, :, None]),
            "Your dvalues has the axis of the queries still. Add up over it.",
        ),
        "one query": (
            (
                _values(lambda dcontext, weights: weights[:, -1, :, None] * dcontext[:, -1, None]),
                _values(lambda dcontext, weights: weights[:, 0, :, None] * dcontext[:, 0, None]),
            ),
            "Your dvalues is what comes from one query. Those of all queries are added up.",
        ),
        "values for dvalues": (
            (
                lambda *given: (_right(*given)[0], given[1] @ given[2]),
                lambda *given: (_right(*given)[0], given[2]),
                lambda *given: (_right(*given)[0], _dvalues(given[0], _right(*given)[0])),
            ),
            "dscores is right. dvalues is made of dcontext and the weights; yours is made of something else.",
        ),
        "order": (lambda *given: _right(*given)[::-1], "They are swapped: dscores comes first, then dvalues."),
        "dscores alone": (lambda *given: _right(*given)[0], "That is dscores. Return dvalues beside it."),
        "batch added up": (
            (
                _values(lambda dcontext, weights: _dvalues(dcontext, weights).sum(0)),
                lambda *given: tuple(x.sum(0) for x in _right(*given)),
                lambda *given: tuple(x.mean(0) for x in _right(*given)),
            ),
            "You added up over the batch. Each sentence has scores and values of its own.",
        ),
    },
    prompt="Return two arrays, (B, T, S) and (B, S, Dv), and run the cell again.",
)
