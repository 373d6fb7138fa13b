"""Glyphs: the floor by going through letters, signs and flips; nothing linear helps."""

import itertools
import math
from collections import defaultdict

import numpy as np
import pytest

from seqlib.tasks import Glyphs
from seqlib.tasks.glyphs import LETTERS


def tables(noise):
    """P(picture, letter), by going through everything that can be drawn."""
    joint = defaultdict(lambda: dict.fromkeys(LETTERS, 0.0))
    for (letter, pixels), sign in itertools.product(LETTERS.items(), (False, True)):
        for flips in itertools.product((False, True), repeat=9):
            seen = "".join("01"[(pixel == "1") ^ flip ^ sign] for pixel, flip in zip(pixels, flips, strict=True))
            joint[seen][letter] += noise ** sum(flips) * (1 - noise) ** (9 - sum(flips)) / 8
    return joint


@pytest.mark.parametrize("noise", [0.0, 0.05, 0.1, 0.3, 0.5])
def test_floor_by_enumeration(noise):
    joint = tables(noise)
    assert sum(p for row in joint.values() for p in row.values()) == pytest.approx(1, abs=1e-12)
    floor = -sum(p * math.log(p / sum(row.values())) for row in joint.values() for p in row.values() if p)
    assert Glyphs(noise).floor == pytest.approx(floor, abs=1e-12)
    assert Glyphs(noise).chance == pytest.approx(math.log(4))


def test_the_letters_can_be_told_apart_and_no_letter_is_another_ones_negative():
    assert Glyphs(0.0).floor == 0
    assert Glyphs(0.5).floor == pytest.approx(math.log(4))
    assert Glyphs(0.1).floor < 0.25


@pytest.mark.parametrize("noise", [0.0, 0.1, 0.3])
def test_constant_scores_are_the_best_linear_ones(noise):
    """The loss is convex in the weights of linear scores, and its gradient vanishes where they are 0."""
    gradient = np.zeros((9, 4))
    for seen, row in tables(noise).items():
        x = np.array([1.0 if pixel == "1" else -1.0 for pixel in seen])
        p = np.array(list(row.values()))
        gradient += np.outer(x, p.sum() / 4 - p)
    assert np.abs(gradient).max() < 1e-12


def test_samples_are_drawn_as_often_as_they_are_likely():
    """Pearson's statistic over pictures and letters stays within six standard deviations of its mean."""
    n, joint = 20_000, tables(0.2)
    (x,), y, mask = Glyphs(0.2).sample(n, np.random.default_rng(0))
    assert mask.shape == (n, 1)
    seen = ["".join("1" if pixel > 0 else "0" for pixel in row) for row in x[:, 0]]
    counts = defaultdict(int)
    for picture, letter in zip(seen, y[:, 0], strict=True):
        counts[picture, list(LETTERS)[letter]] += 1
    likely = {(picture, letter): p for picture, row in joint.items() for letter, p in row.items()}
    pearson = sum((counts[key] - n * p) ** 2 / (n * p) for key, p in likely.items())
    freedom = len(likely) - 1
    assert abs(pearson - freedom) < 6 * math.sqrt(2 * freedom)


@pytest.mark.parametrize("noise", [-0.1, 0.6, "0.1", float("nan")])
def test_bad_input_is_named(noise):
    with pytest.raises((ValueError, TypeError), match="noise must"):
        Glyphs(noise)
