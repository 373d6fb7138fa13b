"""The practice of chapter 13: one head that does not look ahead, and features cut into heads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from seqlib.exercises._softmax import softmax
from seqlib.exercises.checker import Exercise

__all__ = ["causal_head", "split_heads"]

_RNG = np.random.default_rng(2017)
Array = np.ndarray


def _numbers(*shape: int) -> Array:
    return _RNG.uniform(-2, 2, shape).round(2)


def _heads(x: Array, n: int) -> Array:
    B, T, D = x.shape
    return x.reshape(B, T, n, D // n).swapaxes(1, 2)


split_heads = Exercise(
    "split_heads",
    _heads,
    [(_numbers(2, 4, 6), 2), (_numbers(3, 2, 12), 3), (_numbers(2, 3, 8), 4), (_numbers(2, 2, 4), 2)],
    wrong={
        "reshaped at once": (
            lambda x, n: x.reshape(len(x), n, x.shape[1], -1),
            "You reshaped to (B, n, T, d) at once. reshape keeps the numbers in their order, so your first head holds "
            "all features of the first positions. Reshape to (B, T, n, d), then swap two axes.",
        ),
        "every nth feature": (
            lambda x, n: np.stack([x[..., i::n] for i in range(n)], 1),
            "Your heads take every nth feature. The first head has the first d features, the next head the next d.",
        ),
        "not swapped": (
            lambda x, n: x.reshape(*x.shape[:2], n, -1),
            "Yours is (B, T, n, d). The axis of the heads comes before that of the positions: swap the two.",
        ),
        "heads first": (
            lambda x, n: np.stack(np.split(x, n, -1)),
            "Your first axis counts the heads. The sequences come first: (B, n, T, d).",
        ),
        "heads in the batch": (
            (
                lambda x, n: _heads(x, n).reshape(-1, x.shape[1], x.shape[2] // n),
                lambda x, n: np.concatenate(np.split(x, n, -1)),
                lambda x, n: x.reshape(len(x) * n, x.shape[1], -1),
            ),
            "Heads and sequences share an axis in yours. Give each an axis of its own: (B, n, T, d).",
        ),
        "positions last": (
            lambda x, n: _heads(x, n).swapaxes(2, 3),
            "Yours is (B, n, d, T). Positions come before features.",
        ),
        "d heads": (
            (
                lambda x, n: _heads(x, x.shape[2] // n),
                lambda x, n: _heads(x, n).swapaxes(1, 3),
                lambda x, n: x.reshape(len(x), x.shape[2] // n, x.shape[1], n),
            ),
            "You made d heads of n features. There are n heads, of d = D / n features each.",
        ),
        "positions cut": (
            (
                lambda x, n: x.reshape(len(x), n, -1, x.shape[2]),
                lambda x, n: np.stack(np.split(x, n, 1), 1),
            ),
            "You cut the positions into groups. Every head sees all positions, and a part of the features.",
        ),
        "one head": (
            (
                lambda x, n: x[..., : x.shape[2] // n],
                lambda x, n: x[:, None, :, : x.shape[2] // n],
                lambda x, n: _heads(x, n)[:, -1],
            ),
            "That is one head. Return all of them.",
        ),
        "all features": (
            (
                lambda x, n: np.repeat(x[:, None], n, 1),
                lambda x, n: np.stack([x] * n),
            ),
            "Each of your heads has all features. They share them: D / n for each.",
        ),
        "the same head again": (
            lambda x, n: np.repeat(_heads(x, n)[:, :1], n, 1),
            "All your heads hold the first d features. Head i begins at feature i d.",
        ),
        "backwards": (
            lambda x, n: _heads(x, n)[:, ::-1],
            "Your heads are in reverse order. The first head has the first features.",
        ),
        "merged again": (
            lambda x, n: x,
            "That is x as it was given: nothing is cut, or it is put together again.",
        ),
    },
    prompt="Return an array of shape (B, n_heads, T, d) and run the cell again.",
)


def _scores(q: Array, k: Array) -> Array:
    return q @ k.swapaxes(1, 2)


def _seen(T: int, ahead: int = 0) -> Array:
    """(T, T), True where position t may look: up to its own, or `ahead` positions further."""
    return np.tri(T, k=ahead, dtype=bool)


def _weights(
    q: Array, k: Array, *, by: float | None = None, ahead: int = 0, low: float = -np.inf, axis: Any = -1
) -> Any:
    by = k.shape[-1] ** -0.5 if by is None else by
    return softmax(np.where(_seen(k.shape[1], ahead), by * _scores(q, k), low), axis)


def _with(weights: Array, values: Array) -> tuple[Array, Array]:
    return weights @ values, weights


def _right(q: Array, k: Array, v: Array) -> tuple[Array, Array]:
    return _with(_weights(q, k), v)


def _by(scale: Callable[[Array, Array], float]) -> Callable[..., tuple[Array, Array]]:
    """The scores multiplied by something else than 1 / √d_k."""
    return lambda q, k, v: _with(_weights(q, k, by=scale(k, v)), v)


def _over(axis: Any) -> tuple:
    """The softmax over another axis."""
    return (
        lambda q, k, v: _with(_weights(q, k, axis=axis), v),
        lambda q, k, v: _with(_weights(q, k, axis=axis, low=-1e9), v),
        lambda q, k, v: _with(np.nan_to_num(_weights(q, k, axis=axis)), v),
    )


def _soft(q: Array, k: Array) -> Array:
    """The weights without a mask."""
    return softmax(_scores(q, k) * k.shape[-1] ** -0.5)


causal_head = Exercise(
    "causal_head",
    _right,
    [
        (_numbers(2, 4, 3), _numbers(2, 4, 3), _numbers(2, 4, 2)),
        (_numbers(3, 3, 3), _numbers(3, 3, 3), _numbers(3, 3, 3)),  # a cube: no shape stops
        (_numbers(2, 3, 6), _numbers(2, 3, 6), _numbers(2, 3, 5)),
    ],
    wrong={
        "not scaled": (
            _by(lambda k, v: 1.0),
            "You did not divide the scores by √d_k.",
        ),
        "divided by d_k": (
            _by(lambda k, v: 1 / k.shape[-1]),
            "You divided by d_k. The standard deviation of a sum of d_k products grows as the root: divide by √d_k.",
        ),
        "another root": (
            (
                _by(lambda k, v: k.shape[1] ** -0.5),
                _by(lambda k, v: v.shape[-1] ** -0.5),
                _by(lambda k, v: k.shape[0] ** -0.5),
            ),
            "You took the root of another size. d_k is the number of features of a key, the last axis.",
        ),
        "multiplied": (
            _by(lambda k, v: k.shape[-1] ** 0.5),
            "You multiplied by √d_k. Divide by it: `/ d**-0.5` divides by 1 / √d.",
        ),
        "divided after the softmax": (
            (
                lambda q, k, v: _with(_weights(q, k, by=1.0) / k.shape[-1] ** 0.5, v),
                lambda q, k, v: (_with(_weights(q, k, by=1.0), v)[0] / k.shape[-1] ** 0.5, _weights(q, k, by=1.0)),
            ),
            "You divided after the softmax, so the weights no longer add up to 1. Divide the scores.",
        ),
        "no mask": (
            (
                lambda q, k, v: _with(_soft(q, k), v),
                lambda q, k, v: (_soft(q, k) @ v, _weights(q, k)),
            ),
            "A position sees those after it. Mask the scores with s > t.",
        ),
        "mask after the softmax": (
            lambda q, k, v: _with(_soft(q, k) * _seen(k.shape[1]), v),
            "You set weights to 0 after the softmax: the rest no longer adds up to 1, and still depends on later keys, "
            "through the sum. Mask the scores, before the softmax.",
        ),
        "scored 0": (
            (
                lambda q, k, v: _with(_weights(q, k, low=0), v),
                lambda q, k, v: _with(_weights(q, k, low=0) * _seen(k.shape[1]), v),
            ),
            "You scored later positions 0, and exp(0) is 1. They need −∞, or −1e9.",
        ),
        "mask turned over": (
            (
                lambda q, k, v: _with(
                    softmax(np.where(~_seen(k.shape[1], -1), _scores(q, k) / k.shape[-1] ** 0.5, -1e9)), v
                ),
                lambda q, k, v: _with(
                    softmax(np.where(~_seen(k.shape[1]), _scores(q, k) / k.shape[-1] ** 0.5, -1e9)), v
                ),
                lambda q, k, v: _with(
                    softmax(np.where(~_seen(k.shape[1]), _scores(q, k) / k.shape[-1] ** 0.5, -np.inf)), v
                ),
            ),
            "Your mask hides the past and shows the future. Row t, for query t, is allowed where s ≤ t.",
        ),
        "own position hidden": (
            (
                lambda q, k, v: _with(_weights(q, k, ahead=-1), v),
                lambda q, k, v: _with(_weights(q, k, ahead=-1, low=-1e9), v),
                lambda q, k, v: _with(np.nan_to_num(_weights(q, k, ahead=-1)), v),
            ),
            "A position does not see itself in yours, so the first one sees nothing. s = t is allowed.",
        ),
        "one ahead": (
            lambda q, k, v: _with(_weights(q, k, ahead=1), v),
            "A position sees the next one: the word it has to predict. Allowed is s ≤ t.",
        ),
        "another axis": (
            (*_over(1), *_over(0), *_over(None)),
            "Your softmax is over another axis. Each query's weights add up to 1 over the keys: the last axis.",
        ),
        "keys ask": (
            lambda q, k, v: _right(k, q, v),
            "Your keys ask the queries. Rows are for queries: query @ keys transposed.",
        ),
        "keys for values": (lambda q, k, v: _with(_weights(q, k), k), "You averaged the keys. Average the values."),
        "values for keys": (
            lambda q, k, v: _with(_weights(q, v), v),
            "You compared the queries with the values. They are compared with the keys.",
        ),
        "no softmax": (
            lambda q, k, v: _with(_scores(q, k) * k.shape[-1] ** -0.5 * _seen(k.shape[1]), v),
            "You weighted the values by the scores. Take their softmax first.",
        ),
        "not divided": (
            lambda q, k, v: _with(np.exp(_scores(q, k) * k.shape[-1] ** -0.5) * _seen(k.shape[1]), v),
            "Your weights are exponentials. Divide each row by its sum.",
        ),
        "scores for weights": (
            (
                lambda q, k, v: (_right(q, k, v)[0], _scores(q, k) * k.shape[-1] ** -0.5),
                lambda q, k, v: (
                    _right(q, k, v)[0],
                    np.where(_seen(k.shape[1]), _scores(q, k) * k.shape[-1] ** -0.5, -np.inf),
                ),
                lambda q, k, v: (
                    _right(q, k, v)[0],
                    np.where(_seen(k.shape[1]), _scores(q, k) * k.shape[-1] ** -0.5, -1e9),
                ),
            ),
            "The context is right. What you return beside it are the scores; return their softmax.",
        ),
        "order": (lambda *given: _right(*given)[::-1], "They are swapped: the context comes first, then the weights."),
        "context alone": (lambda *given: _right(*given)[0], "That is the context. Return the weights beside it."),
        "weights alone": (lambda *given: _right(*given)[1], "Those are the weights. Return the context before them."),
    },
    prompt="Return two arrays, (B, T, d_v) and (B, T, T), and run the cell again.",
)
