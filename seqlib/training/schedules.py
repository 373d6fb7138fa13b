"""Learning-rate schedules: by what the learning rate is multiplied at a step.

A schedule is a function of the step number and of nothing else. So it has no state that could be lost or come back one
step late: a run that is resumed at step s has the learning rate of step s.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from seqlib.arguments import check_integer, check_number

__all__ = ["Cosine", "LearningRate", "StepDecay", "Warmup"]

Schedule = Callable[[int], float]


@dataclass(frozen=True)
class Warmup:
    """Linear warm-up to the full learning rate, which then stays.

        η_s = η · min(1, (s + 1) / warmup),   s = 0, 1, …

    The first step has η / warmup and not 0, which would be a step that does nothing; the first with η is step
    warmup - 1.

    Raises:  TypeError or ValueError naming the argument
    Source:  Goyal et al. 2017, section 2.2; equal to torch's LinearLR(start_factor=1/warmup, total_iters=warmup-1)
    """

    warmup: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "warmup", check_integer("warmup", self.warmup, low=0))

    def __call__(self, step: int) -> float:
        """The factor at step 0, 1, …"""
        return (step + 1) / self.warmup if step < self.warmup else 1.0


@dataclass(frozen=True)
class Cosine:
    """Half a cosine from the full learning rate down to the part `floor` of it, after a linear warm-up (see Warmup).

        η_s = η · (floor + (1 - floor) · (1 + cos(π · (s - warmup) / (steps - warmup))) / 2),   warmup ≤ s ≤ steps

    `steps` counts from the beginning, the warm-up included. It is given here and not taken from the run, so that a run
    that goes on for longer does not become another one; from step `steps` on the learning rate stays at floor · η.

    Raises:  TypeError or ValueError naming the argument
    Source:  Loshchilov & Hutter 2017, eq. 5, without restarts; equal to torch's CosineAnnealingLR up to its end
    Differs: torch's CosineAnnealingLR rises again after T_max
    """

    steps: int
    floor: float = 0.0
    warmup: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "floor", check_number("floor", self.floor, low=0, high=1))
        object.__setattr__(self, "warmup", check_integer("warmup", self.warmup, low=0))
        object.__setattr__(self, "steps", check_integer("steps", self.steps, low=1))
        if self.steps <= self.warmup:
            raise ValueError(f"steps must be more than warmup={self.warmup}, got {self.steps}")

    def __call__(self, step: int) -> float:
        """The factor at step 0, 1, …"""
        if step < self.warmup:
            return Warmup(self.warmup)(step)
        way = min(1.0, (step - self.warmup) / (self.steps - self.warmup))
        return self.floor + (1 - self.floor) * (1 + math.cos(math.pi * way)) / 2


@dataclass(frozen=True)
class StepDecay:
    """The learning rate multiplied by `factor` after every `every` steps, after a linear warm-up (see Warmup).

        η_s = η · factor^⌊(s - warmup) / every⌋,   s ≥ warmup

    Raises:  TypeError or ValueError naming the argument
    Source:  equal to torch's StepLR(step_size=every, gamma=factor)
    """

    every: int
    factor: float = 0.1
    warmup: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "every", check_integer("every", self.every, low=1))
        object.__setattr__(self, "factor", check_number("factor", self.factor, above=0))
        object.__setattr__(self, "warmup", check_integer("warmup", self.warmup, low=0))

    def __call__(self, step: int) -> float:
        """The factor at step 0, 1, …"""
        if step < self.warmup:
            return Warmup(self.warmup)(step)
        return float(self.factor ** ((step - self.warmup) // self.every))


class LearningRate:
    """The learning rates of an optimiser's groups, each multiplied by what the schedule says.

    Raises:  TypeError naming schedule if it is no function of the step
    """

    def __init__(self, optimizer: torch.optim.Optimizer, schedule: Schedule | None) -> None:
        if schedule is not None and not callable(schedule):
            raise TypeError(
                "schedule must be a function of the step number that gives a factor, such as seqlib.training.Cosine, "
                f"got {type(schedule).__name__}"
            )
        self.optimizer, self.schedule = optimizer, schedule
        self.base = [float(group["lr"]) for group in optimizer.param_groups]

    def at(self, step: int) -> float:
        """The learning rate of the first group at a step."""
        return self.base[0] * self._factor(step)

    def set(self, step: int) -> float:
        """Give every group its learning rate of this step; return that of the first."""
        if self.schedule is None:
            return self.base[0]
        factor = self._factor(step)
        for group, base in zip(self.optimizer.param_groups, self.base, strict=True):
            _set(group, base * factor)
        return self.base[0] * factor

    def _factor(self, step: int) -> float:
        return 1.0 if self.schedule is None else check_number(f"schedule({step})", self.schedule(step), low=0)


def _set(group: dict[str, Any], lr: float) -> None:
    """A learning rate that is a tensor stays this tensor."""
    if isinstance(group["lr"], Tensor):
        group["lr"].fill_(lr)
    else:
        group["lr"] = lr
