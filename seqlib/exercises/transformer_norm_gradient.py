"""The practice of chapter 13: the way back through layer normalisation, to x, gain and bias."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from seqlib.exercises.checker import Exercise

__all__ = ["layer_norm_backward"]

_RNG = np.random.default_rng(1910)
Array = np.ndarray
Grads = tuple[Array, Array, Array]


def _case(B: int, T: int, D: int, eps: float) -> tuple[Array, Array, Array, float]:
    dy, x = _RNG.uniform(-1.5, 1.5, (B, T, D)).round(2), _RNG.uniform(-1, 3, (B, T, D)).round(2)
    return dy, x, _RNG.uniform(0.5, 2, D).round(2), eps


def _root(x: Array, eps: float, ddof: int = 0) -> Array:
    return np.sqrt(x.var(-1, keepdims=True, ddof=ddof) + eps)


def _normed(x: Array, eps: float, ddof: int = 0) -> Array:
    return (x - x.mean(-1, keepdims=True)) / _root(x, eps, ddof)


def _mean(d: Array) -> Array:
    return d.mean(-1, keepdims=True)


def _dx(d: Array, normed: Array, root: Array) -> Array:
    """From d, the gradient with respect to x̂."""
    return (d - _mean(d) - normed * _mean(d * normed)) / root


def _sums(dy: Array, normed: Array) -> tuple[Array, Array]:
    return (dy * normed).sum((0, 1)), dy.sum((0, 1))


def _right(dy: Array, x: Array, gain: Array, eps: float) -> Grads:
    normed = _normed(x, eps)
    return (_dx(gain * dy, normed, _root(x, eps)), *_sums(dy, normed))


def _of_x(formula: Callable[[Array, Array, Array], Any]) -> Callable[..., Grads]:
    """Another dx, of dx̂, x̂ and the root."""
    return lambda dy, x, gain, eps: (
        formula(gain * dy, _normed(x, eps), _root(x, eps)),
        *_sums(dy, _normed(x, eps)),
    )


def _of_gain(formula: Callable[[Array, Array], Any]) -> Callable[..., Grads]:
    """Another dgain, of dy and x̂."""
    return lambda dy, x, gain, eps: (
        _right(dy, x, gain, eps)[0],
        formula(dy, _normed(x, eps)),
        dy.sum((0, 1)),
    )


def _both(total: Callable[[Array], Any]) -> Callable[..., Grads]:
    """dgain and dbias added up in another way."""
    return lambda dy, x, gain, eps: (_right(dy, x, gain, eps)[0], total(dy * _normed(x, eps)), total(dy))


def _over(axis: int | tuple[int, ...] | None) -> Callable[..., Grads]:
    """Means over another axis."""
    return _of_x(lambda d, n, r: (d - d.mean(axis, keepdims=True) - n * (d * n).mean(axis, keepdims=True)) / r)


layer_norm_backward = Exercise(
    "layer_norm_backward",
    _right,
    [_case(2, 3, 4, 0.1), _case(3, 3, 3, 0.03), _case(2, 4, 5, 0.3)],
    wrong={
        "statistics are constants": (
            _of_x(lambda d, n, r: d / r),
            "You took mean and variance for constants. Each feature of x moves them, and they move all x̂.",
        ),
        "mean is a constant": (
            _of_x(lambda d, n, r: (d - n * _mean(d * n)) / r),
            "You took the mean for a constant; so the way back of RMS normalisation goes. Take off mean dx̂ as well.",
        ),
        "variance is a constant": (
            _of_x(lambda d, n, r: (d - _mean(d)) / r),
            "You took the variance for a constant. Take off x̂ · mean(dx̂ · x̂) as well.",
        ),
        "gain left out": (
            lambda dy, x, gain, eps: (_dx(dy, _normed(x, eps), _root(x, eps)), *_sums(dy, _normed(x, eps))),
            "The gain is missing from dx: dx̂ = gain · dy.",
        ),
        "gain at the end": (
            lambda dy, x, gain, eps: (gain * _dx(dy, _normed(x, eps), _root(x, eps)), *_sums(dy, _normed(x, eps))),
            "You multiplied by the gain at the end. On the way back it comes first: the means are of gain · dy.",
        ),
        "root left out": (
            _of_x(lambda d, n, r: r * _dx(d, n, r)),
            "Divide dx by the root, too: x̂ changes by 1 / √(σ² + ε) of x.",
        ),
        "multiplied by the root": (
            _of_x(lambda d, n, r: r * r * _dx(d, n, r)),
            "You multiplied dx by the root. Divide by it.",
        ),
        "divided by the variance": (
            _of_x(lambda d, n, r: _dx(d, n, r) / r),
            "You divided dx by the variance. Divide by its root.",
        ),
        "sums for means": (
            (
                _of_x(lambda d, n, r: (d - d.sum(-1, keepdims=True) - n * (d * n).sum(-1, keepdims=True)) / r),
                _of_x(lambda d, n, r: (d - _mean(d) - n * (d * n).sum(-1, keepdims=True)) / r),
                _of_x(lambda d, n, r: (d - d.sum(-1, keepdims=True) - n * _mean(d * n)) / r),
            ),
            "You took a sum over the features where a mean is needed: mean and variance have a factor 1 / D.",
        ),
        "added": (
            (
                _of_x(lambda d, n, r: (d + _mean(d) + n * _mean(d * n)) / r),
                _of_x(lambda d, n, r: (d - _mean(d) + n * _mean(d * n)) / r),
                _of_x(lambda d, n, r: (d + _mean(d) - n * _mean(d * n)) / r),
            ),
            "A sign is wrong: what the normalisation takes away is taken from the gradient as well.",
        ),
        "means over another axis": (
            (_over(0), _over(1), _over(None), _over((0, 1)), _over((1, 2))),
            "Your means are over another axis. Each position is normalised on its own: over the features.",
        ),
        "axis lost": (
            _of_x(lambda d, n, r: (d - d.mean(-1) - n * (d * n).mean(-1)) / r),
            "Your means have lost their axis. Use keepdims=True.",
        ),
        "mean of x̂ forgotten": (
            _of_x(lambda d, n, r: (d - _mean(d) - _mean(d * n)) / r),
            "In the last term mean(dx̂ · x̂) is multiplied by x̂ once more.",
        ),
        "x for x̂": (
            (
                lambda dy, x, gain, eps: (_dx(gain * dy, x, _root(x, eps)), *_sums(dy, x)),
                lambda dy, x, gain, eps: (_dx(gain * dy, x, _root(x, eps)), *_sums(dy, _normed(x, eps))),
                lambda dy, x, gain, eps: (_right(dy, x, gain, eps)[0], *_sums(dy, x)),
                lambda dy, x, gain, eps: (_right(dy, x, gain, eps)[0], *_sums(dy, x - _mean(x))),
            ),
            "You used x, or x less its mean, where x̂, the normalised x, stands.",
        ),
        "eps left out": (
            (
                lambda dy, x, gain, eps: _right(dy, x, gain, 0.0),
                lambda dy, x, gain, eps: _right(dy, x, gain, 1e-5),
            ),
            "eps is an argument: it stands in the root, and so in x̂.",
        ),
        "D - 1": (
            lambda dy, x, gain, eps: (
                _dx(gain * dy, _normed(x, eps, 1), _root(x, eps, 1)),
                *_sums(dy, _normed(x, eps, 1)),
            ),
            "Your variance is divided by D − 1. Here it is the mean of the squares, over D.",
        ),
        "not added up": (
            (_both(lambda d: d), _both(lambda d: d.sum(0)), _both(lambda d: d.sum(1))),
            "Gain and bias are (D,), the same everywhere: add up over sequences and positions, over both.",
        ),
        "mean over positions": (
            (_both(lambda d: d.mean((0, 1))), _both(lambda d: d.sum((0, 1)) / len(d))),
            "You took a mean for dgain and dbias. Their gradients are added up.",
        ),
        "added up over the features": (
            (_both(lambda d: d.sum(-1)), _both(lambda d: d.sum((0, 2))), _both(lambda d: d.sum())),
            "Your dgain and dbias are added up over the features. Each feature has its own: add up over the other two "
            "axes.",
        ),
        "gain in dgain": (
            lambda dy, x, gain, eps: (_right(dy, x, gain, eps)[0], *_sums(gain * dy, _normed(x, eps))),
            "dgain and dbias are made of dy itself, without the gain.",
        ),
        "dgain without x̂": (
            _of_gain(lambda dy, n: dy.sum((0, 1))),
            "Your dgain is that of the bias. The gain multiplies x̂: dgain is the sum of dy · x̂.",
        ),
        "order": (
            (
                lambda *given: tuple(_right(*given)[i] for i in (0, 2, 1)),
                lambda *given: tuple(_right(*given)[i] for i in (1, 2, 0)),
            ),
            "They are in another order. Asked for are dx, dgain, dbias.",
        ),
        "dx alone": (lambda *given: _right(*given)[0], "That is dx. Return dgain and dbias beside it."),
    },
    prompt="Return three arrays, (B, T, D), (D,) and (D,), and run the cell again.",
)
