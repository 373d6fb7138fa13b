"""The practice of chapter 12: the contexts of a batch of sentences of different lengths."""

from __future__ import annotations

from typing import Any

import numpy as np

from seqlib.exercises._softmax import softmax
from seqlib.exercises.checker import Exercise

__all__ = ["attend"]

_RNG = np.random.default_rng(2015)
Case = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def _case(T: int, S: int, D: int, Dv: int, lengths: list[int]) -> Case:
    B = len(lengths)
    query, keys = _RNG.uniform(-1.5, 1.5, (B, T, D)), _RNG.uniform(-1.5, 1.5, (B, S, D))
    return query.round(2), keys.round(2), _RNG.uniform(-2, 2, (B, S, Dv)).round(2), np.array(lengths)


def _scores(query: np.ndarray, keys: np.ndarray) -> np.ndarray:
    return query @ keys.swapaxes(1, 2)


def _real(lengths: np.ndarray, S: int) -> np.ndarray:
    """(B, 1, S), True in the sentence."""
    return np.arange(S) < np.reshape(lengths, (-1, 1, 1))


def _weights(
    q: np.ndarray, k: np.ndarray, n: np.ndarray, *, scale: float = 1, axis: Any = -1, low: float = -np.inf
) -> Any:
    return softmax(np.where(_real(n, k.shape[1]), scale * _scores(q, k), low), axis)


def _with(weights: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return weights @ values, weights


def _right(q: np.ndarray, k: np.ndarray, v: np.ndarray, n: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return _with(_weights(q, k, n), v)


def _zeroed(x: np.ndarray, n: np.ndarray) -> np.ndarray:
    """0 in the padding."""
    return x * _real(n, x.shape[1]).swapaxes(1, 2)


def _over(axis: Any) -> tuple:
    """The softmax over another axis, with what people do about the padding."""
    return (
        lambda q, k, v, n: _with(_weights(q, k, n, axis=axis), v),
        lambda q, k, v, n: _with(_weights(q, k, n, axis=axis, low=-1e9), v),
        lambda q, k, v, n: _with(softmax(_scores(q, k), axis), v),
        lambda q, k, v, n: _with(softmax(_scores(q, k), axis) * _real(n, k.shape[1]), v),
    )


def _mask_of_queries(q: np.ndarray, k: np.ndarray, v: np.ndarray, n: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A mask (B, S) against scores (B, T, S): stops with a ValueError, unless B = T."""
    return _with(softmax(np.where(_real(n, k.shape[1])[:, 0], _scores(q, k), -np.inf)), v)


def _queries_masked(low: float, along: str = "queries") -> tuple:
    """A mask (B, T, 1); along the keys it is (B, S, 1) and stops with a ValueError, unless T is S or 1."""

    def real(q: np.ndarray, k: np.ndarray, n: np.ndarray) -> np.ndarray:
        return _real(n, {"queries": q, "keys": k}[along].shape[1]).swapaxes(1, 2)

    return (
        lambda q, k, v, n: _with(softmax(np.where(real(q, k, n), _scores(q, k), low)), v),
        lambda q, k, v, n: _with(softmax(np.where(real(q, k, n), _scores(q, k), low)) * real(q, k, n), v),
    )


def _mask_as_index(q: np.ndarray, k: np.ndarray, v: np.ndarray, n: np.ndarray, low: float) -> Any:
    """A mask (B, S) as an index of scores (B, T, S): stops with an IndexError, unless T = S."""
    e = _scores(q, k)
    e[~_real(n, k.shape[1])[:, 0]] = low
    return _with(softmax(e), v)


def _unit(x: np.ndarray) -> np.ndarray:
    return x / np.sqrt((x**2).sum(-1, keepdims=True))


attend = Exercise(
    "attend",
    _right,
    [
        _case(2, 4, 3, 2, [3, 2]),  # as many sentences as queries, and padding in both
        _case(3, 4, 2, 3, [4, 2]),
        _case(3, 3, 2, 2, [2, 3]),  # a square of scores, and values like keys
        _case(1, 5, 2, 3, [3, 4, 2]),
    ],
    wrong={
        "padding attended to": (
            (
                lambda q, k, v, n: _with(softmax(_scores(q, k)), v),
                lambda q, k, v, n: (softmax(_scores(q, k)) @ _zeroed(v, n), softmax(_scores(q, k))),
                lambda q, k, v, n: (_weights(q, k, n) @ v, softmax(_scores(q, k))),
                lambda q, k, v, n: (softmax(_scores(q, k)) @ v, _weights(q, k, n)),
            ),
            "Your weights, or those of your context, are not 0 in the padding. Row b has lengths[b] places.",
        ),
        "padding scored 0": (
            (
                lambda q, k, v, n: _with(softmax(_scores(q, _zeroed(k, n))), v),
                lambda q, k, v, n: _with(softmax(_scores(q, _zeroed(k, n))), _zeroed(v, n)),
                lambda q, k, v, n: (
                    softmax(_scores(q, _zeroed(k, n))) @ _zeroed(v, n),
                    softmax(_scores(q, _zeroed(k, n))),
                ),
                lambda q, k, v, n: _with(softmax(_scores(q, _zeroed(k, n))) * _real(n, k.shape[1]), v),
            ),
            "A score of 0 in the padding is not weight 0, for exp(0) is 1. Leave the padding out of the softmax: -inf.",
        ),
        "not renormalised": (
            lambda q, k, v, n: _with(softmax(_scores(q, k)) * _real(n, k.shape[1]), v),
            "You set weights to 0 after the softmax: the others no longer add up to 1.",
        ),
        "padding alone": (
            (
                lambda q, k, v, n: _with(softmax(np.where(_real(n, k.shape[1]), -np.inf, _scores(q, k))), v),
                lambda q, k, v, n: _with(softmax(np.where(_real(n, k.shape[1]), -1e9, _scores(q, k))), v),
            ),
            "You attend to the padding alone. Turn the mask over.",
        ),
        "mask along the queries": (
            (
                _mask_of_queries,
                lambda q, k, v, n: _mask_as_index(q, k, v, n, -np.inf),
                lambda q, k, v, n: _mask_as_index(q, k, v, n, -1e9),
            ),
            "Your mask (B, S) lies along the wrong axes of the scores (B, T, S). Give it an axis for the queries: "
            "mask[:, None].",
        ),
        "queries masked": (
            (
                *_queries_masked(-np.inf),
                *_queries_masked(-1e9),
                *_queries_masked(-1e9, along="keys"),
            ),
            "You masked queries. The padding is in the source, among the keys: mask along the last axis of the "
            "scores, the S places.",
        ),
        "another axis": (
            (*_over(1), *_over(0), *_over(None), *_over((1, 2))),
            "Your softmax is over another axis. Each query's weights add up to 1 over the S places: the last axis.",
        ),
        "scaled": (
            (
                lambda q, k, v, n: _with(_weights(q, k, n, scale=k.shape[-1] ** -0.5), v),
                lambda q, k, v, n: _with(_weights(q, k, n, scale=1 / k.shape[-1]), v),
                lambda q, k, v, n: (_weights(q, k, n, scale=k.shape[-1] ** -0.5) @ v, _weights(q, k, n)),
                lambda q, k, v, n: _with(_weights(q, k, n, scale=v.shape[-1] ** -0.5), v),
            ),
            "You divided the scores. This is the plain dot score, not the scaled one.",
        ),
        "cosine": (
            lambda q, k, v, n: _with(_weights(_unit(q), _unit(k), n), v),
            "You made the vectors unit vectors. The dot score takes them as they are.",
        ),
        "keys for values": (
            lambda q, k, v, n: _with(_weights(q, k, n), k),
            "Your context is a mean of the keys. Keys are compared with the query; values are what is averaged.",
        ),
        "values for keys": (
            lambda q, k, v, n: _with(_weights(q, v, n), v),
            "You compared the query with the values. It is compared with the keys.",
        ),
        "keys ask": (
            (
                lambda q, k, v, n: _with(_weights(k, q, n), v),
                lambda q, k, v, n: _with(softmax(_scores(k, q)), v),
                lambda q, k, v, n: _with(
                    softmax(np.where(_real(n, k.shape[1]).swapaxes(1, 2), _scores(k, q), -1e9)), v
                ),
            ),
            "Your scores are (B, S, T): each key asks all queries. Rows are for queries: query @ keys transposed.",
        ),
        "order": (
            lambda *given: _right(*given)[::-1],
            "Context and weights are swapped. The context comes first.",
        ),
        "scores for weights": (
            (
                lambda q, k, v, n: (_right(q, k, v, n)[0], _scores(q, k)),
                lambda q, k, v, n: (_right(q, k, v, n)[0], np.where(_real(n, k.shape[1]), _scores(q, k), -np.inf)),
                lambda q, k, v, n: (_right(q, k, v, n)[0], np.where(_real(n, k.shape[1]), _scores(q, k), -1e9)),
            ),
            "The context is right. What you return beside it are the scores; return their softmax.",
        ),
        "no softmax": (
            (
                lambda q, k, v, n: _with(_scores(q, k), v),
                lambda q, k, v, n: _with(np.where(_real(n, k.shape[1]), _scores(q, k), 0), v),
            ),
            "You weighted the values by the scores. Take their softmax first.",
        ),
        "not divided": (
            lambda q, k, v, n: _with(np.exp(_scores(q, k)) * _real(n, k.shape[1]), v),
            "Your weights are exponentials. Divide each row by its sum.",
        ),
        "weights transposed": (
            lambda *given: (_right(*given)[0], _right(*given)[1].swapaxes(1, 2)),
            "The context is right, but your weights are (B, S, T). A row belongs to a query: (B, T, S).",
        ),
        "context alone": (lambda *given: _right(*given)[0], "That is the context. Return the weights beside it."),
        "weights alone": (lambda *given: _right(*given)[1], "Those are the weights. Return the context before them."),
        "one too few": (
            (
                lambda q, k, v, n: _right(q, k, v, n - 1),
                lambda q, k, v, n: _with(_weights(q, k, n - 1, low=-1e9), v),
            ),
            "You left out the last word of each sentence. Places 0 to lengths[b] - 1 are real.",
        ),
        "one too many": (
            lambda q, k, v, n: _right(q, k, v, n + 1),
            "You let the first place of the padding in. Places 0 to lengths[b] - 1 are real.",
        ),
        "one length for all": (
            (
                lambda q, k, v, n: _right(q, k, v, np.full_like(n, n.max())),
                lambda q, k, v, n: _right(q, k, v, np.full_like(n, n.min())),
                lambda q, k, v, n: _right(q, k, v, np.full_like(n, n[0])),
                lambda q, k, v, n: _right(q, k, v, np.full_like(n, n[-1])),
            ),
            "You used one length for all sentences. Each has its own.",
        ),
        "largest alone": (
            lambda q, k, v, n: _with(
                1.0 * (_weights(q, k, n) == _weights(q, k, n).max(-1, keepdims=True)),
                v,
            ),
            "You gave all the weight to the best place. The softmax shares it out.",
        ),
        "all alike": (
            lambda q, k, v, n: _with(_weights(0 * q, k, n), v),
            "Your weights are all alike, whatever the query asks.",
        ),
        "mean": (
            (
                lambda q, k, v, n: (_right(q, k, v, n)[0] / k.shape[1], _right(q, k, v, n)[1]),
                lambda q, k, v, n: (_right(q, k, v, n)[0] / n[:, None, None], _right(q, k, v, n)[1]),
            ),
            "The weights are right and add up to 1 already: add up the weighted values, and do not divide again.",
        ),
    },
    prompt="Return two arrays, (B, T, Dv) and (B, T, S), and run the cell again.",
)
