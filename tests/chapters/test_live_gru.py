"""The small GRU for the page is what its script makes of its weights, equals torch, and follows the swing."""

import json
import runpy

import numpy as np
import pytest
import torch

from seqlib.tasks import Swing


@pytest.fixture(scope="module")
def script(root):
    """The script that made the file."""
    return runpy.run_path(str(root / "book/_live/gru_swing.py"))


@pytest.fixture(scope="module")
def stored(script):
    """What stands in the file."""
    return json.loads(script["TARGET"].read_text(encoding="utf8"))


def weights_of(stored):
    return {name: np.array(w) for name, w in stored["weights"].items()}


def test_it_is_small(script):
    assert script["TARGET"].stat().st_size <= 30_000


def test_the_file_is_what_the_script_writes_of_these_weights(script, stored):
    assert json.loads(json.dumps(script["live"](weights_of(stored)))) == stored


def test_torch_gives_the_same_answers_and_states(stored):
    weights, examples = weights_of(stored), stored["examples"]
    H, D = weights["core.weight_hh_l0"].shape[1], weights["core.weight_ih_l0"].shape[1]
    layer = torch.nn.GRU(D, H, batch_first=True, dtype=torch.float64)
    layer.load_state_dict(
        {n.removeprefix("core."): torch.tensor(w) for n, w in weights.items() if n.startswith("core.")}
    )
    hs = layer(torch.tensor(examples["x"], dtype=torch.float64))[0].detach().numpy()
    answers = hs @ weights["readout.weight"][0] + weights["readout.bias"]
    np.testing.assert_allclose(hs, examples["h"], atol=2e-5)
    np.testing.assert_allclose(answers, examples["answers"], atol=2e-5)


def test_it_follows_the_swing(script, stored):
    settings = {name: value for name, value in stored["task"].items() if name != "name"}
    task = Swing(**settings)
    batch = task.sample(400, np.random.default_rng(1))
    answers, _, r, z = script["run"](weights_of(stored), batch.inputs[0])
    error = ((answers - batch.y[:, :, 0]) ** 2).mean()
    assert error < 0.01 * task.chance
    assert 0 < min(r.min(), z.min()) <= max(r.max(), z.max()) < 1
