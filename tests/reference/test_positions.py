"""Positions: sinusoids by their formula, rotations by complex numbers, what depends on the distance alone."""

import math

import numpy as np
import pytest

from seqlib.gradcheck import complex_step, relative_error
from seqlib.reference import positions

pairs = pytest.mark.parametrize("pairs", ["interleaved", "halves"])


@pytest.mark.parametrize("D", [2, 4, 10])
@pytest.mark.parametrize("base", [10_000.0, 50.0])
def test_sinusoids_are_those_of_the_formula(D, base):
    got = positions.sinusoidal(7, D, base)
    assert got.shape == (7, D)
    for t in range(7):
        for i in range(D // 2):
            angle = t / base ** (2 * i / D)
            assert got[t, 2 * i] == pytest.approx(math.sin(angle), abs=1e-14)
            assert got[t, 2 * i + 1] == pytest.approx(math.cos(angle), abs=1e-14)


def test_positions_may_start_anywhere():
    np.testing.assert_array_equal(positions.sinusoidal(np.arange(3, 6), 4), positions.sinusoidal(6, 4)[3:])
    assert positions.sinusoidal(0, 4).shape == (0, 4)


def test_a_shift_of_sinusoids_is_a_rotation():
    """PE[t + k] is PE[t] turned, pair by pair, whatever t is."""
    here, there = positions.sinusoidal(20, 6)[:15], positions.sinusoidal(20, 6)[5:]
    for i, w in enumerate(positions.frequencies(6)):
        turn = np.array([[math.cos(5 * w), math.sin(5 * w)], [-math.sin(5 * w), math.cos(5 * w)]])
        np.testing.assert_allclose(here[:, 2 * i : 2 * i + 2] @ turn.T, there[:, 2 * i : 2 * i + 2], atol=1e-13)


@pairs
@pytest.mark.parametrize("where", [None, [4.0, 0.0, 2.5]], ids=str)
def test_rotations_are_products_with_complex_numbers(pairs, where):
    x = np.random.default_rng(0).normal(size=(2, 3, 8))
    got = positions.rotated(x, where, base=100.0, pairs=pairs)
    for t in range(3):
        for i in range(4):
            u, v = (2 * i, 2 * i + 1) if pairs == "interleaved" else (i, i + 4)
            turn = np.exp(1j * (t if where is None else where[t]) * 100.0 ** (-2 * i / 8))
            z = (x[:, t, u] + 1j * x[:, t, v]) * turn
            np.testing.assert_allclose(got[:, t, u] + 1j * got[:, t, v], z, atol=1e-14)


@pairs
def test_the_two_orders_are_one_up_to_a_permutation(pairs):
    x = np.random.default_rng(1).normal(size=(3, 6))
    order = [0, 2, 4, 1, 3, 5] if pairs == "halves" else [0, 3, 1, 4, 2, 5]
    other = {"halves": "interleaved", "interleaved": "halves"}[pairs]
    permuted = positions.rotated(x, pairs=other)[:, order]
    np.testing.assert_allclose(positions.rotated(x[:, order], pairs=pairs), permuted, atol=1e-15)


@pairs
def test_products_depend_on_the_distance_alone(pairs):
    q, k = np.random.default_rng(2).normal(size=(2, 8))
    by_place = [
        (positions.rotated(q[None], [t], pairs=pairs) @ positions.rotated(k[None], [s], pairs=pairs).T).item()
        for t, s in [(0, 3), (7, 10), (100, 103), (5, 9), (3, 0)]
    ]
    assert by_place[0] == pytest.approx(by_place[1], abs=1e-13)
    assert by_place[0] == pytest.approx(by_place[2], abs=1e-12)
    assert abs(by_place[0] - by_place[3]) > 1e-3
    assert abs(by_place[0] - by_place[4]) > 1e-3  # and on which of the two comes first


@pairs
def test_lengths_stay_and_the_way_back_is_the_transpose(pairs):
    rng = np.random.default_rng(3)
    x, dy = rng.normal(size=(2, 2, 3, 4))
    y = positions.rotated(x, pairs=pairs)
    np.testing.assert_allclose((y**2).sum(-1), (x**2).sum(-1), rtol=1e-13)
    dx = positions.rotated_backward(dy, pairs=pairs)
    assert (dy * y).sum() == pytest.approx((dx * x).sum(), rel=1e-12)
    wanted = complex_step(lambda x: (positions.rotated(x, [1, 2, 5], base=7.0, pairs=pairs) * dy).sum(), x)
    got = positions.rotated_backward(dy, [1, 2, 5], base=7.0, pairs=pairs)
    assert relative_error(got, wanted) < 1e-12


X = np.ones((2, 3, 4))
BAD = {
    "odd": (lambda: positions.sinusoidal(3, 5), ValueError, "D must be even: features turn in pairs, got 5"),
    "D": (lambda: positions.frequencies(0), ValueError, "D must be"),
    "base": (lambda: positions.frequencies(4, 0.5), ValueError, "base must be"),
    "T": (lambda: positions.sinusoidal(-1, 4), ValueError, "positions must be"),
    "words": (lambda: positions.sinusoidal(["a"], 4), TypeError, "positions must hold real numbers"),
    "two axes": (lambda: positions.sinusoidal(np.ones((2, 2)), 4), ValueError, r"positions must have shape \(T\)"),
    "a vector": (lambda: positions.rotated(X[0, 0]), ValueError, r"x must have shape \(…, T, D\), got \(4,\)"),
    "other T": (lambda: positions.rotated(X, [0, 1]), ValueError, "positions must have an entry for each of 3 places"),
    "odd x": (lambda: positions.rotated(X[..., :3]), ValueError, "D must be even"),
    "pairs": (lambda: positions.rotated(X, pairs="both"), ValueError, "pairs must be one of"),
    "NaN": (lambda: positions.rotated(X * np.nan), ValueError, "x must be finite"),
    "dy": (lambda: positions.rotated_backward(X * np.inf), ValueError, "dy must be finite"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_named(case):
    call, error, message = BAD[case]
    with pytest.raises(error, match=message):
        call()
