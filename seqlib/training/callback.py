"""What a run tells its callback at every step, and the care that it tells and nothing more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from seqlib.training import random_state
from seqlib.training.identity import of_model, of_optimiser

__all__ = ["Step", "call"]


@dataclass(frozen=True)
class Step:
    """A step of training: how many steps are done, the loss and the gradient norm (before clipping) of this one, the
    learning rate it had, and the validation loss after it, None where there was no validation.
    """

    step: int
    loss: float
    grad_norm: float
    lr: float
    validation: float | None = None


def call(on_step: Callable[[Step], Any], record: Step, model: nn.Module, optimizer: torch.optim.Optimizer) -> None:
    """Call `on_step` with a record. It may draw random numbers: their states are given back.

    Raises:  RuntimeError if it changed a parameter, a buffer, a mode or a setting of the model or of the optimiser, or
             whether there are gradients
    """
    before = _state(model, optimizer)
    with random_state.kept():
        on_step(record)
    after = _state(model, optimizer)
    for name in [*before, *(name for name in after if name not in before)]:
        if name not in before or name not in after or not _equal(before[name], after[name]):
            raise RuntimeError(
                f"on_step must leave the training alone, but it changed {name} at step {record.step}: look at a copy "
                "of the model, and give settings to fit"
            )


def _state(model: nn.Module, optimizer: torch.optim.Optimizer) -> dict[str, Any]:
    state = of_model(model) | of_optimiser(optimizer) | {"torch.is_grad_enabled()": torch.is_grad_enabled()}
    state |= {f"the mode of model.{name}".rstrip("."): module.training for name, module in model.named_modules()}
    tensors = [*model.named_parameters(), *model.named_buffers()]
    return state | {f"the values of model.{name}": tensor.detach().clone() for name, tensor in tensors}


def _equal(a: Any, b: Any) -> bool:
    if isinstance(a, Tensor) and isinstance(b, Tensor):
        return a.shape == b.shape and a.dtype == b.dtype and bool(((a == b) | ((a != a) & (b != b))).all())
    return repr(a) == repr(b)  # NaN is unlike itself
