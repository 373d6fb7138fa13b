"""The registry of recurrent layers, and what all tests of them use."""

import textwrap

import pytest
import torch
from torch.nn.functional import linear
from torch.nn.utils.rnn import PackedSequence

from seqlib.nn import RNN, recurrent

TOLERANCE = {torch.float64: {"rtol": 1e-10, "atol": 1e-10}, torch.float32: {"rtol": 1e-4, "atol": 1e-5}}


def lstm_step(x, h, c, weights):
    """What the sketch of an LSTM in the docstring of seqlib.nn.recurrent leaves out."""
    w_ih, w_hh, *biases = weights
    b_ih, b_hh = biases or (None, None)
    i, f, g, o = (linear(x, w_ih, b_ih) + linear(h, w_hh, b_hh)).chunk(4, 1)
    c = f.sigmoid() * c + i.sigmoid() * g.tanh()
    return o.sigmoid() * c.tanh(), c


def sketched_lstm():
    """The LSTM of that docstring: it must really plug in."""
    text = recurrent.__doc__.partition("    class LSTM")[2].partition("\n\nIts constructor")[0]
    names = {"torch": torch, "Recurrent": recurrent.Recurrent, "lstm_step": lstm_step}
    exec(textwrap.dedent("    class LSTM" + text), names)
    return names["LSTM"]


# name -> (ours, torch's, keyword arguments)
CELLS = {
    "RNN": (RNN, torch.nn.RNN, {}),
    "RNN-relu": (RNN, torch.nn.RNN, {"nonlinearity": "relu"}),
    "LSTM-sketch": (sketched_lstm(), torch.nn.LSTM, {}),
}


@pytest.fixture(params=CELLS)
def cell(request):
    """Every cell in turn: its name."""
    return request.param


@pytest.fixture
def cells():
    """The registry."""
    return CELLS


@pytest.fixture
def pair():
    """The function that makes ours and torch's layer with the same seed."""
    return _pair


@pytest.fixture
def tensors():
    """The function that lists all tensors of what a layer returned."""
    return _tensors


@pytest.fixture
def assert_close():
    """The function that compares two tensors, to 1e-10 in float64."""
    return _assert_close


def _pair(cell, *arguments, backward="derived", **keywords):
    """Ours and torch's layer, made with the same seed."""
    ours, theirs, more = CELLS[cell]
    layers = []
    for kind, extra in ((ours, {"backward": backward}), (theirs, {})):
        torch.manual_seed(0)
        layers.append(kind(*arguments, **keywords, **more, **extra))
    return layers


def _tensors(result):
    """All tensors of what a layer returned, in order: the output's data, then the final states."""
    if isinstance(result, torch.Tensor):
        return [result]
    if isinstance(result, PackedSequence):
        return [result.data]
    return [tensor for part in result for tensor in _tensors(part)]


def _assert_close(got, wanted, what, dtype=torch.float64):
    if got is None or wanted is None:
        assert got is wanted, f"{what}: {got} and {wanted}"
        return
    torch.testing.assert_close(got, wanted, **TOLERANCE[dtype], msg=lambda text: f"{what}: {text}")
