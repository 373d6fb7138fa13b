"""The mean loss of a model on data."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import torch
from torch import nn

from seqlib.arguments import check_integer
from seqlib.training.carry import Carry
from seqlib.training.data import batch_source, number_of_batches, to_tensors
from seqlib.training.objective import check_value, objective

__all__ = ["evaluate", "evaluating"]


def evaluate(
    model: nn.Module,
    data: Any,
    *,
    batches: int | None = None,
    batch_size: int = 256,
    seed: int = 12345,
    loss: Any = None,
) -> float:
    """The mean loss over all positions that count, with dropout off and without gradients.

        L = Σ_i n_i L_i / Σ_i n_i,   L_i the mean loss of batch i over its n_i positions

    So it is the same however the data is cut into batches. A task gives 20 batches of fresh data, drawn from
    generators seeded by (seed, 0), (seed, 1), …; `fit` uses its own seed in that place, so use another one here. A list
    or a DataLoader is gone through once; from one batch of `Chunks` to the next the state of the model is carried on.
    `loss` is as in `fit`; one of your own must be a mean over the positions of the mask.

    Raises:  TypeError or ValueError naming the argument
    """
    if not isinstance(model, nn.Module):
        raise TypeError(f"model must be a torch module, got {type(model).__name__}")
    draw = batch_source(data, check_integer("batch_size", batch_size, low=1), check_integer("seed", seed, low=0))
    batches = check_integer("batches", number_of_batches(data) if batches is None else batches, low=1)
    mean = Carry(data).over(objective(loss, data), 0)
    total = count = 0.0
    with evaluating(model):
        for i in range(batches):
            batch = to_tensors(draw(i), model)
            n = int(batch.mask.sum())
            total, count = total + n * check_value(mean(model, batch)).item(), count + n
    return total / count


@contextlib.contextmanager
def evaluating(model: nn.Module) -> Iterator[None]:
    """The model in evaluation mode and without gradients; afterwards in the modes that its parts were in."""
    modes = {module: module.training for module in model.modules()}
    model.eval()
    try:
        with torch.no_grad():
            yield
    finally:
        for module, training in modes.items():
            module.training = training
