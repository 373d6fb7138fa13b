"""The swing: it swings undisturbed until somebody catches it and lets it go from another place."""

from __future__ import annotations

import numpy as np

from seqlib.arguments import check_integer, check_number
from seqlib.batching import Batch
from seqlib.tasks.task import Task

__all__ = ["Swing"]


class Swing(Task):
    """Say at every step where a swing is that is now and then let go anew.

        y_t = u cos(2π k / period),   k steps after it was last let go, from the place u ~ U(-1, 1)

        It is let go at the first step, and at each later one with probability `restart`. The input is (u, 1) at such a
        step and (0, 0) at all others.

        floor  = 0                               the input determines where it is
        chance = E u² · mean over t of E cos²    the squared error of always answering the mean, 0

    Where it was before no longer matters once it is let go anew: the old state has to give way at that very step. With
    `restart` = 0 there is nothing to give way.

    Shapes:  sample -> Batch of inputs (x,), x (B, T, 2) places and marks; y (B, T, 1) where it is; mask (B, T), True
    Raises:  TypeError or ValueError naming the argument
    Source:  ours
    Book:    chapters/06_gru
    """

    name = "swing"
    loss = "squared_error"
    unit = "squared units"
    n_in, n_out = 2, 1

    def __init__(self, T: int = 20, restart: float = 0.2, period: float = 8) -> None:
        self.T = check_integer("T", T, low=1)
        self.restart = check_number("restart", restart, low=0, high=1)
        self.period = check_number("period", period, above=0)

    @property
    def floor(self) -> float:
        """The least possible expected squared error: the input determines where the swing is."""
        return 0.0

    @property
    def chance(self) -> float:
        """The squared error of always answering 0, which is the mean at every step."""
        k = np.arange(self.T)
        at = np.cos(2 * np.pi * k / self.period) ** 2
        still = (1 - self.restart) ** k  # the probability that k steps have gone by without a restart
        # at step t it was let go k < t steps ago with probability restart · still[k], or at the first step, still[t]
        expected = still * at + self.restart * (np.cumsum(still * at) - still * at)
        square = 1 / 3  # E u²
        return float(square * expected.mean())

    def draw(self, B: int, rng: np.random.Generator) -> Batch:
        """Draw a batch of `B` sequences."""
        steps = np.arange(self.T)
        again = rng.random((B, self.T)) < self.restart
        again[:, 0] = True
        place = np.where(again, rng.uniform(-1, 1, (B, self.T)), 0.0)
        last = np.maximum.accumulate(np.where(again, steps, 0), 1)
        y = np.take_along_axis(place, last, 1) * np.cos(2 * np.pi * (steps - last) / self.period)
        return Batch((np.stack([place, again.astype(float)], 2),), y[:, :, None], np.ones((B, self.T), dtype=bool))
