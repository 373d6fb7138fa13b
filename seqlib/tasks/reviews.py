"""Reviews: is a sentence praise or blame? Each "not" turns it round."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np

from seqlib.arguments import check_integer, check_number
from seqlib.batching import Batch, mask_from_lengths, pad
from seqlib.tasks.task import Task, check_span
from seqlib.text import Vocabulary

__all__ = ["Reviews"]

OPENING = ("the", "film", "was")
MODIFIERS: Mapping[str, float] = {"not": 0.4, "really": 0.3, "so": 0.3}
OPINIONS: Mapping[str, int] = {"good": 1, "great": 1, "bad": 0, "dull": 0}
CLOSINGS = ((), ("i", "think"), ("last", "night"))


class Reviews(Task):
    """Read a sentence word by word, and say once, at its end, whether it praises: a sequence in, one answer out.

        the film was [modifiers] opinion [closing]
        y = (praise of the opinion + number of "not"s) mod 2,   turned round with probability `noise`

    The number of modifiers is uniform over `modifiers`, opinion and closing are uniform.

        floor  = H(noise)        the words determine the answer but for the noise
        chance = H(y)            the best answer that does not look

    Shapes:  sample -> Batch of inputs (x, lengths), x (B, T) ids, lengths (B,); y (B, T) the answer, 1 for praise;
             mask (B, T), True at the last word of each sentence
    Raises:  TypeError or ValueError naming the argument
    Differs: our own grammar
    Book:    chapters/09_mappings
    """

    name = "reviews"
    loss = "cross_entropy"
    unit = "nats"

    def __init__(self, modifiers: int | Sequence[int] = (0, 4), noise: float = 0.05) -> None:
        low, high = check_span("modifiers", modifiers, low=0)
        self.modifiers = low if low == high else (low, high)
        self.counts = tuple(range(low, high + 1))
        self.noise = check_number("noise", noise, low=0, high=0.5)
        closing = dict.fromkeys(word for words in CLOSINGS for word in words)
        self.vocabulary = Vocabulary([*OPENING, *MODIFIERS, *OPINIONS, *closing])
        self.vocab_size, self.n_out = len(self.vocabulary), 2

    @property
    def floor(self) -> float:
        """The least possible expected loss in nats: the entropy of the noise."""
        return -sum(p * math.log(p) for p in (self.noise, 1 - self.noise) if p > 0)

    @property
    def chance(self) -> float:
        """The least possible expected loss in nats of an answer that does not look."""
        return self.window_floor(0)

    def window_floor(self, n: int | None) -> float:
        """The least possible expected loss of a reader of the last `n` words only (all words for None).

            Σ_s P(s) · -Σ_y P(y | s) log P(y | the last n words of s)

        One word is what a model without memory has at the end of the sentence.
        """
        n = None if n is None else check_integer("n", n, low=0)
        joint: dict[tuple[str, ...], np.ndarray] = defaultdict(lambda: np.zeros(2))
        for words, praise, p in self.enumerate():
            seen = words if n is None else words[max(len(words) - n, 0) :]
            joint[seen] += p * np.array([self.noise, 1 - self.noise] if praise else [1 - self.noise, self.noise])
        tables = np.stack(list(joint.values()))
        belief = np.divide(tables, tables.sum(1, keepdims=True), where=tables > 0, out=np.ones_like(tables))
        return float(-(tables * np.log(belief)).sum())

    def enumerate(self) -> Iterator[tuple[tuple[str, ...], int, float]]:
        """Every sentence, whether it praises (without noise), and its probability."""
        shared = 1 / (len(self.counts) * len(OPINIONS) * len(CLOSINGS))
        for count, (opinion, praise), closing in itertools.product(self.counts, OPINIONS.items(), CLOSINGS):
            for before in itertools.product(MODIFIERS, repeat=count):
                p = shared * math.prod(MODIFIERS[word] for word in before)
                yield (*OPENING, *before, opinion, *closing), (praise + before.count("not")) % 2, p

    def every_case(self) -> tuple[Batch, np.ndarray]:
        """Every sentence with both answers, as one batch, and their probabilities."""
        x, lengths, praise, p = self._sentences
        answers, twice = np.concatenate([praise, 1 - praise]), np.arange(2 * len(x)) % len(x)
        return self._batch(x[twice], lengths[twice], answers), np.concatenate([p * (1 - self.noise), p * self.noise])

    def draw(self, B: int, rng: np.random.Generator) -> Batch:
        """Draw a batch of `B` sentences."""
        x, lengths, praise, p = self._sentences
        chosen = rng.choice(len(x), size=B, p=p)
        turned = rng.random(B) < self.noise
        return self._batch(x[chosen], lengths[chosen], (praise[chosen] + turned) % 2)

    @cached_property
    def _sentences(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        sentences, praise, p = zip(*self.enumerate(), strict=True)
        x, lengths = pad([self.vocabulary.encode(words) for words in sentences])
        return x, lengths, np.array(praise), np.array(p)

    @staticmethod
    def _batch(x: np.ndarray, lengths: np.ndarray, answers: np.ndarray) -> Batch:
        x = x[:, : lengths.max()]
        real = mask_from_lengths(lengths)
        last = real & (np.arange(x.shape[1]) == lengths[:, None] - 1)
        return Batch((x, lengths), np.where(real, answers[:, None], 0), last)
