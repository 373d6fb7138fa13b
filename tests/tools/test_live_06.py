"""The small GRU for the page is what its script makes of its weights, equals torch, and follows the swing."""

import json
import runpy
from pathlib import Path

import numpy as np
import torch

from seqlib.tasks import Swing

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = runpy.run_path(str(ROOT / "tools/live_06.py"))
STORED = json.loads((ROOT / "book/_static/live/06_swing.json").read_text(encoding="utf8"))
WEIGHTS = {name: np.array(w) for name, w in STORED["weights"].items()}


def test_the_file_is_what_the_script_writes_of_these_weights():
    written = json.loads(json.dumps(SCRIPT["live"](WEIGHTS)))
    assert written == {name: value for name, value in STORED.items() if name != "made_by"}


def test_torch_gives_the_same_answers_and_states():
    examples = STORED["examples"]
    H, D = WEIGHTS["core.weight_hh_l0"].shape[1], WEIGHTS["core.weight_ih_l0"].shape[1]
    layer = torch.nn.GRU(D, H, batch_first=True, dtype=torch.float64)
    layer.load_state_dict(
        {n.removeprefix("core."): torch.tensor(w) for n, w in WEIGHTS.items() if n.startswith("core.")}
    )
    hs = layer(torch.tensor(examples["x"], dtype=torch.float64))[0].detach().numpy()
    answers = hs @ WEIGHTS["readout.weight"][0] + WEIGHTS["readout.bias"]
    np.testing.assert_allclose(hs, examples["h"], atol=2e-5)
    np.testing.assert_allclose(answers, examples["answers"], atol=2e-5)


def test_it_follows_the_swing():
    task = Swing(**{name: value for name, value in STORED["task"].items() if name != "name"})
    batch = task.sample(400, np.random.default_rng(1))
    answers, _, r, z = SCRIPT["run"](WEIGHTS, batch.inputs[0])
    error = ((answers - batch.y[:, :, 0]) ** 2).mean()
    assert error < 0.01 * task.chance
    assert 0 < min(r.min(), z.min()) <= max(r.max(), z.max()) < 1
