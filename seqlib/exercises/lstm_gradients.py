"""The practice of chapter 5 that goes through the memory cell: the way back, and what it holds."""

from __future__ import annotations

from typing import Any

import numpy as np

from seqlib.exercises.checker import Exercise
from seqlib.reference.recurrence import sigmoid

__all__ = ["cell_gradients", "shares"]

_RNG = np.random.default_rng(5)


def _through(dh: Any, dc: Any, f: Any, o: Any, c: Any, **wrong: Any) -> Any:
    """dc of every step, or with a mistake: `gate(f, t)` of the way on, `slope(c)` of the way through h.

    `last` stands in the place of the last row; `more` is added to each row that is handed something.
    """
    gate, slope = wrong.get("gate", lambda f, t: f[t]), wrong.get("slope", lambda c: 1 - np.tanh(c) ** 2)
    out = np.zeros_like(dh)
    for t in reversed(range(len(dh))):
        out[t] = dc + dh[t] * (o[t] if wrong.get("gated", True) else 1) * slope(c[t])
        if t == len(dh) - 1:
            out[t] = wrong.get("last", out[t])
        dc = out[t] * gate(f, t) + wrong.get("more", 0)
    return out


def _past_the_end(dh: Any, dc: Any, f: Any, o: Any, c: Any) -> Any:
    """The equation as it stands, at the last step too."""
    out = np.zeros_like(dh)
    for t in reversed(range(len(dh))):
        out[t] = dh[t] * o[t] * (1 - np.tanh(c[t]) ** 2) + out[t + 1] * f[t + 1]
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
        "past the end": (
            _past_the_end,
            "At the last step there is no step t + 1: there the whole second term is dc, without a gate.",
        ),
        "dc gated": (
            lambda dh, dc, f, o, c: _through(dh, dc * f[-1], f, o, c),
            "You multiplied dc by a forget gate. It is what the loss says of c_T itself: no gate stands between.",
        ),
        "the gate of the step": (
            lambda dh, dc, f, o, c: _through(dh, dc * f[-1], f, o, c, gate=lambda f, t: f[t - 1]),
            "You multiplied what comes from step t + 1 by the gate of step t. The way leads through f_{t+1}, and at "
            "the last step through none.",
        ),
        "last row dc alone": (
            lambda dh, dc, f, o, c: _through(dh, dc, f, o, c, last=dc),
            "Your last row is dc alone. The last cell is also read out: its way through h belongs to it too.",
        ),
        "dc at every step": (
            lambda dh, dc, f, o, c: _through(dh, dc, f, o, c, more=dc),
            "You added dc at every step. The loss sees c_T directly, and no earlier cell: dc is added once.",
        ),
        "slope of the gate": (
            lambda *a: _through(*a, gate=lambda f, t: f[t] * (1 - f[t])),
            "You multiplied by f (1 - f), the slope of the gate. From cell to cell the factor is f itself.",
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
            (
                lambda f, i: np.concatenate([[np.prod(f)], i * np.cumprod(f)]),
                lambda f, i: np.concatenate([[np.prod(f)], i * np.cumprod(np.append(1, f[:-1]))]),
            ),
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
        "not turned back": (
            lambda f, i: np.concatenate([[np.prod(f)], i * np.cumprod(np.append(1, f[:0:-1]))]),
            "Your products begin at the last gate, which is right, but they stand in the order of the reversed gates: "
            "turn them round again before you multiply by i.",
        ),
        "coupled": (
            lambda f, i: _shares(f, 1 - f),
            "You took 1 - f for the input gate. Here it is a gate of its own, i.",
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
