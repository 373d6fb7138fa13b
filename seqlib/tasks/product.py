"""The multiplication problem: two marked numbers among many, and their product at the end."""

from __future__ import annotations

import numpy as np

from seqlib.arguments import check_integer
from seqlib.batching import Batch
from seqlib.tasks.adding import two_marked
from seqlib.tasks.task import Task

__all__ = ["Product"]


class Product(Task):
    """Multiply the two numbers that are marked; one lies in each half of the sequence.

        y = u_i u_j,   u_t ~ U(-1, 1),   i in the first half, j in the second, both uniform

        floor  = 0                                    the product is determined
        chance = Var(y) = (E u²)² = 1/9               the squared error of always answering the mean, 0
        linear = 1/9                                  and that of the best linear function of both numbers

    The adding problem with one sign changed: there a linear memory is enough. Here u_i alone says nothing of the answer
    (E[y | u_i] = 0), nor does u_j, nor any weighted sum of them (E[y u_i] = 0): they have to be multiplied.

    Shapes:  sample -> Batch of inputs (x,), x (B, T, 2) numbers and marks; y (B, T, 1) the product; mask (B, T), True
             at the last step
    Raises:  TypeError or ValueError naming the argument
    Source:  Hochreiter & Schmidhuber 1997, section 5.5
    Differs: fixed length, and numbers from U(-1, 1) for U(0, 1), where a linear function comes down to 1/7 of chance
    Book:    chapters/08_comparison
    """

    name = "product"
    loss = "squared_error"
    unit = "squared units"
    n_in, n_out = 2, 1

    def __init__(self, T: int = 10) -> None:
        self.T = check_integer("T", T, low=2)

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
        """The squared error of the best linear function of the numbers and marks: all covariances with y are 0."""
        return self.chance

    def draw(self, B: int, rng: np.random.Generator) -> Batch:
        """Draw a batch of `B` sequences."""
        return two_marked(rng.uniform(-1, 1, (B, self.T)), np.multiply, rng)
