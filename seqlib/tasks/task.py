"""What every task has, stated once and checked once."""

from __future__ import annotations

import inspect
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from seqlib.arguments import (
    check_choice,
    check_finite,
    check_ids,
    check_integer,
    check_lengths,
    check_mask,
    check_shape,
)
from seqlib.batching import Batch

__all__ = ["Task", "check_generator", "check_span"]

LOSSES = ("cross_entropy", "squared_error")
ROUNDING = 1e-12  # of the chance: where all is noise, the floor is the chance, and may come out a last digit above it


class Task(ABC):
    """A toy problem whose best possible loss is known.

        floor ≤ E loss of any model,   chance = E loss of the best answer that does not look at the input

    A subclass gives

        name, loss, unit        text; loss is "cross_entropy" or "squared_error", unit that of its numbers
        n_in or vocab_size      what is read at a step: vectors of n_in numbers, or one of vocab_size ids
        n_out                   what is answered at a step: a distribution over n_out ids, or n_out numbers
        floor, chance           properties, in the unit
        draw(B, rng)            a Batch of B sequences, from arguments that are checked

    and keeps each argument of its constructor as an attribute of the same name: these are its `settings`.
    Both bounds hold for the expected loss; the loss of a batch scatters around it.

    Raises:  TypeError naming the class and what it lacks, as soon as the class is made; ValueError or TypeError naming
             the class and what is wrong, at the first batch, for levels, sizes and batches that break the contract
    """

    name: ClassVar[str]
    loss: ClassVar[str]
    unit: ClassVar[str]
    n_in: int
    vocab_size: int
    n_out: int

    def __init_subclass__(cls, **keywords: Any) -> None:
        """Refuse a class without what every task has."""
        super().__init_subclass__(**keywords)
        for text in ("name", "loss", "unit"):
            if not isinstance(getattr(cls, text, None), str):
                raise TypeError(f"{cls.__name__}.{text} must be given as text, got {getattr(cls, text, None)!r}")
        check_choice(f"{cls.__name__}.loss", cls.loss, LOSSES)
        for member in ("floor", "chance", "draw"):
            if getattr(cls, member) is getattr(Task, member):
                raise TypeError(f"{cls.__name__}.{member} must be given: every task has one")

    @property
    @abstractmethod
    def floor(self) -> float:
        """The expected loss below which no model comes."""

    @property
    @abstractmethod
    def chance(self) -> float:
        """The expected loss of the best answer that does not look at the input."""

    @abstractmethod
    def draw(self, B: int, rng: np.random.Generator) -> Batch:
        """Draw a batch of `B` sequences."""

    def sample(self, batch_size: int, rng: np.random.Generator) -> Batch:
        """Draw a batch of `batch_size` sequences from the generator.

        Raises:  TypeError or ValueError naming the argument, or the class and what its batch lacks
        """
        B = check_integer("batch_size", batch_size, low=1)
        check_generator(rng)
        if "_levels_hold" not in vars(self):
            self._check_levels()
            self._levels_hold = True
        batch = self.draw(B, rng)
        self._check(batch, B)
        return batch

    @property
    def settings(self) -> dict[str, Any]:
        """The arguments that make this task again: type(task)(**task.settings) draws the same sequences."""
        names = inspect.signature(type(self)).parameters
        missing = [name for name in names if not hasattr(self, name)]
        if missing:
            raise TypeError(f"{type(self).__name__} must keep its argument {missing[0]!r} as an attribute of that name")
        return {name: getattr(self, name) for name in names}

    def check_inputs(self, inputs: tuple[Any, ...], B: int, T: int) -> np.ndarray:
        """Check what the model is called with; return which positions are real, (B, T).

        Written for (x,) and (x, lengths); a task whose models are called with something else overrides it.
        """
        name = type(self).__name__
        if not isinstance(inputs, tuple) or len(inputs) not in (1, 2):
            raise TypeError(f"inputs of {name} must be a tuple (x,) or (x, lengths), got {type(inputs).__name__}")
        if hasattr(self, "vocab_size"):
            check_ids(f"x of {name}", inputs[0], self.vocab_size, (B, T))
        else:
            _check_reals(f"x of {name}", inputs[0], (B, T, self.n_in))
        if len(inputs) == 1:
            return np.ones((B, T), dtype=bool)
        lengths = check_lengths(f"lengths of {name}", inputs[1], T, least=1)
        check_shape(f"lengths of {name}", lengths, (B,))
        return np.arange(T) < lengths[:, None]

    def _check_levels(self) -> None:
        name = type(self).__name__
        if hasattr(self, "n_in") == hasattr(self, "vocab_size"):
            raise TypeError(f"{name} must have either n_in or vocab_size")
        for size in ("n_in", "vocab_size", "n_out"):
            if hasattr(self, size) or size == "n_out":
                check_integer(f"{name}.{size}", getattr(self, size, None), low=1)
        floor, chance = float(self.floor), float(self.chance)
        if not (np.isfinite(floor) and np.isfinite(chance) and floor <= chance + ROUNDING * abs(chance)):
            raise ValueError(f"{name} must have finite levels, floor ≤ chance, got {floor} and {chance}")

    def _check(self, batch: Batch, B: int) -> None:
        name = type(self).__name__
        if not isinstance(batch, Batch):
            raise TypeError(f"draw of {name} must return a Batch, got {type(batch).__name__}")
        T = check_shape(f"mask of {name}", batch.mask, (B, "T"))["T"]
        mask = check_mask(f"mask of {name}", batch.mask, (B, T))
        if self.loss == "cross_entropy":
            check_ids(f"y of {name}", batch.y, self.n_out, (B, T))
        else:
            _check_reals(f"y of {name}", batch.y, (B, T, self.n_out))
        real = self.check_inputs(batch.inputs, B, T)
        if not mask.any(1).all():
            raise ValueError(
                f"mask of {name} must keep a position of every sequence, not of {int(mask.any(1).argmin())}"
            )
        if (mask & ~real).any():
            raise ValueError(
                f"mask of {name} must not keep padding, as it does in {int((mask & ~real).any(1).argmax())}"
            )


def check_span(name: str, value: int | Sequence[int], *, low: int) -> tuple[int, int]:
    """Return the lowest and the highest of `value`, a whole number or a pair of them, none below `low`."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        if len(value) != 2:
            raise ValueError(f"{name} must be a number or a pair (lowest, highest), got {value!r}")
        low = check_integer(f"{name}[0]", value[0], low=low)
        return low, check_integer(f"{name}[1]", value[1], low=low)
    number = check_integer(name, value, low=low)
    return number, number


def check_generator(rng: Any) -> np.random.Generator:
    """Return `rng` if it is NumPy's Generator; TypeError otherwise."""
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng must be a numpy.random.Generator, got {type(rng).__name__}")
    return rng


def _check_reals(name: str, value: Any, shape: tuple[int, ...]) -> None:
    array = np.asarray(value)
    if array.dtype.kind != "f":
        raise TypeError(f"{name} must hold real numbers, got dtype {array.dtype}")
    check_shape(name, array, shape)
    check_finite(name, array)
