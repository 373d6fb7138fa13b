"""The losses that a model is trained by: means over the positions that count."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from seqlib.arguments import check_choice, check_ids
from seqlib.batching import Batch

__all__ = ["check_value", "objective"]

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


def check_value(value: Any) -> Tensor:
    """Return what a loss function returned, if it is one real number as a tensor.

    Raises:  TypeError naming loss
    """
    if not isinstance(value, Tensor) or value.numel() != 1 or value.is_complex():
        what = type(value).__name__
        if isinstance(value, Tensor):
            what = f"shape {tuple(value.shape)}" if value.numel() != 1 else f"dtype {_dtype(value)}"
        raise TypeError(f"loss must return one real number as a tensor, such as a mean or a sum, got {what}")
    return value


def _answers(model: nn.Module, batch: Batch) -> tuple[Tensor, Tensor]:
    out = model(*batch.inputs)
    first = out[0] if isinstance(out, tuple) and out else out
    if not isinstance(first, Tensor):
        got = type(out).__name__ + (f" that begins with {type(first).__name__}" if first is not out else "")
        raise TypeError(
            f"model must answer with a tensor, or a tuple that begins with one, got {got}: pick the tensor in a loss "
            "of your own"
        )
    if not first.is_floating_point():
        raise TypeError(f"model must answer with real numbers, got dtype {_dtype(first)}")
    if first.shape[:2] != batch.mask.shape:
        raise ValueError(f"model must answer at every step, {tuple(batch.mask.shape)}, got shape {tuple(first.shape)}")
    return first[batch.mask], batch.y[batch.mask]


def _dtype(tensor: Tensor) -> str:
    return str(tensor.dtype).removeprefix("torch.")


def _cross_entropy(model: nn.Module, batch: Batch) -> Tensor:
    if batch.y.is_floating_point():
        raise TypeError(f"batch.y must hold integer ids, got dtype {_dtype(batch.y)}")
    ids, mask = batch.y.detach().cpu().numpy(), batch.mask.cpu().numpy()
    logits, _ = _answers(model, batch)
    if logits.ndim != 2:  # (B, T, V), of which the positions that count are in one row now
        raise ValueError(f"model must answer with one score a class, (B, T, V), got {logits.ndim + 1} axes")
    target = check_ids("batch.y", ids, logits.shape[-1], mask.shape, mask=mask)
    return nn.functional.cross_entropy(logits, torch.from_numpy(target).to(logits.device)[batch.mask])


def _squared_error(model: nn.Module, batch: Batch) -> Tensor:
    prediction, target = _answers(model, batch)
    if target.is_complex():
        raise TypeError(f"batch.y must hold real numbers, got dtype {_dtype(target)}")
    if prediction.shape != target.shape:
        raise ValueError(f"model must answer in the shape of y, {tuple(target.shape)}, got {tuple(prediction.shape)}")
    return nn.functional.mse_loss(prediction, target)


LOSSES: dict[str, Loss] = {"cross_entropy": _cross_entropy, "squared_error": _squared_error}
