"""A small language about topics. The best guess of each of its words is known, whatever of a sentence is seen."""

from __future__ import annotations

import itertools
import math
import string
from collections.abc import Mapping
from functools import cached_property

import numpy as np

from seqlib.arguments import check_ids, check_integer, check_mask, check_number, real_array
from seqlib.batching import Batch
from seqlib.tasks.task import Task, check_generator
from seqlib.text import BOS, Vocabulary

__all__ = ["Grammar", "check_affordable", "entropy", "logarithm", "posterior"]

SPECIAL = ("<cls>", "<sep>", "<mask>")
# what a word is for, and the words for it. Where there are two numbers, the first half is singular, the second plural.
FUNCTION: Mapping[str, tuple[str, ...]] = {
    "determiner": ("this", "that", "these", "those"),
    "verb": ("is", "was", "are", "were"),
    "link": ("and", "of", "with", "near"),
}
AGREES = ("determiner", "verb")
PHRASE = ("link", "content", "content")
MOST = 6 * 10**7  # numbers in a table of beliefs: some 20 seconds, and about 1 GB


class Grammar(Task):
    """Predict the next word of a sentence about one topic, the first word of which agrees with its verb.

        these f7 with f19 f2 near c30 f7 were f11           determiner, content, phrases, verb, content
        P(x) = Σ_z Σ_a 1/(2 Z) Π_t P(x_t | z, a)            topic z, one of Z = `topics`; number a, of 2

    A phrase is a link and two content words, and a sentence has `phrases` of them. Determiner and verb are uniform over
    the two words of the number a, so the first word says something about one that comes 3 `phrases` + 2 words later; a
    link is uniform over 4. A content word is one of the W = `words` of the topic with probability 1 - noise, and
    otherwise any of the Z W content words, the topic's own included; within either it is uniform. So

        P(w of topic k | z) = π_k(z)/W,   π_k(z) = noise/Z + (1 - noise) [k = z]
        P(z | content words seen) ∝ Π_k π_k(z)^{n_k},   n_k how many of them are of topic k

    and nothing else tells of the topic. With h(n), the entropy of a content word given n others (`content_floor`),
    T = 4 + 3 `phrases` words and C = 2 + 2 `phrases` content words,

        T floor       = ln 4 + Σ_{n<C} h(n) + phrases ln 4 + ln 2    given the words before
        T cloze_floor = ln 2 + C h(C - 1)   + phrases ln 4 + ln 2    given all other words
        T chance      = ln 4 + C ln(Z W)    + phrases ln 4 + ln 4    given where in the sentence it stands

    Shapes:  sample -> Batch of inputs (x,), x (B, T) ids, BOS and the words but the last; y (B, T) the words; mask
             (B, T), True everywhere
    Raises:  TypeError or ValueError naming the argument
    Differs: our own language; the topic is the latent class of a naive Bayes model
    Book:    chapters/14_bert
    """

    name = "grammar"
    loss = "cross_entropy"
    unit = "nats"

    def __init__(self, topics: int = 8, words: int = 32, phrases: int = 2, noise: float = 0.3) -> None:
        self.topics = check_integer("topics", topics, low=2, high=len(string.ascii_lowercase))
        self.words = check_integer("words", words, low=1)
        self.phrases = check_integer("phrases", phrases, low=0)
        self.noise = check_number("noise", noise, low=0, high=1)
        self.kinds = ("determiner", "content", *PHRASE * self.phrases, "verb", "content")
        self.T, self.n_content = len(self.kinds), self.kinds.count("content")
        letters = string.ascii_lowercase[: self.topics]
        content = [f"{letter}{i}" for letter in letters for i in range(self.words)]
        self.vocabulary = Vocabulary([*SPECIAL, *itertools.chain(*FUNCTION.values()), *content])
        self.cls, self.sep, self.mask_id = (self.vocabulary.ids[token] for token in SPECIAL)
        self.first = self.mask_id + 1  # ids from here on are words
        self.vocab_size = self.n_out = len(self.vocabulary)

    @property
    def floor(self) -> float:
        """The least possible expected loss per word in nats of a reader of the words before."""
        return self._mean(math.log(4), sum(map(self.content_floor, range(self.n_content))), math.log(2))

    @property
    def cloze_floor(self) -> float:
        """The least possible expected loss per word in nats of a reader of all other words of the sentence."""
        return self._mean(math.log(2), self.n_content * self.content_floor(self.n_content - 1), math.log(2))

    @property
    def chance(self) -> float:
        """The least possible expected loss per word in nats of an answer that depends on the position alone."""
        return self._mean(math.log(4), self.n_content * self.content_floor(0), math.log(4))

    def content_floor(self, n: int) -> float:
        """h(n), the least possible expected loss in nats at a content word of a reader of `n` other content words.

            h(n) = ln W - Σ P(n_1 … n_Z) Σ_k q_k ln q_k,   q_k = Σ_z π_k(z) P(z | n_1 … n_Z)

        Raises:  TypeError or ValueError naming n
        """
        p, belief = self.beliefs(n)
        return float(p @ entropy(belief @ self.topic_shares) + math.log(self.words))

    def beliefs(self, n: int, seen: float = 1.0, random: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
        """All that `n` content words can say about the topic: how probable each belief is, and the belief.

            P(k | z) = seen π_k(z) + random W/V,   P(neither | z) = the rest
            P(z | n_1 … n_Z) ∝ Π_k P(k | z)^{n_k}

        Each word is seen as it is with probability `seen`, is one of all V words at random with probability `random`,
        and cannot be seen otherwise. What is not seen says nothing, nor does a function word where none can stand.

        Shapes:  -> probabilities (M,), beliefs (M, Z): one for each way to count n words of Z topics and none
        Raises:  TypeError or ValueError naming the argument; ValueError where settings make more than can be added up
        """
        n = check_integer("n", n, low=0)
        check_affordable(self, math.comb(n + self.topics, n) * self.topics)
        seen = check_number("seen", seen, low=0, high=1)
        random = check_number("random", random, low=0, high=1 - seen + 1e-12)
        counts, ways = _counts(n, self.topics + 1)
        by_chance = seen * self.noise / self.topics + random * self.words / (self.vocab_size - self.first)
        about = by_chance + seen * (1 - self.noise)
        neither = max(1 - about - (self.topics - 1) * by_chance, 0.0)  # zero may come out a last digit below it
        of_topic, hidden = counts[:, :-1], counts[:, -1:]
        joint = about**of_topic * by_chance ** (n - hidden - of_topic) * neither**hidden
        joint *= ways[:, None] / self.topics
        p = joint.sum(1)
        return p[p > 0], joint[p > 0] / p[p > 0, None]

    @cached_property
    def topic_shares(self) -> np.ndarray:
        """π_k(z), how probable a content word of topic k is in a sentence about z: (Z, Z), z first."""
        shares: np.ndarray = self.noise / self.topics + (1 - self.noise) * np.eye(self.topics)
        return shares

    @cached_property
    def tables(self) -> np.ndarray:
        """P(x_t = w | z, a) of every word: (2 Z, T, V), row 2 z + a; words are the ids from `first` on."""
        content = np.repeat(self.topic_shares, self.words, 1) / self.words
        tables = np.zeros((self.topics, 2, self.T, self.vocab_size - self.first))
        for t, kind in enumerate(self.kinds):
            if kind == "content":
                tables[:, :, t, -content.shape[1] :] = content[:, None]
                continue
            low = self.vocabulary.ids[FUNCTION[kind][0]] - self.first
            for a in range(2):
                here = slice(low + 2 * a, low + 2 * a + 2) if kind in AGREES else slice(low, low + 4)
                tables[:, a, t, here] = 1 / (here.stop - here.start)
        return tables.reshape(2 * self.topics, self.T, -1)

    def next_probabilities(self, x: np.ndarray) -> np.ndarray:
        """The true distribution of every word given the words before it, all ids from 0 on.

        Shapes:  x (B, T) ids, BOS and the words but the last -> (B, T, vocab_size)
        Raises:  TypeError or ValueError naming x, also where no sentence of the language begins so
        """
        x = check_ids("x", x, self.vocab_size, ("B", self.T))
        if (x[:, 0] != BOS).any():
            raise ValueError("x must begin with BOS")
        before = np.concatenate([x[:, 1:], np.full((len(x), 1), self.first)], 1)  # the last is not seen
        return self.mixture(self._evidence(before), np.tri(self.T, k=-1, dtype=bool))

    def cloze_probabilities(self, x: np.ndarray) -> np.ndarray:
        """The true distribution of every word given all others of the sentence, all ids from 0 on.

        Shapes:  x (B, T) ids, the words -> (B, T, vocab_size)
        Raises:  TypeError or ValueError naming x, also where that is no sentence of the language
        """
        x = check_ids("x", x, self.vocab_size, ("B", self.T))
        return self.mixture(self._evidence(x), ~np.eye(self.T, dtype=bool))

    def mixture(self, evidence: np.ndarray, sees: np.ndarray, prior: np.ndarray | None = None) -> np.ndarray:
        """The distribution of every word, by Bayes' rule over topics and numbers.

            P(x_t = w | seen) = Σ_c P(w | c) b_c,   b_c ∝ prior(c) Π_{s seen from t} evidence_s(c),   c = (z, a)

        Shapes:  evidence (B, T, 2 Z), P(what is seen at s | c), times any number; sees (T, T), row t what is seen from
                 t; prior (B, 2 Z), positive, by default all the same -> (B, T, vocab_size)
        Raises:  TypeError or ValueError naming the argument; ValueError where nothing that can be said would show this
                 evidence
        """
        logs = logarithm(real_array("evidence", evidence, ("B", self.T, 2 * self.topics)))
        summed = np.stack([logs[:, row].sum(1) for row in check_mask("sees", sees, (self.T, self.T))], 1)
        if prior is not None:
            summed += np.log(real_array("prior", prior, (len(evidence), 2 * self.topics)))[:, None]
        belief = posterior(summed)
        p = np.zeros((*evidence.shape[:2], self.vocab_size))
        p[..., self.first :] = np.einsum("btc,ctw->btw", belief, self.tables)
        return p

    def write(self, topics: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """A sentence about each of the topics, with a number of its own.

        Shapes:  topics (n,) of 0 … Z - 1 -> ids (n, T)
        Raises:  TypeError or ValueError naming the argument
        """
        z = check_ids("topics", topics, self.topics, ("n",))
        check_generator(rng)
        n, a = len(z), rng.integers(2, size=len(topics))
        x = np.empty((n, self.T), dtype=np.int64)
        for t, kind in enumerate(self.kinds):
            if kind == "content":
                about = np.where(rng.random(n) < self.noise, rng.integers(self.topics, size=n), z)
                x[:, t] = self.vocabulary.ids["a0"] + about * self.words + rng.integers(self.words, size=n)
            else:
                which = 2 * a + rng.integers(2, size=n) if kind in AGREES else rng.integers(4, size=n)
                x[:, t] = self.vocabulary.ids[FUNCTION[kind][0]] + which
        return x

    def sentences(self, n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Draw `n` sentences about topics that are drawn too: ids (n, T), topics (n,)."""
        n = check_integer("n", n, low=0)
        check_generator(rng)
        topics = rng.integers(self.topics, size=n)
        return self.write(topics, rng), topics

    def framed(self, sentences: np.ndarray) -> np.ndarray:
        """<cls> before and <sep> behind each sentence: ids (n, T) -> (n, T + 2); else an error naming it."""
        sentences = check_ids("sentences", sentences, self.vocab_size, ("n", "T"))
        edge = np.full((len(sentences), 1), self.cls), np.full((len(sentences), 1), self.sep)
        return np.concatenate([edge[0], sentences, edge[1]], 1)

    def draw(self, B: int, rng: np.random.Generator) -> Batch:
        """Draw a batch of `B` sentences, and at every step the next word asked for."""
        y, _ = self.sentences(B, rng)
        x = np.concatenate([np.full((B, 1), BOS), y[:, :-1]], 1)
        return Batch((x,), y, np.ones(y.shape, dtype=bool))

    def _evidence(self, x: np.ndarray) -> np.ndarray:
        """P(x_s | z, a) of the words that stand there: (B, T, 2 Z), zero for what is no word."""
        seen = self.tables[:, np.arange(self.T), np.maximum(x - self.first, 0)] * (x >= self.first)
        return np.moveaxis(seen, 0, 2)

    def _mean(self, determiner: float, content: float, verb: float) -> float:
        return (determiner + content + self.phrases * math.log(4) + verb) / self.T


def check_affordable(task: Grammar, numbers: int) -> None:
    """ValueError naming the settings of a task whose exact levels would take so many numbers that nobody can wait."""
    if numbers > MOST:
        raise ValueError(
            f"topics={task.topics} and phrases={task.phrases} must be fewer for exact levels: all beliefs about "
            f"{task.n_content} content words would take {numbers:.1e} numbers, at most {MOST:.1e} are possible"
        )


def entropy(p: np.ndarray) -> np.ndarray:
    """-Σ p ln p over the last axis, in nats; 0 ln 0 is 0."""
    return -(p * np.log(p, where=p > 0, out=np.zeros_like(p))).sum(-1)


def logarithm(p: np.ndarray) -> np.ndarray:
    """ln p, which is -∞ where p is 0."""
    logs: np.ndarray = np.log(p, where=p > 0, out=np.full(p.shape, -np.inf))
    return logs


def posterior(logs: np.ndarray) -> np.ndarray:
    """exp(logs), divided by its sum over the last axis; ValueError where all of it is 0."""
    best = logs.max(-1, keepdims=True)
    if not np.isfinite(best).all():
        bad = np.argwhere(best == -np.inf)[0, 0]
        raise ValueError(f"x must be made of sentences of the language, but x[{bad}] is not")
    belief: np.ndarray = np.exp(logs - best)
    return belief / belief.sum(-1, keepdims=True)


def _counts(n: int, kinds: int) -> tuple[np.ndarray, np.ndarray]:
    """Every way to count n things of so many kinds, (M, kinds), and in how many orders they can come, (M,)."""
    bars = np.array(list(itertools.combinations(range(n + kinds - 1), kinds - 1)))
    edges = np.hstack([np.full((len(bars), 1), -1), bars, np.full((len(bars), 1), n + kinds - 1)])
    counts = np.diff(edges, axis=1) - 1
    factorials = np.array([math.factorial(k) for k in range(n + 1)], dtype=float)
    return counts, factorials[n] / factorials[counts].prod(1)
