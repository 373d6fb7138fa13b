"""Positions of chapter 13: the package's sinusoids and rotations, and products that see differences alone."""

import numpy as np
import pytest

from seqlib.exercises.transformer_positions import rotate, sinusoids
from seqlib.reference import positions as reference


@pytest.mark.parametrize(("T", "D"), sinusoids.cases)
def test_sinusoids_are_those_of_the_package_and_a_shift_is_a_rotation(T, D):
    made = sinusoids.expected(T, D)
    np.testing.assert_allclose(made, reference.sinusoidal(T, D), rtol=1e-12, atol=1e-14)
    for i in range(D // 2):
        turn = np.exp(-1j * 10_000 ** (-2 * i / D))
        z = made[:, 2 * i] + 1j * made[:, 2 * i + 1]
        np.testing.assert_allclose(z[1:], turn * z[:-1], rtol=1e-12)


@pytest.mark.parametrize(("x", "positions"), rotate.cases)
def test_rotations_are_those_of_the_package_and_of_complex_numbers(x, positions):
    made = rotate.expected(x, positions)
    np.testing.assert_allclose(made, reference.rotated(x, positions), rtol=1e-12, atol=1e-13)
    z = x[..., 0::2] + 1j * x[..., 1::2]
    z *= np.exp(1j * np.outer(positions, 10_000.0 ** (-np.arange(0, x.shape[-1], 2) / x.shape[-1])))
    np.testing.assert_allclose(made[..., 0::2] + 1j * made[..., 1::2], z, rtol=1e-12, atol=1e-13)


def test_products_of_what_is_turned_depend_on_the_difference_alone():
    rng = np.random.default_rng(0)
    query, key = rng.normal(size=(2, 1, 1, 8))

    def product(t, s):
        return float((rotate.expected(query, np.array([t])) * rotate.expected(key, np.array([s]))).sum())

    assert product(3, 1) == pytest.approx(product(12, 10), rel=1e-12)
    assert abs(product(3, 1) - product(1, 3)) > 0.1
    assert abs(product(3, 1) - product(9, 1)) > 0.1


def test_cases_begin_anywhere_and_have_as_many_sequences_as_positions():
    assert any(len(x) == x.shape[1] for x, _ in rotate.cases)
    assert any(positions[0] != 0 for _, positions in rotate.cases)
    assert any((np.diff(positions) < 0).any() for _, positions in rotate.cases)
    assert all(x.shape[-1] >= 4 for x, _ in rotate.cases)
    assert any(T == D for T, D in sinusoids.cases)
    assert any(T != D for T, D in sinusoids.cases)


def _looked_up(angle, *, waves=(np.sin, np.cos), swap=False):
    """Sinusoids entry by entry; `angle` is of position t, feature j and size D."""

    def answer(T, D):
        rows = [[waves[(j + swap) % 2](angle(t, j, D)) for j in range(D)] for t in range(T)]
        return np.array(rows)

    return answer


def _angle(t, j, D):
    return t / 10_000 ** ((j - j % 2) / D)


@pytest.mark.parametrize(
    ("id", "function"),
    [
        ("right", _looked_up(_angle)),
        ("exponent not doubled", _looked_up(lambda t, j, D: t / 10_000 ** (j // 2 / D))),
        ("exponent turned over", _looked_up(lambda t, j, D: t * 10_000 ** (j // 2 * 2 / D))),
        ("one frequency", _looked_up(lambda t, j, D: t)),
        ("one frequency", _looked_up(lambda t, j, D: t / 10_000)),
        ("e for 10000", _looked_up(lambda t, j, D: t * np.exp(-(j // 2 * 2) / D))),
        ("other spacing", _looked_up(lambda t, j, D: t / 10_000 ** (j // 2 / (D // 2 - 1)))),
        ("turns for radians", _looked_up(lambda t, j, D: 2 * np.pi * _angle(t, j, D))),
        ("turns for radians", _looked_up(lambda t, j, D: np.pi / 180 * _angle(t, j, D))),
        ("a frequency for each feature", _looked_up(lambda t, j, D: t / 10_000 ** (j / D))),
        ("a frequency for each feature", _looked_up(lambda t, j, D: t / 10_000 ** (2 * j / D))),
        ("cosines first", _looked_up(_angle, swap=True)),
        ("from 1", _looked_up(lambda t, j, D: _angle(t + 1, j, D))),
        ("sines alone", _looked_up(_angle, waves=(np.sin, np.sin))),
        ("sines alone", _looked_up(_angle, waves=(np.cos, np.cos))),
        ("angles", _looked_up(_angle, waves=(float, float))),
        ("divided by T", lambda T, D: _looked_up(lambda t, j, D: _angle(t, j, D) / T)(T, D)),
        ("divided by T", lambda T, D: _looked_up(lambda t, j, D: _angle(t, j, D) / (T - 1))(T, D)),
    ],
)
def test_a_mistake_in_an_entry_is_told_as_such(id, function):
    with np.errstate(all="ignore"):
        assert sinusoids.judge(function).id == id


def _matrices(matrix, *, omega=lambda i, D: 10_000 ** (-2 * i / D), partner=lambda i, D: (2 * i, 2 * i + 1)):
    """Each pair multiplied by a matrix of its angle."""

    def answer(x, positions):
        out = np.array(x)
        for t, position in enumerate(positions):
            for i in range(x.shape[-1] // 2):
                pair = list(partner(i, x.shape[-1]))
                out[:, t, pair] = x[:, t, pair] @ np.array(matrix(position * omega(i, x.shape[-1]))).T
        return out

    return answer


def _turn(a):
    return [[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]]


@pytest.mark.parametrize(
    ("id", "function"),
    [
        ("right", _matrices(_turn)),
        ("other way", _matrices(lambda a: _turn(-a))),
        ("halves", _matrices(_turn, partner=lambda i, D: (i, i + D // 2))),
        ("halves", _matrices(lambda a: _turn(-a), partner=lambda i, D: (i, i + D // 2))),
        ("a reflection", _matrices(lambda a: [[np.cos(a), np.sin(a)], [np.sin(a), -np.cos(a)]])),
        ("a reflection", _matrices(lambda a: [[np.cos(a), -np.sin(a)], [-np.sin(a), -np.cos(a)]])),
        ("a reflection", _matrices(lambda a: [[np.cos(a), -np.sin(a)], [np.sin(a), -np.cos(a)]])),
        ("a reflection", _matrices(lambda a: [[np.cos(a), np.sin(a)], [np.sin(a), np.cos(a)]])),
        ("sine and cosine swapped", _matrices(lambda a: _turn(np.pi / 2 - a))),
        ("pair swapped", _matrices(lambda a: _turn(a)[::-1])),
        ("cosine alone", _matrices(lambda a: [[np.cos(a), 0], [0, np.cos(a)]])),
        ("cosine alone", _matrices(lambda a: [[np.cos(a), 0], [0, np.sin(a)]])),
        ("exponent not doubled", _matrices(_turn, omega=lambda i, D: 10_000 ** (-i / D))),
        ("exponent turned over", _matrices(_turn, omega=lambda i, D: 10_000 ** (2 * i / D))),
        ("one frequency", _matrices(_turn, omega=lambda i, D: 1)),
        ("e for 10000", _matrices(_turn, omega=lambda i, D: np.exp(-2 * i / D))),
        ("other spacing", _matrices(_turn, omega=lambda i, D: 10_000 ** (-2 * (i + 1) / D))),
        ("turns for radians", _matrices(_turn, omega=lambda i, D: 2 * np.pi * 10_000 ** (-2 * i / D))),
    ],
)
def test_a_mistake_in_a_pair_is_told_as_such(id, function):
    assert rotate.judge(function).id == id


def test_positions_that_are_counted_are_told():
    right = _matrices(_turn)
    assert rotate.judge(lambda x, positions: right(x, range(len(positions)))).id == "positions not used"
    assert rotate.judge(lambda x, positions: right(x, range(1, len(positions) + 1))).id == "positions not used"
    assert rotate.judge(lambda x, positions: right(x, positions + 1)).id == "from 1"


def test_sinusoids_that_are_added_are_told():
    def added(x, positions):
        return x + reference.sinusoidal(positions.astype(float), x.shape[-1])

    assert rotate.judge(added).id == "added"


def test_angles_in_float32_are_no_mistake():
    def angles(positions, D):
        return positions.astype(np.float32)[:, None] * np.float32(10_000) ** (-np.arange(0, D, 2, dtype=np.float32) / D)

    def waves(T, D):
        a = angles(np.arange(T), D)
        assert a.dtype == np.float32
        return np.stack([np.sin(a.astype(float)), np.cos(a.astype(float))], -1).reshape(T, D)

    def turned(x, positions):
        z = (x[..., 0::2] + 1j * x[..., 1::2]) * np.exp(1j * angles(positions, x.shape[-1]).astype(float))
        return np.stack([z.real, z.imag], -1).reshape(x.shape)

    assert sinusoids.judge(waves).id == "right"
    assert rotate.judge(turned).id == "right"
