"""What a model can be trained and measured on: a task, a list of batches, a DataLoader, or a function of the step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader

from seqlib.arguments import check_mask
from seqlib.batching import Batch
from seqlib.training import loader

__all__ = ["batch_source", "number_of_batches", "to_tensors"]


KINDS = "a task, a list of batches or a function of the step, or a torch DataLoader"
UNDEFINED = "a mean over nothing is undefined"


def batch_source(data: Any, batch_size: int, seed: int, name: str = "data") -> Callable[[int], Batch]:
    """The function of the step number that gives the batch of that step.

    A task draws it from a generator seeded by (seed, step), a list is gone through in turn, a DataLoader likewise, in
    an order of its own every time (see `loader.Reader`), a function is called.

    Raises:  TypeError or ValueError naming data, or by the `name` that it is given
    """
    if isinstance(data, DataLoader):
        return loader.Reader(data, seed, name)
    if hasattr(data, "sample"):
        return lambda step: data.sample(batch_size, np.random.default_rng([seed, step]))
    if callable(data):
        return data
    if isinstance(data, Sequence) and data and all(isinstance(batch, Batch) for batch in data):
        return lambda step: data[step % len(data)]
    raise TypeError(f"{name} must be {KINDS}, got {type(data).__name__}")


def number_of_batches(data: Any, name: str = "data") -> int:
    """How many batches are measured on where nobody says it: all of a list or DataLoader, 20 of a task or function.

    Raises:  ValueError naming data for a DataLoader that does not know its length
    """
    if not isinstance(data, DataLoader):
        return len(data) if hasattr(data, "__len__") else 20
    size = loader.length(data)
    if size is None:
        raise ValueError(f"{name} must have a length, and this DataLoader does not know it: say how many batches")
    return size


def to_tensors(batch: Batch, model: nn.Module) -> Batch:
    """The batch as tensors on the device of the model; floating-point numbers in the precision of its weights.

    Without a mask every position of y counts.

    Raises:  TypeError or ValueError naming what the data gave: no Batch, inputs that are no tuple, a mask that is not
             boolean or has another shape than (B, T) of y, or that keeps no position
    """
    if not isinstance(batch, Batch):
        raise TypeError(f"data must give a Batch, got {type(batch).__name__}")
    if not isinstance(batch.inputs, tuple):
        raise TypeError(f"data must give a Batch whose inputs are a tuple, (x,), got {type(batch.inputs).__name__}")
    like = next((p for p in model.parameters() if p.is_floating_point()), torch.empty(0))
    y = _tensor(batch.y, like)
    given = np.ones(y.shape[:2], dtype=bool) if batch.mask is None else _array("batch.mask", batch.mask)
    mask = torch.from_numpy(check_mask("batch.mask", given, y.shape[:2]))
    if not bool(mask.any()):
        raise ValueError(f"batch.mask must keep at least one entry, but no entry counts: {UNDEFINED}")
    return Batch(tuple(_tensor(value, like) for value in batch.inputs), y, mask.to(like.device))


def _tensor(value: Any, like: Tensor) -> Tensor:
    tensor = value if isinstance(value, Tensor) else torch.from_numpy(_array("batch", value))
    tensor = tensor.clone() if tensor.is_inference() else tensor  # a copy takes part in gradients
    return tensor.to(like.device, like.dtype) if tensor.is_floating_point() else tensor.to(like.device)


def _array(name: str, value: Any) -> np.ndarray:
    """`value` as an array in the form that torch takes; TypeError if it holds no numbers."""
    if isinstance(value, Tensor):
        value = value.detach().cpu()
        value = value.float() if value.dtype == torch.bfloat16 else value  # which NumPy has not
    array = np.asarray(value)
    if array.dtype.kind not in "biufc":
        raise TypeError(f"{name} must hold numbers, got dtype {array.dtype}")
    if array.dtype.kind == "f" and array.dtype.itemsize > 8:  # a long double, which torch has not
        array = array.astype(np.float64)
    return np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("="))
