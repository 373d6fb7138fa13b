"""Products: multiply the number that has just come by an earlier one."""

from __future__ import annotations

import numpy as np

from seqlib.arguments import check_integer
from seqlib.batching import Batch
from seqlib.tasks.task import Task

__all__ = ["Product"]


class Product(Task):
    """Say at every step what the new number is, times the number `lag` steps before it.

        y_t = u_t u_{t-lag},   u_t ~ U(-1, 1)

        floor  = 0                         the product is determined
        linear = Var(y) = (E u²)² = 1/9    the squared error of the best weighted sum of all numbers so far
        chance = 1/9                       and that of the best constant, 0

    No number goes with the answer by itself: E[y_t u_s] = 0 for every s, so a weighted sum of them, whatever it
    remembers, is as good as nothing. So is a memory of fewer than `lag` steps, whatever it computes:
    E[y_t | u_t, …, u_{t-lag+1}] = u_t E[u_{t-lag}] = 0. The two numbers have to be kept, and multiplied.

    Shapes:  sample -> Batch of inputs (x,), x (B, T, 1) the numbers; y (B, T, 1) the products, 0 where there is none;
             mask (B, T), True from position lag + 1 on
    Raises:  TypeError or ValueError naming the argument
    Differs: our own task. In the multiplication problem of Hochreiter & Schmidhuber 1997, section 5.5, the two numbers
             are marked and far apart, which mixes what is asked here with long gaps
    Book:    chapters/08_comparison
    """

    name = "product"
    loss = "squared_error"
    unit = "squared units"
    n_in = n_out = 1

    def __init__(self, T: int = 20, lag: int = 2) -> None:
        self.T = check_integer("T", T, low=2)
        self.lag = check_integer("lag", lag, low=1, high=self.T - 1)

    @property
    def floor(self) -> float:
        """The least possible expected squared error: E Var(y | x), and y is a function of x."""
        return 0.0

    @property
    def chance(self) -> float:
        """The squared error of the best constant: the variance of a product of two independent numbers of mean 0."""
        square = 2 / 3 / 2  # E u²: the integral of u² from -1 to 1, by the length of that interval
        return square**2

    @property
    def linear(self) -> float:
        """The squared error of the best weighted sum of the numbers: all their covariances with y are 0."""
        return self.chance

    def draw(self, B: int, rng: np.random.Generator) -> Batch:
        """Draw a batch of `B` sequences."""
        u = rng.uniform(-1, 1, (B, self.T))
        y, mask = np.zeros((B, self.T)), np.zeros((B, self.T), dtype=bool)
        y[:, self.lag :] = u[:, self.lag :] * u[:, : -self.lag]
        mask[:, self.lag :] = True
        return Batch((u[:, :, None],), y[:, :, None], mask)
