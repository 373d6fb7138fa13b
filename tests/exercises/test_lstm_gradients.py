"""The practice of chapter 5 that goes through the memory cell: right answers pass, found by other ways."""

import numpy as np
import pytest

from seqlib.exercises import lstm_gradients as practice
from seqlib.gradcheck import complex_step


def independent_gradients(dh, dc, f, o, c):
    """By moving one cell, and letting those after it follow: the loss is Σ dh_t h_t + dc c_T."""
    T = len(dh)

    def loss(moved, t):
        total, cell = 0, moved
        for s in range(t, T):
            cell = moved if s == t else c[s] + f[s] * (cell - c[s - 1])
            total = total + (dh[s] * o[s] * np.tanh(cell)).sum()
        return total + (dc * cell).sum()

    return [complex_step(lambda moved, t=t: loss(moved, t), c[t]) for t in range(T)]


def independent_shares(f, i):
    """By the derivative of c_T with respect to c_0 and to each candidate."""

    def last(parts):
        cell = parts[0]
        for t in range(len(f)):
            cell = f[t] * cell + i[t] * parts[t + 1]
        return cell

    return complex_step(last, np.linspace(0.3, 0.7, len(f) + 1))


@pytest.mark.parametrize(
    ("exercise", "answer"),
    [(practice.cell_gradients, independent_gradients), (practice.shares, independent_shares)],
)
def test_answers_found_another_way_are_right(exercise, answer):
    result = exercise.judge(answer)
    assert result.status == "right", result.message
