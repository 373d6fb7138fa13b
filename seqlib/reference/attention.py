"""Attention, of chapter 12: a mean of values, weighted by how well their keys answer a query, forward and backward."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from seqlib.arguments import check_finite, check_mask, real_array
from seqlib.reference.attention_scores import Location, Score, checked_score
from seqlib.reference.recurrence import Arrays

__all__ = ["Cache", "Grads", "backward", "forward", "softmax", "softmax_backward"]


class Grads(NamedTuple):
    """Gradients of the loss: `score` (as its parameters), `query` (B, T, Dq), `keys` (B, S, Dk), `values` (B, S, Dv).

    Where the keys were the values, `values` is None, and `keys` has both their parts.
    """

    score: Any
    query: np.ndarray
    keys: np.ndarray
    values: np.ndarray | None


class Cache(NamedTuple):
    """What `backward` needs; `weights` (B, T, S) are the attention: row t says how much of each value is in context t.

    Shapes:  query, keys and values as given, 0 where nothing attends; kept, what the score keeps; mask (B, T, S)
    """

    score: Score
    query: np.ndarray
    keys: np.ndarray
    values: np.ndarray
    weights: np.ndarray
    kept: Arrays
    mask: np.ndarray
    keys_are_values: bool


def softmax(scores: np.ndarray, mask: np.ndarray | None = None) -> np.ndarray:
    """The softmax over the last axis, among the places that the mask allows.

        α_s = exp(e_s - m) / Σ_u exp(e_u - m),  m = max_u e_u        s and u where the mask is True; α_s = 0 elsewhere

    Where nothing is allowed all α are 0, and add up to 0, not to 1. What stands under the mask may be NaN.

    Shapes:  scores (…, S); mask boolean, the same, True = may attend -> (…, S)
    Raises:  TypeError or ValueError naming the argument; ValueError if a score that counts is not finite
    Differs: torch.softmax of scores that are -∞ under the mask is NaN in a row where nothing is allowed
    Book:    chapters/12_attention
    """
    scores = real_array("scores", scores, finite=False)
    if not scores.ndim:
        raise ValueError("scores must have a last axis, over which the softmax goes, got a single number")
    mask = np.ones(scores.shape, dtype=bool) if mask is None else check_mask("mask", mask, scores.shape)
    e = np.where(mask, scores, 0)
    check_finite("scores", e)
    m = np.where(mask, e.real, -np.inf).max(-1, keepdims=True, initial=-np.inf)
    with np.errstate(over="ignore"):  # what is that far below the largest weighs nothing
        p = np.where(mask, np.exp(np.where(mask, e - np.where(m == -np.inf, 0, m), 0)), 0)
    total = p.sum(-1, keepdims=True)
    return p / np.where(total == 0, 1, total)


def softmax_backward(weights: np.ndarray, dweights: np.ndarray) -> np.ndarray:
    """The gradient with respect to the scores: what a weight gains, all of them lose by their shares.

        de_s = α_s (dα_s - Σ_u α_u dα_u)

    A weight of 0 has the gradient 0: masked places, and with them whole rows, whatever stands in dα there.

    Shapes:  weights (…, S) as `softmax` gave them; dweights, the same -> dscores, the same
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Book:    chapters/12_attention
    """
    weights = real_array("weights", weights)
    dweights = np.where(weights == 0, 0, real_array("dweights", dweights, weights.shape, finite=False))
    check_finite("dweights", dweights)
    return weights * (dweights - (weights * dweights).sum(-1, keepdims=True))


def forward(
    score: Score,
    query: np.ndarray,
    keys: np.ndarray,
    values: np.ndarray | None = None,
    mask: np.ndarray | None = None,
) -> tuple[np.ndarray, Cache]:
    """Attention of T queries to S pairs of a key and a value.

        e_ts = score(q_t, k_s)        α_t = softmax(e_t)        context_t = Σ_s α_ts v_s

    Without `values` the keys are the values, as the states of the encoder are for the decoder. A query that may attend
    to nothing gets the context 0. A key and a value to which no query may attend are never read, nor is such a query:
    they may be NaN.

    Shapes:  query (B, T, Dq); keys (B, S, Dk); values (B, S, Dv); mask boolean, (B, S) for all queries alike or
             (B, T, S), True = may attend -> context (B, T, Dv), cache; cache.weights (B, T, S)
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Bahdanau, Cho & Bengio 2015; Luong, Pham & Manning 2015 (global attention)
    Differs: torch.nn.functional.scaled_dot_product_attention has one score, and gives no weights
    Book:    chapters/12_attention
    """
    query = real_array("query", query, ("B", "T", "Dq"), finite=False)
    B, T, Dq = query.shape
    keys = real_array("keys", keys, (B, "S", "Dk"), finite=False)
    S, Dk = keys.shape[1:]
    keys_are_values = values is None
    values = keys if values is None else real_array("values", values, (B, S, "Dv"), finite=False)
    score, mask = checked_score(score, Dq, Dk), _for_each_query(mask, B, T, S)
    if isinstance(score, Location):
        mask[..., len(score.W_a) :] = False
    # copies: what the caller writes into them before the way back must not change the gradient
    query, keys, values = _read(query, mask, 2), _read(keys, mask, 1), _read(values, mask, 1)
    for name, array in (("query", query), ("keys", keys), ("values", values)):
        check_finite(name, array)

    scores, kept = score.score(query, keys)
    weights = softmax(scores, mask)
    context = weights @ values
    return context, Cache(score, query, keys, values, weights, kept, mask, keys_are_values)


def backward(dcontext: np.ndarray, cache: Cache, dweights: np.ndarray | None = None) -> Grads:
    """The gradient of the loss with respect to all that went in.

        dα_ts = dcontext_tᵀ v_s               dv_s = Σ_t α_ts dcontext_t
        de_ts = α_ts (dα_ts - Σ_u α_tu dα_tu)
        dq_t, dk_s and the score's parameters from de, by the score

    Where the keys are the values, dk_s gets dv_s on top. `dweights` is a cotangent of the weights themselves, for a
    loss that looks at them.

    Shapes:  dcontext (B, T, Dv); dweights (B, T, S), or None for zeros -> Grads
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  derived in the chapter
    Book:    chapters/12_attention
    """
    weights, values = cache.weights, cache.values
    dcontext = real_array("dcontext", dcontext, (*weights.shape[:2], values.shape[-1]), finite=False)
    dcontext = _read(dcontext, cache.mask, 2)
    check_finite("dcontext", dcontext)
    through_context = dcontext @ values.swapaxes(1, 2)
    if dweights is not None:
        through_context = through_context + real_array("dweights", dweights, weights.shape, finite=False)
    dscores = softmax_backward(weights, through_context)
    dscore, dquery, dkeys = cache.score.score_backward(cache.query, cache.keys, cache.kept, dscores)
    dvalues = weights.swapaxes(1, 2) @ dcontext
    if cache.keys_are_values:
        return Grads(dscore, dquery, dkeys + dvalues, None)
    return Grads(dscore, dquery, dkeys, dvalues)


def _for_each_query(mask: np.ndarray | None, B: int, T: int, S: int) -> np.ndarray:
    """The mask as (B, T, S): a row of (B, S) holds for all queries."""
    if mask is None:
        return np.ones((B, T, S), dtype=bool)
    if np.ndim(mask) == 2:
        mask = check_mask("mask", mask, (B, S))[:, None]
        return np.repeat(mask, T, 1)
    return check_mask("mask", mask, (B, T, S)).copy()


def _read(array: np.ndarray, mask: np.ndarray, over: int) -> np.ndarray:
    """A copy, 0 where the mask (B, T, S) allows nothing over this axis."""
    return np.where(np.any(mask, over)[..., None], array, 0)
