"""The registry of cells. A new one joins by a row in CELLS, and every law of test_recurrence.py holds for it too."""

import importlib.util
import sys
from pathlib import Path

import pytest
import torch

from seqlib.reference import lstm, rnn


def _sibling(name):
    """A module beside this file."""
    spec = importlib.util.spec_from_file_location(f"reference_{name}", Path(__file__).with_name(f"{name}.py"))
    sys.modules[spec.name] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _lstm(a, state, weights):
    c = state[1]
    i, f, g, o = a.chunk(4, 1)
    w_i, w_f, w_o = weights.get("w_c", torch.zeros(3, 1))
    c_new = torch.sigmoid(f + w_f * c) * c + torch.sigmoid(i + w_i * c) * torch.tanh(g)
    return [torch.sigmoid(o + w_o * c_new) * torch.tanh(c_new), c_new]


def _coupled(a, state, weights):
    f, g, o = a.chunk(3, 1)
    w_f, w_o = weights.get("w_c", torch.zeros(2, 1))
    f = torch.sigmoid(f + w_f * state[1])
    c = f * state[1] + (1 - f) * torch.tanh(g)
    return [torch.sigmoid(o + w_o * c) * torch.tanh(c), c]


CellCase = _sibling("cell_case").CellCase
_LSTM = {"gates": 4, "states": ("h", "c")}
_COUPLED = {"gates": 3, "states": ("h", "c"), "options": {"coupled": True}}
CELLS = {
    "RNN": CellCase(rnn, lambda a, *_: [torch.tanh(a)], torch.nn.RNN),
    "RNN-relu": CellCase(rnn, lambda a, *_: [torch.relu(a)], torch.nn.RNN, options={"nonlinearity": "relu"}),
    "LSTM": CellCase(lstm, _lstm, torch.nn.LSTM, **_LSTM),
    "LSTM-peephole": CellCase(lstm, _lstm, None, **_LSTM, more={"w_c": 3}),
    "LSTM-coupled": CellCase(lstm, _coupled, None, **_COUPLED),
    "LSTM-peephole-coupled": CellCase(lstm, _coupled, None, **_COUPLED, more={"w_c": 2}),
}


@pytest.fixture(params=CELLS, scope="session")
def cell(request):
    """Every cell in turn."""
    return CELLS[request.param]
