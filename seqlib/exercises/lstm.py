"""The practice of chapter 5, the LSTM: right answers, and the usual wrong ones."""

from __future__ import annotations

from typing import Any

import numpy as np

from seqlib.exercises.checker import Exercise
from seqlib.reference import lstm
from seqlib.reference.recurrence import sigmoid

__all__ = ["cell_gradients", "forget_bias", "lstm_step", "shares"]

_RNG = np.random.default_rng(5)


def _step(x: Any, h: Any, c: Any, W_xh: Any, W_hh: Any, b: Any) -> list[Any]:
    (h_new, c_new), _ = lstm.step(lstm.Params(W_xh, W_hh, b), x[None], h[None], c[None])
    return [h_new[0], c_new[0]]


def _written(x: Any, h: Any, c: Any, W_xh: Any, W_hh: Any, b: Any, *, order: str = "ifgo", **wrong: Any) -> list[Any]:
    """The step with a mistake: another order of the blocks, or another function in some place."""
    parts = dict(zip(order, np.split(W_xh @ x + W_hh @ h + b, 4), strict=True))
    i, f, o = (sigmoid(parts[name]) for name in "ifo")
    g = wrong.get("g", np.tanh)(parts["g"])
    new = wrong.get("cell", lambda i, f, g, c: f * c + i * g)(i, f, g, c)
    return [wrong.get("out", lambda o, new, old: o * np.tanh(new))(o, new, c), new]


def _step_case(D: int, H: int) -> tuple[Any, ...]:
    return tuple(_RNG.normal(size=shape) for shape in ((D,), (H,), (H,), (4 * H, D), (4 * H, H), (4 * H,)))


lstm_step = Exercise(
    "lstm_step",
    _step,
    [_step_case(3, 2), _step_case(2, 3), _step_case(1, 1)],
    wrong={
        "order i, f, o, g": (
            lambda *a: _written(*a, order="ifog"),
            "You took the blocks in the order i, f, o, g. Here, as in PyTorch, the candidate g comes before o.",
        ),
        "order f, i, g, o": (
            lambda *a: _written(*a, order="figo"),
            "The first block belongs to the input gate and the second to the forget gate: you swapped them.",
        ),
        "σ for the candidate": (
            lambda *a: _written(*a, g=sigmoid),
            "The candidate g ends in tanh: it may be negative. Only the three gates end in σ.",
        ),
        "no tanh on c": (
            lambda *a: _written(*a, out=lambda o, new, old: o * new),
            "The output is o · tanh(c): you left out the tanh of the cell.",
        ),
        "the old cell": (
            lambda *a: _written(*a, out=lambda o, new, old: o * np.tanh(old)),
            "You read out the old cell. The output gate reads the new one.",
        ),
        "i = 1 - f": (
            lambda *a: _written(*a, cell=lambda i, f, g, c: f * c + (1 - f) * g),
            "You coupled the gates: the candidate is multiplied by 1 - f. Here it has an input gate of its own.",
        ),
        "no input gate": (
            lambda *a: _written(*a, cell=lambda i, f, g, c: f * c + g),
            "The input gate is missing: what is added to the cell is i · g.",
        ),
        "no forget gate": (
            lambda *a: _written(*a, cell=lambda i, f, g, c: c + i * g),
            "The forget gate is missing: the old cell is multiplied by f.",
        ),
        "c and h swapped": (
            lambda *a: _step(*a)[::-1],
            "The numbers are right, but you return c first. Return the new h and then the new c.",
        ),
        "h alone": (
            (lambda *a: _step(*a)[0], lambda *a: _step(*a)[:1]),
            "You return the new h alone. The next step needs the new c too: return both.",
        ),
        "gates of c": (
            lambda x, h, c, W_xh, W_hh, b: _written(x, c, c, W_xh, W_hh, b),
            "Your gates look at the old c. They look at the old h: W_hh @ h.",
        ),
    },
    prompt="Return the new h and the new c and run the cell again.",
)


def _logit(f: float) -> float:
    return float(np.log(f) - np.log1p(-f))


def _bias(steps: float, left: float) -> float:
    return _logit(left ** (1 / steps))


forget_bias = Exercise(
    "forget_bias",
    _bias,
    [(20, 0.5), (100, 0.9), (3, 0.05), (1, 0.3)],
    wrong={
        "the gate": (
            lambda steps, left: left ** (1 / steps),
            "That is the gate f itself. The bias is what goes into σ: solve f = σ(b) for b.",
        ),
        "sign": (
            lambda steps, left: -_bias(steps, left),
            "The sign is turned: σ(b) = f gives b = ln(f / (1 - f)), and a gate above one half needs a positive bias.",
        ),
        "no root": (
            lambda steps, left: _logit(left),
            "You left out the steps: left is the product of all the gates, so one gate is left ** (1 / steps).",
        ),
        "divided": (
            lambda steps, left: _logit(left / steps),
            "You divided left by steps. The gates are multiplied, so take the root: left ** (1 / steps).",
        ),
        "ln f": (
            lambda steps, left: np.log(left) / steps,
            "That is ln f. From f = σ(b) = 1 / (1 + e^-b) follows b = ln f - ln(1 - f).",
        ),
        "1 - left": (
            lambda steps, left: _bias(steps, 1 - left),
            "You took the share that is lost. `left` is the share that is still there.",
        ),
        "linear": (
            lambda steps, left: _logit(1 - (1 - left) / steps),
            "You let each step take the same amount. Each takes the same share of what is left: f ** steps = left.",
        ),
        "the half-life": (
            lambda steps, left: np.log(2) / -np.log(left ** (1 / steps)),
            "That is the half-life of the note, a number of steps. The bias is asked for.",
        ),
        "tanh": (
            lambda steps, left: np.arctanh(left ** (1 / steps)),
            "You inverted tanh. A gate ends in σ: b = ln(f / (1 - f)).",
        ),
        "σ applied": (
            lambda steps, left: float(sigmoid(np.array(left ** (1 / steps)))),
            "You applied σ to the gate. It must be undone: b = ln(f / (1 - f)).",
        ),
    },
    prompt="Return the bias, one number, and run the cell again.",
)


def _through(dh: Any, dc: Any, f: Any, o: Any, c: Any, **wrong: Any) -> Any:
    """dc of every step, or with a mistake: `gate(f, t)` of the way on, `slope(c)` of the way through h."""
    gate, slope = wrong.get("gate", lambda f, t: f[t]), wrong.get("slope", lambda c: 1 - np.tanh(c) ** 2)
    out = np.zeros_like(dh)
    for t in reversed(range(len(dh))):
        out[t] = dc + dh[t] * (o[t] if wrong.get("gated", True) else 1) * slope(c[t])
        dc = out[t] * gate(f, t)
    return out


def _gradient_case(T: int, H: int) -> tuple[Any, ...]:
    gates = sigmoid(_RNG.normal(size=(2, T, H)))
    return _RNG.normal(size=(T, H)), _RNG.normal(size=H), gates[0], gates[1], _RNG.normal(size=(T, H))


cell_gradients = Exercise(
    "cell_gradients",
    _through,
    [_gradient_case(4, 3), _gradient_case(2, 1), _gradient_case(6, 2)],
    wrong={
        "gate one off": (
            lambda *a: _through(*a, gate=lambda f, t: f[t - 1] if t else f[0]),
            "Your forget gate is one step off: from c_t to c_{t-1} the gradient passes the gate of step t.",
        ),
        "no slope": (
            lambda *a: _through(*a, slope=lambda c: 1),
            "The slope of tanh is missing: h = o · tanh(c), so the way through h has the factor 1 - tanh²(c).",
        ),
        "tanh for its slope": (
            lambda *a: _through(*a, slope=np.tanh),
            "You multiplied by tanh(c), which belongs to do. The derivative of tanh is 1 - tanh²(c).",
        ),
        "slope of c": (
            lambda *a: _through(*a, slope=lambda c: 1 - c**2),
            "You wrote 1 - c². c has not been through a tanh yet: the slope is 1 - tanh²(c).",
        ),
        "no output gate": (
            lambda *a: _through(*a, gated=False),
            "The output gate is missing: the way through h has the factor o.",
        ),
        "no forget gate": (
            lambda *a: _through(*a, gate=lambda f, t: 1),
            "You hand the gradient on in full. From cell to cell it is multiplied by the forget gate.",
        ),
        "nothing handed on": (
            lambda dh, dc, f, o, c: _through(dh, dc, f, o, c, gate=lambda f, t: 0),
            "Each of your steps stands alone. A cell is also used by the next one: add dc_{t+1} · f_{t+1}.",
        ),
        "dc forgotten": (
            lambda dh, dc, f, o, c: _through(dh, 0 * dc, f, o, c),
            "You left out dc, what the loss says of c_T directly. The last step begins with it.",
        ),
        "forwards": (
            lambda dh, dc, f, o, c: _through(dh[::-1], dc, f[::-1], o[::-1], c[::-1])[::-1],
            "You went from the first step to the last. The gradient comes from the last: use reversed(range(T)).",
        ),
        "reversed": (
            lambda *a: _through(*a)[::-1],
            "The numbers are right, but the last step comes first. Row 0 belongs to step 1.",
        ),
        "what is handed on": (
            lambda dh, dc, f, o, c: _through(dh, dc, f, o, c) * f,
            "You returned what is handed on, dc_t · f_t. The derivative with respect to c_t itself is asked for.",
        ),
        "the first": (
            lambda *a: _through(*a)[0],
            "You returned the gradient of one step. All T are asked for, in an array of shape (T, H).",
        ),
    },
    prompt="Return dc of every step, an array of shape (T, H), and run the cell again.",
)


def _shares(f: Any, i: Any) -> Any:
    after = np.array([np.prod(f[t:]) for t in range(len(f) + 1)])
    return np.concatenate([after[:1], i * after[1:]])


def _gates(T: int) -> tuple[Any, Any]:
    return sigmoid(_RNG.normal(size=T)), sigmoid(_RNG.normal(size=T))


shares = Exercise(
    "shares",
    _shares,
    [_gates(3), _gates(6), _gates(2)],
    wrong={
        "own gate too": (
            lambda f, i: np.concatenate([[np.prod(f)], i * np.array([np.prod(f[t:]) for t in range(len(f))])]),
            "You multiplied each candidate by the forget gate of its own step too. It meets those after it: f[t + 1:].",
        ),
        "no input gate": (
            lambda f, i: np.array([np.prod(f[t:]) for t in range(len(f) + 1)]),
            "The input gates are missing: a candidate enters as i · g.",
        ),
        "gates before": (
            lambda f, i: np.concatenate([[np.prod(f)], i * np.cumprod(f)]),
            "You multiplied by the forget gates before each candidate. It meets those after it.",
        ),
        "c_0 left out": (
            lambda f, i: _shares(f, i)[1:],
            "The weight of c_0 is missing: T + 1 numbers are asked for, that of c_0 first.",
        ),
        "c_0 last": (
            lambda f, i: np.roll(_shares(f, i), -1),
            "You put c_0 last. Its weight comes first, then those of g_1 to g_T.",
        ),
        "c_0 kept": (
            lambda f, i: np.concatenate([[1.0], _shares(f, i)[1:]]),
            "c_0 is multiplied by every forget gate: its weight is the product of all f.",
        ),
        "reversed": (
            lambda f, i: np.concatenate([_shares(f, i)[:1], _shares(f, i)[:0:-1]]),
            "The weights of the candidates are in the wrong order: that of g_1 comes before that of g_T.",
        ),
        "one step only": (
            lambda f, i: np.concatenate([f[:1], i]),
            "You stopped after one step. Every later forget gate multiplies what is in the cell.",
        ),
        "sum of gates": (
            lambda f, i: np.concatenate([[f.sum()], i * np.array([f[t:].sum() for t in range(1, len(f) + 1)])]),
            "You added the forget gates. They act one after the other, so they are multiplied.",
        ),
        "normalised": (
            lambda f, i: _shares(f, i) / _shares(f, i).sum(),
            "You made the weights add up to 1. They do not: the cell is a sum, not a mean.",
        ),
    },
    prompt="Return T + 1 weights, that of c_0 first, and run the cell again.",
)
