"""Labelled sentences: what a sentence is about, said once. Few labels, for a model that knows the language already."""

from __future__ import annotations

import numpy as np

from seqlib.arguments import check_ids, check_integer
from seqlib.batching import Batch
from seqlib.tasks.grammar import Grammar, entropy, logarithm, posterior
from seqlib.tasks.task import check_generator

__all__ = ["LabelledSentences"]


class LabelledSentences(Grammar):
    """Read a sentence of `Grammar` and say the class of its topic: what a pretrained model is fine-tuned for.

        x = <cls> x_1 … x_T <sep>,   label = z mod K,   K = `classes`, which divides Z; by default K = Z
        P(label | x) = Σ_{z mod K = label} P(z | x)

        floor    = E H(label | x)               the loss of a reader who knows the language
        accuracy = E max_label P(label | x)     how often the best answer is right
        chance   = ln K

    `labelled` gives the few examples that are for learning, every label as often as any other.

    Shapes:  sample -> Batch of inputs (x,), x (B, T + 2) ids; y (B, T + 2) the label; mask (B, T + 2), True at <cls>
    Raises:  TypeError or ValueError naming the argument
    Differs: our own task
    Book:    chapters/14_bert
    """

    name = "labelled sentences"

    def __init__(
        self, topics: int = 8, words: int = 32, phrases: int = 2, noise: float = 0.3, *, classes: int | None = None
    ) -> None:
        super().__init__(topics, words, phrases, noise)
        self.classes = self.topics if classes is None else check_integer("classes", classes, low=2, high=self.topics)
        if self.topics % self.classes:
            raise ValueError(f"classes must divide topics={self.topics}, got {classes}")
        self.n_out = self.classes

    @property
    def floor(self) -> float:
        """The least possible expected loss in nats of the answer."""
        p, belief = self.beliefs(self.n_content)
        return float(p @ entropy(self._classes(belief)))

    @property
    def accuracy(self) -> float:
        """How often the best answer is right."""
        p, belief = self.beliefs(self.n_content)
        return float(p @ self._classes(belief).max(1))

    @property
    def chance(self) -> float:
        """The least possible expected loss in nats without looking: all labels are equally likely."""
        return float(np.log(self.classes))

    def probabilities(self, x: np.ndarray) -> np.ndarray:
        """The true distribution of the label of every sentence.

        Shapes:  x (B, T + 2) ids, <cls>, the words, <sep> -> (B, K)
        Raises:  TypeError or ValueError naming x, also where that is no sentence of the language
        """
        x = check_ids("x", x, self.vocab_size, ("B", self.T + 2))
        if (x[:, 0] != self.cls).any() or (x[:, -1] != self.sep).any():
            raise ValueError("x must begin with <cls> and end with <sep>")
        belief = posterior(logarithm(self._evidence(x[:, 1:-1])).sum(1))
        return self._classes(belief.reshape(len(x), self.topics, 2).sum(2))

    def labelled(self, n: int, rng: np.random.Generator) -> Batch:
        """Draw `n` sentences for learning, whose labels come equally often, as nearly as `n` allows.

        Raises:  TypeError or ValueError naming the argument
        """
        n = check_integer("n", n, low=1)
        check_generator(rng)
        labels = rng.permutation(np.resize(rng.permutation(self.classes), n))
        return self._batch(labels + self.classes * rng.integers(self.topics // self.classes, size=n), rng)

    def draw(self, B: int, rng: np.random.Generator) -> Batch:
        """Draw a batch of `B` sentences and their labels."""
        return self._batch(rng.integers(self.topics, size=B), rng)

    def _batch(self, topics: np.ndarray, rng: np.random.Generator) -> Batch:
        x = self.framed(self.write(topics, rng))
        first = np.arange(x.shape[1]) == 0
        labels = np.where(first, topics[:, None] % self.classes, 0)
        return Batch((x,), labels, np.tile(first, (len(x), 1)))

    def _classes(self, belief: np.ndarray) -> np.ndarray:
        """Beliefs about topics as beliefs about labels: (…, Z) -> (…, K)."""
        of_classes: np.ndarray = belief.reshape(len(belief), -1, self.classes).sum(1)
        return of_classes
