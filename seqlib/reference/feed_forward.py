"""The feed-forward network of a Transformer block, of chapter 13: the same two layers at each position, or SwiGLU."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from seqlib.arguments import check_choice, real_array
from seqlib.reference.recurrence import outer, sigmoid

__all__ = [
    "ACTIVATIONS",
    "Cache",
    "FeedForward",
    "Grads",
    "Network",
    "SwiGLU",
    "backward",
    "checked_network",
    "forward",
]


class FeedForward(NamedTuple):
    """Out to F features and back, with an activation function between.

        y = W_2 φ(W_1 x + b_1) + b_2

    Shapes:  W_1 (F, D); b_1 (F,) or None; W_2 (D, F); b_2 (D,) or None
    Source:  Vaswani et al. 2017, eq. 2, with φ = ReLU
    Book:    chapters/13_transformer
    """

    W_1: np.ndarray
    b_1: np.ndarray | None
    W_2: np.ndarray
    b_2: np.ndarray | None


class SwiGLU(NamedTuple):
    """A gate for each hidden feature, as in an LSTM, but with the activation silu(a) = a σ(a).

        y = W_down (silu(W_gate x) · W_up x)

    Shapes:  W_gate (F, D); W_up (F, D); W_down (D, F)
    Source:  Shazeer 2020, where the three are called W, V and W_2
    Book:    chapters/13_transformer
    """

    W_gate: np.ndarray
    W_up: np.ndarray
    W_down: np.ndarray


Network: TypeAlias = FeedForward | SwiGLU


class Grads(NamedTuple):
    """Gradients of the loss: `params`, of the type that was given, and `x` (…, D)."""

    params: Network
    x: np.ndarray


class Cache(NamedTuple):
    """What `backward` needs; `a` (…, F) goes into the activation, `up` (…, F) is the other factor of SwiGLU or None."""

    params: Network
    x: np.ndarray
    a: np.ndarray
    up: np.ndarray | None
    activation: str


def _erf(a: np.ndarray) -> np.ndarray:
    """The error function. For complex input to first order in the imaginary part, which is what a complex step asks."""
    real = np.vectorize(math.erf, otypes=[np.float64])(a.real)
    return real + 1j * a.imag * 2 / np.sqrt(np.pi) * np.exp(-(a.real**2)) if np.iscomplexobj(a) else real


def _gelu(a: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """a Φ(a), with the distribution function Φ of a standard normal variable; its derivative is Φ(a) + a φ(a)."""
    below = (1 + _erf(a / np.sqrt(2))) / 2
    return a * below, below + a * np.exp(-(a**2) / 2) / np.sqrt(2 * np.pi)


def _gelu_tanh(a: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The same with Φ(a) ≈ (1 + tanh u) / 2, u = √(2/π) (a + 0.044715 a³), as GPT-2 has it."""
    t = np.tanh(np.sqrt(2 / np.pi) * (a + 0.044715 * a**3))
    du = np.sqrt(2 / np.pi) * (1 + 3 * 0.044715 * a**2)
    return a * (1 + t) / 2, (1 + t) / 2 + a * (1 - t**2) * du / 2


def _relu(a: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """max(a, 0), and 1 where a > 0."""
    return np.where(a.real > 0, a, 0), (a.real > 0).astype(np.float64)


def _silu(a: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """a σ(a), also called swish; its derivative is σ(a) (1 + a (1 - σ(a)))."""
    s = sigmoid(a)
    return a * s, s * (1 + a * (1 - s))


ACTIVATIONS: dict[str, Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]] = {
    "relu": _relu,
    "gelu": _gelu,
    "gelu_tanh": _gelu_tanh,
    "silu": _silu,
}
"""What an activation function gives for an array, and its derivative there; both of the shape of the array."""


def forward(params: Network, x: np.ndarray, *, activation: str | None = None) -> tuple[np.ndarray, Cache]:
    """The same network at each position; no position sees another one here.

        FeedForward   y = W_2 φ(W_1 x + b_1) + b_2
        SwiGLU        y = W_down (silu(W_gate x) · W_up x)

    Shapes:  x (…, D) -> y, the same; cache. `activation` is one of ACTIVATIONS: "relu" by default, and for SwiGLU
             "silu", the only one
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Vaswani et al. 2017, eq. 2; Hendrycks & Gimpel 2016 (GELU); Shazeer 2020 (SwiGLU)
    Book:    chapters/13_transformer
    """
    x = real_array("x", x)
    if not x.ndim:
        raise ValueError("x must have features on its last axis, got a single number")
    params = checked_network("params", params, x.shape[-1])
    x = np.array(x)  # a copy: what the caller writes into it before the way back must not change the gradient
    if isinstance(params, SwiGLU):
        if activation not in (None, "silu"):
            raise ValueError(f"activation of SwiGLU must be 'silu' or None, got {activation!r}")
        a, up = x @ params.W_gate.T, x @ params.W_up.T
        return (_silu(a)[0] * up) @ params.W_down.T, Cache(params, x, a, up, "silu")
    activation = check_choice("activation", "relu" if activation is None else activation, ACTIVATIONS)
    a = x @ params.W_1.T + (0 if params.b_1 is None else params.b_1)
    y = ACTIVATIONS[activation](a)[0] @ params.W_2.T + (0 if params.b_2 is None else params.b_2)
    return y, Cache(params, x, a, None, activation)


def backward(dy: np.ndarray, cache: Cache) -> Grads:
    """The gradient of the loss with respect to x and the weights.

        FeedForward   da = φ′(a) · W_2ᵀ dy                      dx = W_1ᵀ da
        SwiGLU        dh = W_downᵀ dy,  h = silu(a) · u         da = dh · u · silu′(a),  du = dh · silu(a)
                      dx = W_gateᵀ da + W_upᵀ du

    Shapes:  dy (…, D) -> Grads
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  derived in the chapter
    Book:    chapters/13_transformer
    """
    params, x, a, up, activation = cache
    dy = real_array("dy", dy, x.shape)
    value, slope = ACTIVATIONS[activation](a)
    if isinstance(params, SwiGLU):
        dh = dy @ params.W_down
        da, du = dh * up * slope, dh * value
        return Grads(SwiGLU(outer(da, x), outer(du, x), outer(dy, value * up)), da @ params.W_gate + du @ params.W_up)
    da = dy @ params.W_2 * slope
    db_1 = None if params.b_1 is None else _summed(da)
    db_2 = None if params.b_2 is None else _summed(dy)
    return Grads(FeedForward(outer(da, x), db_1, outer(dy, value), db_2), da @ params.W_1)


def checked_network(name: str, params: Network, D: int) -> Network:
    """Return a copy whose arrays are float64 and fit inputs of D features; a TypeError or ValueError otherwise."""
    if not isinstance(params, (FeedForward, SwiGLU)):
        raise TypeError(f"{name} must be a FeedForward or a SwiGLU, got {type(params).__name__}")
    F = np.shape(params[0])[0] if np.ndim(params[0]) else 1
    shapes = ((F, D), (F, D), (D, F)) if isinstance(params, SwiGLU) else ((F, D), (F,), (D, F), (D,))
    kind: Any = type(params)
    arrays = (
        None if value is None and field.startswith("b_") else np.array(real_array(f"{name}.{field}", value, shape))
        for field, value, shape in zip(params._fields, params, shapes, strict=True)
    )
    return kind(*arrays)


def _summed(d: np.ndarray) -> np.ndarray:
    """The gradient of a bias: the sum over all positions."""
    return d.reshape(-1, d.shape[-1]).sum(0)
