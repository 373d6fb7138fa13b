"""The gradient of a step: over one batch or several, in one precision or two, measured and clipped."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import nn

from seqlib.arguments import check_choice
from seqlib.batching import Batch
from seqlib.training.objective import Loss, check_value

__all__ = ["check_precision", "clip", "gradient", "norm"]

PRECISIONS = ("full", "bfloat16")


def check_precision(precision: str, parameters: Sequence[nn.Parameter]) -> str:
    """Return `precision` if the weights can be used in it: torch's autocast leaves all but float32 as it is.

    Raises:  ValueError naming precision
    """
    check_choice("precision", precision, PRECISIONS)
    other = next((p.dtype for p in parameters if p.is_floating_point() and p.dtype != torch.float32), None)
    if precision != "full" and other is not None:
        raise ValueError(
            f"precision must be 'full' for weights of {str(other).removeprefix('torch.')}, got {precision!r}: it is "
            "mixed with float32 alone"
        )
    return precision


def gradient(loss: Loss, model: nn.Module, batches: Sequence[Batch], precision: str = "full") -> float:
    """Add the gradient of the mean loss over all positions of all batches to `.grad`; return that mean.

        L = Σ_i n_i L_i / Σ_i n_i,   L_i the mean loss of batch i over its n_i positions that count

    It is that of one large batch. The mean of the means L_i is not: positions of short batches would weigh more. The
    batches go through the model one after the other, and what backward needs is kept of one at a time.

    Raises:  TypeError or ValueError naming loss
    """
    counts = [int(batch.mask.sum()) for batch in batches]
    mean = 0.0
    for batch, n in zip(batches, counts, strict=True):
        share = n / sum(counts)
        torch.clear_autocast_cache()  # under a caller's autocast it would keep the weights of the first step
        try:
            with _autocast(precision, batch.mask.device.type):
                value = loss(model, batch)
        except RuntimeError as error:
            if precision != "full":
                error.add_note(f"This was under precision={precision!r}: with 'full', everything is in float32.")
            raise
        _check(value, precision)
        (value if len(batches) == 1 else value * share).backward()
        mean += share * value.item()
    return mean


def norm(parameters: Sequence[nn.Parameter]) -> float:
    """The norm of the whole gradient. Squares of float32 leave its range early: then the gradient is scaled first."""
    grads = [p.grad.detach() for p in parameters if p.grad is not None]
    if not grads:
        return 0.0
    length = float(torch.stack([grad.norm() for grad in grads]).norm())
    if 1e-15 < length < 1e15:
        return length
    largest = float(torch.stack([grad.abs().max() for grad in grads if grad.numel()]).max())  # NaN, if there is one
    if largest == 0 or not np.isfinite(largest):
        return largest
    wide = (grad.to(torch.promote_types(grad.dtype, torch.float64)) for grad in grads)
    return largest * float(torch.stack([(grad / largest).norm() for grad in wide]).norm())


def clip(parameters: Sequence[nn.Parameter], length: float, clip_norm: float | None, clip_value: float | None) -> None:
    """The gradient, `length` long, made no longer than clip_norm, its entries no larger than clip_value, in place."""
    grads = [p.grad for p in parameters if p.grad is not None]
    scale = 1.0 if clip_norm is None else clip_norm / (length + 1e-6)
    for grad in grads:
        if scale < torch.finfo(grad.dtype).tiny:  # too small for this dtype; its square root is not
            grad.mul_(scale**0.5).mul_(scale**0.5)
        elif scale < 1:
            grad.mul_(scale)
        if clip_value is not None:
            grad.clamp_(-clip_value, clip_value)


def _autocast(precision: str, device: str) -> Any:
    """Nothing in full precision, so that a caller's own autocast stays as it is."""
    return contextlib.nullcontext() if precision == "full" else torch.autocast(device, dtype=torch.bfloat16)


def _check(value: Any, precision: str) -> None:
    if not (check_value(value).requires_grad and torch.is_grad_enabled()):
        why = (
            "it cuts them off, as .detach(), .item() and torch.no_grad() do"
            if torch.is_grad_enabled()
            else "loss, model or data left gradients switched off"
        )
        raise TypeError(f"loss must be made from the parameters, got a number that no parameter has a part in: {why}")
    if precision != "full" and value.dtype != torch.float32:
        raise TypeError(
            f"loss must be computed in float32 under precision={precision!r}, got {str(value.dtype)[6:]}: "
            "make the answers of the model .float() first"
        )
