"""Masked words: sentences of the grammar, some words hidden, some replaced, some kept, and all of these asked for."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from seqlib.arguments import check_ids, check_integer, check_number
from seqlib.batching import Batch
from seqlib.tasks.grammar import Grammar, entropy
from seqlib.tasks.masking import SHARES, check_shares, mask_each, mask_words

__all__ = ["MaskedWords"]


class MaskedWords(Grammar):
    """Say what stood at the chosen places of a sentence: masked-language modelling, and the floor of its loss.

        x = <cls> x̃_1 … x̃_T <sep>,   x̃ what `mask_words` has made of a sentence of `Grammar`

    A word is chosen with probability q = `share`; m, r, k = `shares` of the chosen are hidden, replaced, kept. A model
    that guesses x_t may take it that x_t was chosen, for its guess does not count otherwise; of the other words it does
    not know. With V words, and c a topic and a number,

        P(x̃_s = v | c) = (1 - q + q k) P(x_s = v | c) + q r/V        and q m for <mask>, whatever c is
        π(w) = Σ_c P(x_t = w | c) P(c | others)                      P(c | others) ∝ Π_{s ≠ t} P(x̃_s | c)
        P(x_t = w | x̃) ∝ π(w) (r/V + k [x̃_t = w])                    and π(w) where x̃_t is <mask>

    What stands at its own place tells of x_t as much as the two have in common, so

        floor = 1/T Σ_t E [H(π) + H(x̃_t | x_t) - H(x̃_t)]
        H(x̃_t | x_t) of the probabilities m, r/V + k, and V - 1 times r/V
        H(x̃_t)       of m, and r/V + k π(v) for each of the V words v

    This is not `cloze_floor`, of one hidden word among words that are all true: there is less to read, as words are
    hidden and false, and there is more, where a word is shown at the place that is asked for.

    Shapes:  sample -> Batch of inputs (x,), x (B, T + 2) ids; y (B, T + 2) ids, nothing hidden or replaced; mask
             (B, T + 2), True at the chosen words
    Raises:  TypeError or ValueError naming the argument
    Source:  Devlin, Chang, Lee & Toutanova 2019, task 1 (masked LM)
    Differs: our own language and derivation; which words are chosen, see `mask_words`
    Book:    chapters/14_bert
    """

    name = "masked words"

    def __init__(
        self,
        topics: int = 8,
        words: int = 32,
        phrases: int = 2,
        noise: float = 0.3,
        *,
        share: float = 0.15,
        shares: Sequence[float] = SHARES,
    ) -> None:
        super().__init__(topics, words, phrases, noise)
        self.share = check_number("share", share, above=0, high=1)
        self.shares = check_shares(shares)
        self.ordinary = range(self.first, self.vocab_size)  # the words

    @property
    def floor(self) -> float:
        """The least possible expected loss in nats at a chosen word."""
        return self.shares[0] * self.hidden_floor + (1 - self.shares[0]) * self.shown_floor

    @property
    def hidden_floor(self) -> float:
        """The floor at those chosen words that are hidden, E H(π): others may be hidden or false."""
        return sum(n * float(p @ (entropy(q) + math.log(size))) for n, p, q, size in self._places()) / self.T

    @property
    def shown_floor(self) -> float:
        """The floor at those chosen words that are replaced or kept, nobody knows which; 0 if there are none."""
        _, replaced, kept = self.shares
        if replaced + kept == 0:
            return 0.0
        V = len(self.ordinary)
        false, true = replaced / V / (replaced + kept), kept / (replaced + kept)
        channel = _term(false + true) + (V - 1) * _term(false)
        loss = 0.0
        for n, p, q, size in self._places():
            shown = size * _term(false + true * q / size).sum(1) + (V - size * q.shape[1]) * _term(false)
            loss += n * float(p @ (entropy(q) + math.log(size) + channel - shown))
        return loss / self.T

    def probabilities(self, x: np.ndarray) -> np.ndarray:
        """P(x_t = w | x̃, x_t was chosen) at every place; <cls> and <sep> are what they are.

        Shapes:  x (B, T + 2) ids, <cls>, x̃, <sep> -> (B, T + 2, vocab_size)
        Raises:  TypeError or ValueError naming x, also for what no sentence can have become
        """
        x = check_ids("x", x, self.vocab_size, ("B", self.T + 2))
        if (x[:, 0] != self.cls).any() or (x[:, -1] != self.sep).any():
            raise ValueError("x must begin with <cls> and end with <sep>")
        p = np.zeros((*x.shape, self.vocab_size))
        p[:, 0, self.cls] = p[:, -1, self.sep] = 1
        p[:, 1:-1] = self.guess(x[:, 1:-1])
        return p

    def guess(self, read: np.ndarray, prior: np.ndarray | None = None) -> np.ndarray:
        """P(x_t = w | x̃, x_t was chosen) of every word, from the words alone and what is known besides.

        Shapes:  read (B, T) ids, x̃; prior (B, 2 Z) over topics and numbers, see `tables` -> (B, T, vocab_size)
        Raises:  TypeError or ValueError naming the argument, also for what no sentence can have become
        """
        V, (_, replaced, kept) = len(self.ordinary), self.shares
        guess = self.mixture(self.seen(read), ~np.eye(self.T, dtype=bool), prior)
        hidden = (read == self.mask_id)[..., None]
        own = replaced / V + kept * (read[..., None] == np.arange(self.vocab_size))
        joint = np.where(hidden, guess, guess * own)
        total = joint.sum(2, keepdims=True)
        # a word that can be there neither by chance nor because it was kept was not chosen, and is not asked for
        return np.divide(joint, total, where=total > 0, out=guess)

    def seen(self, read: np.ndarray) -> np.ndarray:
        """P(x̃_s | z, a) of what is read at every place, 1 where that is <mask>: (B, T) ids -> (B, T, 2 Z).

        Raises:  TypeError or ValueError naming read
        """
        read = check_ids("read", read, self.vocab_size, ("B", self.T))
        seen, random = self._channel()
        evidence = seen * self._evidence(read) + random / len(self.ordinary) * (read >= self.first)[..., None]
        return np.where((read == self.mask_id)[..., None], 1.0, evidence)

    def draw(self, B: int, rng: np.random.Generator) -> Batch:
        """Draw a batch of `B` sentences, and choose, hide and replace words of them."""
        y = self.framed(self.sentences(B, rng)[0])
        x, chosen = mask_words(y, rng, mask_id=self.mask_id, words=self.ordinary, share=self.share, shares=self.shares)
        return Batch((x,), y, chosen)

    def cloze(self, n: int, rng: np.random.Generator) -> Batch:
        """Draw `n` sentences, each T times, every time with one other word hidden and nothing replaced.

            E loss ≥ cloze_floor

        Shapes:  a Batch of inputs (x,), x (n T, T + 2) ids; y and mask likewise, one True in each row
        Raises:  TypeError or ValueError naming the argument
        """
        y = self.framed(self.sentences(check_integer("n", n, low=1), rng)[0])
        x, chosen, rows = mask_each(y, mask_id=self.mask_id, words=self.ordinary)
        return Batch((x,), y[rows], chosen)

    def _channel(self) -> tuple[float, float]:
        """How probably a word that is not asked for is the true one, but for chance, and how probably a random one."""
        _, replaced, kept = self.shares
        return 1 - self.share + self.share * kept, self.share * replaced

    def _others(self, seen: float, random: float) -> tuple[np.ndarray, np.ndarray]:
        """What all that stands around a content word says about its topic: P(belief) (M,), beliefs (M, Z)."""
        return self.beliefs(self.n_content - 1, seen, random)

    def _places(self) -> Iterator[tuple[int, np.ndarray, np.ndarray, int]]:
        """Kinds of places: how many there are; P(belief) (M,); groups of words by belief (M, G); words in a group."""
        seen, random = self._channel()
        p, belief = self._others(seen, random)
        yield self.n_content, p, belief @ self.topic_shares, self.words
        wrong = 2 * random / len(self.ordinary)  # a word of the other number stands where the number is told
        right = seen + wrong
        told = np.array([[right, wrong], [wrong, right]]) / max(right + wrong, 1e-300)
        yield 2, np.array([right + wrong, 1 - right - wrong]), np.array([told[0], [0.5, 0.5]]), 2
        yield self.phrases, np.ones(1), np.ones((1, 1)), 4


def _term(p: np.ndarray | float) -> np.ndarray:
    """-p ln p, the part of an entropy; 0 ln 0 is 0."""
    return -(p * np.log(p, where=np.asarray(p) > 0, out=np.zeros(np.shape(p))))
