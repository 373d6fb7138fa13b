"""Membership: has the symbol that comes last been there by now?"""

from __future__ import annotations

import numpy as np

from seqlib.arguments import check_integer
from seqlib.batching import Batch
from seqlib.tasks.task import Task

__all__ = ["Membership"]


class Membership(Task):
    """Say at each step but the last whether the symbol that comes last has been there by now.

        y_t = 1 if x_T ∈ {x_1, …, x_t}, otherwise 0;   x_t uniform over `symbols`;   t = 1 … T - 1

        floor      = 0                                          anyone who has read everything knows the answer
        past_floor = 1/(T-1) Σ_t E H(r_t / V)                   a reader of x_1, …, x_t, where r_t symbols have come
        sum_floor  = (1 - 1/V) 1/(T-1) Σ_t E H(q_t / (V - 1))   σ(f(x_1, …, x_t) + g(x_t, …, x_T)), any f and g
        chance     = 1/(T-1) Σ_t H(1 - (1 - 1/V)ᵗ)              an answer that depends on t alone

    with V = symbols, H(p) = -p log p - (1 - p) log(1 - p), and q_t the number of symbols other than x_t that have come
    before step t. One side knows what has been there, the other what is asked, and a linear read-out adds up what both
    say, so it cannot look one up in the other. Something above that is not linear must read both states together: a
    second layer, or a hidden layer in the read-out.

    `sum_floor`: where x_T = x_t, g can say yes. Otherwise x_T is any of the V - 1 others, q_t of which have come. No
    symbol is special, so renaming the others does not change the expected loss; it is convex in f + g, so averaging f
    and g over all names does not raise it. After that g does not depend on which of the others x_T is, nor f on which
    have come, and the best answer is the probability q_t / (V - 1).

    Shapes:  sample -> Batch of inputs (x,), x (B, T) ids; y (B, T) of 0 and 1; mask (B, T), False at the last step
    Raises:  TypeError or ValueError naming the argument
    Differs: our own task
    Book:    chapters/07_bidirectional
    """

    name = "membership"
    loss = "cross_entropy"
    unit = "nats"
    n_out = 2

    def __init__(self, T: int = 12, symbols: int = 4) -> None:
        self.T = check_integer("T", T, low=2)
        self.symbols = self.vocab_size = check_integer("symbols", symbols, low=2)

    @property
    def floor(self) -> float:
        """The least possible expected loss in nats: the whole sequence determines the answer."""
        return 0.0

    @property
    def chance(self) -> float:
        """The least possible expected loss in nats of an answer that depends on the position alone."""
        return float(_uncertainty(1 - (1 - 1 / self.symbols) ** np.arange(1, self.T)).mean())

    @property
    def past_floor(self) -> float:
        """The least possible expected loss in nats of a reader of the past."""
        come = self._come(self.symbols)[1:]  # after 1, …, T - 1 steps
        return float((come @ _uncertainty(np.arange(self.symbols + 1) / self.symbols)).mean())

    @property
    def sum_floor(self) -> float:
        """The least possible expected loss in nats of answers that add up what either side says."""
        others = self.symbols - 1
        come = self._come(others)[:-1]  # before steps 1, …, T - 1
        return float(others / self.symbols * (come @ _uncertainty(np.arange(others + 1) / others)).mean())

    def _come(self, kinds: int) -> np.ndarray:
        """How probable it is that r of so many kinds of symbols have come after n steps: (T, kinds + 1)."""
        r = np.arange(kinds + 1)
        rows = [np.eye(kinds + 1)[0]]
        for _ in range(self.T - 1):
            new = rows[-1] * (kinds - r) / self.symbols  # a kind that has not come yet
            rows.append(rows[-1] - new + np.append(0, new[:-1]))
        return np.array(rows)

    def draw(self, B: int, rng: np.random.Generator) -> Batch:
        """Draw a batch of `B` sequences."""
        x = rng.integers(0, self.symbols, (B, self.T))
        mask = np.ones((B, self.T), dtype=bool)
        mask[:, -1] = False
        return Batch((x,), (x == x[:, -1:]).cumsum(1).clip(0, 1), mask)


def _uncertainty(p: np.ndarray) -> np.ndarray:
    """H(p) = -p log p - (1 - p) log(1 - p), the entropy in nats of yes and no; 0 log 0 is 0."""
    both = np.stack([p, 1 - p])
    return -(both * np.log(both, where=both > 0, out=np.zeros_like(both))).sum(0)
