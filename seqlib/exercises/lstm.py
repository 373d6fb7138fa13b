"""The practice of chapter 5, the LSTM: right answers, and the usual wrong ones."""

from __future__ import annotations

from typing import Any

import numpy as np

from seqlib.exercises.checker import Exercise
from seqlib.exercises.lstm_gradients import cell_gradients, shares
from seqlib.reference import lstm
from seqlib.reference.recurrence import sigmoid

__all__ = ["cell_gradients", "forget_bias", "lstm_step", "shares"]

_RNG = np.random.default_rng(5)


def _step(x: Any, h: Any, c: Any, W_xh: Any, W_hh: Any, b: Any) -> list[Any]:
    (h_new, c_new), _ = lstm.step(lstm.Params(W_xh, W_hh, b), x[None], h[None], c[None])
    return [h_new[0], c_new[0]]


def _written(x: Any, h: Any, c: Any, W_xh: Any, W_hh: Any, b: Any, *, order: str = "ifgo", **wrong: Any) -> list[Any]:
    """The step with a mistake: another order of the blocks, or another function in some place."""
    blocks = wrong.get("blocks", lambda a: np.split(a, 4))(W_xh @ x + W_hh @ h + b)
    parts = dict(zip(order, blocks, strict=True))
    i, f, o = (wrong.get("gate", sigmoid)(parts[name]) for name in "ifo")
    g = wrong.get("g", np.tanh)(parts["g"])
    new = wrong.get("cell", lambda i, f, g, c: f * c + i * g)(i, f, g, c)
    return [wrong.get("out", lambda o, new, old: o * np.tanh(new))(o, new, c), new]


def _step_case(D: int, H: int) -> tuple[Any, ...]:
    """Drawn until every new cell is so large that it differs visibly from its tanh."""
    while True:
        case = tuple(_RNG.normal(size=shape) for shape in ((D,), (H,), (H,), (4 * H, D), (4 * H, H), (4 * H,)))
        if np.abs(_step(*case)[1]).min() > 0.6:
            return case


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
        "no bias": (
            lambda x, h, c, W_xh, W_hh, b: _written(x, h, c, W_xh, W_hh, 0 * b),
            "You left out the bias b. It is added to the four sums.",
        ),
        "no old h": (
            lambda x, h, c, W_xh, W_hh, b: _written(x, 0 * h, c, W_xh, W_hh, b),
            "Your gates do not look at the old h: the term W_hh @ h is missing.",
        ),
        "h for c": (
            lambda x, h, c, W_xh, W_hh, b: _written(x, h, c, W_xh, W_hh, b, cell=lambda i, f, g, c: f * h + i * g),
            "You multiplied the old h by the forget gate. What is kept is the old c.",
        ),
        "the old c returned": (
            lambda x, h, c, W_xh, W_hh, b: [_step(x, h, c, W_xh, W_hh, b)[0], c],
            "Your h is right, but the c that you return is the old one.",
        ),
        "tanh of the product": (
            lambda *a: _written(*a, out=lambda o, new, old: np.tanh(o * new)),
            "You took tanh(o · c). The tanh belongs to the cell alone: o · tanh(c).",
        ),
        "σ of the cell": (
            lambda *a: _written(*a, out=lambda o, new, old: o * sigmoid(new)),
            "You took σ of the cell. What the output gate multiplies is tanh(c).",
        ),
        "tanh on the cell": (
            lambda *a: _written(*a, cell=lambda i, f, g, c: np.tanh(f * c + i * g), out=lambda o, new, old: o * new),
            "You returned tanh(c) as the new cell. The tanh comes on the way out only: the cell is f · c + i · g.",
        ),
        "g without tanh": (
            lambda *a: _written(*a, g=lambda a: a),
            "The candidate g is a sum of yours without its tanh.",
        ),
        "tanh for the gates": (
            lambda *a: _written(*a, gate=np.tanh),
            "Your gates end in tanh. A gate lies between 0 and 1: it ends in σ. Only the candidate ends in tanh.",
        ),
        "rows in turn": (
            (
                lambda *a: _written(*a, blocks=lambda a: a.reshape(-1, 4).T),
                lambda *a: _written(*a, blocks=lambda a: a[:4]),
            ),
            "You took the rows in turn. The first H rows belong to i, the next H to f, then g, then o: np.split(a, 4).",
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
        "power": (
            lambda steps, left: _logit(left**steps),
            "You took the power for the root: left is what all the gates leave, so one gate is left ** (1 / steps).",
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
