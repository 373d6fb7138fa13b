"""The practice of chapter 16: the way back through a linear recurrence, which is one itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from seqlib.exercises.checker import Exercise

__all__ = ["scan_gradients"]

_RNG = np.random.default_rng(1607)
Array = np.ndarray


def _case(B: int, T: int, H: int) -> tuple[Array, ...]:
    """Factors, the states that they led to, the start, and the gradient that reaches each state from outside."""
    a = (_RNG.uniform(0.4, 1.2, (B, T, H)) * _RNG.choice([-1, 1], (B, T, H))).round(2)
    hs, h0 = _RNG.normal(size=(B, T, H)).round(2), _RNG.uniform(0.5, 2, (B, H)).round(2)
    return a, hs, h0, _RNG.normal(size=(B, T, H)).round(2)


def _backwards(a: Array, dhs: Array, shift: int = 1) -> Array:
    """g_t = a_(t+shift) g_(t+1) + dhs_t."""
    T = dhs.shape[1]
    g, made = np.zeros(dhs[:, 0].shape), np.empty(dhs.shape)
    for t in reversed(range(T)):
        factor = a[:, min(t + shift, T - 1)] if t < T - 1 else 0
        made[:, t] = g = factor * g + dhs[:, t]
    return made


def _forwards(a: Array, dhs: Array) -> Array:
    g, made = np.zeros(dhs[:, 0].shape), np.empty(dhs.shape)
    for t in range(dhs.shape[1]):
        made[:, t] = g = a[:, t] * g + dhs[:, t]
    return made


def _before(hs: Array, h0: Array) -> Array:
    return np.concatenate([h0[:, None], hs[:, :-1]], 1)


def _way(
    g_of: Callable[[Array, Array], Array] = _backwards,
    met: Callable[[Array, Array], Array] = _before,
    start: Callable[[Array, Array, Array], Array] = lambda a, g, h0: a[:, 0] * g[:, 0],
    added: Callable[[Array, Array], Array] = lambda g, hs: g,
) -> Callable[..., tuple[Array, Array, Array]]:
    """The gradients with one thing different."""

    def answer(a: Array, hs: Array, h0: Array, dhs: Array) -> tuple[Array, Array, Array]:
        g = g_of(a, dhs)
        return g * met(hs, h0), added(g, hs), start(a, g, h0)

    return answer


def _of(change: Callable[[Array, Array, Array], Any]) -> Callable[..., Any]:
    return lambda *given: change(*_way()(*given))


scan_gradients = Exercise(
    "scan_gradients",
    _way(),
    [_case(2, 5, 3), _case(3, 2, 2), _case(1, 1, 2), _case(2, 6, 1)],
    wrong={
        "own factor": (
            _way(lambda a, dhs: _backwards(a, dhs, 0)),
            "Your factors are one step off. From h_(t+1) to h_t the way back leads through a_(t+1).",
        ),
        "a step too far": (
            _way(lambda a, dhs: _backwards(a, dhs, 2)),
            "Your factors are one step too late. From h_(t+1) to h_t the way back leads through a_(t+1).",
        ),
        "nothing carried": (
            _way(lambda a, dhs: dhs),
            "Each step got its own gradient alone. A state also acts on all states after it.",
        ),
        "carried in full": (
            _way(lambda a, dhs: np.cumsum(dhs[:, ::-1], 1)[:, ::-1]),
            "On the way back from h_(t+1) to h_t the gradient is multiplied by a_(t+1).",
        ),
        "next alone": (
            _way(lambda a, dhs: dhs + np.concatenate([a[:, 1:] * dhs[:, 1:], 0 * dhs[:, :1]], 1)),
            "You looked one step ahead. All that has come back to h_(t+1) goes on to h_t.",
        ),
        "forwards": (
            (_way(_forwards), _way(lambda a, dhs: _forwards(np.roll(a, 1, 1), dhs))),
            "You went from the first step to the last. Gradients go from the last to the first.",
        ),
        "last alone": (
            _way(lambda a, dhs: _backwards(a, np.where(np.arange(dhs.shape[1])[:, None] == dhs.shape[1] - 1, dhs, 0))),
            "Only the last dh came in. Every state has one of its own, which is added at its step.",
        ),
        "state after": (
            _way(met=lambda hs, h0: hs),
            "a_t multiplies the state before its step, h_(t−1), not the one that it makes.",
        ),
        "start forgotten": (
            (
                _way(met=lambda hs, h0: _before(hs, 0 * h0)),
                _way(met=lambda hs, h0: np.roll(hs, 1, 1)),
            ),
            "a_1 multiplies h0, which is not 0.",
        ),
        "no state": (
            _way(met=lambda hs, h0: np.ones_like(hs)),
            "The state is missing: a_t multiplies h_(t−1), so da_t is g_t times h_(t−1).",
        ),
        "factor for b": (
            lambda a, hs, h0, dhs: (
                _backwards(a, dhs) * _before(hs, h0),
                a * _backwards(a, dhs),
                a[:, 0] * _backwards(a, dhs)[:, 0],
            ),
            "b_t is added to h_t as it is: db_t is g_t, without a factor.",
        ),
        "b as given": (
            lambda a, hs, h0, dhs: (_way()(a, hs, h0, dhs)[0], dhs, _way()(a, hs, h0, dhs)[2]),
            "For b you took what comes from outside alone. b_t acts on h_t and on all states after it: db_t is g_t.",
        ),
        "start as the first": (
            _way(start=lambda a, g, h0: g[:, 0]),
            "dh0 is that of the first state. From h_1 to h_0 the way back leads through a_1.",
        ),
        "start for a": (
            _way(start=lambda a, g, h0: h0 * g[:, 0]),
            "That is da_1. h0 is multiplied by a_1, so dh0 is a_1 g_1.",
        ),
        "no gradient of the start": (
            _way(start=lambda a, g, h0: 0 * h0),
            "dh0 is not 0: the start acts on every state.",
        ),
        "all for the start": (
            _way(start=lambda a, g, h0: (np.cumprod(a, 1) * g).sum(1)),
            "In g_1 all later steps are in already: dh0 is a_1 g_1, and no sum.",
        ),
        "turned": (
            _of(lambda da, db, dh0: (db, da, dh0)),
            "The gradient of a comes first, then that of b.",
        ),
        "without the start": (
            _of(lambda da, db, dh0: (da, db)),
            "The gradient of h0 is missing.",
        ),
        "g alone": (
            _of(lambda da, db, dh0: db),
            "That is g. Make of it the gradients of a, b and h0.",
        ),
    },
    prompt="Return three arrays, (B, T, H), (B, T, H) and (B, H), and run the cell again.",
)
