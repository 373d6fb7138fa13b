"""The practice of chapter 12: one step of a decoder that attends from its new state, as Luong et al. do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from seqlib.exercises._softmax import softmax
from seqlib.exercises.checker import Exercise

__all__ = ["luong_step"]

_RNG = np.random.default_rng(1508)
Array = np.ndarray
Step = Callable[..., tuple[Array, Array, Array]]


def _case(H: int, Dk: int, A: int, S: int, lengths: list[int]) -> tuple[Array, ...]:
    B = len(lengths)
    shapes = ((B, H), (B, H), (B, S, Dk))
    states = [_RNG.uniform(-1, 1, shape).round(2) for shape in shapes]
    matrices = [_RNG.uniform(-1.2, 1.2, shape).round(2) for shape in ((H, H), (H, Dk), (A, Dk + H))]
    return (*states, np.arange(S) < np.array(lengths)[:, None], *matrices)


def _state(s: Array, u: Array, W_ss: Array) -> Array:
    return np.tanh(s @ W_ss.T + u)


def _general(query: Array, keys: Array, W_a: Array) -> Array:
    return np.einsum("bh,hd,bsd->bs", query, W_a, keys)


def _masked(e: Array, mask: Array) -> Array:
    return softmax(np.where(mask, e, -np.inf))


def _context(weights: Array, keys: Array) -> Array:
    return np.einsum("bs,bsd->bd", weights, keys)


def _combined(context: Array, s: Array, W_c: Array) -> Array:
    return np.tanh(np.concatenate([context, s], -1) @ W_c.T)


def _step(
    *,
    state: Callable[[Array, Array, Array], Array] = _state,
    new: bool = True,
    new_beside: bool = True,
    score: Callable[[Array, Array, Array], Array] = _general,
    attend: Callable[[Array, Array], Array] = _masked,
    average: Callable[[Array, Array], Array] = _context,
    combine: Callable[[Array, Array, Array], Array] = _combined,
    returned: Callable[..., Any] = lambda s, weights, out, **rest: (s, weights, out),
) -> Step:
    """The step with a part changed: which state asks and which is combined, the new one or the one before."""

    def step(s: Array, u: Array, keys: Array, mask: Array, W_ss: Array, W_a: Array, W_c: Array) -> Any:
        now = state(s, u, W_ss)
        e = score(now if new else s, keys, W_a)
        weights = attend(e, mask)
        context = average(weights, keys)
        out = combine(context, now if new_beside else s, W_c)
        return returned(now, weights, out, e=e, context=context, before=s)

    return step


_right = _step()

luong_step = Exercise(
    "luong_step",
    _right,
    [
        _case(2, 3, 4, 4, [3, 2, 4]),
        _case(3, 3, 6, 3, [2, 3]),  # square matrices
        _case(3, 2, 2, 5, [4, 5]),
    ],
    wrong={
        "asked with the state before": (
            _step(new=False),
            "You asked with s_{t-1}, the state before the step, as Bahdanau et al. do. Here the new state s_t asks.",
        ),
        "combined with the state before": (
            _step(new_beside=False),
            "Beside the context you put the state before the step. Its neighbour is the new one, s_t.",
        ),
        "state before throughout": (
            (
                _step(new=False, new_beside=False),
                _step(state=lambda s, u, W_ss: s),
            ),
            "You never used the new state. It asks, and it is combined with the context.",
        ),
        "order in W_c": (
            _step(combine=lambda context, s, W_c: _combined(s, context, W_c)),
            "The first columns of W_c are for the context, the others for the state: [m_t; s_t].",
        ),
        "word left out": (
            _step(state=lambda s, u, W_ss: np.tanh(s @ W_ss.T)),
            "u is missing from the new state: it is what comes from the word before.",
        ),
        "state without tanh": (
            _step(state=lambda s, u, W_ss: s @ W_ss.T + u),
            "The new state is a tanh of the sum.",
        ),
        "u outside": (
            (
                _step(state=lambda s, u, W_ss: np.tanh(s @ W_ss.T) + u),
                _step(state=lambda s, u, W_ss: np.tanh((s + u) @ W_ss.T)),
            ),
            "u_t is added beside W_ss s_{t-1}, inside the tanh, and meets no matrix.",
        ),
        "no tanh at the end": (
            _step(combine=lambda context, s, W_c: np.concatenate([context, s], -1) @ W_c.T),
            "What W_c makes of context and state still goes through a tanh: a_t = tanh(W_c [m_t; s_t]).",
        ),
        "not transposed": (
            (
                _step(state=lambda s, u, W_ss: np.tanh(s @ W_ss + u)),
                _step(combine=lambda context, s, W_c: np.tanh(np.concatenate([context, s], -1) @ W_c)),
                _step(
                    state=lambda s, u, W_ss: np.tanh(s @ W_ss + u),
                    combine=lambda context, s, W_c: np.tanh(np.concatenate([context, s], -1) @ W_c),
                ),
            ),
            "W_ss and W_c are stored (out, in): for a batch of rows multiply by the transposed one, s @ W_ss.T.",
        ),
        "W_a transposed": (
            _step(score=lambda query, keys, W_a: np.einsum("bd,bds->bs", query @ W_a.T, keys.swapaxes(1, 2))),
            "The score is the query times W_a times the key: query @ W_a, without transposing.",
        ),
        "W_a left out": (
            _step(score=lambda query, keys, W_a: np.einsum("bd,bds->bs", query, keys.swapaxes(1, 2))),
            "You left out W_a. Between query and key stands a matrix.",
        ),
        "scaled": (
            (
                _step(score=lambda query, keys, W_a: _general(query, keys, W_a) / np.sqrt(len(W_a))),
                _step(score=lambda query, keys, W_a: _general(query, keys, W_a) / np.sqrt(len(W_a.T))),
            ),
            "You divided the scores by the root of a width. The general score has no divisor.",
        ),
        "mask not used": (
            _step(attend=lambda e, mask: softmax(e)),
            "You did not use the mask: the padding gets weight.",
        ),
        "padding scored 0": (
            (
                _step(attend=lambda e, mask: softmax(e * mask)),
                _step(attend=lambda e, mask: softmax(e * mask) * mask),
            ),
            "A score of 0 under the mask is not weight 0, for exp(0) is 1. Put -inf there.",
        ),
        "not renormalised": (
            _step(attend=lambda e, mask: softmax(e) * mask),
            "You set weights to 0 after the softmax: the others no longer add up to 1.",
        ),
        "mask turned over": (
            (
                _step(attend=lambda e, mask: _masked(e, ~mask)),
                _step(attend=lambda e, mask: softmax(np.where(mask, -1e9, e))),
            ),
            "You turned the mask over. True is for what may be attended to.",
        ),
        "another axis": (
            (
                _step(attend=lambda e, mask: softmax(np.where(mask, e, -np.inf), 0)),
                _step(attend=lambda e, mask: softmax(np.where(mask, e, -1e9), 0)),
                _step(attend=lambda e, mask: softmax(np.where(mask, e, -np.inf), None)),
            ),
            "Your weights add up to 1 over the batch. Each sentence has a softmax of its own, over its S places.",
        ),
        "no softmax": (
            (
                _step(attend=lambda e, mask: e * mask),
                _step(attend=lambda e, mask: e),
            ),
            "You weighted the keys by the scores. Take their softmax first.",
        ),
        "not divided": (
            _step(attend=lambda e, mask: np.exp(e) * mask),
            "Your weights are exponentials. Divide each row by its sum.",
        ),
        "scores returned": (
            (
                _step(returned=lambda s, weights, out, e, **rest: (s, e, out)),
                _step(returned=lambda s, weights, out, e, **rest: (s, np.where(weights == 0, -np.inf, e), out)),
                _step(returned=lambda s, weights, out, e, **rest: (s, np.where(weights == 0, -1e9, e), out)),
            ),
            "What you return second are scores. Return their softmax.",
        ),
        "context returned": (
            (
                _step(returned=lambda s, weights, out, context, **rest: (s, weights, context)),
                _step(returned=lambda s, weights, out, context, **rest: (s, context, out)),
            ),
            "You return the context m_t. Asked for are the new state s_t, the weights, and a_t, which W_c makes.",
        ),
        "fed back": (
            _step(returned=lambda s, weights, out, **rest: (out, weights, out)),
            "The state that goes on is s_t. a_t, which W_c makes of it, predicts the word and is no state.",
        ),
        "old state returned": (
            _step(returned=lambda s, weights, out, before, **rest: (before, weights, out)),
            "You return the state that came in. Return the new one.",
        ),
        "order": (
            (
                _step(returned=lambda s, weights, out, **rest: (out, weights, s)),
                _step(returned=lambda s, weights, out, **rest: (s, out, weights)),
                _step(returned=lambda s, weights, out, **rest: (out, s, weights)),
                _step(returned=lambda s, weights, out, **rest: (weights, s, out)),
            ),
            "Yours are the right ones in another order: the new state s_t, the weights, and last a_t.",
        ),
        "output alone": (
            _step(returned=lambda s, weights, out, **rest: out),
            "Return three arrays: the new state s_t, the weights, and last a_t.",
        ),
        "mean": (
            (
                _step(average=lambda weights, keys: _context(weights, keys) / keys.shape[1]),
                _step(average=lambda weights, keys: _context(weights, keys) / (weights > 0).sum(-1, keepdims=True)),
            ),
            "The weights add up to 1 already: the context m_t is the sum of the weighted keys. Do not divide again.",
        ),
        "context left out": (
            _step(combine=lambda context, s, W_c: _combined(0 * context, s, W_c)),
            "The context is missing at the end: W_c meets [m_t; s_t].",
        ),
        "state left out": (
            _step(combine=lambda context, s, W_c: _combined(context, 0 * s, W_c)),
            "The state is missing at the end: W_c meets [m_t; s_t].",
        ),
        "largest alone": (
            _step(attend=lambda e, mask: 1.0 * (_masked(e, mask) == _masked(e, mask).max(-1, keepdims=True))),
            "You gave all the weight to the best place. The softmax shares it out.",
        ),
    },
    prompt="Return three arrays, (B, H), (B, S) and (B, A), and run the cell again.",
)
