"""The latch: keep a symbol, while distractors go by, until it is asked for at the end."""

from __future__ import annotations

import math

import numpy as np

from seqlib.arguments import check_integer
from seqlib.batching import Batch
from seqlib.tasks.task import Task

__all__ = ["Latch"]


class Latch(Task):
    """Say which symbol came last, when all that came after it were distractors.

        x_1 is a symbol; `writes` - 1 further symbols stand at random later places; distractors fill the rest
        y = the last symbol,   symbols and distractors uniform, places uniform without repetition

        floor  = 0               the answer can be read off the input
        chance = ln `symbols`    the loss of guessing

    With one write the symbol has to be kept for T - 1 steps. With more, the old one has to go when a new one comes.

    Shapes:  sample -> Batch of inputs (x,), x (B, T) ids, the symbols first, then the distractors; y (B, T) the answer;
             mask (B, T), True at the last step
    Raises:  TypeError or ValueError naming the argument
    Source:  Bengio, Simard & Frasconi 1994, section II (one bit to be latched, noise after it)
    Differs: ids for real numbers, more than two symbols, a fixed length, overwriting
    Book:    chapters/05_lstm
    """

    name = "latch"
    loss = "cross_entropy"
    unit = "nats"

    def __init__(self, T: int = 20, symbols: int = 4, distractors: int = 8, writes: int = 1) -> None:
        self.T = check_integer("T", T, low=1)
        self.symbols = check_integer("symbols", symbols, low=2)
        self.distractors = check_integer("distractors", distractors, low=1)
        self.writes = check_integer("writes", writes, low=1, high=self.T)
        self.vocab_size, self.n_out = self.symbols + self.distractors, self.symbols

    @property
    def floor(self) -> float:
        """The least possible expected loss in nats: the input determines the answer."""
        return 0.0

    @property
    def chance(self) -> float:
        """The loss in nats of the best answer that does not look: each symbol is last equally often."""
        return math.log(self.symbols)

    def draw(self, B: int, rng: np.random.Generator) -> Batch:
        """Draw a batch of `B` sequences."""
        x = rng.integers(self.symbols, self.vocab_size, (B, self.T))
        # the places of the writes: the first step, and the later ones with the smallest of T - 1 random numbers
        later = 1 + rng.random((B, self.T - 1)).argsort(1)[:, : self.writes - 1]
        places = np.concatenate([np.zeros((B, 1), dtype=int), later], 1)
        written = rng.integers(0, self.symbols, places.shape)
        np.put_along_axis(x, places, written, 1)
        answer = np.take_along_axis(x, places.max(1, keepdims=True), 1)
        mask = np.zeros((B, self.T), dtype=bool)
        mask[:, -1] = True
        return Batch((x,), answer.repeat(self.T, 1), mask)
