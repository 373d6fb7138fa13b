"""The practice of chapter 9: what is right agrees with torch, with drawing, and with the task of the chapter."""

import itertools
import math

import numpy as np
import pytest
import torch

from seqlib.exercises import mappings as practice
from seqlib.tasks import Captions, Phrases
from seqlib.tasks.phrases import GOES_WITH


@pytest.mark.parametrize(("losses", "lengths"), practice.token_mean.cases)
def test_the_mean_is_that_of_torch_with_ignored_targets(losses, lengths):
    """Two classes whose cross-entropy of class 0 is the given loss; padding has the target -100."""
    logits = np.stack([np.zeros_like(losses), np.log(np.expm1(losses))], -1)
    targets = np.where(np.arange(losses.shape[1]) < lengths[:, None], 0, -100)
    mean = torch.nn.functional.cross_entropy(torch.tensor(logits).flatten(0, 1), torch.tensor(targets).flatten())
    assert practice.token_mean.expected(losses, lengths) == pytest.approx(mean.item(), abs=1e-12)


def test_the_teaching_inputs_are_those_of_the_task():
    task = Captions()
    batch = task.sample(16, np.random.default_rng(0))
    x, lengths = batch.inputs
    read = practice.teaching_inputs.expected(batch.y, task.vocabulary.ids["<bos>"])
    for row, words, n in zip(x, read, lengths, strict=True):
        assert (row[:n, task.n_given :].argmax(1) == words[:n]).all()


@pytest.mark.parametrize(("P", "n"), practice.learnt.cases)
def test_what_is_learnt_is_where_the_mean_per_sequence_is_least(P, n):
    """Newton's method on Σ_y P(y) / n(y) · -log softmax(z)_y."""
    z = torch.zeros(len(P), dtype=torch.float64, requires_grad=True)
    weights = torch.tensor(P / n)
    for _ in range(4000):
        (gradient,) = torch.autograd.grad(-(weights * torch.log_softmax(z, 0)).sum(), z)
        z = (z - 2.0 * gradient).detach().requires_grad_()
    found = torch.softmax(z, 0).detach().numpy()
    np.testing.assert_allclose(practice.learnt.expected(P, n), found, atol=1e-8)


@pytest.mark.parametrize("stops", [case[0] for case in practice.ended_by.cases])
def test_endings_one_by_one(stops):
    for t in range(len(stops)):
        ended = 0.0
        for ends in itertools.product([False, True], repeat=t + 1):  # every string of coins, one for each step
            p = math.prod(s if end else 1 - s for s, end in zip(stops, ends, strict=False))
            ended += p * any(ends)
        assert practice.ended_by.expected(stops)[t] == pytest.approx(ended, abs=1e-12)


@pytest.mark.parametrize("delay", [0, 1, 2])
def test_the_late_word_is_that_of_the_task(delay):
    table = np.array(list(GOES_WITH.values()))
    H = []
    for read in range(4):
        joints = [table[:, list(which)].prod(1) / 4 for which in itertools.product(range(4), repeat=read)]
        H.append(-sum((p * np.log(p / p.sum())).sum() for p in joints))
    floor = practice.late_word.expected(np.full(4, 0.25), np.array(H), delay)
    assert floor == pytest.approx(Phrases((0, 3)).reader_floor(delay), abs=1e-12)
