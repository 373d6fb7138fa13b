"""Captions: what each reader loses, in closed form and by going through all captions."""

import itertools
import math
from collections import Counter, defaultdict

import numpy as np
import pytest

from seqlib.tasks import Captions
from seqlib.tasks.captions import COLOUR, NOUNS, PICTURE, PLACE


def entropy(*p):
    return -sum(q * math.log(q) for q in p if q > 0)


def words_of(task):
    """The mean number of words, EOS included."""
    return 2 + COLOUR + np.mean(task.pauses) + 3 * PLACE + 1


@pytest.mark.parametrize("pause", [0, 3, (0, 2), (1, 4)])
def test_floor_is_the_entropy_of_what_the_describer_decides(pause):
    task = Captions(pause)
    assert sum(p for *_, p in task.enumerate()) == pytest.approx(1, abs=1e-12)
    decided = entropy(COLOUR, 1 - COLOUR) + entropy(PLACE, 1 - PLACE) + math.log(len(task.pauses)) + entropy(0.7, 0.3)
    assert task.floor == pytest.approx(decided / words_of(task), abs=1e-12)


@pytest.mark.parametrize("pause", [0, (0, 2)])
def test_words_without_the_picture_lose_what_the_words_tell_of_it(pause):
    """H(words) = H(words | picture) + I(words; picture): number and animal, and colour and place if mentioned."""
    task = Captions(pause)
    told = math.log(3) * (2 + COLOUR + PLACE)
    expected = task.floor + told / words_of(task)
    assert task.reader_floor(picture=False, words=True) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(("picture", "pause"), [*itertools.product([True, False], [0, (1, 2)])])
def test_positions_one_by_one(picture, pause):
    task = Captions(pause)
    tables = defaultdict(Counter)
    for scene, caption, p in task.enumerate():
        for t, word in enumerate(caption):
            tables[(t, *scene) if picture else t][word] += p
    loss = -sum(p * math.log(p / table.total()) for table in tables.values() for p in table.values())
    expected = loss / words_of(task)
    assert task.reader_floor(picture=picture, words=False) == pytest.approx(expected, abs=1e-12)
    if not picture:
        assert task.chance == pytest.approx(expected, abs=1e-12)


def test_each_source_is_worth_something():
    task = Captions((0, 4))
    blind, deaf = task.reader_floor(picture=False, words=True), task.reader_floor(picture=True, words=False)
    assert task.floor + 0.2 < blind < task.chance - 0.2
    assert task.floor + 0.2 < deaf < task.chance - 0.2


def test_batches_are_taught_with_the_word_before():
    task = Captions((0, 3))
    (x, lengths), y, mask = task.sample(300, np.random.default_rng(0))
    assert (mask.sum(1) == lengths).all()
    for row, target, n in zip(x, y, lengths, strict=True):
        scene = [row_of[int(part.argmax())] for row_of, part in zip(PICTURE, row[0, :12].reshape(4, 3), strict=True)]
        said = task.vocabulary.decode(target[:n])
        assert said[0] == scene[0]
        assert {"um"} | {scene[1]} >= set(said[1:-1]) & ({"um"} | set(PICTURE[1]))
        assert any(word.startswith(name[:4]) for word in said for name in NOUNS[scene[2]])
        assert said[-1] == "<eos>"
        assert said.count("<eos>") == 1
        assert set(said) & set(PICTURE[3]) <= {scene[3]}
        noun = said[2] if said[1] in PICTURE[1] else said[1]
        assert noun.endswith("s") == (scene[0] != "one"), "puppies and all others end with s, and no singular does"
        assert (row[:n, :12] == task.vector(scene)).all()
        assert task.vocabulary.decode(row[:n, 12:].argmax(1)) == ["<bos>", *said[:-1]]
        assert (row[:n, 12:].sum(1) == 1).all()
        assert not row[n:].any()


def test_every_caption_is_drawn_as_often_as_it_is_likely():
    """Pearson's statistic stays within six standard deviations of its mean."""
    task, n = Captions(), 30_000
    (x, lengths), y, _ = task.sample(n, np.random.default_rng(1))
    key = [(tuple(v), tuple(words[:k])) for v, words, k in zip(x[:, 0, :12], y, lengths, strict=True)]
    drawn = Counter(key)
    likely = {}
    for scene, caption, p in task.enumerate():
        likely[tuple(task.vector(scene)), tuple(task.vocabulary.encode(caption[:-1], eos=True))] = p
    assert len(likely) == 648
    assert set(drawn) <= set(likely)
    pearson = sum((drawn[k] - n * p) ** 2 / (n * p) for k, p in likely.items())
    assert abs(pearson - 647) < 6 * math.sqrt(2 * 647)


def test_mixed_pauses_are_kept():
    assert Captions((0, 4)).settings == {"pause": (0, 4)}
    assert Captions((2, 2)).settings == {"pause": 2}


@pytest.mark.parametrize("pause", [-1, (2, 1), 1.0, "1", (1, 2, 3)])
def test_bad_input_is_named(pause):
    with pytest.raises((ValueError, TypeError), match="pause"):
        Captions(pause)
