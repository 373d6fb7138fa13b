"""The practice of chapter 7: right answers found another way pass, and dx is the gradient."""

import numpy as np
import pytest
import torch

from seqlib.exercises import bidirectional as practice
from seqlib.reference import gru
from seqlib.reference.gru_conversion import from_torch


def gathered(x, lengths):
    """By places: n - 1 - t in the sequence, t in the padding."""
    places = [[n - 1 - t if t < n else t for t in range(x.shape[1])] for n in lengths]
    return torch.tensor(x).gather(1, torch.tensor(places)[..., None].expand(x.shape))


def from_the_ends(out, lengths):
    """Entry by entry."""
    B, _, width = out.shape
    return [[out[b, lengths[b] - 1 if k < width // 2 else 0, k] for k in range(width)] for b in range(B)]


@pytest.mark.parametrize(
    ("exercise", "answer"),
    [
        (practice.sentence_vector, from_the_ends),
        (practice.dx_both, lambda f, b, n: f + gathered(b, n).numpy()),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_answers_found_another_way_are_right(exercise, answer):
    result = exercise.judge(answer)
    assert result.status == "right", result.message


def test_dx_of_both_is_the_gradient():
    rng = np.random.default_rng(0)
    layer = torch.nn.GRU(2, 3, batch_first=True, bidirectional=True, dtype=torch.float64)
    x = torch.tensor(rng.normal(size=(1, 5, 2)), requires_grad=True)
    dout = rng.normal(size=(1, 5, 6))
    layer(x)[0].backward(torch.tensor(dout))
    parts = []
    for suffix, given, read in (
        ("l0", dout[..., :3], x.detach().numpy()),
        ("l0_reverse", dout[:, ::-1, 3:], x.detach().numpy()[:, ::-1]),
    ):
        _, cache = gru.forward(from_torch(layer.state_dict(), suffix), read)
        parts.append(gru.backward(given, cache).x)
    np.testing.assert_allclose(practice.dx_both.expected(*parts, [5]), x.grad, atol=1e-12)
