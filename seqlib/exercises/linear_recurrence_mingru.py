"""The practice of chapter 16: all states of a minGRU, whose gates are known before the first step is made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from seqlib.exercises.checker import Exercise

__all__ = ["mingru_states"]

_RNG = np.random.default_rng(1605)
Array = np.ndarray


def _case(B: int, T: int, D: int, H: int) -> tuple[Array, ...]:
    """Weights and biases of update gate and candidate, inputs, and a start."""
    W_z, W_n = _RNG.normal(size=(2, H, D)).round(2)
    b_z, b_n = _RNG.uniform(0.3, 1, (2, H)).round(2) * _RNG.choice([-1, 1], (2, H))
    x, h0 = _RNG.normal(size=(B, T, D)), _RNG.normal(0, 1.5, (B, H))
    return W_z, W_n, b_z, b_n, x.round(2), h0.round(2)


def _sigmoid(a: Array) -> Array:
    s: Array = 1 / (1 + np.exp(-a))
    return s


def _positive(a: Array) -> Array:
    """The function by which a candidate is made positive where one computes in logarithms."""
    return np.where(a >= 0, a + 0.5, _sigmoid(a))


def _loop(a: Array, b: Array, h: Array) -> Array:
    hs = np.empty(b.shape)
    for t in range(b.shape[1]):
        hs[:, t] = h = a[:, t] * h + b[:, t]
    return hs


def _layer(
    *,
    gate: Callable[[Array], Array] = _sigmoid,
    candidate: Callable[[Array], Array] = lambda a: a,
    start: Callable[[Array], Array] = lambda h: h,
    steps: Callable[[Array, Array], tuple[Array, Array]] = lambda z, n: (1 - z, z * n),
    project: Callable[[Array, Array], Array] = lambda x, W: x @ W.T,
    biases: tuple[float, float] = (1, 1),
    turned: bool = False,
) -> Callable[..., Array]:
    """The layer with one thing different."""

    def answer(W_z: Array, W_n: Array, b_z: Array, b_n: Array, x: Array, h0: Array) -> Array:
        if turned:
            W_z, W_n, b_z, b_n = W_n, W_z, b_n, b_z
        z, n = gate(project(x, W_z) + biases[0] * b_z), candidate(project(x, W_n) + biases[1] * b_n)
        return _loop(*steps(z, n), start(h0))

    return answer


def _gates(W_z: Array, W_n: Array, b_z: Array, b_n: Array, x: Array) -> tuple[Array, Array]:
    return _sigmoid(x @ W_z.T + b_z), x @ W_n.T + b_n


def _alone(*given: Array) -> Array:
    """Every step from the start."""
    z, n = _gates(*given[:5])
    hs: Array = (1 - z) * given[5][:, None] + z * n
    return hs


def _late(*given: Array) -> Array:
    """With the gate of the step before; the first has its own."""
    z, n = _gates(*given[:5])
    return _loop(1 - np.concatenate([z[:, :1], z[:, :-1]], 1), z * n, given[5])


def _closed(*given: Array) -> Array:
    """The share of the start that is left is that of one step."""
    z, n = _gates(*given[:5])
    hs: Array = _loop(1 - z, z * n, 0 * given[5]) + (1 - z) * given[5][:, None]
    return hs


def _from_state(W_z: Array, W_n: Array, b_z: Array, b_n: Array, x: Array, h: Array) -> Array:
    """A gate that multiplies the state by its weights, too, if they fit: no minGRU."""
    hs = np.empty((*x.shape[:2], h.shape[1]))
    for t in range(x.shape[1]):
        z = _sigmoid((x[:, t] + h) @ W_z.T + b_z)
        hs[:, t] = h = (1 - z) * h + z * (x[:, t] @ W_n.T + b_n)
    return hs


def _of(change: Callable[[Array], Any]) -> Callable[..., Any]:
    return lambda *given: change(_layer()(*given))


mingru_states = Exercise(
    "mingru_states",
    _layer(),
    [_case(2, 5, 3, 2), _case(3, 6, 2, 2), _case(1, 1, 2, 4), _case(2, 7, 1, 3)],
    wrong={
        "keeps": (
            _layer(steps=lambda z, n: (z, (1 - z) * n)),
            "z and 1 − z are swapped. Here z = 1 takes the candidate; in torch's GRU it keeps the old state.",
        ),
        "no start": (
            _layer(start=lambda h: 0 * h),
            "Your states begin at 0. They begin at h0: after the first step (1 − z_1) h0 of it is left.",
        ),
        "start made positive": (
            _layer(start=_positive),
            "You sent h0 through g, as code in logarithms does. h0 is a state already: it enters as it is.",
        ),
        "start fades once": (
            _closed,
            "What is left of the start at t is h0 times all 1 − z so far, not times the last one.",
        ),
        "each step alone": (
            _alone,
            "Each step of yours begins at h0. It begins at the state of the step before.",
        ),
        "tanh": (
            (
                _layer(candidate=np.tanh),
                lambda *given: np.tanh(_layer()(*given)),
            ),
            "There is no tanh in a minGRU: the candidate is W_n x + b_n, as it is.",
        ),
        "candidate made positive": (
            (_layer(candidate=_positive), _layer(candidate=_sigmoid)),
            "You made the candidate positive. Here it is W_n x + b_n, as it is.",
        ),
        "no sigmoid": (
            (_layer(gate=lambda a: a), _layer(gate=np.tanh)),
            "The update gate is a share: σ of its sum, between 0 and 1.",
        ),
        "candidate added": (
            _layer(steps=lambda z, n: (1 - z, n)),
            "The candidate is added in full. Its share is z, as that of the old state is 1 − z.",
        ),
        "old state in full": (
            _layer(steps=lambda z, n: (1 + 0 * z, z * n)),
            "The old state is kept in full. Its share is 1 − z.",
        ),
        "no biases": (
            _layer(biases=(0, 0)),
            "The biases are missing.",
        ),
        "one bias": (
            (_layer(biases=(0, 1)), _layer(biases=(1, 0))),
            "One of the two biases is missing.",
        ),
        "gate and candidate": (
            _layer(turned=True),
            "The weights are swapped: W_z and b_z make the gate, W_n and b_n the candidate.",
        ),
        "matrices turned": (
            _layer(project=lambda x, W: x @ W),
            "The matrices are the wrong way round: they are stored (out, in), so a sum is W x.",
        ),
        "gate of the step before": (
            _late,
            "Your gates are one step off for the old state: z_t shares out both, h_(t−1) and the candidate n_t.",
        ),
        "state in the gate": (
            _from_state,
            "Your gate reads the state. In a minGRU it reads x_t alone, so that all gates are known beforehand.",
        ),
        "last alone": (
            _of(lambda hs: hs[:, -1]),
            "That is the last state. All of them are asked for.",
        ),
        "shares alone": (
            lambda *given: _gates(*given[:5]),
            "Those are gates and candidates. The states are asked for: h_t = (1 − z_t) h_(t−1) + z_t n_t.",
        ),
    },
    prompt="Return an array of shape (B, T, H) and run the cell again.",
)
