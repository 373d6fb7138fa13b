"""The small RNN, LSTM and GRU for the page are what their script makes of them, equal torch, are fair, and count."""

import itertools
import json
import runpy
from pathlib import Path

import numpy as np
import pytest
import torch

from seqlib.nn import SequenceModel
from seqlib.tasks import Counting

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = runpy.run_path(str(ROOT / "tools/live_08.py"))
STORED = json.loads((ROOT / "book/_static/live/08_counting.json").read_text(encoding="utf8"))
WEIGHTS = {cell: {name: np.array(w) for name, w in of["weights"].items()} for cell, of in STORED["networks"].items()}
TASK = Counting(**{name: value for name, value in STORED["task"].items() if name != "name"})


@pytest.fixture(params=WEIGHTS)
def cell(request):
    """RNN, LSTM, GRU."""
    return request.param


@pytest.fixture
def by_torch(cell):
    """The network with torch's own layer, in float64, and the weights of the file."""
    V, D = WEIGHTS[cell]["embedding.weight"].shape
    core = getattr(torch.nn, cell)(D, STORED["networks"][cell]["units"], batch_first=True)
    model = SequenceModel(core, TASK.n_out, vocab_size=V).double()
    model.load_state_dict({name: torch.tensor(w) for name, w in WEIGHTS[cell].items()})
    return model.requires_grad_(False)


def test_the_file_is_what_the_script_writes_of_these_weights():
    written = json.loads(json.dumps(SCRIPT["live"](WEIGHTS)))
    assert written == {name: value for name, value in STORED.items() if name != "made_by"}


def test_torch_gives_the_same_states_and_probabilities(cell, by_torch):
    ids, examples = torch.tensor(STORED["examples"]["ids"]), STORED["networks"][cell]["examples"]
    hs = by_torch.core(by_torch.embedding(ids))[0]
    np.testing.assert_allclose(hs, examples["h"], atol=6e-4)
    np.testing.assert_allclose(by_torch.readout(hs).softmax(-1), examples["p"], atol=6e-4)


def test_the_gates_in_the_file_make_its_states(cell):
    """Of the LSTM and the GRU: their last equation, from state to state, by the names in the file."""
    seen = {name: np.array(a) for name, a in STORED["networks"][cell]["examples"].items()}
    if cell == "RNN":
        assert set(seen) == {"h", "p"}
        return
    state = "c" if cell == "LSTM" else "h"
    before = np.pad(seen[state], [(0, 0), (1, 0), (0, 0)])[:, :-1]
    if cell == "LSTM":
        np.testing.assert_allclose(seen["c"], seen["f"] * before + seen["i"] * seen["g"], atol=5e-3)
        np.testing.assert_allclose(seen["h"], seen["o"] * np.tanh(seen["c"]), atol=5e-3)
    else:
        np.testing.assert_allclose(seen["h"], seen["z"] * before + (1 - seen["z"]) * seen["n"], atol=5e-3)
        assert 0 <= seen["r"].min() <= seen["r"].max() <= 1


def test_the_loss_is_the_mean_over_all_sequences_and_each_network_counts(cell, by_torch):
    ids = torch.tensor(list(itertools.product(range(TASK.symbols), repeat=TASK.T)))
    log_p = by_torch(ids)[0].log_softmax(-1)
    loss = -float(log_p.gather(2, (ids == 0).cumsum(1)[..., None]).mean())
    assert SCRIPT["expected_loss"](cell, WEIGHTS[cell]) == pytest.approx(loss, rel=1e-9)
    assert STORED["networks"][cell]["loss"] == pytest.approx(loss, abs=1e-5)
    assert TASK.floor < loss < 0.02 * TASK.chance


def test_each_has_as_many_units_as_come_nearest_to_the_parameters_of_the_lstm(cell):
    def numel(H):
        return sum(w.numel() for w in SCRIPT["network"](cell, H).parameters())

    networks = STORED["networks"]
    off = {H: abs(numel(H) - networks["LSTM"]["parameters"]) for H in range(1, 20)}
    assert min(off, key=off.get) == networks[cell]["units"]
    assert networks[cell]["parameters"] == numel(networks[cell]["units"])
    assert off[networks[cell]["units"]] < 0.02 * networks["LSTM"]["parameters"]


def test_the_counts_of_the_examples_are_right_and_each_network_says_them(cell):
    counts = (np.array(STORED["examples"]["ids"]) == 0).cumsum(1)
    assert counts.tolist() == STORED["examples"]["counts"]
    assert np.argmax(STORED["networks"][cell]["examples"]["p"], -1).tolist() == counts.tolist()
