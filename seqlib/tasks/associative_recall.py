"""Associative recall: pairs of a key and a value, and each key is asked what its value was."""

from __future__ import annotations

import functools
import math
from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np

from seqlib.arguments import check_choice, check_ids, check_integer
from seqlib.batching import Batch
from seqlib.tasks.task import Task

__all__ = ["AssociativeRecall"]

READERS = ("chance", "values alone", "values in context", "exact")


class AssociativeRecall(Task):
    """Say the value of each key as it comes: a value stays the same within a sequence, and is drawn anew in the next.

        x = k_1 v_1 k_2 v_2 … k_P,   k_j uniform over K keys that were drawn from N,   v_j = value(k_j) uniform over V
        y_j = v_j is asked for at k_j,   P = `pairs`, K = `keys`, N = `all_keys`, V = `values`

    So there is nothing to be remembered from training: what a key means stands in the sequence, or nowhere. With
    j - 1 pairs before it, a key has been there s times with probability C(j-1, s) (1/K)ˢ (1 - 1/K)ʲ⁻¹⁻ˢ. Readers of
    four kinds have levels, expected losses in nats at the j-th key if it has been there s times:

        "chance"             ln V                    knows nothing
        "values alone"       E[-ln P(v_j | v_1 … v_{j-1})]     reads no key; keys of like value come as often together
        "values in context"  ln V where s = 0, and else E[ln r - ln m]     knows that the key has been there, and what
                                                     values the r keys had that were there, not which had which
        "exact"              ln V where s = 0, and else 0      reads all

    The third guesses a value u with probability m_u / r, of the m_u keys that had it; m - 1 of the right one is
    binomial (r - 1, 1/V), and r - 1 the number of K - 1 boxes that are not empty after j - 1 - s balls. The second is
    Bayes' rule for a sequence whose order does not matter: with c_u times u among v_1 … v_t

        P(v_1 … v_t) = K! / (Vᴷ Kᵗ) · [xᴷ] Π_u Σ_n nᶜᵘ xⁿ/n!      n keys have the value u

    and the sum over all sequences is one over the partitions of t. With `fixed=False` every pair draws its value anew:
    there is nothing to recall, and each level is ln V.

    Shapes:  sample -> Batch of inputs (x,), x (B, 2P - 1) ids, those of keys 0 … N - 1, then those of values; y
             (B, 2P - 1) the values as 0 … V - 1; mask, True at the keys
    Raises:  TypeError or ValueError naming the argument
    Source:  Ba et al. 2016 (associative retrieval); Arora et al. 2023 (many keys of a sequence are asked for)
    Differs: each key is asked for, at its first time too; values and keys are different ids
    Book:    chapters/15_gpt
    """

    name = "associative recall"
    loss = "cross_entropy"
    unit = "nats"

    def __init__(
        self, pairs: int = 24, keys: int = 8, all_keys: int = 16, values: int = 16, *, fixed: bool = True
    ) -> None:
        self.pairs = check_integer("pairs", pairs, low=2)
        self.all_keys = check_integer("all_keys", all_keys, low=2)
        self.keys = check_integer("keys", keys, low=2, high=self.all_keys)
        self.values = self.n_out = check_integer("values", values, low=2)
        if not isinstance(fixed, bool):
            raise TypeError(f"fixed must be True or False, got {fixed!r}")
        self.fixed = fixed
        self.vocab_size = self.all_keys + self.values

    @property
    def floor(self) -> float:
        """The least possible expected loss in nats: a key that comes for the first time can only be guessed."""
        return self.level("exact")

    @property
    def chance(self) -> float:
        """The loss in nats of the best answer that does not look: all values are equally likely."""
        return math.log(self.values)

    def draw(self, B: int, rng: np.random.Generator) -> Batch:
        """Draw a batch of `B` sequences."""
        present = rng.random((B, self.all_keys)).argsort(1)[:, : self.keys]
        which = rng.integers(0, self.keys, (B, self.pairs))
        value = rng.integers(0, self.values, (B, self.keys if self.fixed else self.pairs))
        said = np.take_along_axis(value, which, 1) if self.fixed else value
        x = np.empty((B, 2 * self.pairs - 1), dtype=np.int64)
        x[:, ::2] = np.take_along_axis(present, which, 1)
        x[:, 1::2] = self.all_keys + said[:, :-1]
        y = np.zeros_like(x)
        y[:, ::2] = said
        return Batch((x,), y, np.broadcast_to(np.arange(x.shape[1]) % 2 == 0, x.shape).copy())

    @property
    def shares(self) -> np.ndarray:
        """How probable it is that the j-th key has been there s times: row j - 1, column s.

        Shapes:  (P, P)
        """
        p = 1 / self.keys
        return np.array(
            [[math.comb(j, s) * p**s * (1 - p) ** (j - s) for s in range(self.pairs)] for j in range(self.pairs)]
        )

    def table(self, reader: str) -> np.ndarray:
        """The expected loss in nats of a reader at the j-th key if it has been there s times: row j - 1, column s.

        Shapes:  (P, P), NaN where s > j - 1
        Raises:  ValueError unless `reader` is one of "chance", "values alone", "values in context", "exact"
        """
        check_choice("reader", reader, READERS)
        j, s = np.indices((self.pairs, self.pairs))
        losses = np.full(j.shape, self.chance)
        if self.fixed and reader == "exact":
            losses[s > 0] = 0
        elif self.fixed and reader == "values in context":
            of_r = np.array([self._of_keys(r) for r in range(1, self.keys + 1)])
            for row, column in zip(*np.nonzero((s > 0) & (s <= j)), strict=True):
                others = _occupied(row - column, self.keys - 1)  # of 0 … K - 1 other keys
                losses[row, column] = others @ of_r
        elif self.fixed and reader == "values alone":
            for t in range(self.pairs):
                losses[t, : t + 1] = _keyless(t, self.keys, self.values) / self.shares[t, : t + 1]
        return np.where(s <= j, losses, np.nan)

    def by_place(self, reader: str) -> np.ndarray:
        """The expected loss in nats of a reader at each key.

        Shapes:  (P,)
        """
        return np.nansum(self.table(reader) * self.shares, 1)

    def by_shots(self, reader: str) -> np.ndarray:
        """The expected loss in nats of a reader at keys that have been there s = 0, 1, … times, all places together.

        Shapes:  (P,)
        """
        return np.nansum(self.table(reader) * self.shares, 0) / self.shares.sum(0)

    def level(self, reader: str, *, repeated: bool = False) -> float:
        """The expected loss in nats of a reader: at all keys, or at those that have been there before."""
        first = 1 if repeated else 0
        return float(self.by_shots(reader)[first:] @ self.shares.sum(0)[first:] / self.shares[:, first:].sum())

    def probabilities(self, reader: str, x: Any) -> np.ndarray:
        """What a reader says at each key of these sequences; at a value, where nothing is asked, 1/V.

        Shapes:  x (B, 2P - 1) -> (B, 2P - 1, V)
        Raises:  ValueError naming reader or x
        """
        check_choice("reader", reader, READERS)
        T = 2 * self.pairs - 1
        x = check_ids("x", x, self.vocab_size, ("B", T))
        if (x[:, ::2] >= self.all_keys).any() or (x[:, 1::2] < self.all_keys).any():
            raise ValueError(f"x must be keys and values in turn: ids below {self.all_keys}, and from there on")
        p = np.full((len(x), T, self.values), 1 / self.values)
        if not self.fixed or reader == "chance":
            return p
        for b, row in enumerate(x.tolist()):
            known: dict[int, int] = {}  # key -> value
            come = [0] * self.values  # how often each value has
            for t in range(0, T, 2):
                if reader == "values alone":
                    counts = tuple(sorted(filter(None, come), reverse=True))
                    of_count = _next(counts, self.keys, self.values)
                    p[b, t] = [of_count[c] for c in come]
                elif row[t] in known:
                    of = [known[row[t]]] if reader == "exact" else list(known.values())
                    p[b, t] = np.bincount(of, minlength=self.values) / len(of)
                if t + 1 < T:
                    value = row[t + 1] - self.all_keys
                    if known.setdefault(row[t], value) != value or len(known) > self.keys:
                        raise ValueError(f"x must have one value for each of at most {self.keys} keys, not x[{b}]")
                    come[value] += 1
        return p

    def _of_keys(self, r: int) -> float:
        """E[ln r - ln m] for r keys, m - 1 of them binomial (r - 1, 1/V)."""
        p = 1 / self.values
        return sum(
            math.comb(r - 1, m - 1) * p ** (m - 1) * (1 - p) ** (r - m) * math.log(r / m) for m in range(1, r + 1)
        )


@functools.cache
def _keyless(t: int, K: int, V: int) -> np.ndarray:
    """-Σ P(t values, next one, s) ln P(next one | t values), for s = 0 … t: a sum over the partitions of t."""
    total = np.zeros(t + 1)
    of_each = math.factorial(K) / float(V) ** K / float(K) ** (t + 1)
    for counts in _partitions(t, min(K, V)):
        times = Counter(counts) | Counter({0: V - len(counts)})
        # so many sequences have these counts: which values have which, and in which order they come
        ways = math.factorial(V) / math.prod(math.factorial(n) for n in times.values())
        ways *= math.factorial(t) / math.prod(math.factorial(c) for c in counts)
        for c, p in _next(counts, K, V).items():
            if p > 0:  # where each key has shown its value, no new one comes
                joint = _came_seen(c, K) @ _others(_without(counts, c), K, V)
                total[: c + 1] -= ways * times[c] * of_each * joint * math.log(p)
    return total


def _next(counts: tuple[int, ...], K: int, V: int) -> dict[int, float]:
    """c -> P(v | values so far) of a value v that has come c times; `counts` are those of the values that have come."""
    first = counts[0] if counts else 0
    before = _came(first, K) @ _others(_without(counts, first), K, V)
    found = {}
    for c in {*counts, *([0] if len(counts) < V else [])}:
        found[c] = float(_came(c + 1, K) @ _others(_without(counts, c), K, V) / before / K)
    return found


def _others(counts: tuple[int, ...], K: int, V: int) -> np.ndarray:
    """What all values but one have to do with xᴷ: for 0 … K keys that are left for that one. Its counts are not here.

    The series of each value that has come c times is Σ nᶜ xⁿ/n!, and of one that has not Σ xⁿ/n!.
    """
    return _times(_product(counts, K), _powers(V - len(counts) - 1, K))[::-1]


@functools.cache
def _came(c: int, K: int) -> np.ndarray:
    """nᶜ / n! for n = 0 … K: n keys have a value that has come c times."""
    return np.array([float(n**c) / math.factorial(n) for n in range(K + 1)])


@functools.cache
def _came_seen(c: int, K: int) -> np.ndarray:
    """The same if it comes once more, with a key that s of the c times were of: C(c, s) n (n - 1)^(c-s) / n!, row s."""
    ways = [[math.comb(c, s) * n * (n - 1) ** (c - s) for n in range(K + 1)] for s in range(c + 1)]
    return np.array(ways, dtype=float) / [math.factorial(n) for n in range(K + 1)]


@functools.cache
def _powers(m: int, K: int) -> np.ndarray:
    """mⁿ / n! for n = 0 … K: the series of m values that have not come, e^(mx)."""
    return np.array([float(m**n) / math.factorial(n) for n in range(K + 1)])


def _times(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The product of two series, as far as xᴷ."""
    return np.convolve(a, b)[: len(a)]


@functools.cache
def _product(counts: tuple[int, ...], K: int) -> np.ndarray:
    """The product of the series of values that have come so often, as far as xᴷ."""
    if not counts:
        return np.eye(K + 1)[0]
    return _times(_product(counts[:-1], K), _came(counts[-1], K))


def _without(counts: tuple[int, ...], c: int) -> tuple[int, ...]:
    """The counts, one that is c left out; nothing is left out for 0."""
    at = counts.index(c) if c else len(counts)
    return counts[:at] + counts[at + 1 :]


def _partitions(t: int, most: int, largest: int | None = None) -> Iterator[tuple[int, ...]]:
    """t as a sum of at most so many whole numbers, from the largest on."""
    if t == 0:
        yield ()
    elif most:
        for first in range(min(t, largest or t), 0, -1):
            for rest in _partitions(t - first, most - 1, first):
                yield (first, *rest)


def _occupied(balls: int, boxes: int) -> np.ndarray:
    """How probable it is that 0, 1, … of these boxes have a ball, each of which has gone into any of them."""
    r = np.arange(boxes + 1)
    share = np.eye(boxes + 1)[0]
    for _ in range(balls):
        new = share * (boxes - r) / boxes
        share = share - new + np.append(0, new[:-1])
    return share
