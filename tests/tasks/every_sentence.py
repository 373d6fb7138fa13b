"""Every sentence of a small grammar, written down and weighed one by one, and entropies by adding up."""

import itertools
import math
from collections import defaultdict

import numpy as np

NUMBERS = (("this", "that", "is", "was"), ("these", "those", "are", "were"))
LINKS = ("and", "of", "with", "near")


def latent(topics):
    """Every topic with every number."""
    return list(itertools.product(range(topics), range(2)))


def content(topics, words):
    """The content words, topic after topic."""
    return [f"{'abcdefgh'[z]}{i}" for z in range(topics) for i in range(words)]


def places(topics, words, phrases):
    """What can stand at each place of a sentence."""
    some = content(topics, words)
    middle = [LINKS, some, some] * phrases
    return [("this", "that", "these", "those"), some, *middle, ("is", "was", "are", "were"), some]


def likelihood(sentence, z, a, *, topics, words, noise):
    """P(sentence | topic, number), word by word, from the definition."""
    p = 1.0
    for word in sentence:
        if word in LINKS:
            p *= 1 / 4
        elif word in NUMBERS[a]:
            p *= 1 / 2
        elif word in NUMBERS[1 - a]:
            p *= 0
        else:
            p *= noise / (topics * words) + (1 - noise) / words * (word[0] == "abcdefgh"[z])
    return p


def listed(*, topics, words, phrases, noise):
    """Sentence -> its probability, those of probability 0 left out."""
    sizes = {"topics": topics, "words": words, "noise": noise}
    found = {}
    for sentence in itertools.product(*places(topics, words, phrases)):
        p = sum(likelihood(sentence, z, a, **sizes) for z, a in latent(topics)) / (2 * topics)
        if p > 0:
            found[sentence] = p
    return found


def conditional(table, answer, known):
    """The entropy of answer(row) given known(row), in nats; `table` has rows and their probabilities."""
    joint = defaultdict(lambda: defaultdict(float))
    for row, p in table.items():
        joint[known(row)][answer(row)] += p
    total = 0.0
    for seen in joint.values():
        together = math.fsum(seen.values())
        total -= math.fsum(p * math.log(p / together) for p in seen.values() if p > 0)
    return total


def become(task, *, chosen):
    """P(what is read | word), a row for each word and a column for each word and <mask>, from the definition."""
    V, (hidden, replaced, kept) = task.vocab_size - task.first, task.shares
    true, mask = np.eye(V, V + 1), np.arange(V + 1) == V
    of_chosen = hidden * mask + replaced / V * ~mask + kept * true
    return of_chosen if chosen else (1 - task.share) * true + task.share * of_chosen
