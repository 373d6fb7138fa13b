"""Counting: how often has a symbol come so far?"""

from __future__ import annotations

import numpy as np

from seqlib.arguments import check_integer
from seqlib.batching import Batch
from seqlib.tasks.task import Task

__all__ = ["Counting"]


class Counting(Task):
    """Say at every step how often symbol 0 has come so far.

        y_t = Σ_{s ≤ t} [x_s = 0],   x_s uniform over `symbols`

        floor  = 0                                     the answer can be counted
        chance = 1/T Σ_t H(Binomial(t, 1/symbols))     the loss of one who knows t alone

    There are T + 1 answers, and which one it is depends on every step so far, on none more than on another.

    Shapes:  sample -> Batch of inputs (x,), x (B, T) ids; y (B, T) the counts, 0 … T; mask (B, T), True everywhere
    Raises:  TypeError or ValueError naming the argument
    Differs: our own task. Weiss, Goldberg & Yahav 2018 show on the languages aⁿbⁿ and aⁿbⁿcⁿ what counters LSTM and GRU
             make
    Book:    chapters/08_comparison
    """

    name = "counting"
    loss = "cross_entropy"
    unit = "nats"

    def __init__(self, T: int = 20, symbols: int = 3) -> None:
        self.T = check_integer("T", T, low=1)
        self.symbols = self.vocab_size = check_integer("symbols", symbols, low=2)
        self.n_out = self.T + 1

    @property
    def floor(self) -> float:
        """The least possible expected loss in nats: the input determines the answer."""
        return 0.0

    @property
    def chance(self) -> float:
        """The least possible expected loss in nats of an answer that depends on the position alone, by recursion.

        P(y_t = k) = P(y_{t-1} = k) (1 - p) + P(y_{t-1} = k - 1) p,   p = 1/symbols
        """
        p, belief, loss = 1 / self.symbols, np.ones(1), 0.0
        for _ in range(self.T):
            belief = np.append(belief * (1 - p), 0) + np.append(0, belief * p)
            some = belief[belief > 0]  # of many steps the rarest counts underflow
            loss -= float((some * np.log(some)).sum())
        return loss / self.T

    def draw(self, B: int, rng: np.random.Generator) -> Batch:
        """Draw a batch of `B` sequences."""
        x = rng.integers(0, self.symbols, (B, self.T))
        return Batch((x,), (x == 0).cumsum(1), np.ones((B, self.T), dtype=bool))
