"""The distribution that symbols are drawn from, and a draw from it."""

from __future__ import annotations

from typing import Any

import numpy as np

from seqlib.arguments import check_integer, check_number
from seqlib.decoding.step_model import array

__all__ = ["check_settings", "distribution", "draw", "log_prob", "log_softmax"]

REACHED = 1e-12  # a sum of probabilities that is this close to top_p has reached it: sums are rounded


def distribution(
    log_probs: Any, temperature: float = 1.0, top_k: int | None = None, top_p: float | None = None
) -> np.ndarray:
    """The distribution that `sample` draws from, in this order: temperature, then top-k, then top-p.

        1. temperature τ    q_v ∝ p_v^(1/τ)
        2. top_k = k        only the k most probable v stay
        3. top_p = p        of these, made to sum to 1 again, only the most probable v stay: the fewest whose
                            probabilities sum to at least p (to within 1e-12, as sums are rounded)

    and what stays is made to sum to 1. Of equally probable symbols the one with the lower id is kept first. τ = 0 gives
    everything to the most probable symbol, the first if there are several: the limit τ → 0, but for such a tie. Logits,
    which differ from log p by a constant, give the same.

    Shapes:  log_probs (…, V), -∞ for what is impossible -> (…, V)
    Raises:  TypeError or ValueError naming the argument; ValueError for NaN, +∞, or a row without a finite entry
    Source:  Fan, Lewis & Dauphin 2018 (top-k); Holtzman et al. 2020 (top-p)
    Book:    chapters/10_language_models
    """
    temperature, top_k, top_p = check_settings(temperature, top_k, top_p)
    z = log_softmax("log_probs", log_probs)
    order = np.argsort(-z, axis=-1, kind="stable")  # the most probable first, equal ones by their ids
    z = np.take_along_axis(z, order, -1)
    if temperature == 0:
        temperature, top_k = 1.0, 1
    with np.errstate(over="ignore"):  # what is infinitely far below the largest has probability 0
        weight = np.exp((z - z[..., :1]) / temperature)
    if top_k is not None:
        weight[..., top_k:] = 0
    q = weight / weight.sum(-1, keepdims=True)
    if top_p is not None and top_p < 1:  # at 1 all stay, whatever their rounded sum is
        q[..., 1:][np.cumsum(q, -1)[..., :-1] >= top_p - REACHED] = 0  # without them it is enough already
        q /= q.sum(-1, keepdims=True)
    found = np.empty_like(q)
    np.put_along_axis(found, order, q, -1)
    return found


def check_settings(
    temperature: float, top_k: int | None, top_p: float | None
) -> tuple[float, int | None, float | None]:
    """The three settings, checked."""
    return (
        check_number("temperature", temperature, low=0),
        None if top_k is None else check_integer("top_k", top_k, low=1),
        None if top_p is None else check_number("top_p", top_p, above=0, high=1),
    )


def draw(p: np.ndarray, u: np.ndarray) -> np.ndarray:
    """Where the sums p_0 + … + p_v pass u: for u uniform in [0, 1), v with probability p_v, and never one with 0."""
    sums = np.cumsum(p, -1)
    last = p.shape[-1] - 1 - (p[..., ::-1] > 0).argmax(-1)  # that is possible at all: the sum may be rounded below u
    return np.asarray(np.minimum((sums <= u[..., None]).sum(-1), last))


def log_softmax(name: str, logits: Any) -> np.ndarray:
    """The logarithm of the softmax, where -∞ is a symbol that is impossible.

    Raises:  ValueError naming logits: V = 0, NaN, +∞, or nothing that is possible
    """
    z = _below_the_largest(name, logits)
    z -= np.log(np.exp(z).sum(-1, keepdims=True))
    return z


def log_prob(name: str, logits: Any, ids: np.ndarray) -> np.ndarray:
    """The logarithm of the softmax for one symbol of each row alone, which is sooner.

    Shapes:  logits (N, V), ids (N,) -> (N,)
    Raises:  as log_softmax
    """
    z = _below_the_largest(name, logits)
    found = z[np.arange(len(ids)), ids]
    return np.asarray(found - np.log(np.exp(z, out=z).sum(-1)))


def _below_the_largest(name: str, logits: Any) -> np.ndarray:
    """The logits in float64, less the largest of each row; a ValueError naming them unless that is finite."""
    z = array(name, logits)
    if z.ndim == 0 or z.shape[-1] == 0:
        raise ValueError(f"{name} must have at least one symbol along the last axis, got shape {z.shape}")
    m = z.max(-1, keepdims=True)
    if not np.isfinite(m).all():
        wrong = np.isnan(z) | (z == np.inf)
        if not wrong.any():
            raise ValueError(f"{name} must leave at least one symbol possible, but a row is -inf everywhere")
        first = tuple(int(i) for i in np.argwhere(wrong)[0])
        raise ValueError(
            f"{name} must be finite, or -inf for what is impossible, but {name}{list(first)} is {z[first]}"
        )
    with np.errstate(over="ignore"):  # a difference that leaves float64 is -inf, which is right
        z -= m
    return z
