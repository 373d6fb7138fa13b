"""Pairs of sentences: are both about the same topic? With words hidden and replaced in either, as BERT is trained."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from seqlib.arguments import check_ids, check_integer, check_lengths, check_shape
from seqlib.batching import Batch
from seqlib.tasks.grammar import check_affordable, entropy, logarithm, posterior
from seqlib.tasks.masked_words import MaskedWords
from seqlib.tasks.masking import mask_words

__all__ = ["SentencePairs"]


class SentencePairs(MaskedWords):
    """Say whether two sentences are about the same topic, and what stood at the chosen places of both.

        x = <cls> x̃_1 … x̃_T <sep> x̃'_1 … x̃'_T <sep>,   segments 0 … 0 0 1 … 1 1
        y = 1 at <cls> if z' = z, which has probability 1/2;   otherwise z' is any of the Z - 1 other topics

    That is next-sentence prediction, with a second sentence that is never one of the same topic by chance. Words are
    chosen, hidden, replaced and kept as in `MaskedWords`, in both sentences, and none may be. The loss is the sum

        floor      = word_floor + pair_floor      mean over the chosen words, and one answer for each pair
        pair_floor = E H(P(z' = z | x̃, x̃')),   P(z' = z | x̃, x̃') = s / (s + (1 - s)/(Z - 1)),   s = Σ_z b(z) b'(z)
        word_floor = that of `MaskedWords`, when the other sentence says of the topic of this one, b' its belief,
                     P(z | x̃') = b'(z)/2 + (1 - b'(z)) / (2 (Z - 1))

    Shapes:  sample -> Batch of inputs (x, lengths, segments), x and segments (B, 2 T + 3) ids, lengths (B,), all the
             same; y (B, 2 T + 3), 0 or 1 at <cls>, the words elsewhere; mask, True at <cls> and at the chosen words
    Raises:  TypeError or ValueError naming the argument
    Source:  Devlin, Chang, Lee & Toutanova 2019, task 2 (next sentence prediction)
    Differs: a topic for a document; the other sentence is never of the same one
    Book:    chapters/14_bert
    """

    name = "sentence pairs"

    @property
    def floor(self) -> float:
        """The least possible sum in nats of the expected loss at a chosen word, and of that of the pair."""
        return self.word_floor + self.pair_floor

    @property
    def word_floor(self) -> float:
        """The least possible expected loss in nats at a chosen word of a reader of both sentences."""
        return super().floor

    @property
    def pair_floor(self) -> float:
        """The least possible expected loss in nats of the answer about the pair."""
        return self._of_pairs(lambda p: entropy(np.stack([p, 1 - p], -1)), *self._channel())

    @property
    def pair_accuracy(self) -> float:
        """How often the best answer about the pair is right, words hidden and replaced as in training."""
        return self._of_pairs(lambda p: np.maximum(p, 1 - p), *self._channel())

    @property
    def clean_pair_accuracy(self) -> float:
        """How often the best answer about the pair is right when every word is true."""
        return self._of_pairs(lambda p: np.maximum(p, 1 - p), 1.0, 0.0)

    @property
    def chance(self) -> float:
        """The least possible sum in nats without looking: that of a word at its place, and ln 2 for the pair."""
        return super().chance + float(np.log(2))

    def probabilities(self, x: np.ndarray) -> np.ndarray:
        """P(x_t = w | x̃, x̃', x_t was chosen) of every word of both sentences, and at <cls> P(y = 0), P(y = 1).

        Shapes:  x (B, 2 T + 3) ids -> (B, 2 T + 3, vocab_size)
        Raises:  TypeError or ValueError naming x, also for what no two sentences can have become
        """
        x = check_ids("x", x, self.vocab_size, ("B", 2 * self.T + 3))
        middle = self.T + 1
        if (x[:, [0, middle, -1]] != [self.cls, self.sep, self.sep]).any():
            raise ValueError("x must be <cls>, a sentence, <sep>, another sentence, <sep>")
        sides = x[:, 1:middle], x[:, middle + 1 : -1]
        beliefs = [self._topic(read) for read in sides]
        p = np.zeros((*x.shape, self.vocab_size))
        p[:, middle, self.sep] = p[:, -1, self.sep] = 1
        p[:, 0, 1] = self._same((beliefs[0] * beliefs[1]).sum(1))
        p[:, 0, 0] = 1 - p[:, 0, 1]
        p[:, 1:middle] = self.guess(sides[0], np.repeat(self._told(beliefs[1]), 2, 1))
        p[:, middle + 1 : -1] = self.guess(sides[1], np.repeat(self._told(beliefs[0]), 2, 1))
        return p

    def draw(self, B: int, rng: np.random.Generator) -> Batch:
        """Draw a batch of `B` pairs, and choose, hide and replace words of them."""
        y, same = self._pairs(B, rng)
        x, chosen = mask_words(
            y,
            rng,
            mask_id=self.mask_id,
            words=self.ordinary,
            share=self.share,
            shares=self.shares,
            at_least_one=False,
        )
        return self._batch(x, y, same, chosen)

    def clean(self, n: int, rng: np.random.Generator) -> Batch:
        """Draw `n` pairs in which every word is true, and only the answer about the pair is asked for."""
        y, same = self._pairs(check_integer("n", n, low=1), rng)
        return self._batch(y, y, same, np.zeros(y.shape, dtype=bool))

    def check_inputs(self, inputs: tuple[Any, ...], B: int, T: int) -> np.ndarray:
        """Check (x, lengths, segments); return which positions are real, (B, T)."""
        name = type(self).__name__
        if not isinstance(inputs, tuple) or len(inputs) != 3:
            raise TypeError(f"inputs of {name} must be a tuple (x, lengths, segments), got {type(inputs).__name__}")
        check_ids(f"x of {name}", inputs[0], self.vocab_size, (B, T))
        lengths = check_lengths(f"lengths of {name}", inputs[1], T, least=1)
        check_shape(f"lengths of {name}", lengths, (B,))
        check_ids(f"segments of {name}", inputs[2], 2, (B, T))
        return np.arange(T) < lengths[:, None]

    def _pairs(self, n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Pairs of sentences, (n, 2 T + 3) ids, and whether both are about the same topic."""
        first, z = self.sentences(n, rng)
        same = rng.integers(2, size=n)
        other = (z + rng.integers(1, self.topics, size=n)) % self.topics
        second = self.write(np.where(same == 1, z, other), rng)
        return np.concatenate([self.framed(first), second, np.full((n, 1), self.sep)], 1), same

    def _batch(self, x: np.ndarray, y: np.ndarray, same: np.ndarray, chosen: np.ndarray) -> Batch:
        lengths = np.full(len(x), x.shape[1])
        segments = np.tile((np.arange(x.shape[1]) > self.T + 1).astype(np.int64), (len(x), 1))
        first = np.arange(x.shape[1]) == 0
        return Batch((x, lengths, segments), np.where(first, same[:, None], y), chosen | first)

    def _topic(self, read: np.ndarray) -> np.ndarray:
        """P(z | x̃) of one sentence: (B, T) ids -> (B, Z)."""
        return posterior(logarithm(self.seen(read)).sum(1)).reshape(len(read), self.topics, 2).sum(2)

    def _told(self, belief: np.ndarray) -> np.ndarray:
        """What a belief about the topic of one sentence says of the topic of the other."""
        return belief / 2 + (1 - belief) / (2 * (self.topics - 1))

    def _same(self, s: np.ndarray) -> np.ndarray:
        """P(z' = z | x̃, x̃') of s = Σ_z b(z) b'(z)."""
        return s / (s + (1 - s) / (self.topics - 1))

    def _of_pairs(self, function: Callable[[np.ndarray], np.ndarray], seen: float, random: float) -> float:
        """E f(P(z' = z | x̃, x̃'))."""
        p, belief = self.beliefs(self.n_content, seen, random)
        some, one = _up_to_names(p, belief)
        s = one @ belief.T
        likely = some[:, None] * p * self.topics * (s + (1 - s) / (self.topics - 1)) / 2
        return float((likely * function(self._same(s))).sum())

    def _others(self, seen: float, random: float) -> tuple[np.ndarray, np.ndarray]:
        """What the words around and the other sentence say about the topic of a content word."""
        some, one = _up_to_names(*super()._others(seen, random))
        p, belief = self.beliefs(self.n_content, seen, random)
        check_affordable(self, len(one) * belief.size)
        joint = one[:, None] * self._told(belief)
        total = joint.sum(2, keepdims=True)
        likely = some[:, None] * p * self.topics * total[..., 0]
        return likely.ravel(), (joint / total).reshape(-1, self.topics)


def _up_to_names(p: np.ndarray, belief: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """One for all beliefs that differ in the names of the topics only, with the probability of all of them.

    Enough for one of two sentences: renaming the topics of both changes no entropy.
    """
    ordered = np.sort(belief, 1)
    _, index, which = np.unique(ordered.round(9), axis=0, return_index=True, return_inverse=True)
    return np.bincount(which.ravel(), p), ordered[index]
