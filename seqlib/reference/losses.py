"""Squared error and cross-entropy, forward and backward."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from seqlib.arguments import check_finite, check_ids, check_mask, real_array

__all__ = [
    "cross_entropy",
    "cross_entropy_backward",
    "log_softmax",
    "log_sum_exp",
    "squared_error",
    "squared_error_backward",
]


class SquaredErrorCache(NamedTuple):
    """What `squared_error_backward` needs."""

    difference: np.ndarray
    weight: np.ndarray


class CrossEntropyCache(NamedTuple):
    """What `cross_entropy_backward` needs."""

    log_p: np.ndarray
    target: np.ndarray
    weight: np.ndarray


def squared_error(
    prediction: np.ndarray, target: np.ndarray, mask: np.ndarray | None = None
) -> tuple[np.ndarray, SquaredErrorCache]:
    """Mean squared error over all entries that the mask keeps.

        L = (1/N) Σ (ŷ - y)²

    Shapes:  prediction, target: the same; mask boolean, their leading axes (True = counts) -> L (), cache
    Raises:  TypeError or ValueError naming the argument; ValueError if no entry counts
    Differs: torch.nn.functional.mse_loss has no mask
    Book:    chapters/02_rnn
    """
    prediction = real_array("prediction", prediction, finite=False)
    target = real_array("target", target, prediction.shape, finite=False)
    weight = _weight(mask, prediction.shape, prediction.ndim)
    # what stands at a masked position does not count, so that it need not even be a number
    prediction, target = np.where(weight > 0, prediction, 0), np.where(weight > 0, target, 0)
    check_finite("prediction", prediction)
    check_finite("target", target)
    with np.errstate(over="ignore", invalid="ignore"):
        difference = prediction - target
        loss = (weight * difference**2).sum()
    if not np.isfinite(loss):
        raise ValueError("prediction must be closer to target: the square of their difference leaves float64")
    return loss, SquaredErrorCache(difference, weight)


def squared_error_backward(cache: SquaredErrorCache, dloss: float = 1.0) -> np.ndarray:
    """The gradient of the mean squared error by the prediction.

        ∂L/∂ŷ = (2/N) (ŷ - y)

    Shapes:  dloss () -> dprediction, as prediction
    """
    return dloss * 2 * cache.weight * cache.difference


def log_sum_exp(logits: np.ndarray) -> np.ndarray:
    """The logarithm of a sum of exponentials over the last axis, without overflow.

        log Σ_v exp(z_v) = m + log Σ_v exp(z_v - m),  m = max_v z_v

    Shapes:  logits (…, V) -> (…)
    Raises:  ValueError if V = 0 or a logit is not finite
    """
    logits = _logits(logits)
    m = logits.real.max(-1, keepdims=True)
    with np.errstate(over="ignore"):  # what is that far below the largest adds nothing
        return (m + np.log(np.exp(logits - m).sum(-1, keepdims=True)))[..., 0]


def log_softmax(logits: np.ndarray) -> np.ndarray:
    """The logarithm of the softmax over the last axis.

        log p_v = z_v - log Σ_u exp(z_u)

    Shapes:  logits (…, V) -> (…, V)
    """
    shifted = _logits(logits)
    with np.errstate(over="ignore"):
        shifted = shifted - shifted.real.max(-1, keepdims=True)  # first, or huge logits swallow the logarithm
    if not np.isfinite(shifted).all():
        raise ValueError("logits must be closer to each other: the difference of two of them leaves float64")
    return shifted - log_sum_exp(shifted)[..., None]


def cross_entropy(
    logits: np.ndarray, target: np.ndarray, mask: np.ndarray | None = None
) -> tuple[np.ndarray, CrossEntropyCache]:
    """Mean cross-entropy in nats over all positions that the mask keeps.

        L = -(1/N) Σ log p_target

    Shapes:  logits (…, V); target (…) ids; mask (…) boolean (True = counts) -> L (), cache
    Raises:  TypeError or ValueError naming the argument; ValueError for an id outside 0 … V-1 at a position that
             counts, or if no position counts
    Differs: torch marks positions to leave out by a special id (`ignore_index`), not by a mask
    Book:    chapters/02_rnn
    """
    logits = real_array("logits", logits, finite=False)
    places = logits.shape[:-1]
    weight = _weight(mask, places, len(places))
    # what stands at a masked position does not count, so that it need not even be a number or an id
    log_p = log_softmax(np.where(weight[..., None] > 0, logits, 0))
    target = check_ids("target", target, log_p.shape[-1], places, mask=weight > 0)
    picked = np.take_along_axis(log_p, target[..., None], -1)[..., 0]
    return -(weight * picked).sum(), CrossEntropyCache(log_p, target, weight)


def cross_entropy_backward(cache: CrossEntropyCache, dloss: float = 1.0) -> np.ndarray:
    """The gradient of the mean cross-entropy by the logits.

        ∂L/∂z = (1/N) (softmax(z) - onehot(target))

    Shapes:  dloss () -> dlogits (…, V)
    """
    dlogits = np.exp(cache.log_p)
    picked = np.take_along_axis(dlogits, cache.target[..., None], -1) - 1
    np.put_along_axis(dlogits, cache.target[..., None], picked, -1)
    return dloss * cache.weight[..., None] * dlogits


def _logits(value: np.ndarray) -> np.ndarray:
    logits = real_array("logits", value)
    if logits.ndim == 0 or logits.shape[-1] == 0:
        raise ValueError(f"logits must have a last axis of at least one class, got shape {logits.shape}")
    return logits


def _weight(mask: np.ndarray | None, shape: tuple[int, ...], ndim: int) -> np.ndarray:
    """1/N at every entry that counts, 0 elsewhere; the mask may lack trailing axes of `shape`."""
    if mask is None:
        counts = np.ones(shape, dtype=bool)
    else:
        mask = check_mask("mask", mask, shape[: np.ndim(mask)])
        counts = np.broadcast_to(mask.reshape(mask.shape + (1,) * (ndim - mask.ndim)), shape)
    n = int(counts.sum())
    if n == 0:
        raise ValueError("mask must keep at least one entry, but no entry counts: a mean over nothing is undefined")
    return counts / n
