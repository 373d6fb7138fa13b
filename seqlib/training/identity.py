"""What makes two runs the same run: everything that decides about its weights, as plain numbers and words."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

from seqlib import __version__
from seqlib.batching import Batch, Chunks
from seqlib.training import loader

__all__ = ["check_same", "identity", "of_data", "of_model", "of_optimiser", "of_schedule"]


def identity(
    net: nn.Module,
    optimizer: torch.optim.Optimizer,
    data: Any,
    loss: Any,
    settings: Mapping[str, Any],
    *,
    built: bool = True,
) -> dict[str, Any]:
    """One flat table, name -> plain value, of all that defines a run.

    `settings` of the loop; the package version; the data (a task by its settings, a list of batches by a digest of its
    contents, a function by its name and its first batch, a DataLoader by its settings and its first batch); the loss (a
    function by its name, one of ours by its settings); the optimiser with the options of every group; every module with
    its plain options, every parameter with its shape and dtype; and where the model is `built` by the run from its
    seed, the values at which the parameters begin.
    """
    found = {name: _plain(value) for name, value in settings.items()}
    found |= {"seqlib": __version__} | of_loss(loss) | of_data("data", data, settings.get("seed", 0))
    found |= of_optimiser(optimizer) | of_model(net)
    for name, parameter in net.named_parameters():
        if built:
            found[f"start of model.{name}"] = _trace(parameter.detach())
    return found


def of_optimiser(optimizer: torch.optim.Optimizer) -> dict[str, Any]:
    """The class of an optimiser, and the options of every group."""
    found = {"optimiser": _name(type(optimizer))}
    for i, group in enumerate(optimizer.param_groups):
        place = "optimiser" if i == 0 else f"optimiser.group {i}"
        found |= {f"{place}.{option}": _plain(value) for option, value in group.items() if option != "params"}
    return found


def of_model(net: nn.Module) -> dict[str, Any]:
    """The class and the plain options of every module; shape and dtype of every parameter, and whether it is frozen."""
    found: dict[str, Any] = {}
    for name, module in net.named_modules():
        place = f"model.{name}" if name else "model"
        found[place] = _name(type(module))
        options = {key: value for key, value in vars(module).items() if key != "training" and not key.startswith("_")}
        found |= {f"{place}.{key}": _plain(value) for key, value in options.items() if _is_plain(value)}
    for name, parameter in net.named_parameters():
        frozen = "" if parameter.requires_grad else " frozen"
        found[f"model.{name}"] = f"{str(parameter.dtype).removeprefix('torch.')} {tuple(parameter.shape)}{frozen}"
    return found


def of_schedule(schedule: Any) -> dict[str, Any]:
    """A schedule by its settings, a function by its name: the learning rates it has given are compared besides."""
    found = {"schedule": schedule if schedule is None else _name(schedule)}
    if dataclasses.is_dataclass(schedule):
        found |= {f"schedule.{f.name}": _plain(getattr(schedule, f.name)) for f in dataclasses.fields(schedule)}
    return found


def of_loss(loss: Any, name: str = "loss") -> dict[str, Any]:
    """A loss by its name, one of ours by its settings too; a setting that is a function of the step by some values."""
    found = {name: _plain(loss)}
    if dataclasses.is_dataclass(loss) and not isinstance(loss, type):
        for part in dataclasses.fields(loss):
            value = getattr(loss, part.name)
            found |= of_loss(value, f"{name}.{part.name}")
            if callable(value) and not dataclasses.is_dataclass(value):
                found[f"{name}.{part.name} at steps"] = _plain([value(step) for step in (0, 1, 10, 100, 1000, 10_000)])
    return found


def of_data(name: str, data: Any, seed: int) -> dict[str, Any]:
    """A task by its settings, batches by their contents, a function by its name and its first batch, a DataLoader by
    what decides about its order and by the first batch that comes of it.
    """
    if data is None:
        return {name: None}
    if isinstance(data, DataLoader):
        found = {name: _name(data)} | {f"{name}.{key}": _plain(value) for key, value in loader.settings(data).items()}
        items: Any = data.dataset
        items = [Batch(items.tensors, None, None)] if isinstance(items, TensorDataset) else items
        if isinstance(items, list) and all(isinstance(item, Batch) for item in items):
            found[f"{name}.contents"] = _digest(items)
        return found | {f"{name}.first": _digest([loader.Reader(data, seed)(0)])}
    if not hasattr(data, "sample"):
        if not callable(data):
            starts = {f"{name}.starts": _digest_of(data.starts)} if isinstance(data, Chunks) else {}
            return {name: _digest(data)} | starts
        first = data(0)  # two functions may have one name, such as <lambda>
        return {name: _name(data)} | ({f"{name}.first": _digest([first])} if isinstance(first, Batch) else {})
    options = data.settings if hasattr(data, "settings") else {k: v for k, v in vars(data).items() if _is_plain(v)}
    return {name: _name(type(data))} | {f"{name}.{option}": _plain(value) for option, value in options.items()}


def check_same(path: Any, stored: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    """ValueError naming the first setting in which a stored run and this one differ, and both values."""
    for name in [*wanted, *(name for name in stored if name not in wanted)]:
        have, want = (table.get(name, "nothing of that name") for table in (stored, wanted))
        if have != want and repr(have) != repr(want):  # NaN is unlike itself
            raise ValueError(
                f"checkpoint {path} was made with {name}={have!r}, this run has {name}={want!r}: use the same setting, "
                "or another file"
            )


def _digest(batches: Sequence[Batch]) -> str:
    """Batches by what is in them: numbers, shapes and dtypes."""
    parts = (part for batch in batches for part in (*batch.inputs, batch.y, batch.mask))
    return f"{len(batches)} batches, {_digest_of(*parts)}"


def _digest_of(*parts: Any) -> str:
    digest = hashlib.sha256()
    for part in parts:
        array = part.detach().cpu().numpy() if isinstance(part, Tensor) else np.asarray(part)
        digest.update(f"{array.dtype} {array.shape};".encode() + (b"" if part is None else array.tobytes()))
    return f"digest {digest.hexdigest()[:16]}"


def _trace(values: Tensor) -> float:
    """One number for all values and their places, coarse enough to be the same on another machine."""
    flat = values.cpu().flatten().to(torch.float64)
    return float(f"{float(flat @ torch.arange(1, len(flat) + 1).cos().to(torch.float64)):.3g}")


def _is_plain(value: Any) -> bool:
    if isinstance(value, tuple | list):
        return all(map(_is_plain, value))
    return value is None or isinstance(value, bool | int | float | str | np.generic)


def _plain(value: Any) -> Any:
    """A value as Python's own numbers and words: NumPy's and torch's numbers are made so, other things are named."""
    if isinstance(value, np.generic) or (isinstance(value, Tensor) and value.numel() == 1):
        return value.item()
    if isinstance(value, tuple | list):
        return tuple(_plain(item) for item in value)
    return value if _is_plain(value) else _name(value)


def _name(thing: Any) -> str:
    """Where a class or a function is defined, and what it is called there."""
    kind = thing if hasattr(thing, "__qualname__") else type(thing)
    return f"{kind.__module__}.{kind.__qualname__}"
