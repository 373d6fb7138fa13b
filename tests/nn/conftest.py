"""The registry of recurrent layers, and what all tests of them use. A new cell joins by a row in CELLS."""

import importlib.util
import sys
from pathlib import Path

import pytest
import torch
from torch.nn.utils.rnn import PackedSequence

from seqlib.nn import GRU, LSTM, RNN
from seqlib.nn.steps import CACHED


def _sibling(name):
    """A module beside this file, under a name by which tests import it and pickled layers find their class."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    sys.modules[name] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


layer_case = _sibling("layer_case")
_sibling("translators")
_sibling("blocks")
_sibling("mixer_case")

TOLERANCE = {torch.float64: {"rtol": 1e-10, "atol": 1e-10}, torch.float32: {"rtol": 1e-4, "atol": 1e-5}}

# name -> (ours, torch's, keyword arguments)
CELLS = {
    "RNN": (RNN, torch.nn.RNN, {}),
    "RNN-relu": (RNN, torch.nn.RNN, {"nonlinearity": "relu"}),
    "LSTM": (LSTM, torch.nn.LSTM, {}),
    "LSTM-projected": (LSTM, torch.nn.LSTM, {"proj_size": 2}),
    "GRU": (GRU, torch.nn.GRU, {}),
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
def initial():
    """The function that makes initial states of a layer."""
    return _initial


@pytest.fixture
def assert_close():
    """The function that compares two tensors, to 1e-10 in float64."""
    return _assert_close


@pytest.fixture
def hold_to_torch(pair, tensors, assert_close, monkeypatch):
    """The law: ours and torch's layer are equal in everything that one configuration makes them show, however few
    steps are walked over at a time.
    """

    def hold(seed, cell):
        monkeypatch.setattr("seqlib.nn.steps.CACHED", (1, 11, 40, CACHED)[seed % 4])
        case = layer_case.LayerCase(seed)
        case.arguments["hidden_size"] += CELLS[cell][2].get("proj_size", 0)  # which must be smaller
        ours, theirs = pair(cell, **case.arguments, gradient=case.gradient)
        got, wanted = case.run(ours, tensors), case.run(theirs, tensors)
        assert got.keys() == wanted.keys()
        for name in wanted:
            a, b = got[name], wanted[name]
            assert_close(a, b, name, case.dtype)
            if a is not None:
                assert a.dtype == b.dtype, name
                assert a.shape == b.shape, name

    return hold


def _pair(cell, *arguments, gradient="derived", **keywords):
    """Ours and torch's layer, made with the same seed."""
    ours, theirs, more = CELLS[cell]
    layers = []
    for kind, extra in ((ours, {"gradient": gradient}), (theirs, {})):
        torch.manual_seed(0)
        layers.append(kind(*arguments, **keywords, **more, **extra))
    return layers


def _initial(layer, B, dtype=torch.float32, normal=torch.randn):
    """An initial state for a layer, as it wants it: a tensor, or a tuple of them."""
    rows = layer.num_layers * layer.directions
    states = tuple(normal(rows, B, width, dtype=dtype).requires_grad_() for width in layer.widths)
    return states if len(states) > 1 else states[0]


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
