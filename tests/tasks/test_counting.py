"""Counting: the answers counted again, chance by recursion, by the binomial formula and by every sequence."""

import itertools
import math

import numpy as np
import pytest

from seqlib.tasks import Counting


@pytest.mark.parametrize(("T", "symbols"), [(1, 2), (2, 5), (20, 3)])
def test_every_step_asks_how_many_there_were(T, symbols):
    (x,), y, mask = Counting(T, symbols).sample(200, np.random.default_rng(0))
    for row, answers in zip(x.tolist(), y.tolist(), strict=True):
        assert answers == [row[: t + 1].count(0) for t in range(T)]
    assert mask.all()
    np.testing.assert_allclose(np.bincount(x.ravel(), minlength=symbols) / x.size, 1 / symbols, atol=0.1)


def binomial(t, p):
    return [math.comb(t, k) * p**k * (1 - p) ** (t - k) for k in range(t + 1)]


@pytest.mark.parametrize(("T", "symbols"), [(1, 2), (3, 2), (20, 3), (60, 5)])
def test_chance_is_the_entropy_of_the_binomial_distribution(T, symbols):
    entropies = [-sum(p * math.log(p) for p in binomial(t, 1 / symbols) if p > 0) for t in range(1, T + 1)]
    assert Counting(T, symbols).chance == pytest.approx(sum(entropies) / T, abs=1e-12)
    assert Counting(T, symbols).floor == 0


@pytest.mark.parametrize(("T", "symbols"), [(1, 3), (4, 3), (7, 2)])
def test_chance_by_every_sequence(T, symbols):
    every = np.array(list(itertools.product(range(symbols), repeat=T)))
    shares = [np.bincount((every[:, :t] == 0).sum(1)) / len(every) for t in range(1, T + 1)]
    assert Counting(T, symbols).chance == pytest.approx(-sum((p * np.log(p)).sum() for p in shares) / T, abs=1e-12)


def test_the_best_answer_without_looking_scores_chance_on_samples():
    task = Counting(12, 3)
    y = task.sample(4000, np.random.default_rng(0)).y
    surprise = np.mean([[-math.log(binomial(t + 1, 1 / 3)[k]) for t, k in enumerate(row)] for row in y], 1)
    assert abs(surprise.mean() - task.chance) < 4 * surprise.std() / math.sqrt(len(y))


def test_chance_of_very_long_sequences_is_a_number():
    """The rarest counts underflow; the entropy of the last step is nearly that of a normal distribution."""
    task = Counting(1500, 2)
    last = 1500 * task.chance - 1499 * Counting(1499, 2).chance
    assert last == pytest.approx(0.5 * math.log(2 * math.pi * math.e * 1500 / 4), abs=1e-3)


@pytest.mark.parametrize(("arguments", "name"), [({"T": 0}, "T"), ({"symbols": 1}, "symbols")])
def test_bad_input_is_named(arguments, name):
    with pytest.raises(ValueError, match=f"^{name} must"):
        Counting(**arguments)
