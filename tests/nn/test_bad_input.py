"""Bad input to a layer: a TypeError or ValueError that names the argument, what it is and what is needed."""

import pytest
import torch
from torch.nn.utils.rnn import PackedSequence, pack_sequence

from seqlib.nn import RNN

each_rung = pytest.mark.parametrize("gradient", ["derived", "autograd"])


def packed(*lengths, **keywords):
    return pack_sequence([torch.ones(n, 3) for n in lengths], **keywords)


BAD_ARGUMENTS = [
    ({"input_size": 0}, ValueError, "input_size must be at least 1, got 0"),
    ({"input_size": 2.0}, TypeError, "input_size must be an integer, got float 2.0"),
    ({"hidden_size": -1}, ValueError, "hidden_size must be at least 1, got -1"),
    ({"hidden_size": "4"}, TypeError, "hidden_size must be an integer, got str '4'"),
    ({"num_layers": 0}, ValueError, "num_layers must be at least 1, got 0"),
    ({"nonlinearity": "sigmoid"}, ValueError, "nonlinearity must be one of 'tanh', 'relu', got 'sigmoid'"),
    ({"bias": 1}, TypeError, "bias must be True or False, got 1"),
    ({"batch_first": "yes"}, TypeError, "batch_first must be True or False, got 'yes'"),
    ({"bidirectional": None}, TypeError, "bidirectional must be True or False, got None"),
    ({"dropout": 1.5}, ValueError, "dropout must be at most 1, got 1.5"),
    ({"dropout": -0.5}, ValueError, "dropout must be at least 0, got -0.5"),
    ({"dropout": float("nan")}, ValueError, "dropout must be finite, got nan"),
    ({"dropout": True}, TypeError, "dropout must be a real number, got bool True"),
    ({"dtype": torch.int64}, TypeError, "dtype must be a floating-point torch.dtype, got torch.int64"),
    ({"gradient": "magic"}, ValueError, "gradient must be one of 'derived', 'autograd', got 'magic'"),
]


@pytest.mark.parametrize(("arguments", "error", "message"), BAD_ARGUMENTS, ids=str)
def test_bad_arguments_are_named(arguments, error, message):
    with pytest.raises(error) as caught:
        RNN(**({"input_size": 3, "hidden_size": 4} | arguments))
    assert str(caught.value) == message


ONES = torch.ones
DTYPE = "input must have the dtype of the weights, torch.float32, got torch."
SIZES = "input.batch_sizes must fall, be positive and add up to 5 rows, got "
SIZES_DTYPE = "input.batch_sizes must hold 64-bit integers, got dtype torch."
INDICES = "input.{} must have shape (3), got (2)"
FALLING, TWO = torch.tensor([3, 2]), torch.tensor([0, 1])
BAD_INPUT = [
    ((None,), TypeError, "input must be a tensor or a PackedSequence, got NoneType"),
    ((ONES(5, 3).numpy(),), TypeError, "input must be a tensor or a PackedSequence, got ndarray"),
    ((ONES(3),), ValueError, "input must have 2 or 3 axes (unbatched or batched), got shape (3,)"),
    ((ONES(1, 5, 2, 3),), ValueError, "input must have 2 or 3 axes (unbatched or batched), got shape (1, 5, 2, 3)"),
    ((ONES(5, 2, 4),), ValueError, "input must have input_size=3 features, got shape (5, 2, 4)"),
    ((ONES(0, 2, 3),), ValueError, "input must have at least one step, got shape (0, 2, 3)"),
    ((ONES(0, 3),), ValueError, "input must have at least one step, got shape (0, 3)"),
    ((ONES(5, 2, 3).double(),), TypeError, DTYPE + "float64"),
    ((ONES(5, 2, 3).long(),), TypeError, DTYPE + "int64"),
    ((ONES(5, 2, 3, device="meta"),), ValueError, "input must be on the device of the weights, cpu, got meta"),
    ((ONES(5, 2, 3), ONES(1, 2, 5)), ValueError, "hx must have shape (1, 2, 4), got (1, 2, 5)"),
    ((ONES(5, 2, 3), ONES(2, 2, 4)), ValueError, "hx must have shape (1, 2, 4), got (2, 2, 4)"),
    ((ONES(5, 2, 3), ONES(1, 4)), ValueError, "hx must have shape (1, 2, 4), got (1, 4)"),
    ((ONES(5, 3), ONES(1, 1, 4)), ValueError, "hx must have shape (1, 4), got (1, 1, 4)"),
    ((ONES(5, 2, 3), 0), TypeError, "hx must be a tensor, got int"),
    ((ONES(5, 2, 3), ONES(1, 2, 4).double()), TypeError, DTYPE.replace("input", "hx") + "float64"),
    ((packed(3, 2), ONES(1, 3, 4)), ValueError, "hx must have shape (1, 2, 4), got (1, 3, 4)"),
    ((PackedSequence(ONES(5, 2), torch.tensor([3, 2])),), ValueError, "input.data must have shape (N, 3), got (5, 2)"),
    ((PackedSequence(ONES(5, 3), torch.tensor([2, 3])),), ValueError, SIZES + "[2, 3]"),
    ((PackedSequence(ONES(5, 3), torch.tensor([3, 1])),), ValueError, SIZES + "[3, 1]"),
    ((PackedSequence(ONES(5, 3), ONES(2)),), TypeError, SIZES_DTYPE + "float32"),
    ((PackedSequence(ONES(5, 3), FALLING, TWO, TWO),), ValueError, INDICES.format("sorted_indices")),
    ((PackedSequence(ONES(5, 3), FALLING, None, TWO),), ValueError, INDICES.format("unsorted_indices")),
]  # fmt: skip


@each_rung
@pytest.mark.parametrize(("arguments", "error", "message"), BAD_INPUT, ids=[message for _, _, message in BAD_INPUT])
def test_bad_input_is_named(arguments, error, message, gradient):
    with pytest.raises(error) as caught:
        RNN(3, 4, gradient=gradient)(*arguments)
    assert str(caught.value) == message


def test_a_cell_of_two_states_wants_both(pair):
    layer = pair("LSTM", 3, 4)[0]
    for hx in (ONES(1, 2, 4), (ONES(1, 2, 4),), 3):
        with pytest.raises(TypeError, match="hx must be a tuple of 2 tensors"):
            layer(ONES(5, 2, 3), hx)
    with pytest.raises(ValueError, match=r"hx must have shape \(1, 2, 4\), got \(1, 2, 5\)"):
        layer(ONES(5, 2, 3), (ONES(1, 2, 4), ONES(1, 2, 5)))


def test_nan_flows_through_as_in_torch(pair, cell):
    x = ONES(5, 2, 3)
    x[2, 1, 0] = float("nan")
    ours, theirs = pair(cell, 3, 4)
    assert torch.equal(ours(x)[0].isnan(), theirs(x)[0].isnan())
    assert ours(x)[0][2:, 1].isnan().all()


@each_rung
@pytest.mark.filterwarnings("ignore:Complex modules are a new feature")
@pytest.mark.parametrize("dtype", [torch.complex64, torch.complex128])
def test_complex_weights_are_refused_where_they_are_used(pair, cell, dtype, gradient):
    """`.to` can make them after the constructor has looked; the walk back has no conjugates."""
    layer = pair(cell, 3, 4, gradient=gradient)[0].to(dtype)
    with pytest.raises(TypeError, match=f"the weights must be real, got dtype {dtype}"):
        layer(torch.ones(2, 1, 3, dtype=dtype))
