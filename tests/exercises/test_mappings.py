"""The practice of chapter 9: what is right agrees with torch, with the captions, and with strings of coins."""

import itertools
import math

import numpy as np
import pytest
import torch

from seqlib.exercises import mappings as practice
from seqlib.tasks import Captions


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


@pytest.mark.parametrize("stops", [case[0] for case in practice.ended_by.cases])
def test_endings_one_by_one(stops):
    for t in range(len(stops)):
        ended = 0.0
        for ends in itertools.product([False, True], repeat=t + 1):  # every string of coins, one for each step
            p = math.prod(s if end else 1 - s for s, end in zip(stops, ends, strict=False))
            ended += p * any(ends)
        assert practice.ended_by.expected(stops)[t] == pytest.approx(ended, abs=1e-12)
