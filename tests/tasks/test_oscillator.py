"""The oscillator: its variance by another equation and by simulation, its floor, its samples."""

import numpy as np
import pytest

from seqlib.tasks import Oscillator

PROCESSES = [(1.8, -0.9, 0.2), (0.5, 0.3, 1.0), (-0.4, -0.6, 0.7), (0.0, 0.0, 2.0)]


@pytest.mark.parametrize(("a1", "a2", "sigma"), PROCESSES)
def test_chance_solves_the_lyapunov_equation(a1, a2, sigma):
    """The covariance P of (x_t, x_{t-1}) satisfies P = A P Aᵀ + Q."""
    A = np.array([[a1, a2], [1, 0]])
    Q = np.array([[sigma**2, 0], [0, 0]])
    P = np.linalg.solve(np.eye(4) - np.kron(A, A), Q.ravel()).reshape(2, 2)
    task = Oscillator(a1, a2, sigma)
    assert task.chance == pytest.approx(P[0, 0], rel=1e-10)
    assert task.autocovariance(1)[1] == pytest.approx(P[0, 1], rel=1e-10, abs=1e-12)


@pytest.mark.parametrize(("a1", "a2", "sigma"), PROCESSES)
def test_samples_are_stationary_and_the_best_forecast_reaches_the_floor(a1, a2, sigma):
    task = Oscillator(a1, a2, sigma, T=12)
    (x,), y, mask = task.sample(40000, np.random.default_rng(0))
    assert x[:, :, 0].var(0) == pytest.approx(np.full(12, task.chance), rel=0.06)
    best = a1 * x[:, 1:, 0] + a2 * x[:, :-1, 0]
    error = ((y[:, 1:, 0] - best) ** 2).mean(0)
    assert error == pytest.approx(np.full(11, task.floor), rel=0.06)
    assert (x[:, 1:] == y[:, :-1]).all()
    assert not mask[:, 0].any()
    assert mask[:, 1:].all()


def test_autocovariances_of_samples():
    task = Oscillator(T=30)
    x = task.sample(30000, np.random.default_rng(1)).inputs[0][:, :, 0]
    found = [(x[:, 20] * x[:, 20 - k]).mean() for k in range(12)]
    assert found == pytest.approx(task.autocovariance(11), abs=0.06)


def test_period():
    assert Oscillator(1.8, -0.9).period == pytest.approx(2 * np.pi / np.angle(np.roots([1, -1.8, 0.9])[0]))
    assert Oscillator(0.5, 0.3).period == float("inf")


@pytest.mark.parametrize(("a1", "a2", "sigma"), PROCESSES)
def test_forecasts_from_the_present_value_score_what_is_said(a1, a2, sigma):
    """Persistence, and the least squares over factors and over a cubic: nothing without memory does better."""
    task = Oscillator(a1, a2, sigma, T=2)
    (x,), y, _ = task.sample(200000, np.random.default_rng(2))
    now, later = x[:, 1, 0], y[:, 1, 0]
    powers = np.stack([now**k for k in range(4)], 1)
    cubic = powers @ np.linalg.lstsq(powers, later, rcond=None)[0]
    linear = (now @ later) / (now @ now) * now
    for forecast, loss in [(now, task.persistence), (linear, task.memoryless), (cubic, task.memoryless)]:
        assert ((later - forecast) ** 2).mean() == pytest.approx(loss, rel=0.02)


@pytest.mark.parametrize(("a1", "a2", "sigma"), PROCESSES)
def test_the_more_a_forecast_may_see_the_better(a1, a2, sigma):
    task = Oscillator(a1, a2, sigma)
    assert task.floor <= task.memoryless * (1 + 1e-12)
    assert task.memoryless <= min(task.persistence, task.chance) * (1 + 1e-12)
    assert task.memoryless == pytest.approx(task.floor / (1 - a2**2), rel=1e-10), "1 - a₂² is left after the second lag"


def test_levels_of_the_default():
    task = Oscillator()
    found = [level / task.floor for level in (task.memoryless, task.persistence, task.chance)]
    assert found == pytest.approx([1 / 0.19, 2 * 0.1 / 0.037, 1.9 / 0.037], rel=1e-10)  # 5.26, 5.41, 51.4


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"a1": 2.0, "a2": 0.0}, "stationary"),
        ({"a2": -1.0}, "stationary"),
        ({"a1": float("nan")}, "a1"),
        ({"sigma": 0.0}, "sigma"),
        ({"sigma": "x"}, "sigma"),
        ({"T": 1}, "T must"),
    ],
)
def test_bad_input_is_named(arguments, name):
    with pytest.raises((ValueError, TypeError), match=name):
        Oscillator(**arguments)
