"""The practice of chapter 3, backpropagation through time: right answers, and the usual wrong ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from seqlib.exercises.checker import Exercise
from seqlib.reference import rnn

__all__ = ["derivative", "one_step_back", "recurrent_gradient", "scalar_bptt", "through_tanh"]

_RNG = np.random.default_rng(3)


def _vectors(*shapes: tuple[int, ...]) -> tuple[np.ndarray, ...]:
    return tuple(_RNG.normal(size=shape) for shape in shapes)


def _state(H: int) -> np.ndarray:
    return np.tanh(_RNG.normal(size=H))


through_tanh = Exercise(
    "through_tanh",
    lambda dh, h: dh * (1 - h**2),
    [(_RNG.normal(size=4), _state(4)), (np.array([1.3]), np.array([0.4])), (_RNG.normal(size=3), _state(3))],
    wrong={
        "no slope": (lambda dh, h: dh, "The slope of tanh is missing. You handed the gradient on unchanged."),
        "tanh twice": (
            lambda dh, h: dh * (1 - np.tanh(h) ** 2),
            "You took the tanh twice. h is tanh(a) already, so the slope at a is 1 - h².",
        ),
        "no square": (lambda dh, h: dh * (1 - h), "The slope of tanh is 1 - h², with a square."),
        "square outside": (lambda dh, h: dh * (1 - h) ** 2, "The square is of h alone: 1 - h², not (1 - h)²."),
        "plus": (lambda dh, h: dh * (1 + h**2), "The slope of tanh is 1 - h², with a minus: it is never above 1."),
        "precedence": (
            lambda dh, h: dh - h**2,
            "The product comes before the difference. Put the slope in parentheses: dh * (1 - h**2).",
        ),
        "no dh": (lambda dh, h: 1 - h**2, "That is the slope alone. The chain rule multiplies dh by it."),
        "sigmoid": (lambda dh, h: dh * h * (1 - h), "h (1 - h) is the slope of the logistic function, not of tanh."),
        "divided": (lambda dh, h: dh / (1 - h**2), "You divided by the slope. The chain rule multiplies."),
        "forward": (lambda dh, h: dh * h, "You multiplied by the state. The chain rule wants the slope, 1 - h²."),
        "slope at dh": (
            (lambda dh, h: dh * (1 - dh**2), lambda dh, h: h * (1 - dh**2)),
            "You took the slope at dh. The tanh was taken of a, and h = tanh(a), so the slope is 1 - h².",
        ),
        "summed": (
            lambda dh, h: dh @ (1 - h**2),
            "You added up the entries. Each unit has its own tanh, so da has one number per unit: multiply with *.",
        ),
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
            lambda c, da, W: c,
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
        "exchanged": (
            lambda c, da, W: W.T @ c + da,
            "They are exchanged: c_t arrives at h_t itself, and da_{t+1} passes through W_hhᵀ.",
        ),
        "difference": (lambda c, da, W: c - W.T @ da, "The two ways add up; yours are subtracted."),
        "product": (lambda c, da, W: c * (W.T @ da), "The two ways add up; you multiplied them."),
        "elementwise": (
            (lambda c, da, W: c + W.T * da, lambda c, da, W: c + W * da, lambda c, da, W: c + W * da[:, None]),
            "The result is a matrix: * multiplies entry by entry. The product of a matrix and a vector is @.",
        ),
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
        "no h0": (lambda da, hs, h0: da[1:].T @ hs[:-1], "The first step is missing: it pairs da_1 with h_0."),
        "rolled": (
            lambda da, hs, h0: da.T @ np.roll(hs, 1, axis=0),
            "Your first step pairs da_1 with the last state, for index -1 is the end. It pairs with h_0.",
        ),
        "only h0": (
            lambda da, hs, h0: np.outer(da.sum(0), h0),
            "You paired every da_t with h_0. Each meets the state before it, h_{t-1}.",
        ),
        "transposed": (
            lambda da, hs, h0: _before(hs, h0).T @ da,
            "That is the transpose. Row i of W_hh makes a_i, so da stands first: da_t h_{t-1}ᵀ.",
        ),
        "mean": (
            lambda da, hs, h0: da.T @ _before(hs, h0) / len(da),
            "You took the mean over time. A shared weight gets the sum of its shares.",
        ),
        "last step": (
            lambda da, hs, h0: np.outer(da[-1], _before(hs, h0)[-1]),
            "That is the share of the last step alone. Sum over all steps.",
        ),
        "future state": (
            lambda da, hs, h0: da[:-1].T @ hs[1:],
            "You paired da_t with h_{t+1}. The weight met h_{t-1}, the state that went in.",
        ),
        "time by time": (
            lambda da, hs, h0: da @ _before(hs, h0).T,
            "Your product sums over the units and leaves (T, T). Sum over time: da.T stands first, and gives (H, H).",
        ),
        "diagonal": (
            lambda da, hs, h0: (da * _before(hs, h0)).sum(0),
            "You paired each unit with itself. W_hh joins every unit to every unit: one outer product a step.",
        ),
    },
)

Slope = Callable[[Callable[[float], float], float, float], float]
_central: Slope = lambda f, x, eps: (f(x + eps) - f(x - eps)) / (2 * eps)  # noqa: E731

derivative = Exercise(
    "derivative",
    _central,
    [(np.exp, 0.3, 0.1), (np.sin, 1.0, 0.05), (np.tanh, -0.4, 0.2)],
    wrong={
        "half the width": (
            lambda f, x, eps: (f(x + eps) - f(x - eps)) / eps,
            "The two points are 2 ε apart. You divided by ε, so the result is twice too large.",
        ),
        "divided by 2": (
            lambda f, x, eps: (f(x + eps) - f(x - eps)) / 2 * eps,
            "You divided by 2 and multiplied by ε. Put the width in parentheses: / (2 * eps).",
        ),
        "precedence": (
            lambda f, x, eps: f(x + eps) - f(x - eps) / (2 * eps),
            "Only f(x - ε) is divided. Put the difference in parentheses.",
        ),
        "forward": (
            (lambda f, x, eps: (f(x + eps) - f(x)) / eps, lambda f, x, eps: (f(x + 2 * eps) - f(x)) / (2 * eps)),
            "That is the one-sided difference. Its error falls like ε; the central one's falls like ε².",
        ),
        "backward": (
            lambda f, x, eps: (f(x) - f(x - eps)) / eps,
            "That is the one-sided difference, to the left. Its error falls like ε; the central one's like ε².",
        ),
        "half steps": (
            lambda f, x, eps: (f(x + eps / 2) - f(x - eps / 2)) / eps,
            "That is a central difference with half the step. Here ε is the way to each side: x + ε and x - ε.",
        ),
        "own eps": (
            lambda f, x, eps: _central(f, x, 1e-5),
            "You took an ε of your own. The function is told which ε to take.",
        ),
        "sign": (lambda f, x, eps: (f(x - eps) - f(x + eps)) / (2 * eps), "The sign is the other way round."),
        "sum": (
            lambda f, x, eps: (f(x + eps) + f(x - eps)) / (2 * eps),
            "You added the two values. Their difference says how the function changes.",
        ),
        "not divided": (lambda f, x, eps: f(x + eps) - f(x - eps), "Divide by the distance of the points, 2 ε."),
    },
)


def _scalar(w: float, u: float, xs: Sequence[float]) -> tuple[float, float]:
    x = np.asarray(xs, dtype=float)[None, :, None]
    params = rnn.Params(np.array([[w]]), np.array([[u]]), np.zeros(1))
    hs, cache = rnn.forward(params, x)
    grads = rnn.backward(np.ones_like(hs), cache).params
    return float(grads.W_xh[0, 0]), float(grads.W_hh[0, 0])


def _by_hand(
    w: float,
    u: float,
    xs: Sequence[float],
    *,
    slope: Callable[[float], float] = lambda h: 1 - h**2,
    carried: float | None = None,
    last: bool = False,
    shift: int = 1,
    kept: float = 1.0,
    order: int = -1,
    old: int = 0,
    through: bool = True,
) -> tuple[float, float]:
    """The loop written out, with its mistakes.

    `carried` stands for u on the way back, `kept` for how much of the sums so far is kept, `old` for the step whose
    slope is taken, `through` for whether what comes back has passed the tanh of its step.
    """
    hs = [0.0]
    for x in xs:
        hs.append(float(np.tanh(w * x + u * hs[-1])))
    dw = du = da = dh = 0.0
    for t in range(1, len(xs) + 1)[::order]:
        c = 1.0 if not last or t == len(xs) else 0.0
        dh = c + (u if carried is None else carried) * (da if through else dh)
        da = dh * slope(hs[t - old])
        dw, du = kept * dw + da * xs[t - 1], kept * du + da * hs[t - shift]
    return dw, du


scalar_bptt = Exercise(
    "scalar_bptt",
    _scalar,
    [(0.5, 0.8, [1.0, 0.0, -1.0]), (-0.7, 1.2, [0.3, 0.9, 0.2, -0.5]), (1.1, -0.6, [0.4, 0.8])],
    wrong={
        "no slope": (lambda w, u, xs: _by_hand(w, u, xs, slope=lambda h: 1), "The slope of tanh, 1 - h², is missing."),
        "tanh twice": (
            lambda w, u, xs: _by_hand(w, u, xs, slope=lambda h: 1 - np.tanh(h) ** 2),
            "You took the tanh twice. h_t is tanh(a) already, so the slope is 1 - h².",
        ),
        "no future": (
            lambda w, u, xs: _by_hand(w, u, xs, carried=0),
            "Each step is taken for itself. A state also changes the next one: dh_t = 1 + u da_{t+1}.",
        ),
        "no u": (
            lambda w, u, xs: _by_hand(w, u, xs, carried=1),
            "What comes back from the next step passes through u: dh_t = 1 + u da_{t+1}.",
        ),
        "slope of the old state": (
            lambda w, u, xs: _by_hand(w, u, xs, old=1),
            "You took the slope at h_{t-1}. da_t belongs to the state that step t makes: 1 - h_t².",
        ),
        "not through the tanh": (
            lambda w, u, xs: _by_hand(w, u, xs, through=False),
            "You carry dh back. What comes back from the next step has passed its tanh: u da_{t+1}, not u dh_{t+1}.",
        ),
        "last only": (
            lambda w, u, xs: _by_hand(w, u, xs, last=True),
            "Your loss is the last state only. Here every state is part of the loss, so each step adds 1 to dh_t.",
        ),
        "forward in time": (
            lambda w, u, xs: _by_hand(w, u, xs, order=1),
            "Your loop goes forward. The gradient of a state needs that of the next one, so begin at the end.",
        ),
        "off by one": (
            lambda w, u, xs: _by_hand(w, u, xs, shift=0),
            "In the gradient with respect to u, da_t is paired with h_t. It belongs with h_{t-1}.",
        ),
        "not summed": (
            lambda w, u, xs: _by_hand(w, u, xs, kept=0),
            "Only the step that came last in your loop is left. A shared weight gets the sum of its shares: +=.",
        ),
        "exchanged": (lambda w, u, xs: _scalar(w, u, xs)[::-1], "The two gradients are exchanged: w first, then u."),
        "mean": (
            lambda w, u, xs: tuple(g / len(xs) for g in _scalar(w, u, xs)),
            "You took the mean over time. A shared weight gets the sum of its shares.",
        ),
    },
)
