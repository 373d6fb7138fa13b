"""The latch: what is written, where, and what is asked for."""

import math

import numpy as np
import pytest

from seqlib.tasks import Latch


def last_symbol(row, symbols):
    """The answer, found by walking through the sequence."""
    answer = None
    for symbol in row:
        if symbol < symbols:
            answer = symbol
    return answer


@pytest.mark.parametrize(("T", "writes"), [(1, 1), (2, 1), (2, 2), (20, 1), (20, 4), (5, 5)])
def test_the_last_symbol_is_asked_for_at_the_end(T, writes):
    task = Latch(T, symbols=3, distractors=2, writes=writes)
    (x,), y, mask = task.sample(400, np.random.default_rng(0))
    assert (x[:, 0] < 3).all(), "the first step is a symbol"
    assert ((x < 3).sum(1) == writes).all()
    assert [int(answer) for answer in y[mask]] == [last_symbol(row, 3) for row in x.tolist()]
    assert (mask.sum(1) == 1).all()
    assert mask[:, -1].all()


def test_everything_is_uniform():
    (x,), y, mask = Latch(6, symbols=3, distractors=2, writes=3).sample(30_000, np.random.default_rng(1))
    places = (x[:, 1:] < 3).mean(0)
    np.testing.assert_allclose(places, 2 / 5, atol=0.02)
    np.testing.assert_allclose(np.bincount(y[mask]) / 30_000, 1 / 3, atol=0.02)
    np.testing.assert_allclose(np.bincount(x[x >= 3] - 3) / (x >= 3).sum(), 1 / 2, atol=0.02)
    first, last = x[:, 0], y[mask]
    assert (first == last).mean() == pytest.approx(1 / 3, abs=0.02), "an old symbol says nothing of the new one"


def test_levels():
    assert Latch(9, symbols=5).floor == 0
    assert Latch(9, symbols=5).chance == pytest.approx(math.log(5))


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"T": 0}, "T"),
        ({"symbols": 1}, "symbols"),
        ({"distractors": 0}, "distractors"),
        ({"T": 3, "writes": 4}, "writes"),
    ],
)
def test_bad_input_is_named(arguments, name):
    with pytest.raises(ValueError, match=f"^{name} must"):
        Latch(**arguments)
