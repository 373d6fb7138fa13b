"""The practice of chapter 14: the activation function gelu, and its slope."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from seqlib.exercises.checker import Exercise

__all__ = ["gelu"]

_RNG = np.random.default_rng(1606)
Array = np.ndarray
_erf = np.vectorize(math.erf, otypes=[float])


def _Phi(x: Array) -> Array:
    return (1 + _erf(x / np.sqrt(2))) / 2


def _phi(x: Array) -> Array:
    return np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi)


def _both(value: Callable[[Array], Array], slope: Callable[[Array], Array]) -> Callable[[Array], tuple[Array, Array]]:
    return lambda x: (value(x), slope(x))


def _gelu(x: Array) -> Array:
    return x * _Phi(x)


def _slope(x: Array) -> Array:
    return _Phi(x) + x * _phi(x)


def _tanh(x: Array) -> Array:
    return np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3))


def _sigmoid(x: Array, a: float = 1.702) -> Array:
    return 1 / (1 + np.exp(-a * x))


def _of_Phi(Phi: Callable[[Array], Array], phi: Callable[[Array], Array]) -> Callable[[Array], tuple[Array, Array]]:
    """Another distribution function, and what its derivative is taken for."""
    return _both(lambda x: x * Phi(x), lambda x: Phi(x) + x * phi(x))


def _sloped(slope: Callable[[Array], Array]) -> Callable[[Array], tuple[Array, Array]]:
    return _both(_gelu, slope)


def _tanh_slope(x: Array) -> Array:
    inner = np.sqrt(2 / np.pi) * (1 + 3 * 0.044715 * x**2)
    return (1 + _tanh(x)) / 2 + x / 2 * (1 - _tanh(x) ** 2) * inner


gelu = Exercise(
    "gelu",
    _both(_gelu, _slope),
    [
        (np.array([[-2.5, -1.2, -0.4, 0.0], [0.3, 0.9, 1.7, 2.6]]),),
        (_RNG.uniform(-3, 3, (2, 3, 4)).round(2),),
    ],
    wrong={
        "tanh for erf": (
            (
                _both(lambda x: x / 2 * (1 + _tanh(x)), _tanh_slope),
                _both(lambda x: x / 2 * (1 + _tanh(x)), _slope),
            ),
            "That is the approximation by tanh, which is off by up to 0.0005. Use the erf.",
        ),
        "sigmoid": (
            (
                _both(lambda x: x * _sigmoid(x), lambda x: _sigmoid(x) * (1 + 1.702 * x * (1 - _sigmoid(x)))),
                _both(lambda x: x * _sigmoid(x, 1), lambda x: _sigmoid(x, 1) * (1 + x * (1 - _sigmoid(x, 1)))),
                _both(lambda x: x * _sigmoid(x), _slope),
            ),
            "You put a sigmoid where Φ stands, which only looks like it.",
        ),
        "x as a constant": (
            _sloped(_Phi),
            "Your slope is Φ(x) alone. x stands in Φ, too: x φ(x) is missing.",
        ),
        "Φ as a constant": (
            _sloped(lambda x: x * _phi(x)),
            "Your slope is x φ(x) alone. x stands before Φ, too: Φ(x) is missing.",
        ),
        "φ without x": (
            (_sloped(lambda x: _Phi(x) + _phi(x)), _sloped(_phi)),
            "In the slope φ(x) is multiplied by x: it is a product that you differentiate.",
        ),
        "minus": (
            _sloped(lambda x: _Phi(x) - x * _phi(x)),
            "A sign of the slope is wrong: φ is the derivative of Φ, and both terms are added.",
        ),
        "derivative of φ": (
            (_sloped(lambda x: _Phi(x) - x * x * _phi(x)), _sloped(lambda x: _phi(x) - x * x * _phi(x))),
            "You differentiated φ. Differentiate x Φ(x): the derivative of Φ is φ itself.",
        ),
        "√(2π) left out": (
            (
                _sloped(lambda x: _Phi(x) + x * np.exp(-(x**2) / 2)),
                _sloped(lambda x: _Phi(x) + x * np.exp(-(x**2) / 2) / (2 * np.pi)),
                _sloped(lambda x: _Phi(x) + x * np.exp(-(x**2) / 2) / np.sqrt(np.pi)),
                _sloped(lambda x: _Phi(x) + x * np.exp(-(x**2)) * 2 / np.sqrt(np.pi)),
            ),
            "Your φ is not the standard normal density, exp(−x²/2) / √(2π).",
        ),
        "√2 left out": (
            _of_Phi(lambda x: (1 + _erf(x)) / 2, _phi),
            "The argument of erf is x / √2.",
        ),
        "√2 left out everywhere": (
            _of_Phi(lambda x: (1 + _erf(x)) / 2, lambda x: np.exp(-(x**2)) / np.sqrt(np.pi)),
            "Slope and value fit each other, but erf gets x / √2.",
        ),
        "erf for Φ": (
            (_of_Phi(lambda x: _erf(x / np.sqrt(2)), _phi), _of_Phi(_erf, _phi)),
            "erf goes from −1 to 1, and Φ from 0 to 1: Φ(x) = (1 + erf(x / √2)) / 2.",
        ),
        "not halved": (
            (
                _of_Phi(lambda x: 1 + _erf(x / np.sqrt(2)), _phi),
                _of_Phi(lambda x: 1 + _erf(x / np.sqrt(2)), lambda x: 2 * _phi(x)),
            ),
            "1 + erf(x / √2) goes up to 2. Φ is half of it.",
        ),
        "relu": (
            (
                _both(lambda x: np.maximum(x, 0), lambda x: (x > 0) * 1.0),
                _both(lambda x: np.maximum(x, 0), _slope),
            ),
            "That is relu. gelu multiplies x by Φ(x), not by 0 or 1.",
        ),
        "slope by the value": (
            _sloped(lambda x: _slope(_gelu(x))),
            "You put the value into the formula of the slope. Its argument is x.",
        ),
        "Φ for the value": (
            (_both(_Phi, _phi), _both(_Phi, _slope)),
            "Your value is Φ(x). Multiply it by x.",
        ),
        "order": (
            _both(_slope, _gelu),
            "They are in another order. The value comes first, then the slope.",
        ),
        "value alone": (_gelu, "That is the value. Return its slope beside it."),
    },
    prompt="Return two arrays of the shape of x and run the cell again.",
)
