"""The swing: where it is, when it is let go, and what always answering 0 costs."""

import itertools
import math

import numpy as np
import pytest

from seqlib.tasks import Swing


def walked(row, period):
    """Where the swing is, found by turning a pendulum step by step."""
    turn = 2 * math.pi / period
    there, beside, places = 0.0, 0.0, []
    for place, mark in row:
        if mark:
            there, beside = place, 0.0
        else:
            there, beside = (
                there * math.cos(turn) - beside * math.sin(turn),
                there * math.sin(turn) + beside * math.cos(turn),
            )
        places.append(there)
    return places


@pytest.mark.parametrize(("T", "restart", "period"), [(1, 0.2, 8), (12, 0.3, 8), (20, 0.0, 5.5), (6, 1, 3)])
def test_it_swings_from_where_it_was_let_go(T, restart, period):
    (x,), y, mask = Swing(T, restart, period).sample(60, np.random.default_rng(0))
    np.testing.assert_allclose(y[:, :, 0], [walked(row, period) for row in x], atol=1e-12)
    assert mask.all()
    assert (x[:, 0, 1] == 1).all(), "it is let go at the first step"
    assert (x[x[:, :, 1] == 0] == 0).all(), "a place without a mark"
    assert (x[x[:, :, 1] == 1][:, 0] != 0).all()


def test_places_and_restarts_are_as_often_as_said():
    (x,), _, _ = Swing(8, 0.3).sample(20_000, np.random.default_rng(1))
    np.testing.assert_allclose(x[:, 1:, 1].mean(0), 0.3, atol=0.02)
    places = x[x[:, :, 1] == 1][:, 0]
    assert places.min() == pytest.approx(-1, abs=0.01)
    assert places.max() == pytest.approx(1, abs=0.01)
    assert (places**2).mean() == pytest.approx(1 / 3, abs=0.01)


@pytest.mark.parametrize(("T", "restart", "period"), [(1, 0.2, 8), (5, 0.3, 8), (6, 0.0, 7), (4, 1.0, 3)])
def test_chance_by_going_through_all_patterns_of_restarts(T, restart, period):
    total = 0.0
    for later in itertools.product([0, 1], repeat=T - 1):
        weight = math.prod(restart if mark else 1 - restart for mark in later)
        places = walked([(1.0, 1), *((1.0, mark) for mark in later)], period)
        total += weight * sum(place**2 for place in places) / T
    task = Swing(T, restart, period)
    assert task.chance == pytest.approx(total / 3)
    assert task.floor == 0


@pytest.mark.parametrize(
    ("arguments", "name"),
    [({"T": 0}, "T"), ({"restart": -0.1}, "restart"), ({"restart": 1.1}, "restart"), ({"period": 0}, "period")],
)
def test_bad_input_is_named(arguments, name):
    with pytest.raises(ValueError, match=f"^{name} must"):
        Swing(**arguments)
