"""The practice of chapter 6: right answers found another way pass, usual mistakes are recognised."""

import numpy as np
import pytest
import torch

from seqlib.exercises import gru as practice
from seqlib.reference import gru


def torchs_step(W_xh, W_hh, b_xh, b_hh, x, h):
    """By torch.nn.GRUCell."""
    cell = torch.nn.GRUCell(len(x), len(h), dtype=torch.float64)
    for parameter, value in zip(cell.parameters(), (W_xh, W_hh, b_xh, b_hh), strict=True):
        parameter.data = torch.tensor(value)
    return cell(torch.tensor(x)[None], torch.tensor(h)[None])[0].detach().numpy()


def by_blocks(W_xh, W_hh, b_xh, b_hh):
    """r, minus z, n, put together again, as lists."""
    parts = [np.split(array, 3) for array in (W_xh, W_hh, b_xh, b_hh)]
    return [[*r.tolist(), *(-z).tolist(), *n.tolist()] for r, z, n in parts]


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
        (practice.flip_z, by_blocks),
        (practice.keras_to_torch, row_by_row),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_answers_found_another_way_are_right(exercise, answer):
    result = exercise.judge(answer)
    assert result.status == "right", result.message


def test_flipped_weights_make_the_same_network_with_the_other_sign():
    for W_xh, W_hh, b_xh, b_hh in practice.flip_z.cases:
        (x,), (h,) = np.ones((1, 1, W_xh.shape[1])), np.full((1, 1, W_hh.shape[1]), 0.7)
        flipped = gru.Params(*practice.flip_z.expected(W_xh, W_hh, b_xh, b_hh))
        takes = gru.step(flipped, x, h, convention=gru.Convention(update="takes"))
        np.testing.assert_allclose(takes, gru.step(gru.Params(W_xh, W_hh, b_xh, b_hh), x, h), atol=1e-14)
