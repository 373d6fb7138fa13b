"""Noisy sums: a text of symbols whose rule is known after every beginning, also after one that breaks it."""

from __future__ import annotations

import math

import numpy as np

from seqlib.arguments import check_ids, check_integer, check_number
from seqlib.batching import Batch
from seqlib.tasks.task import Task

__all__ = ["NoisySum"]

FIRST = 3  # symbols that are drawn, before the rule begins


class NoisySum(Task):
    """Predict the next symbol of a text that mostly obeys a rule.

        x_t = (x_{t-1} + x_{t-3}) mod K   with probability 1 - noise, else uniform over all K;   x_1, x_2, x_3 uniform

        floor  = -q log q - (K - 1) (noise/K) log(noise/K),   q = 1 - noise + noise/K
        chance = log K     each symbol is uniform: the last three are, and the rule permutes their K³ values

    Every text is possible, and P(next | beginning) is known for each: so what a model has written itself can be held
    against the truth as well as what it was given.

    Shapes:  sample -> Batch of inputs (x,), x (B, T + 2) ids; y (B, T + 2) the next ones; mask, True at the last T
    Raises:  TypeError or ValueError naming the argument
    Differs: our own task
    Book:    chapters/10_language_models
    """

    name = "noisy sum"
    loss = "cross_entropy"
    unit = "nats"

    def __init__(self, T: int = 40, K: int = 8, noise: float = 0.03) -> None:
        self.T = check_integer("T", T, low=1)
        self.K = self.vocab_size = self.n_out = check_integer("K", K, low=2)
        self.noise = check_number("noise", noise, above=0, high=1)

    @property
    def floor(self) -> float:
        """The entropy in nats of the next symbol, given all before it."""
        rare = self.noise / self.K
        q = 1 - self.noise + rare
        return -q * math.log(q) - (self.K - 1) * rare * math.log(rare)

    @property
    def chance(self) -> float:
        """The loss in nats of an answer that does not look at the input: all symbols are equally likely."""
        return math.log(self.K)

    def ruled(self, x: np.ndarray) -> np.ndarray:
        """The symbol that the rule gives after each beginning.

        Shapes:  x (…, t) ids, t ≥ 3 -> (…)
        """
        rule: np.ndarray = (x[..., -1] + x[..., -3]) % self.K
        return rule

    def next_probabilities(self, x: np.ndarray) -> np.ndarray:
        """The true distribution of the symbol after each place of a text from the third on.

        Shapes:  x (B, t) ids, t ≥ 3 -> (B, t - 2, K)
        Raises:  TypeError or ValueError naming x
        """
        x = check_ids("x", x, self.K, ("B", "t"))
        if x.shape[1] < FIRST:
            raise ValueError(f"x must have at least {FIRST} symbols per text, got shape {x.shape}")
        windows = np.lib.stride_tricks.sliding_window_view(x, FIRST, axis=1)
        rule = self.ruled(windows)[..., None] == np.arange(self.K)
        return (1 - self.noise) * rule + self.noise / self.K

    def draw(self, B: int, rng: np.random.Generator) -> Batch:
        """Draw a batch of `B` texts."""
        x = rng.integers(0, self.K, (B, FIRST + self.T))
        broken = rng.random(x.shape) < self.noise
        for t in range(FIRST, x.shape[1]):  # where the rule is broken, the symbol stays as it was drawn
            x[:, t] = np.where(broken[:, t], x[:, t], self.ruled(x[:, :t]))
        mask = np.ones((B, FIRST + self.T - 1), dtype=bool)
        mask[:, : FIRST - 1] = False
        return Batch((x[:, :-1],), x[:, 1:], mask)
