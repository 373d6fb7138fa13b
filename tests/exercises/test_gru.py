"""The practice of chapter 6: right answers found another way pass, usual mistakes are recognised."""

import numpy as np
import pytest
import torch

from seqlib.exercises import gru as practice
from seqlib.gradcheck import complex_step


def torchs_step(W_xh, W_hh, b_xh, b_hh, x, h):
    """By torch.nn.GRUCell."""
    cell = torch.nn.GRUCell(len(x), len(h), dtype=torch.float64)
    for parameter, value in zip(cell.parameters(), (W_xh, W_hh, b_xh, b_hh), strict=True):
        parameter.data = torch.tensor(value)
    return cell(torch.tensor(x)[None], torch.tensor(h)[None])[0].detach().numpy()


def slopes(z):
    """The weights as derivatives of the last state with respect to what went in."""

    def last(values):
        h = values[0]
        for z_t, n in zip(z, values[1:], strict=True):
            h = z_t * h + (1 - z_t) * n
        return h

    return complex_step(last, np.ones(len(z) + 1))


def row_by_row(kernel):
    """Keras's column of gate k and unit i is PyTorch's row."""
    D, H = len(kernel), kernel.shape[1] // 3
    weight = np.empty((3 * H, D))
    for theirs, ours in {0: 1, 1: 0, 2: 2}.items():
        for i in range(H):
            weight[ours * H + i] = kernel[:, theirs * H + i]
    return weight


@pytest.mark.parametrize(
    ("exercise", "answer"),
    [
        (practice.gru_step, torchs_step),
        (practice.shares, slopes),
        (practice.keras_to_torch, row_by_row),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_answers_found_another_way_are_right(exercise, answer):
    result = exercise.judge(answer)
    assert result.status == "right", result.message


def test_shares_add_up_to_one():
    for case in practice.shares.cases:
        assert practice.shares.expected(*case).sum() == pytest.approx(1)
