"""The practice of chapter 15: the loss of direct preference optimisation, and its gradient."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from seqlib.exercises.checker import Exercise

__all__ = ["dpo"]

_RNG = np.random.default_rng(1508)
Array = np.ndarray


def _case(B: int, beta: float, far: float = 0.0) -> tuple[Any, ...]:
    """Log-probabilities of B pairs of answers; in the first pair the rejected one is `far` likelier than it was."""
    new, old = -_RNG.integers(8, 80, (2, B)) / 4, -_RNG.integers(8, 80, (2, B)) / 4
    new[0, 0] -= far
    return new[0], new[1], old[0], old[1], beta


def _margin(c: Array, r: Array, c0: Array, r0: Array) -> Array:
    return (c - c0) - (r - r0)


def _loss(m: Array) -> Any:
    return np.logaddexp(0, -m).mean()


def _sigmoid(x: Array) -> Array:
    return np.exp(-np.logaddexp(0, -x))


def _slope(m: Array, beta: float) -> Array:
    return -beta * _sigmoid(-m) / len(m)


def _of(margin: Callable[..., Array]) -> Callable[..., Any]:
    """Loss and gradient of another margin, before it is multiplied by β."""

    def answer(c: Array, r: Array, c0: Array, r0: Array, beta: float) -> Any:
        m = beta * margin(c, r, c0, r0)
        return _loss(m), _slope(m, beta)

    return answer


def _both(
    loss: Callable[[Array], Any] = _loss, slope: Callable[[Array, float], Any] = _slope
) -> Callable[..., tuple[Any, Any]]:
    """Another loss or another gradient of the right margin, β included."""

    def answer(c: Array, r: Array, c0: Array, r0: Array, beta: float) -> tuple[Any, Any]:
        m = beta * _margin(c, r, c0, r0)
        return loss(m), slope(m, beta)

    return answer


def _plain(m: Array) -> Array:
    return 1 / (1 + np.exp(-m))


dpo = Exercise(
    "dpo",
    _both(),
    [_case(4, 0.25), _case(3, 0.5), _case(2, 0.75, far=2000.0), _case(1, 1.5)],
    wrong={
        "no reference": (
            _of(lambda c, r, c0, r0: c - r),
            "What the model said before is missing: what counts is how much each log-probability has grown.",
        ),
        "reference added": (
            _of(lambda c, r, c0, r0: (c + c0) - (r + r0)),
            "What the model said before is subtracted, not added.",
        ),
        "reference alone": (
            _of(lambda c, r, c0, r0: (c - c0) + (r - r0)),
            "You add what both have gained. The rejected answer's gain is subtracted.",
        ),
        "ratio of logarithms": (
            _of(lambda c, r, c0, r0: c / c0 - r / r0),
            "You divided log-probabilities. The logarithm of a ratio is a difference of logarithms.",
        ),
        "swapped": (
            (
                _of(lambda c, r, c0, r0: -_margin(c, r, c0, r0)),
                _both(lambda m: _loss(-m), lambda m, beta: -_slope(-m, beta)),
            ),
            "The rejected answer is preferred in yours: a sign is wrong, or the two are swapped.",
        ),
        "no β": (
            lambda c, r, c0, r0, beta: (_loss(_margin(c, r, c0, r0)), _slope(_margin(c, r, c0, r0), 1.0)),
            "β is missing: the margin is multiplied by it before the sigmoid.",
        ),
        "β outside": (
            lambda c, r, c0, r0, beta: (
                beta * _loss(_margin(c, r, c0, r0)),
                _slope(_margin(c, r, c0, r0), beta),
            ),
            "You multiplied the loss by β. It multiplies the margin, inside the sigmoid.",
        ),
        "β lost on the way": (
            _both(slope=lambda m, beta: _slope(m, 1.0)),
            "The loss is right. β is missing in the gradient: the margin is β times the log-probability.",
        ),
        "sign of the gradient": (
            _both(slope=lambda m, beta: -_slope(m, beta)),
            "The loss is right, the sign of the gradient is not: a likelier chosen answer makes the loss smaller.",
        ),
        "σ(m)": (
            (
                _both(slope=lambda m, beta: _slope(-m, beta)),
                _both(slope=lambda m, beta: -_slope(-m, beta)),
            ),
            "The loss is right. In the gradient stands σ(−m): what is decided already, m ≫ 0, moves nothing.",
        ),
        "slope of σ": (
            (
                _both(slope=lambda m, beta: _slope(m, beta) * _sigmoid(m)),
                _both(slope=lambda m, beta: -_slope(m, beta) * _sigmoid(m)),
            ),
            "The loss is right. You differentiated σ; it is −ln σ that has to be differentiated.",
        ),
        "gradient of each": (
            _both(slope=lambda m, beta: _slope(m, beta) * len(m)),
            "The loss is right. It is a mean over B pairs, so each pair's gradient is divided by B.",
        ),
        "sum": (
            _both(lambda m: _loss(m) * len(m), lambda m, beta: _slope(m, beta) * len(m)),
            "That is the sum over the pairs. Take the mean.",
        ),
        "half a sum": (
            _both(lambda m: _loss(m) * len(m)),
            "The gradient is right. The loss is the mean over the pairs, not the sum.",
        ),
        "mean first": (
            _both(lambda m: _loss(np.array([m.mean()]))),
            "You took the mean of the margins first. Take −ln σ of each pair, and then the mean.",
        ),
        "no logarithm": (
            (_both(lambda m: _sigmoid(-m).mean()), _both(lambda m: _sigmoid(m).mean())),
            "The logarithm is missing: that is a mean of probabilities.",
        ),
        "sign of the loss": (
            _both(lambda m: -_loss(m)),
            "The sign of the loss is wrong: −ln σ is never below 0.",
        ),
        "bits": (
            _both(lambda m: _loss(m) / np.log(2)),
            "Your loss is in bits. Take the natural logarithm.",
        ),
        "overflow": (
            (
                _both(lambda m: -np.log(_plain(m)).mean()),
                _both(lambda m: np.log(1 + np.exp(-m)).mean()),
                _both(lambda m: -np.log(_plain(m)).mean(), lambda m, beta: -beta * np.exp(-m) * _plain(m) / len(m)),
                _both(lambda m: np.log(1 + np.exp(-m)).mean(), lambda m, b: -b * np.exp(-m) * _plain(m) / len(m)),
                _both(slope=lambda m, beta: -beta * np.exp(-m) * _plain(m) / len(m)),
            ),
            "Right for small margins. At −1500 np.exp overflows: np.logaddexp(0, −m) does not, and 1 / (1 + exp(m)) "
            "comes out as 1.",
        ),
        "loss alone": (
            lambda *given: _both()(*given)[0],
            "That is the loss. Return the gradient beside it.",
        ),
        "gradient alone": (
            lambda *given: _both()(*given)[1],
            "That is the gradient. Return the loss first, and the gradient beside it.",
        ),
        "order": (
            lambda *given: _both()(*given)[::-1],
            "They are in another order. The loss comes first.",
        ),
    },
    prompt="Return a number and an array (B,), and run the cell again.",
)
