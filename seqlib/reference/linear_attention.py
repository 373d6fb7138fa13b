"""Linear attention, of chapter 16: attention without softmax, a recurrent network whose state is a matrix."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from seqlib.arguments import real_array
from seqlib.reference import linear_recurrence

__all__ = ["Cache", "Grads", "backward", "feature", "forward", "quadratic"]


class Grads(NamedTuple):
    """Gradients of the loss: `query`, `keys` (B, T, Dk), `values` (B, T, Dv), `state` (B, Dk, Dv + 1)."""

    query: np.ndarray
    keys: np.ndarray
    values: np.ndarray
    state: np.ndarray


class Cache(NamedTuple):
    """What the backward pass needs of the forward pass; `scan.cost` says what the recurrence has cost.

    Shapes:  query, keys (B, T, Dk), as they were given; values (B, T, Dv + 1), with a 1 at the end; sums (B, T, Dv + 1)
    """

    query: np.ndarray
    keys: np.ndarray
    values: np.ndarray
    sums: np.ndarray
    normalised: bool
    scan: linear_recurrence.Cache

    @property
    def state(self) -> np.ndarray:
        """The final state, (B, Dk, Dv + 1)."""
        return self.scan.h_T


def feature(x: np.ndarray) -> np.ndarray:
    """The feature map φ(x) = elu(x) + 1: positive, so that no sum of weights is 0.

        φ(x) = x + 1 where x > 0, e^x elsewhere

    Shapes:  x, any -> as x
    Raises:  TypeError or ValueError naming the argument
    Source:  Katharopoulos et al. 2020
    """
    x = real_array("x", x)
    high = x.real > 0
    return np.where(high, x + 1, np.exp(np.where(high, 0, x)))


def forward(
    query: np.ndarray,
    keys: np.ndarray,
    values: np.ndarray,
    state: np.ndarray | None = None,
    *,
    normalised: bool = True,
    method: str = "tree",
) -> tuple[np.ndarray, Cache]:
    """Causal linear attention, as a linear recurrence in a matrix, whose factor is 1.

        S_t = S_{t-1} + φ(k_t) v_tᵀ        z_t = z_{t-1} + φ(k_t)        y_t = S_tᵀ φ(q_t) / (z_tᵀ φ(q_t))

    z is kept as the last column of S: it is what becomes of a value that is always 1. Without `normalised` the sum
    stays as it is. The state has Dk (Dv + 1) entries however long the sequence is.

    Shapes:  query, keys (B, T, Dk); values (B, T, Dv); state (B, Dk, Dv + 1), S and beside it z, zeros by default
             -> y (B, T, Dv), cache; cache.state (B, Dk, Dv + 1)
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed; ValueError if weights add up
             to 0, which only a `state` with z < 0 can do
    Source:  Katharopoulos et al. 2020 (as an RNN)
    Differs: any initial state; nothing is added to the denominator
    Book:    chapters/16_linear_recurrence
    """
    query, keys, values, state = _checked(query, keys, values, state)
    values = np.concatenate([values, np.ones((*values.shape[:2], 1))], -1)
    b = feature(keys)[..., None] * values[:, :, None]
    S, scan = linear_recurrence.forward(np.ones(b.shape), b, state, method=method)
    sums = (feature(query)[..., None] * S).sum(2)
    return _mean(sums, normalised), Cache(query, keys, values, sums, normalised, scan)


def backward(dy: np.ndarray, cache: Cache, *, dstate: np.ndarray | None = None) -> Grads:
    """The gradient of the loss with respect to all that went in.

        n_t = S_tᵀφ(q_t), d_t = z_tᵀφ(q_t):    dn_t = dy_t / d_t        dd_t = -dy_tᵀ y_t / d_t
        dS_t = φ(q_t) dn_tᵀ, summed up from the end to t: G_t        dφ(k_t) = G_t v_t        dv_t = G_tᵀ φ(k_t)
        dφ(q_t) = S_t dn_t        dq = φ'(q) ⊙ dφ(q), φ' = 1 where q > 0, φ elsewhere

    with z as a column of S, d as an entry of n, and 1 as one of v.

    Shapes:  dy (B, T, Dv), cotangent of every output; dstate (B, Dk, Dv + 1), cotangent of the final state -> Grads
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  derived in the chapter
    Book:    chapters/16_linear_recurrence
    """
    if not isinstance(cache, Cache):
        raise TypeError(f"cache must be what linear_attention.forward gave, got {type(cache).__name__}")
    sums, q, k = cache.sums, feature(cache.query), feature(cache.keys)
    n, d = sums[..., :-1], sums[..., -1:]
    dy = real_array("dy", dy, n.shape)
    if cache.normalised:
        dsums = np.concatenate([dy / d, -(dy * n).sum(-1, keepdims=True) / d**2], -1)
    else:
        dsums = np.concatenate([dy, np.zeros_like(d)], -1)
    dS = q[..., None] * dsums[:, :, None]
    _, G, dinitial = linear_recurrence.backward(dS, cache.scan, dh_T=dstate)
    dq = (cache.scan.states[:, 1:] * dsums[:, :, None]).sum(-1)
    dk = (G * cache.values[:, :, None]).sum(-1)
    dv = (G * k[..., None]).sum(2)[..., :-1]
    return Grads(dq * _slope(cache.query, q), dk * _slope(cache.keys, k), dv, dinitial)


def quadratic(
    query: np.ndarray,
    keys: np.ndarray,
    values: np.ndarray,
    state: np.ndarray | None = None,
    *,
    normalised: bool = True,
) -> np.ndarray:
    """The same as attention: all queries with all keys that are not later, T² products.

        w_ts = φ(q_t)ᵀ φ(k_s) where s ≤ t, 0 elsewhere        y_t = Σ_s w_ts v_s / Σ_s w_ts

    A state counts as what was attended to before the first step: Sᵀφ(q_t) is added above, zᵀφ(q_t) below.

    Shapes:  as `forward` -> y (B, T, Dv)
    Raises:  as `forward`
    Source:  Katharopoulos et al. 2020
    Book:    chapters/16_linear_recurrence
    """
    query, keys, values, state = _checked(query, keys, values, state)
    q, k = feature(query), feature(keys)
    weights = np.tril(q @ k.swapaxes(1, 2))
    sums = np.concatenate([weights @ values, weights.sum(-1, keepdims=True)], -1) + q @ state
    return _mean(sums, normalised)


def _slope(x: np.ndarray, feature_of_x: np.ndarray) -> np.ndarray:
    """φ'(x)."""
    return np.where(x.real > 0, 1, feature_of_x)


def _mean(sums: np.ndarray, normalised: bool) -> np.ndarray:
    """The weighted sums, divided by the sum of the weights, their last entry."""
    if not normalised:
        return sums[..., :-1].copy()
    if not np.all(sums[..., -1]):
        raise ValueError("state must not make weights add up to 0, but for a query they do")
    return sums[..., :-1] / sums[..., -1:]


def _checked(
    query: np.ndarray, keys: np.ndarray, values: np.ndarray, state: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Copies whose shapes fit each other."""
    query = np.array(real_array("query", query, ("B", "T", "Dk")))
    B, T, Dk = query.shape
    keys = np.array(real_array("keys", keys, query.shape))
    values = np.array(real_array("values", values, (B, T, "Dv")))
    shape = (B, Dk, values.shape[-1] + 1)
    return query, keys, values, np.zeros(shape) if state is None else np.array(real_array("state", state, shape))
