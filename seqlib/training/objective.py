"""The losses that a model is trained by: means over the positions that count."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from seqlib.arguments import check_choice, check_ids, check_number
from seqlib.batching import Batch

__all__ = ["CrossEntropy", "at_step", "check_value", "judged_by", "objective"]

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


@dataclass(frozen=True)
class CrossEntropy:
    """Cross-entropy over the positions that count, with label smoothing ε.

        L = 1/n Σ_{(b,t): mask} [ -(1 - ε) log p_bt(y_bt) - ε/V Σ_v log p_bt(v) ]

    It is the cross-entropy with the target distribution (1 - ε) [v = y] + ε/V. It cannot fall to 0, and a model trained
    with it is judged by the plain one, ε = 0.

    Raises:  TypeError or ValueError naming label_smoothing
    Source:  Szegedy et al. 2016, section 7, with the uniform distribution
    Book:    chapters/10_language_models
    """

    label_smoothing: float = 0.0

    def __post_init__(self) -> None:
        check_number("label_smoothing", self.label_smoothing, low=0, high=1)

    def __call__(self, model: nn.Module, batch: Batch) -> Tensor:
        """The loss of a model on a batch."""
        return _cross_entropy(model, batch, self.label_smoothing)

    @property
    def judged_by(self) -> CrossEntropy:
        """The loss without smoothing."""
        return CrossEntropy()


def at_step(loss: Loss, step: int) -> Loss:
    """The loss at a step of training, where it changes from step to step: then it has a method `at`."""
    return loss.at(step) if hasattr(loss, "at") else loss


def judged_by(loss: Any) -> Any:
    """What a model that is trained by this loss is judged by: the loss itself, unless that says otherwise."""
    return getattr(loss, "judged_by", loss)


def _cross_entropy(model: nn.Module, batch: Batch, smoothing: float = 0.0) -> Tensor:
    if batch.y.is_floating_point():
        raise TypeError(f"batch.y must hold integer ids, got dtype {_dtype(batch.y)}")
    ids, mask = batch.y.detach().cpu().numpy(), batch.mask.cpu().numpy()
    logits, _ = _answers(model, batch)
    if logits.ndim != 2:  # (B, T, V), of which the positions that count are in one row now
        raise ValueError(f"model must answer with one score a class, (B, T, V), got {logits.ndim + 1} axes")
    target = check_ids("batch.y", ids, logits.shape[-1], mask.shape, mask=mask)
    asked = torch.from_numpy(target).to(logits.device)[batch.mask]
    return nn.functional.cross_entropy(logits, asked, label_smoothing=smoothing)


def _squared_error(model: nn.Module, batch: Batch) -> Tensor:
    prediction, target = _answers(model, batch)
    if target.is_complex():
        raise TypeError(f"batch.y must hold real numbers, got dtype {_dtype(target)}")
    if prediction.shape != target.shape:
        raise ValueError(f"model must answer in the shape of y, {tuple(target.shape)}, got {tuple(prediction.shape)}")
    return nn.functional.mse_loss(prediction, target)


LOSSES: dict[str, Loss] = {"cross_entropy": _cross_entropy, "squared_error": _squared_error}
