"""Validation while a model trains: its loss on other data every so many steps, the best model, and when to stop."""

from __future__ import annotations

import contextlib
import copy
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from torch import nn

from seqlib.arguments import check_integer
from seqlib.training import random_state
from seqlib.training.data import batch_source, number_of_batches
from seqlib.training.evaluate import evaluate
from seqlib.training.identity import of_data

__all__ = ["Best", "Validation", "untouched"]


@dataclass(frozen=True)
class Best:
    """The lowest validation loss of a run, after how many steps it was, and the `state_dict` of the model then."""

    step: int
    loss: float
    state: dict[str, Any] = field(repr=False)


class Validation:
    """The validation of a run.

    The model is best where its loss is lowest, at the first place if there are several; a loss that is NaN or infinite
    is never best. With `patience` p the run ends as soon as p losses in a row are no new best.

    Raises:  TypeError or ValueError naming the argument
    """

    def __init__(self, data: Any, training_data: Any, every: int, patience: int | None, seed: int, loss: Any) -> None:
        self.every = check_integer("validate_every", every, low=1)
        self.patience = None if patience is None else check_integer("patience", patience, low=1)
        if data is None and self.patience is not None:
            raise ValueError(
                f"validation must be given with patience={self.patience}: early stopping looks at data that the model "
                "is not trained on"
            )
        if data is not None and data is training_data and not hasattr(data, "sample"):
            raise ValueError("validation must be other data than data: the same batches say nothing about new ones")
        # No step of training draws from this seed: it is 96 bits long, those of the steps are shorter.
        self.data, self.seed, self.loss = data, seed + 2**96, loss
        if data is not None:  # now, and not after many steps
            batch_source(data, 1, self.seed, name="validation")
            number_of_batches(data, name="validation")
        self.steps: list[int] = []
        self.losses: list[float] = []
        self.best: Best | None = None

    def due(self, step: int) -> bool:
        """Whether the model is validated after so many steps."""
        return self.data is not None and step > 0 and step % self.every == 0

    def measure(self, model: nn.Module, step: int) -> float:
        """Validate the model after so many steps; nothing of the training changes by it."""
        try:
            with untouched(model):
                value = evaluate(model, self.data, seed=self.seed, loss=self.loss)
        except Exception as error:
            error.add_note(f"This was in the validation after step {step}.")
            raise
        self.steps.append(step)
        self.losses.append(value)
        if math.isfinite(value) and (self.best is None or value < self.best.loss):
            self.best = Best(step, value, copy.deepcopy(model.state_dict()))  # the tensors themselves train on
        return value

    def settings(self) -> dict[str, Any]:
        """What decides about the validation, for the identity of a run."""
        if self.data is None:
            return {"validation": None}
        found = of_data("validation", self.data, self.seed)
        return found | {"validate_every": self.every, "patience": self.patience}

    def finish(self, model: nn.Module, step: int) -> None:
        """Validate the model where a run ends, unless that is done already."""
        if self.data is not None and step > 0 and self.steps[-1:] != [step]:
            self.measure(model, step)

    @property
    def stopped(self) -> bool:
        """Whether patience is at its end."""
        if self.patience is None:
            return False
        since = len(self.steps) if self.best is None else len(self.steps) - 1 - self.steps.index(self.best.step)
        return since >= self.patience


@contextlib.contextmanager
def untouched(model: nn.Module) -> Iterator[None]:
    """The buffers of the model and the global random states as they were, whatever happens inside.

    The modes of the modules are given back by `evaluate`.
    """
    places = [(module._buffers, name) for module in model.modules() for name in module._buffers]
    before = [(place, name, place[name], copy.deepcopy(place[name])) for place, name in places]
    with random_state.kept():
        try:
            yield
        finally:
            for place, name, buffer, value in before:
                place[name] = buffer
                if buffer is not None and value is not None:
                    buffer.copy_(value)
