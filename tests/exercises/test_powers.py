"""Practice of chapter 4 on powers: answers found another way are right."""

import numpy as np
import pytest

from seqlib.exercises import powers as practice


def independent_horizon(rate, left):
    """By walking; a little slack for rounding."""
    k = 0
    while rate**k > left * (1 + 1e-12):
        k += 1
    return k


def independent_peak(W, steps):
    """By multiplying, with singular values."""
    power, highest = np.eye(len(W)), 1.0
    for _ in range(steps):
        power = power @ W
        highest = max(highest, np.linalg.svd(power)[1][0])
    return highest


@pytest.mark.parametrize(
    ("exercise", "answer"), [(practice.horizon, independent_horizon), (practice.peak, independent_peak)]
)
def test_answers_found_another_way_are_right(exercise, answer):
    result = exercise.judge(answer)
    assert result.status == "right", result.message
    assert exercise.judge(lambda *arguments: 1.01 * answer(*arguments)).status == "wrong"


def test_the_spectral_radius_is_below_the_norm():
    leaning = np.array([[0.9, 5.0], [0.0, -0.8]])
    assert practice.spectral_radius(leaning) == pytest.approx(0.9)
    assert np.linalg.norm(leaning, 2) > 5
