"""Reviews: who reads how many words, and what that leaves open."""

import itertools
import math
from collections import Counter

import numpy as np
import pytest

from seqlib.tasks import Reviews
from seqlib.tasks.reviews import CLOSINGS, MODIFIERS, OPENING, OPINIONS


def entropy(p):
    return -sum(q * math.log(q) for q in (p, 1 - p) if q > 0)


@pytest.mark.parametrize(("modifiers", "noise"), [(0, 0.1), (3, 0.0), ((0, 4), 0.05), ((2, 3), 0.3)])
def test_floors_in_closed_form(modifiers, noise):
    task = Reviews(modifiers, noise)
    assert sum(p for *_, p in task.enumerate()) == pytest.approx(1, abs=1e-12)
    assert task.floor == pytest.approx(entropy(noise), abs=1e-12)
    assert task.window_floor(None) == pytest.approx(task.floor, abs=1e-12)
    assert task.window_floor(50) == pytest.approx(task.floor, abs=1e-12)
    assert task.chance == pytest.approx(math.log(2), abs=1e-12), "praise and blame are equally likely opinions"
    # one word: a third of the sentences end with the opinion, and "not" comes an odd number of times with this chance
    odd = np.mean([(1 - (1 - 2 * MODIFIERS["not"]) ** k) / 2 for k in task.counts])
    turned = odd * (1 - noise) + (1 - odd) * noise
    assert task.window_floor(1) == pytest.approx(entropy(turned) / 3 + 2 / 3 * math.log(2), abs=1e-12)


def test_reading_more_never_hurts_and_the_whole_is_needed():
    task = Reviews((0, 4))
    levels = [task.window_floor(n) for n in range(11)]
    assert all(a >= b - 1e-12 for a, b in itertools.pairwise(levels))
    assert levels[6] > task.floor + 0.001, "four modifiers, the opinion and two words after it are seven"
    assert levels[7] == pytest.approx(task.floor, abs=1e-12)


def test_the_answer_is_read_off_by_hand():
    task = Reviews((0, 4), noise=0.0)
    x, lengths = task.sample(500, np.random.default_rng(0)).inputs
    _, y, mask = task.sample(500, np.random.default_rng(0))
    assert (mask.argmax(1) == lengths - 1).all()
    assert (mask.sum(1) == 1).all()
    for row, n, answer in zip(x, lengths, y[mask], strict=True):
        words = task.vocabulary.decode(row[:n])
        assert tuple(words[:3]) == OPENING
        sign = 1
        for word in words[3:]:
            sign *= {"not": -1, "bad": -1, "dull": -1}.get(word, 1)
        assert answer == (sign > 0)
        assert (row[n:] == 0).all()


def test_every_sentence_is_drawn_as_often_as_it_is_likely():
    """Pearson's statistic stays within six standard deviations of its mean, with the answers' noise."""
    task, n = Reviews((0, 2), noise=0.2), 20_000
    (x, lengths), y, mask = task.sample(n, np.random.default_rng(1))
    sentences = [tuple(task.vocabulary.decode(row[:k])) for row, k in zip(x, lengths, strict=True)]
    drawn = Counter(zip(sentences, y[mask].tolist(), strict=True))
    likely = {}
    for words, praise, p in task.enumerate():
        likely[words, praise], likely[words, 1 - praise] = 0.8 * p, 0.2 * p
    assert set(drawn) <= set(likely)
    pearson = sum((drawn[key] - n * p) ** 2 / (n * p) for key, p in likely.items())
    freedom = len(likely) - 1
    assert len(likely) == 2 * 13 * len(OPINIONS) * len(CLOSINGS)
    assert abs(pearson - freedom) < 6 * math.sqrt(2 * freedom)


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"modifiers": -1}, "modifiers"),
        ({"modifiers": (3, 2)}, "modifiers"),
        ({"modifiers": 1.5}, "modifiers"),
        ({"noise": 0.6}, "noise"),
        ({"noise": "0"}, "noise"),
    ],
)
def test_bad_input_is_named(arguments, name):
    with pytest.raises((ValueError, TypeError), match=name):
        Reviews(**arguments)


@pytest.mark.parametrize("n", [-1, 1.0])
def test_a_window_is_a_whole_number(n):
    with pytest.raises((ValueError, TypeError), match="n must"):
        Reviews().window_floor(n)


def test_the_noise_of_every_case_leaves_the_floor():
    task = Reviews((0, 3), 0.1)
    batch, p = task.every_case()
    x, lengths = batch.inputs
    sentences = Counter()
    for row, n, q in zip(x, lengths, p, strict=True):
        sentences[tuple(row[:n])] += q
    left = -sum(q * math.log(q / sentences[tuple(row[:n])]) for row, n, q in zip(x, lengths, p, strict=True))
    assert left == pytest.approx(task.floor, abs=1e-12)
