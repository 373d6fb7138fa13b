"""What a training run leaves."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field

import numpy as np
from torch import nn

from seqlib.arguments import check_integer
from seqlib.training.validation import Best, Validation

__all__ = ["History", "Records"]


@dataclass
class Records:
    """One loss, one gradient norm and one learning rate for every step done so far."""

    loss: list[float] = field(default_factory=list)
    grad_norm: list[float] = field(default_factory=list)
    lr: list[float] = field(default_factory=list)

    def add(self, loss: float, grad_norm: float, lr: float) -> None:
        """One more step."""
        self.loss.append(loss)
        self.grad_norm.append(grad_norm)
        self.lr.append(lr)

    def history(self, model: nn.Module, validation: Validation) -> History:
        """What is handed back."""
        return History(
            np.array(self.loss),
            np.array(self.grad_norm),
            model,
            np.array(self.lr),
            np.array(validation.losses),
            np.array(validation.steps, dtype=np.int64),
            validation.best,
        )


@dataclass
class History:
    """What a training run left: one loss, gradient norm (before clipping) and learning rate a step, and the model as it
    was after the last.

    With validation: its losses, after how many steps each was taken, and the best of them with the weights that it had.

    Shapes:  loss, grad_norm, lr (steps,); validation, validation_steps (number of validations,)
    """

    loss: np.ndarray
    grad_norm: np.ndarray
    model: nn.Module = field(repr=False)
    lr: np.ndarray = field(default_factory=lambda: np.empty(0))
    validation: np.ndarray = field(default_factory=lambda: np.empty(0))
    validation_steps: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    best: Best | None = None

    @property
    def steps(self) -> int:
        """How many steps were taken."""
        return len(self.loss)

    def last(self, n: int = 100) -> float:
        """The mean loss of the last `n` steps."""
        return float(self.loss[-check_integer("n", n, low=1) :].mean())

    def best_model(self) -> nn.Module:
        """A copy of the model with the weights that were best in validation; `model` stays the last one.

        Raises:  ValueError if no validation gave a finite loss
        """
        if self.best is None:
            raise ValueError(
                "validation must have given a finite loss for a model to be best: give fit validation data"
            )
        model = copy.deepcopy(self.model)
        model.load_state_dict(self.best.state)
        return model
