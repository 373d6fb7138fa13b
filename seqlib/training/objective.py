"""The losses that a model is trained by: means over the positions that count."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from seqlib.arguments import check_choice, check_ids
from seqlib.batching import Batch

__all__ = ["objective"]

Loss = Callable[[nn.Module, Batch], Tensor]


def objective(loss: str | Loss | None, data: Any) -> Loss:
    """The function of model and batch that is minimised: the one asked for, or the one of the task.

        L = 1/n Σ_{(b,t): mask} loss(model(*inputs)[b, t], y[b, t]),   n = Σ mask

    Raises:  ValueError naming loss
    """
    loss = getattr(data, "loss", None) if loss is None else loss
    if callable(loss):
        return loss
    if loss is None:
        raise ValueError("loss must be given: the data does not say by what it is judged")
    return LOSSES[check_choice("loss", loss, LOSSES)]


def _answers(model: nn.Module, batch: Batch) -> tuple[Tensor, Tensor]:
    out = model(*batch.inputs)
    out = out[0] if isinstance(out, tuple) else out
    if out.shape[:2] != batch.mask.shape:
        raise ValueError(f"model must answer at every step, {tuple(batch.mask.shape)}, got shape {tuple(out.shape)}")
    return out[batch.mask], batch.y[batch.mask]


def _cross_entropy(model: nn.Module, batch: Batch) -> Tensor:
    if batch.y.is_floating_point():
        raise TypeError(f"batch.y must hold integer ids, got dtype {str(batch.y.dtype).removeprefix('torch.')}")
    ids, mask = batch.y.detach().cpu().numpy(), batch.mask.cpu().numpy()
    logits, _ = _answers(model, batch)
    target = check_ids("batch.y", ids, logits.shape[-1], mask.shape, mask=mask)
    return nn.functional.cross_entropy(logits, torch.from_numpy(target).to(logits.device)[batch.mask])


def _squared_error(model: nn.Module, batch: Batch) -> Tensor:
    prediction, target = _answers(model, batch)
    if target.is_complex():
        raise TypeError(f"batch.y must hold real numbers, got dtype {str(target.dtype).removeprefix('torch.')}")
    if prediction.shape != target.shape:
        raise ValueError(f"model must answer in the shape of y, {tuple(target.shape)}, got {tuple(prediction.shape)}")
    return nn.functional.mse_loss(prediction, target)


LOSSES: dict[str, Loss] = {"cross_entropy": _cross_entropy, "squared_error": _squared_error}
