"""A diagonal state-space layer, of chapter 16: the same linear equation at all times, so also a convolution."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from seqlib.arguments import check_integer, check_number, real_array
from seqlib.reference import state_space

__all__ = ["Cache", "Grads", "Params", "backward", "forward", "init", "kernel"]


class Params(NamedTuple):
    """Weights, and in the same shape their gradients. A = -exp(A_log) is below 0, Δ = exp(log_delta) above it.

    Shapes:  A_log, B, C (D, N); skip, log_delta (D,)
    """

    A_log: np.ndarray
    B: np.ndarray
    C: np.ndarray
    skip: np.ndarray
    log_delta: np.ndarray


class Grads(NamedTuple):
    """Gradients of the loss: `params` (a Params), `x` (B, T, D), `h0` (B, D, N)."""

    params: Params
    x: np.ndarray
    h0: np.ndarray


class Cache(NamedTuple):
    """What the backward pass needs of the forward pass; `kept.scan.cost` says what the recurrence has cost."""

    params: Params
    kept: state_space.Cache

    @property
    def h_T(self) -> np.ndarray:
        """The final state, (B, D, N)."""
        return self.kept.h_T


def init(D: int, N: int, rng: np.random.Generator, *, fastest: float = 0.1, slowest: float = 0.001) -> Params:
    """A state with N time constants in each channel, and steps of very different lengths among the channels.

        A = -(1, 2, …, N)        Δ log-uniform in [slowest, fastest]        B = 1        C ~ N(0, 1/N)        skip = 1

    Raises:  TypeError or ValueError naming the argument
    Source:  Gu, Gupta, Goel & Ré 2022 (S4D-Real); Gu & Dao 2023
    Book:    chapters/16_linear_recurrence
    """
    D, N = check_integer("D", D, low=1), check_integer("N", N, low=1)
    slowest = check_number("slowest", slowest, above=0)
    fastest = check_number("fastest", fastest, low=slowest)
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng must be a numpy.random.Generator, got {type(rng).__name__}")
    A_log = np.tile(np.log(np.arange(1.0, N + 1)), (D, 1))
    log_delta = rng.uniform(np.log(slowest), np.log(fastest), D)
    return Params(A_log, np.ones((D, N)), rng.normal(size=(D, N)) / np.sqrt(N), np.ones(D), log_delta)


def forward(
    params: Params,
    x: np.ndarray,
    h0: np.ndarray | None = None,
    *,
    rule: str = "zero-order hold",
    method: str = "tree",
) -> tuple[np.ndarray, Cache]:
    """Every channel by itself: its input drives N entries of a state, and their weighted sum is its output.

        h_t = Ā ⊙ h_{t-1} + B̄ x_t        y_t = Cᵀ h_t + skip · x_t        Ā, B̄ = discretise(Δ, A, B)

    Shapes:  x (B, T, D); h0 (B, D, N), zeros by default -> y (B, T, D), cache; cache.h_T (B, D, N)
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Gupta, Gu & Berant 2022; Gu, Gupta, Goel & Ré 2022
    Differs: A is real; S4D's is complex, so that a state can oscillate
    Book:    chapters/16_linear_recurrence
    """
    params = _checked(params)
    D, N = params.A_log.shape
    x = real_array("x", x, ("B", "T", D))
    every = (*x.shape[:2], D, N)
    delta = np.broadcast_to(np.exp(params.log_delta), x.shape)
    B, C = np.broadcast_to(params.B, every), np.broadcast_to(params.C, every)
    A = -np.exp(params.A_log)
    y, kept = state_space.forward(x, delta, A, B, C, params.skip, h0, rule=rule, method=method)
    return y, Cache(params, kept)


def backward(dy: np.ndarray, cache: Cache, *, dh_T: np.ndarray | None = None) -> Grads:
    """The gradient of the loss with respect to all that went in.

        dA_log = A ⊙ dA        dlog_delta = Δ · ΣdΔ_t        dB = ΣdB_t        dC = ΣdC_t

    Shapes:  dy (B, T, D), cotangent of every output; dh_T (B, D, N), cotangent of the final state -> Grads
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  derived in the chapter
    Book:    chapters/16_linear_recurrence
    """
    if not isinstance(cache, Cache):
        raise TypeError(f"cache must be what diagonal_state_space.forward gave, got {type(cache).__name__}")
    params, kept = cache
    grads = state_space.backward(dy, kept, dh_T=dh_T)
    dlog_delta = np.exp(params.log_delta) * grads.delta.sum((0, 1))
    dparams = Params(kept.A * grads.A, grads.B.sum((0, 1)), grads.C.sum((0, 1)), grads.skip, dlog_delta)
    return Grads(dparams, grads.x, grads.h0)


def kernel(params: Params, T: int, *, rule: str = "zero-order hold") -> np.ndarray:
    """What an input of 1 does to the output j steps later: from h₀ = 0 the layer is a causal convolution with it.

        K_j = Cᵀ (Ā^j ⊙ B̄), and skip is added to K_0        y_t = Σ_j K_j x_{t-j}

    Shapes:  -> (T, D)
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Gu & Dao 2023
    Book:    chapters/16_linear_recurrence
    """
    params, T = _checked(params), check_integer("T", T, low=1)
    a, b = state_space.discretise(np.exp(params.log_delta)[:, None], -np.exp(params.A_log), params.B, rule)
    K = np.asarray((params.C * b * a ** np.arange(T)[:, None, None]).sum(-1))
    K[0] += params.skip
    return K


def _checked(params: Params) -> Params:
    """Copies of the parameters, whose shapes fit each other."""
    if not isinstance(params, tuple) or len(params) != len(Params._fields):
        raise TypeError(f"params must be a Params ({', '.join(Params._fields)}), got {type(params).__name__}")
    D, N = real_array("params.A_log", params[0], ("D", "N")).shape
    shapes = [(D, N)] * 3 + [(D,)] * 2
    named = zip(Params._fields, params, shapes, strict=True)
    return Params(*(np.array(real_array(f"params.{name}", array, shape)) for name, array, shape in named))
