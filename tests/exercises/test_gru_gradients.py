"""The way back of chapter 6's practice: answers found another way are right."""

import numpy as np
import pytest

from seqlib.exercises import gru_gradients as practice
from seqlib.gradcheck import complex_step


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def by_complex_step(dh, h, r, z, n, q):
    """The derivatives with respect to the sums inside the gates."""
    a_r, a_z, inside = np.log(r / (1 - r)), np.log(z / (1 - z)), np.arctanh(n) - r * q

    def new(a_r, a_z):
        z = sigmoid(a_z)
        return (dh * (z * h + (1 - z) * np.tanh(inside + sigmoid(a_r) * q))).sum()

    return complex_step(lambda a: new(a, a_z), a_r), complex_step(lambda a: new(a_r, a), a_z)


def step_by_step(da, r):
    """Number by number."""
    T, H = r.shape
    db_xh, db_hh = np.zeros(3 * H), np.zeros(3 * H)
    for t in range(T):
        for i in range(3 * H):
            db_xh[i] += da[t, i]
            db_hh[i] += da[t, i] * (r[t, i - 2 * H] if i >= 2 * H else 1)
    return db_xh, db_hh


@pytest.mark.parametrize(
    ("exercise", "answer"),
    [(practice.gate_gradients, by_complex_step), (practice.bias_gradients, step_by_step)],
    ids=lambda value: getattr(value, "name", ""),
)
def test_answers_found_another_way_are_right(exercise, answer):
    result = exercise.judge(answer)
    assert result.status == "right", result.message
