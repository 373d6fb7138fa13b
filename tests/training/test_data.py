"""What can be trained on, and the contract of a batch."""

import numpy as np
import pytest
import torch
from torch import nn

from seqlib.batching import Batch
from seqlib.training import fit
from seqlib.training.data import batch_source, to_tensors


def test_a_task_is_drawn_anew_at_every_step(task):
    draw = batch_source(task, 4, 7)
    for step in (0, 1, 5):
        wanted = task.sample(4, np.random.default_rng([7, step]))
        assert (draw(step).y == wanted.y).all()
    assert (draw(0).y != draw(1).y).any()


def test_lists_and_functions_of_batches(task, network, same):
    batches = [task.sample(4, np.random.default_rng(i)) for i in range(3)]
    a = fit(network, batches, loss="squared_error", steps=7)
    b = fit(network, lambda step: batches[step % 3], loss="squared_error", steps=7)
    assert same(a, b)
    assert not same(a, fit(network, batches[::-1], loss="squared_error", steps=7))


def test_numbers_take_the_precision_of_the_weights_and_ids_stay_whole():
    ids, vectors = np.array([[1, 2]]), np.ones((1, 2, 3))
    batch = to_tensors(Batch((ids, vectors, np.array([2])), vectors, None), nn.Linear(1, 1))
    assert [value.dtype for value in batch.inputs] == [torch.int64, torch.float32, torch.int64]
    assert batch.y.dtype == torch.float32
    assert batch.mask.tolist() == [[True, True]], "without a mask every position counts"


def test_a_model_without_weights_is_no_obstacle():
    assert to_tensors(Batch((np.ones((1, 2, 1)),), np.ones((1, 2, 1)), None), nn.Identity()).mask.all()


X = np.ones((2, 3, 1))
KEPT = np.ones((2, 3), dtype=bool)


@pytest.mark.parametrize(
    ("batch", "error", "message"),
    [
        ((X, X, KEPT), TypeError, "data must give a Batch, got tuple"),
        (Batch(X, X, KEPT), TypeError, "data must give a Batch whose inputs are a tuple, (x,), got ndarray"),
        (
            Batch((X,), X, KEPT.astype(int)),
            TypeError,
            "data must give a boolean mask (True = counts), got dtype torch.int64",
        ),
        (Batch((X,), X, KEPT[0]), ValueError, "the mask that data gave must have shape (2, 3), got (3)"),
        (Batch((X,), X, KEPT[:, 0]), ValueError, "the mask that data gave must have shape (2, 3), got (2)"),
        (
            Batch((X,), X, ~KEPT),
            ValueError,
            "data gave a batch whose mask keeps no position: its mean loss is undefined",
        ),
    ],
)
def test_batches_that_break_the_contract_are_named(batch, error, message, network):
    with pytest.raises(error) as caught:
        fit(network, lambda step: batch, steps=1, loss="squared_error")
    assert str(caught.value) == message


@pytest.mark.parametrize("data", [3, [], [1, 2], [(X, X, KEPT)], None])
def test_other_data_is_named(data, network):
    with pytest.raises(TypeError, match="data must be a task, a list of batches or a function of the step"):
        fit(network, data, steps=1, loss="squared_error")
