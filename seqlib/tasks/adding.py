"""The adding problem: two marked numbers among many, and their sum at the end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from seqlib.arguments import check_integer
from seqlib.batching import Batch
from seqlib.tasks.task import Task

__all__ = ["Adding", "two_marked"]


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
        return two_marked(rng.random((B, self.T)), np.add, rng)


def two_marked(numbers: np.ndarray, combine: Callable[[np.ndarray, np.ndarray], np.ndarray], rng: Any) -> Batch:
    """Mark one number in each half of every row, at uniform places; what is asked for at the end combines the two.

    Shapes:  numbers (B, T); combine (B,), (B,) -> (B,) -> a Batch as that of `Adding`
    """
    B, T = numbers.shape
    half, rows = T // 2, np.arange(B)
    places = rng.integers(0, half, B), rng.integers(half, T, B)
    x = np.stack([numbers, np.zeros((B, T))], -1)
    for place in places:
        x[rows, place, 1] = 1
    answer = combine(*(numbers[rows, place] for place in places))
    mask = np.zeros((B, T), dtype=bool)
    mask[:, -1] = True
    return Batch((x,), np.broadcast_to(answer[:, None, None], (B, T, 1)).copy(), mask)
