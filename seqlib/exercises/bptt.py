"""The practice of chapter 3, backpropagation through time: right answers, and the usual wrong ones."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from seqlib.exercises.checker import Exercise
from seqlib.reference import rnn

__all__ = ["derivative", "one_step_back", "recurrent_gradient", "scalar_bptt", "through_tanh"]

_RNG = np.random.default_rng(3)


def _vectors(*shapes: tuple[int, ...]) -> tuple[np.ndarray, ...]:
    return tuple(_RNG.normal(size=shape) for shape in shapes)


def _state(*shape: int) -> np.ndarray:
    return np.tanh(_RNG.normal(size=shape))


through_tanh = Exercise(
    "through_tanh",
    lambda dh, h: dh * (1 - h**2),
    [(_RNG.normal(size=4), _state(4)), (np.array([1.0]), np.array([0.5])), (_RNG.normal(size=(2, 3)), _state(2, 3))],
    wrong={
        "no slope": (lambda dh, h: dh, "The slope of tanh is missing. You handed the gradient on unchanged."),
        "tanh twice": (
            lambda dh, h: dh * (1 - np.tanh(h) ** 2),
            "You took the tanh twice. h is tanh(a) already, so the slope at a is 1 - h².",
        ),
        "no square": (lambda dh, h: dh * (1 - h), "The slope of tanh is 1 - h², with a square."),
        "sigmoid": (lambda dh, h: dh * h * (1 - h), "h (1 - h) is the slope of the logistic function, not of tanh."),
        "divided": (lambda dh, h: dh / (1 - h**2), "You divided by the slope. The chain rule multiplies."),
        "forward": (lambda dh, h: dh * h, "You multiplied by the state. The chain rule wants the slope, 1 - h²."),
    },
)

one_step_back = Exercise(
    "one_step_back",
    lambda c, da_next, W_hh: c + W_hh.T @ da_next,
    [_vectors((3,), (3,), (3, 3)), _vectors((2,), (2,), (2, 2)), _vectors((1,), (1,), (1, 1))],
    wrong={
        "transposed": (
            lambda c, da, W: c + W @ da,
            "W_hh goes forward, its transpose goes back: entry k of h stands in every a_i with the factor W_hh[i, k].",
        ),
        "no future": (
            lambda c, da, W: c + 0 * da,
            "The future is missing. h_t also changes the next state, which adds W_hhᵀ da_{t+1}.",
        ),
        "no present": (
            lambda c, da, W: W.T @ da,
            "The present is missing. The loss at step t hands in c_t of its own.",
        ),
        "no matrix": (lambda c, da, W: c + da, "The gradient of the next step comes back through W_hh, transposed."),
        "present twice": (
            lambda c, da, W: W.T @ (c + da),
            "c_t arrives at h_t itself. Only what comes from the next step passes through W_hhᵀ.",
        ),
        "difference": (lambda c, da, W: c - W.T @ da, "The two ways add up; yours are subtracted."),
    },
)


def _before(hs: np.ndarray, h0: np.ndarray) -> np.ndarray:
    return np.concatenate([h0[None], hs[:-1]])


recurrent_gradient = Exercise(
    "recurrent_gradient",
    lambda da, hs, h0: da.T @ _before(hs, h0),
    [_vectors((4, 3), (4, 3), (3,)), _vectors((6, 2), (6, 2), (2,)), _vectors((1, 2), (1, 2), (2,))],
    wrong={
        "off by one": (
            lambda da, hs, h0: da.T @ hs,
            "You paired da_t with h_t, the state that came out. The weight met h_{t-1}, the state that went in.",
        ),
        "no h0": (
            lambda da, hs, h0: da[1:].T @ hs[:-1],
            "The first step is missing: it pairs da_1 with h_0.",
        ),
        "transposed": (
            lambda da, hs, h0: _before(hs, h0).T @ da,
            "That is the transpose. Row i of W_hh makes a_i, so da stands first: da_t h_{t-1}ᵀ.",
        ),
        "mean": (
            lambda da, hs, h0: da.T @ _before(hs, h0) / (len(da) + (len(da) == 1)),
            "You took the mean over time. A shared weight gets the sum of its shares.",
        ),
        "last step": (
            lambda da, hs, h0: np.outer(da[-1], _before(hs, h0)[-1]) + (len(da) == 1),
            "That is the share of the last step alone. Sum over all steps.",
        ),
        "future state": (
            lambda da, hs, h0: da[:-1].T @ hs[1:],
            "You paired da_t with h_{t+1}. The weight met h_{t-1}, the state that went in.",
        ),
    },
)

derivative = Exercise(
    "derivative",
    lambda f, x, eps: (f(x + eps) - f(x - eps)) / (2 * eps),
    [(np.exp, 0.3, 0.1), (np.sin, 1.0, 0.05), (np.tanh, -0.4, 0.2)],
    wrong={
        "half the width": (
            lambda f, x, eps: (f(x + eps) - f(x - eps)) / eps,
            "The two points are 2 ε apart. You divided by ε, so the result is twice too large.",
        ),
        "forward": (
            lambda f, x, eps: (f(x + eps) - f(x)) / eps,
            "That is the one-sided difference. Its error falls like ε; the central one's falls like ε².",
        ),
        "backward": (
            lambda f, x, eps: (f(x) - f(x - eps)) / eps,
            "That is the one-sided difference, to the left. Its error falls like ε; the central one's like ε².",
        ),
        "sign": (lambda f, x, eps: (f(x - eps) - f(x + eps)) / (2 * eps), "The sign is the other way round."),
        "sum": (
            lambda f, x, eps: (f(x + eps) + f(x - eps)) / (2 * eps),
            "You added the two values. Their difference says how the function changes.",
        ),
        "not divided": (lambda f, x, eps: f(x + eps) - f(x - eps), "Divide by the distance of the points, 2 ε."),
    },
    tol=1e-9,
)


def _scalar(w: float, u: float, xs: Sequence[float]) -> tuple[float, float]:
    x = np.asarray(xs, dtype=float)[None, :, None]
    params = rnn.Params(np.array([[w]]), np.array([[u]]), np.zeros(1))
    hs, cache = rnn.forward(params, x)
    grads = rnn.backward(np.ones_like(hs), cache).params
    return float(grads.W_xh[0, 0]), float(grads.W_hh[0, 0])


def _variant(
    w: float,
    u: float,
    xs: Sequence[float],
    *,
    slope: bool = True,
    future: bool = True,
    last: bool = False,
    shift: int = 1,
) -> tuple[float, float]:
    hs = [0.0]
    for x in xs:
        hs.append(float(np.tanh(w * x + u * hs[-1])))
    dw = du = da = 0.0
    for t in range(len(xs), 0, -1):
        c = 1.0 if not last or t == len(xs) else 0.0
        da = (c + (u * da if future else 0.0)) * ((1 - hs[t] ** 2) if slope else 1.0)
        dw += da * xs[t - 1]
        du += da * hs[t - shift]
    return dw, du


scalar_bptt = Exercise(
    "scalar_bptt",
    _scalar,
    [(0.5, 0.8, [1.0, 0.0, -1.0]), (-0.7, 1.2, [0.3, 0.9, 0.2, -0.5]), (1.1, -0.6, [0.4, 0.8])],
    wrong={
        "no slope": (lambda w, u, xs: _variant(w, u, xs, slope=False), "The slope of tanh, 1 - h², is missing."),
        "no future": (
            lambda w, u, xs: _variant(w, u, xs, future=False),
            "Each step is taken for itself. A state also changes the next one: dh_t = 1 + u da_{t+1}.",
        ),
        "last only": (
            lambda w, u, xs: _variant(w, u, xs, last=True),
            "Your loss is the last state only. Here every state is part of the loss, so each step adds 1 to dh_t.",
        ),
        "off by one": (
            lambda w, u, xs: _variant(w, u, xs, shift=0),
            "In the gradient by u, da_t is paired with h_t. It belongs with h_{t-1}, the state that went in.",
        ),
        "exchanged": (lambda w, u, xs: _scalar(w, u, xs)[::-1], "The two gradients are exchanged: w first, then u."),
        "mean": (
            lambda w, u, xs: tuple(g / len(xs) for g in _scalar(w, u, xs)),
            "You took the mean over time. A shared weight gets the sum of its shares.",
        ),
    },
)
