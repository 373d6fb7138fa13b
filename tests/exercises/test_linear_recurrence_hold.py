"""A step of continuous time in chapter 16: solved with many digits, and in small steps; each mistake anew."""

from decimal import Decimal, getcontext

import numpy as np
import pytest

from seqlib.exercises.linear_recurrence_hold import zero_order_hold
from seqlib.reference import state_space


def _exact(delta, A):
    """exp(ΔA) and (exp(ΔA) - 1) / A, in decimals."""
    getcontext().prec = 60
    factors, held = [], []
    for d, a in zip(map(Decimal, delta.tolist()), map(Decimal, A.tolist()), strict=True):
        factors.append(float((d * a).exp()))
        held.append(float(((d * a).exp() - 1) / a if a else d))
    return np.array(factors), np.array(held)


@pytest.mark.parametrize("case", zero_order_hold.cases)
def test_it_is_the_solution_of_the_equation(case):
    delta, A, B = case
    factor, held = _exact(delta, A)
    mine = zero_order_hold.expected(*case)
    np.testing.assert_allclose(mine[0], factor, rtol=1e-13)
    np.testing.assert_allclose(mine[1], held * B, rtol=1e-13)
    for one, other in zip(mine, state_space.discretise(delta, A, B, "zero-order hold"), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12)


@pytest.mark.parametrize("case", zero_order_hold.cases)
def test_many_small_steps_of_eulers_come_to_the_same(case):
    delta, A, B = case
    h, n = np.full(A.shape, 0.7), 200_000
    for _ in range(n):
        h = h + delta / n * (A * h - 1.3 * B)
    factor, added = zero_order_hold.expected(*case)
    np.testing.assert_allclose(factor * 0.7 - 1.3 * added, h, rtol=1e-4)


def test_cases_decay_grow_stay_and_nearly_stay():
    rates = np.concatenate([A for _, A, _ in zero_order_hold.cases])
    assert (rates < -0.1).sum() >= 4
    assert (rates > 0.1).sum() == 1
    assert (rates == 0).sum() == 3
    assert ((rates != 0) & (abs(rates) < 1e-10)).sum() == 2
    for delta, _, B in zero_order_hold.cases:
        assert (delta > 0.2).all()
        assert (delta != 1).all()
        assert ((B != 0) & (B != 1)).all()


def _made(b, a=lambda d, A: np.exp(d) ** A):
    """A right factor, and what is said to be added, of Δ, A, B and the exact (exp(ΔA) - 1) / A."""
    return lambda delta, A, B: [a(delta, A), b(delta, A, B, _exact(delta, A)[1])]


def _unless_zero(otherwise):
    """Divided where A is not 0, with or without the digits that are lost."""

    def answer(delta, A, B):
        b = otherwise * delta * B
        for i in np.flatnonzero(A):
            b[i] = (np.exp(delta[i] * A[i]) - 1) / A[i] * B[i]
        return np.exp(delta * A), b

    return answer


@pytest.mark.parametrize(
    ("id", "answer"),
    [
        ("right", _made(lambda d, A, B, held: held * B)),
        ("divided by zero", lambda d, A, B: (np.exp(d * A), B * (np.exp(d * A) - 1) / A)),
        ("divided by zero", lambda d, A, B: (np.exp(d * A), B / A * np.expm1(d * A))),
        ("cancelled", _unless_zero(1)),
        ("zero in its place", _unless_zero(0)),
        ("zero in its place", _made(lambda d, A, B, held: held * B * np.sign(abs(A)))),
        ("a little added", _made(lambda d, A, B, held: held * B * A / (A + 1e-8))),
        ("euler", _made(lambda d, A, B, held: d * B, lambda d, A: 1 + d * A)),
        ("mixed", _made(lambda d, A, B, held: d * B)),
        ("decayed", _made(lambda d, A, B, held: np.exp(d * A) * (d * B))),
        ("backward euler", _made(lambda d, A, B, held: B / (1 / d - A), lambda d, A: 1 / d / (1 / d - A))),
        ("bilinear", _made(lambda d, A, B, held: B / (1 / d - A / 2), lambda d, A: (1 / d + A / 2) / (1 / d - A / 2))),
        ("no division", _made(lambda d, A, B, held: np.expm1(d * A) * B)),
        ("divided by both", _made(lambda d, A, B, held: held * B / d)),
        ("length twice", _made(lambda d, A, B, held: held * B * d)),
        ("sign", _made(lambda d, A, B, held: -B * held)),
        ("sign", lambda d, A, B: (np.exp(-d * A), B * _exact(d, -A)[1])),
        ("no B", _made(lambda d, A, B, held: held)),
        ("no length", lambda d, A, B: (np.exp(A), B * _exact(d / d, A)[1])),
        ("length not in the factor", _made(lambda d, A, B, held: held * B, lambda d, A: np.exp(A))),
        ("turned", lambda *given: _made(lambda d, A, B, held: held * B)(*given)[::-1]),
        ("input alone", lambda d, A, B: _exact(d, A)[1] * B),
    ],
)
def test_another_rule_is_told_as_such(id, answer):
    assert zero_order_hold.judge(answer).id == id
