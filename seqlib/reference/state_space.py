"""State spaces with a diagonal matrix, of chapter 16: from continuous time to steps, and the scan over the steps.

`seqlib.reference.diagonal_state_space` has a layer whose A, B, C and Δ are the same at all times, and
`seqlib.reference.selective_scan` one where the input chooses Δ, B and C.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from seqlib.arguments import check_choice, real_array
from seqlib.reference import linear_recurrence

__all__ = ["MAMBA_CODE", "MAMBA_PAPER", "RULES", "Cache", "Grads", "backward", "discretise", "forward"]

RULES = ("zero-order hold", "euler", "mixed")
"""How a step of length Δ is made of continuous time: see `discretise`."""
MAMBA_PAPER = "zero-order hold"
"""Gu & Dao 2023, equation 4."""
MAMBA_CODE = "mixed"
"""state-spaces/mamba, `selective_scan_ref`, and Hugging Face's Mamba: exp(ΔA), and Δ·B in place of equation 4.

"One can think of it as a mix of ZOH for A and Euler discretization for B" (A. Gu, issue 114 of that repository).
"""


class Grads(NamedTuple):
    """Gradients of the loss, each of the shape of what went in."""

    x: np.ndarray
    delta: np.ndarray
    A: np.ndarray
    B: np.ndarray
    C: np.ndarray
    skip: np.ndarray
    h0: np.ndarray


class Cache(NamedTuple):
    """What the backward pass needs of the forward pass; `scan.cost` says what the recurrence has cost.

    Shapes:  x, delta (B, T, D); A (D, N); B, C (B, T, N) or (B, T, D, N); skip (D,)
    """

    x: np.ndarray
    delta: np.ndarray
    A: np.ndarray
    B: np.ndarray
    C: np.ndarray
    skip: np.ndarray
    rule: str
    scan: linear_recurrence.Cache

    @property
    def h_T(self) -> np.ndarray:
        """The final state, (B, D, N)."""
        return self.scan.h_T


def discretise(delta: np.ndarray, A: np.ndarray, B: np.ndarray, rule: str) -> tuple[np.ndarray, np.ndarray]:
    """The step h' = Ā h + B̄ x that stands for time Δ of the differential equation dh/dt = A h + B x, entry by entry.

        "zero-order hold"   Ā = exp(ΔA)     B̄ = (exp(ΔA) - 1)/A · B     exact, if x stays as it is for the time Δ
        "euler"             Ā = 1 + ΔA      B̄ = Δ·B                     the first two terms of both
        "mixed"             Ā = exp(ΔA)     B̄ = Δ·B                     one of each: MAMBA_CODE

    With A → 0 the three become one. Euler's step is stable only while |1 + ΔA| ≤ 1, the others for every A ≤ 0.

    Shapes:  delta, A, B such that they broadcast -> Ā, B̄
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Gu & Dao 2023, equation 4 (zero-order hold); Gupta, Gu & Berant 2022 (diagonal A)
    Differs: (exp(ΔA) - 1)/A is computed without cancellation, and A = 0 is allowed
    Book:    chapters/16_linear_recurrence
    """
    delta, A, B = real_array("delta", delta), real_array("A", A), real_array("B", B)
    return _discretised(delta, A, B, check_choice("rule", rule, RULES))


def forward(
    x: np.ndarray,
    delta: np.ndarray,
    A: np.ndarray,
    B: np.ndarray,
    C: np.ndarray,
    skip: np.ndarray | None = None,
    h0: np.ndarray | None = None,
    *,
    rule: str = MAMBA_CODE,
    method: str = "tree",
) -> tuple[np.ndarray, Cache]:
    """D channels, each with a state of N entries that has its own equation at every step.

        h_t = Ā_t ⊙ h_{t-1} + B̄_t x_t        y_t = C_tᵀ h_t + skip · x_t        Ā_t, B̄_t = discretise(Δ_t, A, B_t)

    Shapes:  x, delta (B, T, D); A (D, N); B, C (B, T, N), for all channels alike, or (B, T, D, N); skip (D,), 0 by
             default; h0 (B, D, N), zeros by default -> y (B, T, D), cache; cache.h_T (B, D, N)
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Gu & Dao 2023, equation 4 and algorithm 2
    Differs: every rule by name: paper and code of Mamba have different ones; any h₀, where their kernel begins with 0
    Book:    chapters/16_linear_recurrence
    """
    x = np.array(real_array("x", x, ("B", "T", "D")))
    batch, T, D = x.shape
    A = np.array(real_array("A", A, (D, "N")))
    N = A.shape[1]
    delta = np.array(real_array("delta", delta, (batch, T, D)))
    B, C = (_in_channels(name, array, (batch, T, D, N)) for name, array in (("B", B), ("C", C)))
    skip = np.zeros(D) if skip is None else np.array(real_array("skip", skip, (D,)))
    h0 = np.zeros((batch, D, N)) if h0 is None else real_array("h0", h0, (batch, D, N))
    rule = check_choice("rule", rule, RULES)
    a, b = _discretised(delta[..., None], A, _channels(B), rule)
    hs, scan = linear_recurrence.forward(a, b * x[..., None], h0, method=method)
    y = (hs * _channels(C)).sum(-1) + skip * x
    return y, Cache(x, delta, A, B, C, skip, rule, scan)


def backward(dy: np.ndarray, cache: Cache, *, dh_T: np.ndarray | None = None) -> Grads:
    """The gradient of the loss with respect to all that went in.

        dC_t = dy_t h_t        dh_t = C_t dy_t, and through the recurrence run backwards dĀ_t and db_t, b_t = B̄_t x_t
        dx_t = skip · dy_t + B̄_tᵀ db_t        dB̄_t = db_t x_t
        zero-order hold, z = ΔA, φ(z) = (e^z - 1)/z, B̄ = Δ φ(z) B:
        dz = e^z dĀ + Δ B φ'(z) dB̄        dB = Δ φ(z) dB̄        dΔ = A dz + φ(z) B dB̄        dA = Δ dz

    and likewise with the other rules, where φ = 1, and Euler's e^z is 1. What is shared by several is summed over them.

    Shapes:  dy (B, T, D), cotangent of every output; dh_T (B, D, N), cotangent of the final state -> Grads
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  derived in the chapter
    Book:    chapters/16_linear_recurrence
    """
    if not isinstance(cache, Cache):
        raise TypeError(f"cache must be what state_space.forward gave, got {type(cache).__name__}")
    x, delta, A, rule = cache.x[..., None], cache.delta[..., None], cache.A, cache.rule
    B, C = _channels(cache.B), _channels(cache.C)
    dy = real_array("dy", dy, cache.x.shape)
    da, db, dh0 = linear_recurrence.backward(dy[..., None] * C, cache.scan, dh_T=dh_T)
    _, b_bar = _discretised(delta, A, B, rule)
    db_bar, z = db * x, delta * A
    dz = da if rule == "euler" else da * np.exp(z)
    share = np.ones_like(z)
    if rule == "zero-order hold":
        share, slope = _phi(z)
        dz = dz + db_bar * delta * B * slope
    dB, dC = db_bar * delta * share, dy[..., None] * cache.scan.states[:, 1:]
    return Grads(
        x=dy * cache.skip + (db * b_bar).sum(-1),
        delta=(dz * A + db_bar * share * B).sum(-1),
        A=(dz * delta).sum((0, 1)),
        B=dB if cache.B.ndim == 4 else dB.sum(2),
        C=dC if cache.C.ndim == 4 else dC.sum(2),
        skip=(dy * cache.x).sum((0, 1)),
        h0=dh0,
    )


def _discretised(delta: np.ndarray, A: np.ndarray, B: np.ndarray, rule: str) -> tuple[np.ndarray, np.ndarray]:
    """`discretise`, for arrays that are checked."""
    z = delta * A
    if rule == "zero-order hold":
        return np.exp(z), delta * _phi(z)[0] * B
    return (1 + z if rule == "euler" else np.exp(z)), delta * B * np.ones_like(z)


def _phi(z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """φ(z) = (e^z - 1)/z and its derivative (e^z - φ)/z; as series Σ z^k/(k+1)! where these would cancel."""
    small = np.abs(z) < 0.1
    far, near = np.where(small, 1, z), np.where(small, z, 0)
    phi = np.expm1(far) / far
    slope = (np.exp(far) - phi) / far
    series = sum(near**k / math.factorial(k + 1) for k in range(10))
    series_slope = sum(k * near ** (k - 1) / math.factorial(k + 1) for k in range(1, 11))
    return np.where(small, series, phi), np.where(small, series_slope, slope)


def _in_channels(name: str, array: np.ndarray, shape: tuple[int, int, int, int]) -> np.ndarray:
    """A copy of B or C, in either of its shapes."""
    array = real_array(name, array)
    return np.array(real_array(name, array, shape if array.ndim == 4 else (*shape[:2], shape[3])))


def _channels(array: np.ndarray) -> np.ndarray:
    """With an axis of channels: (B, T, D or 1, N)."""
    return array if array.ndim == 4 else array[:, :, None]
