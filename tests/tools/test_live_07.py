"""The small bidirectional GRU for the page is what its script makes of it, equals torch, and fills the blank."""

import json
import runpy
from pathlib import Path

import numpy as np
import pytest
import torch

from seqlib.tasks import Pizza

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = runpy.run_path(str(ROOT / "tools/live_07.py"))
STORED = json.loads((ROOT / "book/_static/live/07_pizza.json").read_text(encoding="utf8"))
WEIGHTS = {name: np.array(w) for name, w in STORED["weights"].items()}


def test_the_file_is_what_the_script_writes_of_these_weights():
    written = json.loads(json.dumps(SCRIPT["live"](WEIGHTS)))
    assert written == {name: value for name, value in STORED.items() if name != "made_by"}


def test_torch_gives_the_same_states_and_probabilities():
    examples = STORED["examples"]
    H, D = WEIGHTS["core.weight_hh_l0"].shape[1], WEIGHTS["core.weight_ih_l0"].shape[1]
    layer = torch.nn.GRU(D, H, batch_first=True, bidirectional=True, dtype=torch.float64)
    layer.load_state_dict(
        {n.removeprefix("core."): torch.tensor(w) for n, w in WEIGHTS.items() if n.startswith("core.")}
    )
    for ids, n, out, p in zip(examples["ids"], examples["lengths"], examples["out"], examples["p"], strict=True):
        states = layer(torch.tensor(WEIGHTS["embedding.weight"][ids[:n]])[None])[0][0].detach().numpy()
        np.testing.assert_allclose(states, out[:n], atol=2e-5)
        assert not np.any(out[n:])
        blank = STORED["vocabulary"].index("___")
        scores = WEIGHTS["readout.weight"] @ states[ids.index(blank)] + WEIGHTS["readout.bias"]
        share = np.exp(scores) / np.exp(scores).sum()
        np.testing.assert_allclose(share[examples["answers"]], p, atol=2e-5)


def test_it_fills_the_blank_better_than_any_reader_of_the_past():
    settings = {name: value for name, value in STORED["task"].items() if name != "name"}
    task = Pizza(**settings)
    loss = SCRIPT["expected_loss"](WEIGHTS)
    assert task.floor < loss < task.floor + 0.03 < task.past_floor
    assert STORED["training"]["loss"] == pytest.approx(loss, abs=1e-4)


def test_padding_of_the_examples_is_not_read():
    examples = STORED["examples"]
    assert min(examples["lengths"]) < max(examples["lengths"])
    ids, lengths = np.array(examples["ids"]), np.array(examples["lengths"])
    filled = np.where(np.arange(ids.shape[1]) < lengths[:, None], ids, 5)
    assert (filled != ids).any()
    np.testing.assert_array_equal(SCRIPT["run"](WEIGHTS, filled, lengths)[0], SCRIPT["run"](WEIGHTS, ids, lengths)[0])
