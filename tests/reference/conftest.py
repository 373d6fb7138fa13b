"""The registry of cells. A new one joins by a row in CELLS, and every law of test_recurrence.py holds for it too."""

import importlib.util
import sys
from pathlib import Path

import pytest
import torch

from seqlib.reference import rnn


def _sibling(name):
    """A module beside this file."""
    spec = importlib.util.spec_from_file_location(f"reference_{name}", Path(__file__).with_name(f"{name}.py"))
    sys.modules[spec.name] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _lstm(a, state):
    i, f, g, o = a.chunk(4, 1)
    c = torch.sigmoid(f) * state[1] + torch.sigmoid(i) * torch.tanh(g)
    return [torch.sigmoid(o) * torch.tanh(c), c]


CellCase = _sibling("cell_case").CellCase
CELLS = {
    "RNN": CellCase(rnn, lambda a, _: [torch.tanh(a)], torch.nn.RNN),
    "RNN-relu": CellCase(rnn, lambda a, _: [torch.relu(a)], torch.nn.RNN, options={"nonlinearity": "relu"}),
    "LSTM": CellCase(_sibling("lstm_cell"), _lstm, torch.nn.LSTM, gates=4, states=("h", "c")),
}


@pytest.fixture(params=CELLS, scope="session")
def cell(request):
    """Every cell in turn."""
    return CELLS[request.param]
