"""The global random generators of torch, NumPy and Python: borrowed for a run and given back."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

__all__ = ["current", "kept", "restore", "seeded"]


@contextlib.contextmanager
def kept() -> Iterator[None]:
    """Whatever is drawn from the three generators inside, they go on afterwards as if nothing had been."""
    before = current()
    try:
        yield
    finally:
        restore(before)


@contextlib.contextmanager
def seeded(seed: int, *, devices: bool = True) -> Iterator[None]:
    """Seed the three generators; give their former states back at the end.

    `devices`: those of graphics cards are seeded too. Their states are not given back.
    """
    with kept():
        (torch if devices else torch.default_generator).manual_seed(seed)
        np.random.seed(np.random.SeedSequence(seed).generate_state(4))  # noqa: NPY002
        random.seed(seed)
        yield


def current() -> dict[str, Any]:
    """The states of the three generators, as tensors, numbers and tuples, which `torch.load` takes as plain data."""
    name, keys, *rest = np.random.get_state(legacy=True)  # noqa: NPY002
    return {
        "torch": torch.get_rng_state(),
        "numpy": (str(name), torch.from_numpy(np.array(keys, dtype=np.int64)), *rest),
        "python": random.getstate(),
    }


def restore(state: dict[str, Any]) -> None:
    """Set the three generators to states that `current` gave."""
    name, keys, *rest = state["numpy"]
    torch.set_rng_state(state["torch"])
    np.random.set_state((name, keys.numpy().astype(np.uint32), *rest))  # noqa: NPY002
    random.setstate(state["python"])
