"""Copying: write down what has been read, as it stood or from the end."""

from __future__ import annotations

import itertools
import math
import string
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from seqlib.arguments import check_choice, check_ids, check_integer
from seqlib.batching import Batch
from seqlib.tasks.pairs import check_pairs, paired
from seqlib.tasks.task import Task, check_span
from seqlib.text import EOS, Vocabulary

__all__ = ["Copying"]

ORDERS = ("same", "reversed")
MANY = 200_000  # more cases than that are not listed


class Copying(Task):
    """Read a whole sequence, then write it: a sequence in, a sequence out that ends with EOS.

        source = x_1 … x_n EOS           x_t independent and uniform over `symbols`, n uniform over `length`
        y      = π(x_1) … π(x_n) EOS     order="same"
        y      = π(x_n) … π(x_1) EOS     order="reversed"

    π is a fixed permutation of the symbols, the identity unless `permutation` gives π(0), π(1), …: then a symbol must
    be translated too. With `reverse_source` the source is x_n … x_1 EOS, each sequence reversed by itself; nothing else
    changes. As symbols are independent, reading backwards and writing backwards are the same problem: what differs is
    how far π(x_t) is from x_t.

        floor  = 0                                        the source determines the target
        chance = (E n · ln symbols + H(n)) / (E n + 1)    the loss of a decoder without a source

    Both are nats per symbol of the target, EOS included. `chance` is conditional on the position t and on the true
    symbols before it, which is all that a decoder without a source has. They tell it that the sequence has not ended
    yet, as knowing t does where the mask is True, and nothing more: so the best answer that sees t alone loses as much.

    Shapes:  sample -> Batch of inputs (source, lengths, previous), source (B, S) ids, lengths (B,) = n + 1 (n if not
             `eos_in_source`); previous (B, T) ids, BOS y_1 … y_n; y (B, T) ids, y_1 … y_n EOS; mask (B, T), True on
             these n + 1 positions
    Raises:  TypeError or ValueError naming the argument
    Source:  Sutskever, Vinyals & Le 2014, section 3.3, for the reversed source
    Differs: our own choice of lengths and symbols
    Book:    chapters/11_encoder_decoder, chapters/12_attention
    """

    name = "copying"
    loss = "cross_entropy"
    unit = "nats"

    def __init__(
        self,
        length: int | Sequence[int] = (1, 12),
        symbols: int = 10,
        *,
        order: str = "same",
        permutation: Sequence[int] | None = None,
        reverse_source: bool = False,
        eos_in_source: bool = True,
    ) -> None:
        low, high = check_span("length", length, low=1)
        self.length = low if low == high else (low, high)
        self.lengths = tuple(range(low, high + 1))
        self.symbols = check_integer("symbols", symbols, low=2)
        self.order = check_choice("order", order, ORDERS)
        self.permutation = None if permutation is None else _permutation(permutation, self.symbols)
        self.reverse_source = _flag("reverse_source", reverse_source)
        self.eos_in_source = _flag("eos_in_source", eos_in_source)
        self.source = self.target = Vocabulary(_name(i) for i in range(self.symbols))
        self.vocab_size = self.n_out = len(self.source)

    @property
    def floor(self) -> float:
        """The least possible expected loss in nats: the source determines the target, and where it ends."""
        return 0.0

    @property
    def chance(self) -> float:
        """The least possible expected loss per symbol in nats of a decoder without a source."""
        mean = sum(self.lengths) / len(self.lengths)
        return (mean * math.log(self.symbols) + math.log(len(self.lengths))) / (mean + 1)

    def memory_floor(self, k: int) -> float:
        """The least possible expected loss per symbol in nats of a decoder that knows n and `k` of the x_t, if n > k.

            Σ_n P(n) max(n - k, 0) ln symbols / (E n + 1)

        What a context vector loses in which `k` symbols find room, whichever they are.

        Raises:  TypeError or ValueError naming k
        """
        k = check_integer("k", k, low=0)
        missing = sum(max(n - k, 0) for n in self.lengths) / len(self.lengths)
        return missing * math.log(self.symbols) / (sum(self.lengths) / len(self.lengths) + 1)

    def alignment(self, n: int) -> frozenset[tuple[int, int]]:
        """The gold alignment of a sequence of n symbols: which position of the source each of the target is made from.

        Pairs (s, t), s an index of the source and t one of the target, from 0. EOS is aligned with nothing.

        Raises:  TypeError or ValueError naming n
        """
        n = check_integer("n", n, low=1)
        backwards = self.reverse_source != (self.order == "reversed")
        return frozenset((n - 1 - t if backwards else t, t) for t in range(n))

    def pair(self, symbols: Sequence[int]) -> tuple[list[int], list[int]]:
        """The ids of source and target, x the numbers of its symbols from 0; the target without EOS.

        Shapes:  (n,) -> source (n + 1,), or (n,) without `eos_in_source`; target (n,)
        Raises:  TypeError or ValueError naming symbols
        """
        x = check_ids("symbols", symbols, self.symbols, ("n",)).tolist()
        read = x[::-1] if self.reverse_source else x
        written = x[::-1] if self.order == "reversed" else x
        if self.permutation is not None:
            written = [self.permutation[i] for i in written]
        first = self.vocab_size - self.symbols  # ids below it are special
        return [first + i for i in read] + [EOS] * self.eos_in_source, [first + i for i in written]

    def enumerate(self) -> Iterator[tuple[list[int], list[int], float]]:
        """Every source and its target as ids, the target without EOS, and their probability."""
        for n in self.lengths:
            for x in itertools.product(range(self.symbols), repeat=n):
                yield *self.pair(x), self.symbols**-n / len(self.lengths)

    def every_case(self) -> tuple[Batch, np.ndarray]:
        """Every source with its target, as one batch, and their probabilities.

        Raises:  ValueError where there are more than 200,000 of them
        """
        cases = sum(self.symbols**n for n in self.lengths)
        if cases > MANY:
            raise ValueError(f"every_case lists at most {MANY:,} cases, and length and symbols make {cases:,} of them")
        sources, targets, p = zip(*self.enumerate(), strict=True)
        return paired(sources, targets), np.array(p)

    def check_inputs(self, inputs: tuple[Any, ...], B: int, T: int) -> np.ndarray:
        """Check (source, lengths, previous); return which positions are real, (B, T)."""
        return check_pairs(type(self).__name__, inputs, (B, T), vocab_size=self.vocab_size, n_out=self.n_out)

    def draw(self, B: int, rng: np.random.Generator) -> Batch:
        """Draw a batch of `B` sequences."""
        n = rng.choice(self.lengths, B)
        x = rng.integers(0, self.symbols, (B, int(n.max())))
        pairs = [self.pair(row[:length]) for row, length in zip(x, n, strict=True)]
        return paired([source for source, _ in pairs], [target for _, target in pairs])


def _name(i: int) -> str:
    """a … z, then a1 … z1, a2 …"""
    turn, letter = divmod(i, len(string.ascii_lowercase))
    return string.ascii_lowercase[letter] + (str(turn) if turn else "")


def _permutation(value: Sequence[int], symbols: int) -> tuple[int, ...]:
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise TypeError(f"permutation must be a list of {symbols} numbers, got {value!r}")
    listed = tuple(check_integer(f"permutation[{i}]", v) for i, v in enumerate(value))
    if sorted(listed) != list(range(symbols)):
        raise ValueError(f"permutation must hold each of 0 … {symbols - 1} once, got {listed}")
    return listed


def _flag(name: str, value: bool) -> bool:
    if not isinstance(value, bool | np.bool_):
        raise TypeError(f"{name} must be True or False, got {value!r}")
    return bool(value)
