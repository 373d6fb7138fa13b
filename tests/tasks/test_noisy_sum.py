"""Noisy sums: the rule counted again on samples, floor and chance by every text."""

import itertools
import math

import numpy as np
import pytest

from seqlib.tasks import NoisySum


def probability(task, text):
    """Of a whole text, symbol by symbol."""
    p = task.K**-3.0
    for t in range(3, len(text)):
        p *= task.noise / task.K + (1 - task.noise) * (text[t] == (text[t - 1] + text[t - 3]) % task.K)
    return p


@pytest.mark.parametrize(("K", "T", "noise"), [(2, 4, 0.3), (3, 3, 0.05), (3, 2, 1.0)])
def test_floor_and_chance_by_every_text(K, T, noise):
    task = NoisySum(T, K, noise)
    texts = list(itertools.product(range(K), repeat=T + 3))
    P = np.array([probability(task, text) for text in texts])
    assert P.sum() == pytest.approx(1)
    assert -(P @ np.log(P)) == pytest.approx(T * task.floor + 3 * math.log(K))
    for t in range(T + 3):
        shares = [P[[text[t] == k for text in texts]].sum() for k in range(K)]
        np.testing.assert_allclose(shares, 1 / K)
    assert task.chance == pytest.approx(math.log(K))


def test_the_next_probabilities_are_those_of_the_texts():
    task = NoisySum(3, 3, 0.2)
    text = np.random.default_rng(0).integers(0, 3, (4, 6))
    found = task.next_probabilities(text)
    assert found.shape == (4, 4, 3)
    for row, ps in zip(text.tolist(), found, strict=True):
        for t, k in itertools.product(range(3, 7), range(3)):
            assert ps[t - 3, k] == pytest.approx(probability(task, [*row[:t], k]) / probability(task, row[:t]))


def test_samples_obey_the_rule_as_often_as_is_said():
    task = NoisySum(40, 5, 0.2)
    (x,), y, mask = task.sample(2000, np.random.default_rng(1))
    text = np.concatenate([x[:, :1], y], axis=1)
    assert text.shape == (2000, 43)
    assert (x[:, 1:] == y[:, :-1]).all()
    assert (mask.sum(1) == 40).all()  # as lists, pytest would compare them line by line for minutes
    assert not mask[:, :2].any()
    kept = [text[:, t] == (text[:, t - 1] + text[:, t - 3]) % 5 for t in range(3, 43)]
    assert np.mean(kept) == pytest.approx(0.84, abs=0.01)
    np.testing.assert_allclose(np.bincount(text.ravel()) / text.size, 0.2, atol=0.01)
    p = task.next_probabilities(text[:, :-1])
    surprise = -np.log(np.take_along_axis(p, text[:, 3:, None], 2))
    assert surprise.mean() == pytest.approx(task.floor, abs=0.01)


@pytest.mark.parametrize("K", range(2, 20))
def test_all_noise_is_a_task_whatever_its_levels_are_rounded_to(K):
    """With K = 5, say, the floor comes out a last digit above log K, and was refused."""
    task = NoisySum(3, K, noise=1)
    assert task.floor == pytest.approx(task.chance, rel=1e-14)
    assert task.sample(2, np.random.default_rng(0)).y.shape == (2, 5)


@pytest.mark.parametrize(
    ("arguments", "name"),
    [({"T": 0}, "T"), ({"K": 1}, "K"), ({"noise": 0}, "noise"), ({"noise": 1.1}, "noise")],
)
def test_bad_input_is_named(arguments, name):
    with pytest.raises(ValueError, match=f"^{name} must"):
        NoisySum(**arguments)


@pytest.mark.parametrize("x", [[[0, 1]], [[0, 1, 8]], [0, 1, 2]])
def test_a_bad_text_is_named(x):
    with pytest.raises(ValueError, match=r"^x must"):
        NoisySum().next_probabilities(np.array(x))
