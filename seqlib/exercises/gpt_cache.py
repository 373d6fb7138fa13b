"""The practice of chapter 15: one step of attention with a cache of keys and values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from seqlib.exercises.checker import Exercise

__all__ = ["cached_step"]

_RNG = np.random.default_rng(1506)
Array = np.ndarray


def _case(B: int, t: int, heads: int, d: int) -> tuple[Any, ...]:
    """A token after t others, with keys and values of theirs."""
    D = heads * d
    x, *W = _RNG.normal(size=(B, D)), *_RNG.normal(0, 1.4 * D**-0.5, (3, D, D))
    K, V = _RNG.normal(size=(2, B, t, D))
    return x.round(2), K.round(2), V.round(2), *(w.round(2) for w in W), heads


def _cut(y: Array, heads: int) -> Array:
    """(B, S, D) -> (B, heads, S, d)."""
    B, S, D = y.shape
    return y.reshape(B, S, heads, D // heads).swapaxes(1, 2)


def _strided(y: Array, heads: int) -> Array:
    B, S, D = y.shape
    return y.reshape(B, S, D // heads, heads).transpose(0, 3, 1, 2)


def _joined(y: Array) -> Array:
    """(B, heads, 1, d) -> (B, D)."""
    return y.swapaxes(1, 2).reshape(len(y), -1)


def _joined_strided(y: Array) -> Array:
    return y.transpose(0, 2, 3, 1).reshape(len(y), -1)


def _weights(e: Array, axis: int = -1) -> Array:
    p = np.exp(e - e.max(axis, keepdims=True))
    w: Array = p / p.sum(axis, keepdims=True)
    return w


def _step(
    *,
    put: Callable[[Array, Array], Array] = lambda cache, new: np.concatenate([cache, new[:, None]], 1),
    project: Callable[[Array, Array], Array] = lambda x, W: x @ W.T,
    cut: Callable[[Array, int], Array] = _cut,
    joined: Callable[[Array], Array] = _joined,
    scale: Callable[[int, int], float] = lambda D, heads: (D // heads) ** -0.5,
    weights: Callable[[Array], Array] = _weights,
    seen: slice = slice(None),
    swapped: bool = False,
    keys_for_values: bool = False,
) -> Callable[..., tuple[Array, Array, Array]]:
    """The step with one thing different."""

    def answer(x: Array, K: Array, V: Array, W_q: Array, W_k: Array, W_v: Array, heads: int) -> Any:
        if swapped:
            W_k, W_v = W_v, W_k
        q = project(x, W_q)[:, None]
        K, V = put(K, project(x, W_k)), put(V, project(x, W_v))
        k, v = cut(K[:, seen], heads), cut((K if keys_for_values else V)[:, seen], heads)
        e = cut(q, heads) @ k.swapaxes(-1, -2) * scale(x.shape[1], heads)
        return joined(weights(e) @ v), K, V

    return answer


def _all_again(x: Array, K: Array, V: Array, W_q: Array, W_k: Array, W_v: Array, heads: int) -> Any:
    """What is in the cache goes through the matrices once more."""
    return _step(put=lambda cache, new: np.concatenate([cache, new[:, None]], 1))(
        x, K @ W_k.T, V @ W_v.T, W_q, W_k, W_v, heads
    )


def _inputs(x: Array, K: Array, V: Array, W_q: Array, W_k: Array, W_v: Array, heads: int) -> Any:
    """The token itself goes into the cache."""
    same = np.eye(len(W_q))
    return _step()(x, K, V, W_q, same, same, heads)


def _old_cache(*given: Any) -> Any:
    context, _, _ = _step()(*given)
    return context, given[1], given[2]


def _new_alone(*given: Any) -> Any:
    context, K, V = _step()(*given)
    return context, K[:, -1], V[:, -1]


def _without(*given: Any) -> Any:
    """Attention to what was there before, which is nothing at first."""
    if given[1].shape[1] == 0:
        context, K, V = _step()(*given)
        return np.full(context.shape, np.nan), K, V
    return _step(seen=slice(None, -1))(*given)


cached_step = Exercise(
    "cached_step",
    _step(),
    [_case(2, 4, 2, 3), _case(3, 3, 3, 2), _case(2, 0, 2, 2), _case(1, 6, 2, 4)],
    wrong={
        "own left out": (
            _without,
            "The new token looks at those before it, but not at itself. Put its key and value into the cache first.",
        ),
        "no scale": (
            _step(scale=lambda D, heads: 1.0),
            "The scores are not divided. Divide by √d, d being the features of one head.",
        ),
        "scale of D": (
            (
                _step(scale=lambda D, heads: D**-0.5),
                _step(scale=lambda D, heads: heads / D),
                _step(scale=lambda D, heads: (D / heads) ** 0.5),
            ),
            "The scores are divided by something else. Divide by √d, d being the features of one head.",
        ),
        "one head": (
            _step(cut=lambda y, heads: y[:, None]),
            "That is one head of D features. Cut them into heads: each has scores and weights of its own.",
        ),
        "every nth feature": (
            _step(cut=_strided, joined=_joined_strided),
            "The first d features belong to the first head, the next d to the second.",
        ),
        "heads mixed": (
            (
                _step(joined=_joined_strided),
                _step(cut=_strided),
                _step(cut=lambda y, heads: y.reshape(len(y), heads, y.shape[1], -1)),
            ),
            "Features and heads, or positions and heads, are mixed up. Cut D into (heads, d), swap axes, and put the "
            "heads side by side at the end.",
        ),
        "turned": (
            _step(project=lambda x, W: x @ W),
            "The matrices are the wrong way round: they are stored (out, in), so a query is W_q x.",
        ),
        "over the heads": (
            (_step(weights=lambda e: _weights(e, 1)), _step(weights=lambda e: _weights(e, 0))),
            "Your softmax runs over another axis. The weights of a head add up to 1 over the positions.",
        ),
        "no softmax": (
            (_step(weights=lambda e: e), _step(weights=np.exp)),
            "The softmax is missing, or not divided by its sum: weights add up to 1.",
        ),
        "of keys": (
            _step(keys_for_values=True),
            "The context is made of the values, not of the keys.",
        ),
        "keys and values": (
            _step(swapped=True),
            "Keys and values are swapped: W_k makes what goes into K, W_v what goes into V.",
        ),
        "in front": (
            _step(put=lambda cache, new: np.concatenate([new[:, None], cache], 1)),
            "You put the new key and value in front. They come last, as the token does.",
        ),
        "oldest lost": (
            _step(put=lambda cache, new: np.concatenate([cache[:, 1:] if cache.shape[1] else cache, new[:, None]], 1)),
            "You dropped the oldest token. The cache grows by one with every step.",
        ),
        "projected again": (
            _all_again,
            "What is in the cache are keys and values already. Only the new token goes through the matrices.",
        ),
        "tokens in the cache": (
            _inputs,
            "You put the token itself into the cache. What is kept of it are its key and its value.",
        ),
        "old cache returned": (
            _old_cache,
            "You return the cache as it was. The next step needs the key and value of this one.",
        ),
        "new ones alone": (
            _new_alone,
            "You return the new key and value alone. The whole cache, with them at its end, is asked for.",
        ),
        "context alone": (
            lambda *given: _step()(*given)[0],
            "That is the context. Return the grown caches beside it.",
        ),
    },
    prompt="Return three arrays, (B, D), (B, t + 1, D) and (B, t + 1, D), and run the cell again.",
)
