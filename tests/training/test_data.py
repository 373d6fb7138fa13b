"""What can be trained on, and the contract of a batch."""

import numpy as np
import pytest
import torch
from torch import nn

from seqlib.batching import Batch
from seqlib.nn import RNN, SequenceModel
from seqlib.reference import losses
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


IDS, REAL = np.array([[0, 1, 2], [3, 4, 0]]), np.array([[True, True, False], [True, False, False]])


def of_ids():
    return SequenceModel(RNN(3, 4, batch_first=True), 5, vocab_size=5)


@pytest.mark.parametrize("dtype", ["i1", "u1", "<i2", ">i2", "u2", "i4", ">i4", "u4", ">i8", "u8"])
@pytest.mark.parametrize("tensors", [False, True])
def test_integers_of_every_size_and_byte_order_are_ids(dtype, tensors, same):
    ids, mask = IDS.astype(dtype), REAL
    if tensors:
        ids, mask = torch.from_numpy(ids.astype(ids.dtype.newbyteorder("="))), torch.from_numpy(mask)
    wanted = fit(of_ids, [Batch((IDS,), IDS, REAL)], loss="cross_entropy", steps=2)
    assert same(fit(of_ids, [Batch((ids,), ids, mask)], loss="cross_entropy", steps=2), wanted)


@pytest.mark.parametrize("dtype", [">f4", "f2", np.longdouble])
def test_floating_point_numbers_of_every_form_are_taken(dtype, network):
    given = np.ones((1, 2, 1), dtype=dtype)
    assert to_tensors(Batch((given,), given, None), network()).y.tolist() == [[[1.0], [1.0]]]


@pytest.mark.parametrize("dtype", ["bool", "f4", "f8", "c8"])
def test_other_numbers_are_no_ids(dtype):
    with pytest.raises(TypeError, match=r"^batch\.y must hold integer ids, got dtype"):
        fit(of_ids, [Batch((IDS,), IDS.astype(dtype), REAL)], loss="cross_entropy", steps=1)


@pytest.mark.parametrize("wrong", [5, -1, -100])
def test_an_id_out_of_range_is_reported_with_its_place_in_the_words_of_the_reference(wrong, same):
    target = np.where(np.arange(3) == 1, wrong, IDS)
    said = []
    for call in (
        lambda: losses.cross_entropy(np.zeros((2, 3, 5)), target, REAL),
        lambda: fit(of_ids, [Batch((IDS,), target, REAL)], loss="cross_entropy", steps=1),
    ):
        with pytest.raises(
            ValueError, match=rf"must hold ids from 0 to 4, but (target|batch\.y)\[0, 1\] is {wrong}$"
        ) as caught:
            call()
        said.append(str(caught.value).replace("batch.y", "target"))
    assert said[0] == said[1]
    masked = np.where(REAL, IDS, wrong)
    wanted = fit(of_ids, [Batch((IDS,), IDS, REAL)], loss="cross_entropy", steps=1)
    assert same(fit(of_ids, [Batch((IDS,), masked, REAL)], loss="cross_entropy", steps=1), wanted)


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
            "batch.mask must be boolean (True = a real position), got dtype int64",
        ),
        (Batch((X,), X, KEPT[0]), ValueError, "batch.mask must have shape (2, 3), got (3)"),
        (Batch((X,), X, KEPT[:, 0]), ValueError, "batch.mask must have shape (2, 3), got (2)"),
        (Batch((X,), X, "ab"), TypeError, "batch.mask must hold numbers, got dtype <U2"),
        (
            Batch((X,), X, torch.ones(2, 3).bfloat16()),
            TypeError,
            "batch.mask must be boolean (True = a real position), got dtype float32",
        ),
        (Batch((X.astype(object),), X, KEPT), TypeError, "batch must hold numbers, got dtype object"),
        (Batch((X,), 1j * X, KEPT), TypeError, "batch.y must hold real numbers, got dtype complex128"),
        (
            Batch((X,), X, ~KEPT),
            ValueError,
            "batch.mask must keep at least one entry, but no entry counts: a mean over nothing is undefined",
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
