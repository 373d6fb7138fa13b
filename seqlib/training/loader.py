"""A torch DataLoader as data: its batches by their number, so that a run can be resumed at any of them."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from torch.utils import data as torch_data

from seqlib.batching import Batch
from seqlib.training import random_state

__all__ = ["Reader", "length", "not_resumable", "settings"]

# Samplers whose order is decided by torch's random state, or by the generator they hold, when a pass begins.
KNOWN = (
    torch_data.SequentialSampler,
    torch_data.RandomSampler,
    torch_data.SubsetRandomSampler,
    torch_data.WeightedRandomSampler,
)


class Reader:
    """The function of the number n = 0, 1, … that gives the batch of that number, pass after pass.

    The order of every pass, and whatever the data set draws while batch n is read, are decided by (seed, n) and by the
    seeds of the loader's own generators, and by nothing else; all random states are given back. Batches are read in
    turn; at another number than the next, the pass that holds it is read from its beginning.

    Raises:  TypeError or ValueError naming data
    """

    def __init__(self, loader: Any, seed: int, name: str = "data") -> None:
        self.loader, self.seed, self.name, self.size = loader, seed, name, length(loader)
        if self.size == 0:
            raise ValueError(f"{name} must give at least one batch, got a DataLoader of length 0")
        self.number = self.place = 0  # of the next batch: among all, and in its pass
        self.iterator: Iterator[Any] | None = None

    def __call__(self, number: int) -> Batch:
        """The batch of that number."""
        if number != self.number:
            self.place, self.iterator = 0, None
            self.number = 0 if self.size is None else number - number % self.size
            while self.number < number:
                self._read()
        return self._read()

    def _read(self) -> Batch:
        with _seeded(self.loader, self.seed, self.number):
            if self.iterator is None:
                self.iterator, self.place = iter(self.loader), 0
            batch = next(self.iterator, None)
            if batch is None and self.size is None and self.place:  # a stream of unknown length begins again
                self.iterator, self.place = iter(self.loader), 0
                batch = next(self.iterator, None)
            if batch is None:
                wanted = "at least one batch" if self.size is None else f"len({self.name}) = {self.size} batches"
                raise ValueError(f"{self.name} must give {wanted} a pass, gave {self.place}")
            self.number, self.place = self.number + 1, self.place + 1
            if self.place == self.size:
                if next(self.iterator, None) is not None:
                    raise ValueError(f"{self.name} must give len({self.name}) = {self.size} batches a pass, gave more")
                self.iterator = None
        return _batch(batch)


def length(loader: Any) -> int | None:
    """How many batches a pass has; None where the loader cannot say."""
    if isinstance(loader.dataset, torch_data.IterableDataset):
        return None
    try:
        return len(loader)
    except (TypeError, NotImplementedError):
        return None


def not_resumable(loader: Any) -> str | None:
    """Why a run on this loader could not be resumed bit for bit; None if it can."""
    if isinstance(loader.dataset, torch_data.IterableDataset):
        return "data reads a stream (an IterableDataset), of which nobody can say what its n-th batch is"
    if length(loader) is None:
        return f"data has no length: its batch_sampler, a {type(loader.batch_sampler).__name__}, does not tell it"
    batches = loader.batch_sampler
    for sampler in (loader.sampler, batches, getattr(batches, "sampler", None)):
        if sampler is not None and type(sampler) not in (*KNOWN, torch_data.BatchSampler):
            return f"data takes its order from a {type(sampler).__name__}, which may have a random state of its own"
    if loader.persistent_workers:
        return "data has persistent_workers, which keep their random states from one pass to the next"
    if not getattr(loader, "in_order", True):
        return "data has in_order=False, so its order depends on which worker is faster"
    return None


def settings(loader: Any) -> dict[str, Any]:
    """What decides about the batches and their order, as names and values, for the identity of a run."""
    sampler = getattr(loader.batch_sampler, "sampler", loader.sampler)
    found = {name: getattr(loader, name) for name in ("batch_size", "drop_last", "num_workers", "collate_fn")}
    found |= {f"sampler.{key}": value for key, value in vars(sampler).items() if key != "data_source"}
    found |= {"sampler": sampler, "dataset": type(loader.dataset), "length": length(loader)}
    return {key: _plain(value) for key, value in found.items() if not key.endswith("generator")} | {
        "generators": [generator.initial_seed() for generator in _generators(loader)]
    }


def _plain(value: Any) -> Any:
    """A sampler's weights and indices, which may be many, by a digest."""
    value = value.tolist() if isinstance(value, torch.Tensor) else value
    if isinstance(value, list | tuple | range) and len(value) > 4:
        return f"{len(value)} numbers, digest {hashlib.sha256(repr(list(value)).encode()).hexdigest()[:16]}"
    return value


def _generators(loader: Any) -> list[torch.Generator]:
    """The generators that a loader and its samplers hold, each once."""
    holders = (loader, loader.sampler, getattr(loader.batch_sampler, "sampler", None))
    found = [getattr(holder, "generator", None) for holder in holders]
    return list({id(generator): generator for generator in found if generator is not None}.values())


@contextlib.contextmanager
def _seeded(loader: Any, seed: int, number: int) -> Iterator[None]:
    """All generators that the loader may draw from, seeded for one batch and given back."""
    own = _generators(loader)
    states = [generator.get_state() for generator in own]
    try:
        with random_state.seeded(_mixed(seed, number), devices=False):
            for generator in own:
                generator.manual_seed(_mixed(generator.initial_seed() % 2**64, seed, number))
            yield
    finally:
        for generator, state in zip(own, states, strict=True):
            generator.set_state(state)


def _mixed(*numbers: int) -> int:
    return int(np.random.SeedSequence(numbers).generate_state(1, np.uint64)[0])


def _batch(batch: Any) -> Batch:
    """A Batch; torch's default_collate makes a list of the tuple of inputs."""
    if not isinstance(batch, Batch):
        raise TypeError(
            f"data must give a Batch, got {type(batch).__name__}: give the DataLoader a collate_fn that returns a "
            "seqlib.batching.Batch"
        )
    return batch._replace(inputs=tuple(batch.inputs)) if isinstance(batch.inputs, list) else batch
