"""The registry of cells. A new one joins by a row in CELLS, and every law of test_recurrence.py holds for it too."""

import importlib.util
import sys
from pathlib import Path

import pytest
import torch

from seqlib.reference import gru, rnn


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


def _gru(convention):
    def step(weights, x, state):
        (h,) = state
        W, U, b = weights["W_xh"].chunk(3), weights["W_hh"].chunk(3), weights["b_xh"].chunk(3)
        c = weights["b_hh"].chunk(3) if convention.biases == 2 else (0, 0, 0)
        r, z = (torch.sigmoid(x @ W[i].T + b[i] + h @ U[i].T + c[i]) for i in range(2))
        reset = r * (h @ U[2].T + c[2]) if convention.reset == "after" else (r * h) @ U[2].T + c[2]
        n = torch.tanh(x @ W[2].T + b[2] + reset)
        return [h + (1 - z) * (n - h) if convention.update == "keeps" else h + z * (n - h)]

    options = {} if convention == gru.PYTORCH else {"convention": convention}
    layer = torch.nn.GRU if convention == gru.PYTORCH else None
    params = gru.Params._fields[: 2 + convention.biases]
    return CellCase(gru, step, layer, gates=3, params=params, affine=False, options=options)


CellCase = _sibling("cell_case").CellCase
CELLS = {
    "RNN": CellCase(rnn, lambda a, _: [torch.tanh(a)], torch.nn.RNN),
    "RNN-relu": CellCase(rnn, lambda a, _: [torch.relu(a)], torch.nn.RNN, options={"nonlinearity": "relu"}),
    "LSTM": CellCase(_sibling("lstm_cell"), _lstm, torch.nn.LSTM, gates=4, states=("h", "c")),
    "GRU": _gru(gru.PYTORCH),
}
CONVENTIONS = {  # every value of every switch, in company that differs
    "GRU, Cho v1": gru.CHO_2014_V1,
    "GRU, Cho v3": gru.CHO_2014_V3,
    "GRU, Chung": gru.CHUNG_2014,
    "GRU, after, takes, 2": gru.Convention("after", "takes", 2),
    "GRU, before, keeps, 2": gru.Convention("before", "keeps", 2),
}
ALONE = {name: _gru(convention) for name, convention in CONVENTIONS.items()}  # torch.nn has no such layer


@pytest.fixture(params=[*CELLS, *ALONE], scope="session")
def cell(request):
    """Every cell in turn."""
    return (CELLS | ALONE)[request.param]
