"""Layers whose gates read the input and not the state, of chapter 16: then the recurrence is linear, and a scan.

A cell only says how the sums of the weights become the factors a and the inputs b: see `Cell`.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np

from seqlib.arguments import check_choice, check_integer, check_number, real_array
from seqlib.reference import linear_recurrence
from seqlib.reference.recurrence import Arrays, outer, sigmoid

__all__ = [
    "CANDIDATES",
    "Cache",
    "Cell",
    "Grads",
    "Params",
    "backward",
    "candidate",
    "candidate_slope",
    "forward",
    "init",
    "softplus",
    "step",
]

CANDIDATES = ("linear", "positive")
"""What may become of the sum of a candidate: see `candidate`."""


class Params(NamedTuple):
    """Weights, and in the same shape their gradients; one block of H rows for each gate, and one for the candidate.

    Shapes:  W_xh (blocks·H, D); b_h (blocks·H,)
    """

    W_xh: np.ndarray
    b_h: np.ndarray


class Grads(NamedTuple):
    """Gradients of the loss: `params` (a Params), `x` (B, T, D), `h0` (B, H)."""

    params: Params
    x: np.ndarray
    h0: np.ndarray


class Cell(Protocol):
    """What distinguishes one such layer from another."""

    @property
    def blocks(self) -> int:
        """How many blocks of H rows the weights have."""

    def coefficients(self, sums: np.ndarray) -> tuple[np.ndarray, np.ndarray, Arrays]:
        """The factors and the inputs of the linear recurrence, and what the way back needs.

        Shapes:  sums (…, blocks·H) -> a, b (…, H); kept, each (…, H)
        """

    def coefficients_backward(self, kept: Arrays, da: np.ndarray, db: np.ndarray) -> np.ndarray:
        """The gradient with respect to the sums.

        Shapes:  kept as `coefficients` gave it; da, db (…, H) -> dsums (…, blocks·H)
        """


class Cache(NamedTuple):
    """What the backward pass needs of the forward pass; `scan.cost` says what the recurrence has cost.

    Shapes:  x (B, T, D); kept, each (B, T, H)
    """

    cell: Cell
    params: Params
    x: np.ndarray
    kept: Arrays
    scan: linear_recurrence.Cache

    @property
    def h_T(self) -> np.ndarray:
        """The final state, (B, H)."""
        return self.scan.h_T


def candidate(sums: np.ndarray, kind: str) -> np.ndarray:
    """What a step proposes as the new state.

        "linear"    n = a
        "positive"  n = g(a),  g(a) = a + 1/2 where a ≥ 0, σ(a) elsewhere

    Raises:  ValueError for another kind
    Source:  Feng et al. 2024: linear in the text; positive where they compute in logarithms
    """
    if check_choice("candidate", kind, CANDIDATES) == "linear":
        return sums
    return np.where(sums.real >= 0, sums + 0.5, sigmoid(sums))


def candidate_slope(n: np.ndarray, kind: str) -> np.ndarray:
    """The derivative of `candidate`, by what it gave: 1, or n (1 - n) where the sum was negative."""
    if check_choice("candidate", kind, CANDIDATES) == "linear":
        return np.ones_like(n)
    return np.where(n.real >= 0.5, 1, n * (1 - n))


def softplus(a: np.ndarray) -> np.ndarray:
    """log(1 + e^a) for any a; its derivative is σ(a), and log σ(a) = -softplus(-a)."""
    high = a.real > 0
    return np.where(high, a, 0) + np.log1p(np.exp(np.where(high, -a, a)))


def init(D: int, H: int, blocks: int, rng: np.random.Generator, scale: float | None = None) -> Params:
    """Draw parameters as torch.nn.Linear does: every entry ~ U(-scale, scale), scale = 1/√D unless given.

    Raises:  TypeError or ValueError naming the argument
    """
    D, H = check_integer("D", D, low=1), check_integer("H", H, low=1)
    scale = 1 / np.sqrt(D) if scale is None else check_number("scale", scale, low=0)
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng must be a numpy.random.Generator, got {type(rng).__name__}")
    return Params(rng.uniform(-scale, scale, (blocks * H, D)), rng.uniform(-scale, scale, blocks * H))


def step(cell: Cell, params: Params, x: np.ndarray, h: np.ndarray) -> np.ndarray:
    """One step: h' = a(x) ⊙ h + b(x).

    Shapes:  x (B, D); h (B, H) -> h' (B, H)
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    """
    params = _checked(cell, params)
    x = real_array("x", x, ("B", params.W_xh.shape[1]))
    h = real_array("h", h, (len(x), len(params.b_h) // cell.blocks))
    a, b, _ = cell.coefficients(x @ params.W_xh.T + params.b_h)
    return a * h + b


def forward(
    cell: Cell, params: Params, x: np.ndarray, h0: np.ndarray | None = None, method: str = "tree"
) -> tuple[np.ndarray, Cache]:
    """The whole sequence: all a_t and b_t at once, and then the linear recurrence.

        h_t = a(x_t) ⊙ h_{t-1} + b(x_t),  t = 1 … T

    Shapes:  x (B, T, D); h0 (B, H), zeros by default -> hs (B, T, H), cache; cache.h_T (B, H)
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    """
    params = _checked(cell, params)
    x = np.array(real_array("x", x, ("B", "T", params.W_xh.shape[1])))
    H = len(params.b_h) // cell.blocks
    h0 = np.zeros((len(x), H)) if h0 is None else real_array("h0", h0, (len(x), H))
    a, b, kept = cell.coefficients(x @ params.W_xh.T + params.b_h)
    hs, scan = linear_recurrence.forward(a, b, h0, method=method)
    return hs, Cache(cell, params, x, kept, scan)


def backward(dhs: np.ndarray, cache: Cache, dh_T: np.ndarray | None = None) -> Grads:
    """The gradients of all that went in: back through the recurrence, through the gates, through the weights.

    Shapes:  dhs (B, T, H), cotangent of every output; dh_T (B, H), cotangent of the final state -> Grads
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    """
    if not isinstance(cache, Cache):
        raise TypeError(f"cache must be what forward gave, got {type(cache).__name__}")
    da, db, dh0 = linear_recurrence.backward(dhs, cache.scan, dh_T=dh_T)
    dsums = cache.cell.coefficients_backward(cache.kept, da, db)
    params = Params(outer(dsums, cache.x), dsums.sum((0, 1)))
    return Grads(params, dsums @ cache.params.W_xh, dh0)


def _checked(cell: Cell, params: Params) -> Params:
    """Copies of the parameters, whose shapes fit each other."""
    if not isinstance(params, tuple) or len(params) != 2:
        raise TypeError(f"params must be a Params (W_xh, b_h), got {type(params).__name__}")
    W_xh = real_array("params.W_xh", params[0], (f"{cell.blocks}H", "D"))
    if len(W_xh) % cell.blocks:
        raise ValueError(f"params.W_xh must have {cell.blocks} blocks of H rows, got {len(W_xh)} rows")
    return Params(np.array(W_xh), np.array(real_array("params.b_h", params[1], (len(W_xh),))))
