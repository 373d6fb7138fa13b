"""The practice of chapter 9, part two: what is right agrees with a search for the least loss, and with the task."""

import itertools

import numpy as np
import pytest
import torch

from seqlib.exercises import mappings_limits as practice
from seqlib.tasks import Phrases
from seqlib.tasks.phrases import GOES_WITH


@pytest.mark.parametrize(("P", "n"), practice.learnt.cases)
def test_what_is_learnt_is_where_the_mean_per_sequence_is_least(P, n):
    """Gradient descent on Σ_y P(y) / n(y) · -log softmax(z)_y."""
    z = torch.zeros(len(P), dtype=torch.float64, requires_grad=True)
    weights = torch.tensor(P / n)
    for _ in range(4000):
        (gradient,) = torch.autograd.grad(-(weights * torch.log_softmax(z, 0)).sum(), z)
        z = (z - 2.0 * gradient).detach().requires_grad_()
    found = torch.softmax(z, 0).detach().numpy()
    np.testing.assert_allclose(practice.learnt.expected(P, n), found, atol=1e-8)


@pytest.mark.parametrize("delay", [0, 1, 2])
def test_the_late_word_is_that_of_the_task(delay):
    table = np.array(list(GOES_WITH.values()))
    H = []
    for read in range(4):
        joints = [table[:, list(which)].prod(1) / 4 for which in itertools.product(range(4), repeat=read)]
        H.append(-sum((p * np.log(p / p.sum())).sum() for p in joints))
    floor = practice.late_word.expected(np.full(4, 0.25), np.array(H), delay)
    assert floor == pytest.approx(Phrases((0, 3)).reader_floor(delay), abs=1e-12)
