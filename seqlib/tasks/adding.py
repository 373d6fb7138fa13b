"""The adding problem: two marked numbers among many, and their sum at the end."""

from __future__ import annotations

import numpy as np

from seqlib.arguments import check_integer
from seqlib.batching import Batch
from seqlib.tasks.task import Task

__all__ = ["Adding"]


class Adding(Task):
    """Add the two numbers that are marked; one lies in each half of the sequence.

        y = u_i + u_j,   u_t ~ U(0, 1),   i in the first half, j in the second, both uniform

        floor  = 0                         the sum is determined
        chance = Var(y) = 2 · 1/12         the squared error of always answering the mean, 1

    Shapes:  sample -> Batch of inputs (x,), x (B, T, 2) numbers and marks; y (B, T, 1) the sum; mask (B, T), True at
             the last step
    Raises:  TypeError or ValueError naming the argument
    Source:  Hochreiter & Schmidhuber 1997, section 5.4
    Differs: fixed length, numbers from U(0, 1) and the raw sum as the target, as in Le, Jaitly & Hinton 2015
    Book:    chapters/04_gradients
    """

    name = "adding"
    loss = "squared_error"
    unit = "squared units"
    n_in, n_out = 2, 1
    marked = 2  # how many numbers are added

    def __init__(self, T: int = 10) -> None:
        self.T = check_integer("T", T, low=2)

    @property
    def floor(self) -> float:
        """The least possible expected squared error: E Var(y | x), and y is a function of x."""
        return 0.0

    @property
    def chance(self) -> float:
        """The squared error of the best constant: the variance of a sum of two independent uniform numbers."""
        variance = 1 / 3 - (1 / 2) ** 2  # E u² - (E u)²
        return self.marked * variance

    def draw(self, B: int, rng: np.random.Generator) -> Batch:
        """Draw a batch of `B` sequences."""
        half = self.T // 2
        x = np.zeros((B, self.T, 2))
        x[:, :, 0] = rng.random((B, self.T))
        rows = np.arange(B)
        x[rows, rng.integers(0, half, B), 1] = 1
        x[rows, rng.integers(half, self.T, B), 1] = 1
        total = (x[:, :, 0] * x[:, :, 1]).sum(1)
        mask = np.zeros((B, self.T), dtype=bool)
        mask[:, -1] = True
        return Batch((x,), np.broadcast_to(total[:, None, None], (B, self.T, 1)).copy(), mask)
