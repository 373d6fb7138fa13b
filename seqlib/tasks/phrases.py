"""Phrases: the noun that comes last in one language and first in another."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np

from seqlib.arguments import check_integer
from seqlib.batching import Batch, mask_from_lengths, pad
from seqlib.tasks.task import Task, check_span
from seqlib.text import EOS, Vocabulary

__all__ = ["Phrases"]

# English to Somali, and how often an adjective goes with a noun: P(adjective | noun).
ADJECTIVES = {"big": "weyn", "small": "yar", "new": "cusub", "red": "cas"}
NOUNS = {"house": "guri", "book": "buug", "car": "baabuur", "table": "miis"}
GOES_WITH: Mapping[str, tuple[float, ...]] = {
    "house": (0.6, 0.2, 0.1, 0.1),
    "book": (0.1, 0.2, 0.6, 0.1),
    "car": (0.1, 0.1, 0.2, 0.6),
    "table": (0.2, 0.6, 0.1, 0.1),
}


class Phrases(Task):
    """Translate a phrase word for word, each word at its own step: aligned, where the order differs.

        x = adjective_1 … adjective_k noun        small red car
        y = noun adjective_1 … adjective_k        baabuur yar cas

    The number k is uniform over `adjectives`, the noun is uniform, and the adjectives are drawn independently, given
    the noun. With a `delay` of d, the word y_t is answered at step t + d: x is followed by d times EOS.

        floor      = 0                                     the whole phrase determines the answer
        past_floor = P(k > d) H(noun | adjective_1 … adjective_{d+1}) / E n        n = k + 1 words
        chance     = Σ_t P(n ≥ t) H(y_t) / E n             the loss of one who knows t alone

    past_floor is that of a reader from left to right: the noun is answered at step d + 1, and only phrases of at most d
    adjectives have shown it by then.

    Shapes:  sample -> Batch of inputs (x, lengths), x (B, T) ids, lengths (B,) = n + d; y (B, T) ids of the Somali
             words; mask (B, T), True at the n steps from d + 1 on
    Raises:  TypeError or ValueError naming the argument
    Differs: our own task. Several adjectives simply follow one another, so that the lengths agree
    Book:    chapters/09_mappings
    """

    name = "phrases"
    loss = "cross_entropy"
    unit = "nats"

    def __init__(self, adjectives: int | Sequence[int] = (0, 3), delay: int = 0) -> None:
        low, high = check_span("adjectives", adjectives, low=0)
        self.adjectives = low if low == high else (low, high)
        self.counts = tuple(range(low, high + 1))
        self.delay = check_integer("delay", delay, low=0)
        self.english = Vocabulary([*ADJECTIVES, *NOUNS])
        self.somali = Vocabulary([*ADJECTIVES.values(), *NOUNS.values()])
        self.vocab_size, self.n_out = len(self.english), len(self.somali)

    @property
    def floor(self) -> float:
        """The least possible expected loss in nats of a reader of the whole phrase."""
        return 0.0

    @property
    def past_floor(self) -> float:
        """The least possible expected loss per word in nats of a reader from left to right, with the task's delay."""
        return self.reader_floor(self.delay)

    @property
    def chance(self) -> float:
        """The least possible expected loss per word in nats of an answer that depends on the position alone."""
        return self.reader_floor(None)

    def reader_floor(self, delay: int | None) -> float:
        """The least possible expected loss per word when word t is answered after reading x_1 … x_{t+delay}.

            Σ_{x, y} P(x, y) Σ_t -log P(y_t | t, x_1 … x_{t+delay}) / E n;   without x for None

        By enumeration; a phrase that has ended has been seen to end.
        """
        delay = None if delay is None else check_integer("delay", delay, low=0)
        joint: dict[tuple[object, ...], dict[str, float]] = defaultdict(lambda: defaultdict(float))
        tokens = 0.0
        for x, y, p in self.enumerate():
            tokens += p * len(y)
            for t, word in enumerate(y):
                seen = None if delay is None else (*x, "<eos>")[: t + 1 + delay]
                joint[(t, seen)][word] += p
        loss = 0.0
        for table in joint.values():
            total = sum(table.values())
            loss -= sum(p * math.log(p / total) for p in table.values())
        return loss / tokens

    def enumerate(self) -> Iterator[tuple[tuple[str, ...], tuple[str, ...], float]]:
        """Every English phrase, its Somali words, and its probability."""
        for count, (noun, chances) in itertools.product(self.counts, GOES_WITH.items()):
            weights = dict(zip(ADJECTIVES, chances, strict=True))
            for before in itertools.product(ADJECTIVES, repeat=count):
                p = math.prod(weights[word] for word in before) / (len(self.counts) * len(NOUNS))
                yield (*before, noun), (NOUNS[noun], *(ADJECTIVES[word] for word in before)), p

    def every_case(self) -> tuple[Batch, np.ndarray]:
        """Every phrase, as one batch, and their probabilities."""
        x, lengths, y, p = self._phrases
        return self._batch(x.copy(), lengths.copy(), y.copy()), p.copy()

    def draw(self, B: int, rng: np.random.Generator) -> Batch:
        """Draw a batch of `B` phrases."""
        x, lengths, y, p = self._phrases
        chosen = rng.choice(len(p), size=B, p=p)
        T = lengths[chosen].max()
        return self._batch(x[chosen, :T], lengths[chosen], y[chosen, :T])

    def _batch(self, x: np.ndarray, lengths: np.ndarray, y: np.ndarray) -> Batch:
        return Batch((x, lengths), y, mask_from_lengths(lengths) & (np.arange(x.shape[1]) >= self.delay))

    @cached_property
    def _phrases(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        phrases, translations, p = zip(*self.enumerate(), strict=True)
        x, lengths = pad([[*self.english.encode(phrase), *[EOS] * self.delay] for phrase in phrases])
        y, _ = pad([[0] * self.delay + self.somali.encode(words).tolist() for words in translations])
        return x, lengths, y, np.array(p)
