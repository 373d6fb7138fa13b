"""The registry of cells. A new one joins by a row in CELLS, and every law of test_recurrence.py holds for it too."""

import importlib.util
import sys
from pathlib import Path

import pytest
import torch

from seqlib.reference import gru, lstm, rnn


def _sibling(name):
    """A module beside this file."""
    spec = importlib.util.spec_from_file_location(f"reference_{name}", Path(__file__).with_name(f"{name}.py"))
    sys.modules[spec.name] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _sum(weights, x, state):
    return x @ weights["W_xh"].T + state[0] @ weights["W_hh"].T + weights["b_h"]


def _lstm(weights, x, state):
    c = state[1]
    i, f, g, o = _sum(weights, x, state).chunk(4, 1)
    w_i, w_f, w_o = weights.get("w_c", torch.zeros(3, 1))
    c_new = torch.sigmoid(f + w_f * c) * c + torch.sigmoid(i + w_i * c) * torch.tanh(g)
    return [torch.sigmoid(o + w_o * c_new) * torch.tanh(c_new), c_new]


def _coupled(weights, x, state):
    f, g, o = _sum(weights, x, state).chunk(3, 1)
    w_f, w_o = weights.get("w_c", torch.zeros(2, 1))
    f = torch.sigmoid(f + w_f * state[1])
    c = f * state[1] + (1 - f) * torch.tanh(g)
    return [torch.sigmoid(o + w_o * c) * torch.tanh(c), c]


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
    biases = ("b_xh", "b_hh")[: convention.biases]
    return CellCase(gru, step, layer, gates=3, biases=biases, options=options)


CellCase = _sibling("cell_case").CellCase
StackCase = _sibling("stack_case").StackCase
SCORES = _sibling("attention_case").SCORES
ModelCase = _sibling("encoder_decoder_case").ModelCase
DecoderCase = _sibling("attending_decoder_case").DecoderCase
_transformers = _sibling("transformer_case")
_LSTM = {"gates": 4, "states": ("h", "c")}
_COUPLED = {"gates": 3, "states": ("h", "c"), "options": {"coupled": True}}
CELLS = {
    "RNN": CellCase(rnn, lambda w, x, s: [torch.tanh(_sum(w, x, s))], torch.nn.RNN),
    "RNN-relu": CellCase(
        rnn, lambda w, x, s: [torch.relu(_sum(w, x, s))], torch.nn.RNN, options={"nonlinearity": "relu"}
    ),
    "LSTM": CellCase(lstm, _lstm, torch.nn.LSTM, **_LSTM),
    "GRU": _gru(gru.PYTORCH),
}
ALONE = {  # torch.nn has no such layer
    "LSTM, peephole": CellCase(lstm, _lstm, None, **_LSTM, more={"w_c": 3}),
    "LSTM, coupled": CellCase(lstm, _coupled, None, **_COUPLED),
    "LSTM, peephole, coupled": CellCase(lstm, _coupled, None, **_COUPLED, more={"w_c": 2}),
    # every value of every switch, in company that differs
    "GRU, Cho v1": _gru(gru.CHO_2014_V1),
    "GRU, Cho v3": _gru(gru.CHO_2014_V3),
    "GRU, Chung": _gru(gru.CHUNG_2014),
    "GRU, after, takes, 2": _gru(gru.Convention("after", "takes", 2)),
    "GRU, before, keeps, 2": _gru(gru.Convention("before", "keeps", 2)),
}


def _models():
    """Encoder–decoders in which every cell, every score and every bridge is there, one, two and three layers deep."""
    rnn_, lstm_, gru_ = CELLS["RNN"], CELLS["LSTM"], CELLS["GRU"]
    before, fed = {"attend": "before"}, {"input_feeding": True}
    return {
        "LSTM": ModelCase(lstm_),
        "LSTM, deep": ModelCase(lstm_, layers=3),
        "LSTM, both ways, mapped": ModelCase(lstm_, both=True, mapped=True),
        "GRU, deep, both ways": ModelCase(gru_, layers=2, both=True),
        "RNN, mapped": ModelCase(rnn_, mapped=True),
        "RNN, dot": ModelCase(rnn_, SCORES["dot"]),
        "GRU, both ways, scaled dot": ModelCase(gru_, SCORES["scaled dot"], both=True),
        "LSTM, additive": ModelCase(lstm_, SCORES["additive"], mapped=True),
        "LSTM, deep, both ways, general, mapped": ModelCase(lstm_, SCORES["general"], layers=2, both=True, mapped=True),
        "GRU, deep, concat": ModelCase(gru_, SCORES["concat"], layers=2),
        "GRU, both ways, location, mapped": ModelCase(gru_, SCORES["location"], both=True, mapped=True),
        "GRU of Cho et al., additive": ModelCase(ALONE["GRU, Cho v3"], SCORES["additive"]),
        "LSTM, peephole, coupled, general": ModelCase(ALONE["LSTM, peephole, coupled"], SCORES["general"]),
        "RNN, additive, before": ModelCase(rnn_, SCORES["additive"], **before),
        "LSTM, deep, both ways, general, mapped, before": ModelCase(
            lstm_, SCORES["general"], layers=2, both=True, mapped=True, **before
        ),
        "GRU, deep, location, before": ModelCase(gru_, SCORES["location"], layers=3, **before),
        "GRU of Cho et al., general, before": ModelCase(ALONE["GRU, Cho v3"], SCORES["general"], **before),
        "RNN, dot, fed": ModelCase(rnn_, SCORES["dot"], **fed),
        "LSTM, both ways, concat, fed": ModelCase(lstm_, SCORES["concat"], both=True, **fed),
        "GRU, deep, both ways, scaled dot, mapped, fed": ModelCase(
            gru_, SCORES["scaled dot"], layers=2, both=True, mapped=True, **fed
        ),
    }


def _each(table):
    """A fixture that is every case of a table in turn."""

    @pytest.fixture(params=table, scope="session")
    def case(request):
        return table[request.param]

    return case


def _all(value):
    """A fixture that is the value."""
    return pytest.fixture(scope="session")(lambda: value)


MODELS = _models()


def _decoders():
    """Decoders that are told what they attended to, in both ways: every cell and every score, up to three layers."""
    rnn_, lstm_, gru_ = CELLS["RNN"], CELLS["LSTM"], CELLS["GRU"]
    kinds = {
        "RNN, additive": (rnn_, SCORES["additive"]),
        "LSTM, dot": (lstm_, SCORES["dot"]),
        "GRU, general": (gru_, SCORES["general"]),
        "RNN, deep, location": (rnn_, SCORES["location"], 2),
        "LSTM, deep, scaled dot": (lstm_, SCORES["scaled dot"], 3),
        "GRU, deep, residual, concat": (gru_, SCORES["concat"], 3, {"residual": True}),
        "LSTM, peephole, coupled, additive": (ALONE["LSTM, peephole, coupled"], SCORES["additive"]),
    }
    return {
        f"{name}, {attend}": DecoderCase(cell, score, attend, *more)
        for attend in ("before", "after")
        for name, (cell, score, *more) in kinds.items()
    }


DECODERS = _decoders()


cell, layered = _each(CELLS | ALONE), _each(CELLS)  # torch has those of CELLS, too
score, model, decoder = _each(SCORES), _each(MODELS), _each(DECODERS)
stack, scores, models, decoders = _all(StackCase), _all(SCORES), _all(MODELS), _all(DECODERS)
block_stack, block_stacks = _each(_transformers.TRANSFORMERS), _all(_transformers.TRANSFORMERS)


@pytest.fixture(scope="session")
def lengths():
    """Masks of sequences of different lengths: of x (B, T) and of the source (B, S)."""
    return _transformers.MASKS
