"""Phrases: what is lost because the noun has not been read, from Bayes' rule and by going through all phrases."""

import itertools
import math
from collections import Counter, defaultdict

import numpy as np
import pytest

from seqlib.tasks import Phrases
from seqlib.tasks.phrases import ADJECTIVES, GOES_WITH, NOUNS
from seqlib.text import EOS

TABLE = np.array(list(GOES_WITH.values()))  # noun, adjective


def noun_entropy(read):
    """H(noun | adjectives 1 … read), from Bayes' rule over all adjectives."""
    loss = 0.0
    for adjectives in itertools.product(range(4), repeat=read):
        joint = TABLE[:, list(adjectives)].prod(1) / 4
        loss -= (joint * np.log(joint / joint.sum())).sum()
    return loss


@pytest.mark.parametrize("adjectives", [0, 2, (0, 3), (1, 3)])
@pytest.mark.parametrize("delay", range(5))
def test_the_past_floor_is_what_the_noun_costs_before_it_is_read(adjectives, delay):
    task = Phrases(adjectives, delay)
    assert sum(p for *_, p in task.enumerate()) == pytest.approx(1, abs=1e-12)
    late = np.mean([k > delay for k in task.counts])
    expected = late * noun_entropy(delay + 1) / (np.mean(task.counts) + 1) if late else 0
    assert task.past_floor == pytest.approx(expected, abs=1e-12)
    assert task.reader_floor(delay) == task.past_floor
    assert task.floor == 0


def test_a_delay_helps_until_the_noun_has_been_read():
    levels = [Phrases((0, 3)).reader_floor(d) for d in range(5)]
    assert levels[0] > levels[1] > levels[2] > 0.05
    assert levels[3] == levels[4] == 0


@pytest.mark.parametrize("delay", [0, 2])
def test_chance_position_by_position(delay):
    task = Phrases((0, 3), delay)
    tables = defaultdict(Counter)
    for _, y, p in task.enumerate():
        for t, word in enumerate(y):
            tables[t][word] += p
    loss = -sum(p * math.log(p / table.total()) for table in tables.values() for p in table.values())
    assert task.chance == pytest.approx(loss / 2.5, abs=1e-12)


@pytest.mark.parametrize("delay", [0, 1, 3])
def test_the_noun_comes_first_after_the_delay(delay):
    task = Phrases((0, 3), delay)
    (x, lengths), y, mask = task.sample(200, np.random.default_rng(0))
    somali = {**NOUNS, **ADJECTIVES}
    for row, answer, keeps, n in zip(x, y, mask, lengths - delay, strict=True):
        *adjectives, noun = task.english.decode(row[:n])
        assert set(adjectives) <= set(ADJECTIVES)
        assert row[n : n + delay].tolist() == [EOS] * delay
        assert keeps.nonzero()[0].tolist() == list(range(delay, delay + n))
        assert task.somali.decode(answer[keeps]) == [somali[word] for word in (noun, *adjectives)]


def test_every_phrase_is_drawn_as_often_as_it_is_likely():
    """Pearson's statistic stays within six standard deviations of its mean."""
    task, n = Phrases((0, 2)), 20_000
    x, lengths = task.sample(n, np.random.default_rng(1)).inputs
    drawn = Counter(tuple(task.english.decode(row[:k])) for row, k in zip(x, lengths, strict=True))
    likely = {phrase: p for phrase, _, p in task.enumerate()}
    assert set(drawn) <= set(likely)
    pearson = sum((drawn[key] - n * p) ** 2 / (n * p) for key, p in likely.items())
    freedom = len(likely) - 1
    assert abs(pearson - freedom) < 6 * math.sqrt(2 * freedom)


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: Phrases(-1), "adjectives"),
        (lambda: Phrases((2, 1)), "adjectives"),
        (lambda: Phrases(delay=-1), "delay"),
        (lambda: Phrases(delay=0.5), "delay"),
        (lambda: Phrases().reader_floor(-1), "delay"),
        (lambda: Phrases().reader_floor("1"), "delay"),
    ],
)
def test_bad_input_is_named(call, name):
    with pytest.raises((ValueError, TypeError), match=name):
        call()
