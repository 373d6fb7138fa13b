"""Parity: has there been an odd number of ones? Each bit turns the answer round."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from seqlib.arguments import check_choice
from seqlib.batching import Batch, mask_from_lengths
from seqlib.tasks.task import Task, check_span

__all__ = ["Parity"]

ASKED = ("every step", "end")


class Parity(Task):
    """Say whether the number of ones so far is odd, at every step or at the end of the string.

        y_t = (x_1 + … + x_t) mod 2 = y_{t-1} xor x_t,   x_t ∈ {0, 1} uniform,   the length uniform over `T`

        floor  = 0       all of the bits so far determine the answer
        chance = ln 2    and any smaller number of them says nothing about it

    One bit of memory is enough for a string of any length. So what has been trained with one `T` can be asked about
    longer ones: `Parity(64)` after `Parity((1, 16))` is the same problem.

    Shapes:  sample -> Batch of inputs (x,), with mixed lengths (x, lengths), x (B, T) ids, lengths (B,); y (B, T) the
             parity so far; mask (B, T), True at each real step, or at the last one of each string with asked="end"
    Raises:  TypeError or ValueError naming the argument
    Source:  Hahn 2020, for what self-attention can make of it in long strings
    Differs: uniform lengths
    Book:    chapters/13_transformer, chapters/16_linear_recurrence
    """

    name = "parity"
    loss = "cross_entropy"
    unit = "nats"
    vocab_size = n_out = 2

    def __init__(self, T: int | Sequence[int] = (1, 16), asked: str = "every step") -> None:
        low, high = check_span("T", T, low=1)
        self.T = low if low == high else (low, high)
        self.lengths = tuple(range(low, high + 1))
        self.asked = check_choice("asked", asked, ASKED)

    @property
    def floor(self) -> float:
        """The least possible expected loss in nats: the bits determine the answer."""
        return 0.0

    @property
    def chance(self) -> float:
        """The least possible expected loss in nats of an answer that does not look: both are equally likely."""
        return math.log(2)

    def draw(self, B: int, rng: np.random.Generator) -> Batch:
        """Draw a batch of `B` strings."""
        lengths = rng.choice(self.lengths, B)
        real = mask_from_lengths(lengths)
        x = np.where(real, rng.integers(0, 2, real.shape), 0)
        y = np.where(real, x.cumsum(1) % 2, 0)
        last = np.arange(real.shape[1]) == lengths[:, None] - 1
        return Batch((x,) if len(self.lengths) == 1 else (x, lengths), y, real if self.asked == "every step" else last)
