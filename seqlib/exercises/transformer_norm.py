"""The practice of chapter 13: layer normalisation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from seqlib.exercises.checker import Exercise

__all__ = ["layer_norm"]

_RNG = np.random.default_rng(1607)
Array = np.ndarray
Axis = int | tuple[int, ...] | None
Norm = Callable[..., Array]


def _case(B: int, T: int, D: int, eps: float, *, alike: bool = False) -> tuple[Array, Array, Array, float]:
    """Features about a mean that is not 0; with `alike` those of one position are all the same."""
    x = _RNG.uniform(-1, 3, (B, T, D)).round(2)
    if alike:
        x[0, 0] = 1.5
    return x, _RNG.uniform(0.5, 2, D).round(2), _RNG.uniform(-1, 1, D).round(2), eps


def _normed(x: Array, eps: float, axis: Axis = -1, *, keepdims: bool = True, ddof: int = 0) -> Array:
    mean, var = x.mean(axis, keepdims=keepdims), x.var(axis, keepdims=keepdims, ddof=ddof)
    return (x - mean) / np.sqrt(var + eps)


def _right(x: Array, gain: Array, bias: Array, eps: float) -> Array:
    return gain * _normed(x, eps) + bias


def _with(normed: Callable[[Array, float], Any]) -> Norm:
    """Another x̂."""
    return lambda x, gain, bias, eps: gain * normed(x, eps) + bias


def _centred(x: Array) -> Array:
    return x - x.mean(-1, keepdims=True)


def _mean(x: Array) -> Array:
    return x.mean(-1, keepdims=True)


def _over(axis: Axis) -> Norm:
    return _with(lambda x, eps: _normed(x, eps, axis))


layer_norm = Exercise(
    "layer_norm",
    _right,
    [
        _case(2, 3, 4, 0.1),
        _case(3, 3, 3, 0.03),  # a cube: an axis that is lost does not stop
        _case(2, 2, 5, 1e-3, alike=True),
    ],
    wrong={
        "another axis": (
            (_over(1), _over(0), _over(None), _over((1, 2)), _over((0, 1))),
            "Your mean and variance are over another axis. Each position is normalised by its own features: the last "
            "axis. Over the batch it would be batch normalisation.",
        ),
        "D - 1": (
            (
                _with(lambda x, eps: _normed(x, eps, ddof=1)),
                _with(lambda x, eps: _centred(x) / (x.std(-1, keepdims=True, ddof=1) + eps)),
            ),
            "You divided by D − 1, as torch's std and var do. Here the variance is the mean of the squares, over D.",
        ),
        "eps outside the root": (
            _with(lambda x, eps: _centred(x) / (x.std(-1, keepdims=True) + eps)),
            "You added eps to the standard deviation. It belongs inside the root, to the variance.",
        ),
        "eps left out": (
            (
                _with(lambda x, eps: _normed(x, 0)),
                _with(lambda x, eps: np.nan_to_num(_normed(x, 0))),
                _with(lambda x, eps: _normed(x, 1e-12)),
                _with(lambda x, eps: _normed(x, 1e-5)),
            ),
            "eps is an argument: add it to the variance, inside the root.",
        ),
        "eps squared": (
            _with(lambda x, eps: _normed(x, eps**2)),
            "You squared eps. It is added to the variance as it is.",
        ),
        "no root": (
            _with(lambda x, eps: _centred(x) / (x.var(-1, keepdims=True) + eps)),
            "You divided by the variance. Divide by its root.",
        ),
        "RMS normalisation": (
            _with(lambda x, eps: x / np.sqrt(_mean(x**2) + eps)),
            "That is RMS normalisation. Layer normalisation takes off the mean first.",
        ),
        "mean left in": (
            _with(lambda x, eps: x / np.sqrt(x.var(-1, keepdims=True) + eps)),
            "You divided x itself. Take off its mean first.",
        ),
        "variance about 0": (
            _with(lambda x, eps: _centred(x) / np.sqrt(_mean(x**2) + eps)),
            "Your variance is the mean of x². Take off the mean before you square.",
        ),
        "sum of squares": (
            _with(lambda x, eps: _centred(x) / np.sqrt((_centred(x) ** 2).sum(-1, keepdims=True) + eps)),
            "You added up the squares. The variance is their mean.",
        ),
        "absolute deviation": (
            _with(lambda x, eps: _centred(x) / (_mean(abs(_centred(x))) + eps)),
            "You took the mean of the absolute deviations. Take the root of the mean of their squares.",
        ),
        "centred alone": (
            _with(lambda x, eps: _centred(x)),
            "You took off the mean. Divide by the standard deviation, too.",
        ),
        "axis lost": (
            (
                _with(lambda x, eps: _normed(x, eps, keepdims=False)),
                _with(lambda x, eps: (x - x.mean(-1)) / np.sqrt(x.var(-1, keepdims=True) + eps)),
                _with(lambda x, eps: _centred(x) / np.sqrt(x.var(-1) + eps)),
            ),
            "Your mean or variance has lost its axis, and lies along the wrong one. Use keepdims=True.",
        ),
        "no gain": (lambda x, gain, bias, eps: _normed(x, eps) + bias, "You left out the gain."),
        "no bias": (lambda x, gain, bias, eps: gain * _normed(x, eps), "You left out the bias."),
        "neither gain nor bias": (
            lambda x, gain, bias, eps: _normed(x, eps),
            "That is normalised. Multiply by the gain and add the bias.",
        ),
        "swapped": (
            lambda x, gain, bias, eps: bias * _normed(x, eps) + gain,
            "Gain and bias are swapped: the gain multiplies, the bias is added.",
        ),
        "bias times gain": (
            lambda x, gain, bias, eps: gain * (_normed(x, eps) + bias),
            "The gain multiplies the bias in yours. Add the bias afterwards.",
        ),
        "gain first": (
            (
                lambda x, gain, bias, eps: _normed(gain * x + bias, eps),
                lambda x, gain, bias, eps: _normed(gain * x, eps) + bias,
            ),
            "You used the gain before you normalised, which takes it away again in part. Normalise first.",
        ),
        "1 + gain": (
            lambda x, gain, bias, eps: (1 + gain) * _normed(x, eps) + bias,
            "You multiplied by 1 + gain. Multiply by the gain.",
        ),
    },
    prompt="Return an array of shape (B, T, D) and run the cell again.",
)
