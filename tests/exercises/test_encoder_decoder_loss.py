"""The loss of chapter 11: that of torch with ignored targets, and the end is a target."""

import numpy as np
import pytest
import torch

from seqlib.exercises.encoder_decoder_loss import sequence_loss


@pytest.mark.parametrize(("logits", "y", "eos"), sequence_loss.cases)
def test_the_loss_is_that_of_torch_with_what_follows_the_end_ignored(logits, y, eos):
    targets = torch.tensor(y)
    for row in targets:
        row[row.tolist().index(eos) + 1 :] = -100
    loss = torch.nn.functional.cross_entropy(torch.tensor(logits).flatten(0, 1), targets.flatten())
    assert sequence_loss.expected(logits, y, eos) == pytest.approx(loss.item(), abs=1e-12)


def test_every_row_ends_and_what_follows_is_the_end_again():
    padded = 0
    for _, y, eos in sequence_loss.cases:
        for row in y.tolist():
            n = row.index(eos)
            assert n > 0
            assert set(row[n:]) == {eos}
            padded += len(row) - n - 1
    assert padded > 0


def test_logits_that_are_all_alike_cost_the_logarithm_of_the_vocabulary():
    y = np.array([[1, 2, 0, 0], [3, 1, 1, 0]])
    assert sequence_loss.expected(np.full((2, 4, 5), 3.0), y, 0) == pytest.approx(np.log(5))
