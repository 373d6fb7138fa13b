"""The small RNN for the page is what its script makes of it, equals torch, and fills the blank at every distance."""

import json
import runpy
from pathlib import Path

import numpy as np
import pytest
import torch

from seqlib.nn import SequenceModel
from seqlib.tasks import Blanks

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = runpy.run_path(str(ROOT / "tools/live_01.py"))
STORED = json.loads((ROOT / "book/_static/live/01_blanks.json").read_text(encoding="utf8"))
WEIGHTS = {name: np.array(w) for name, w in STORED["weights"].items()}


@pytest.fixture(scope="module")
def by_torch():
    """The network with torch's own layer, in float64, and the weights of the file."""
    V, D = WEIGHTS["embedding.weight"].shape
    H = WEIGHTS["core.weight_hh_l0"].shape[1]
    model = SequenceModel(torch.nn.RNN(D, H, batch_first=True), V, vocab_size=V).double()
    model.load_state_dict({name: torch.tensor(w) for name, w in WEIGHTS.items()})
    return model.requires_grad_(False).eval()


def test_the_file_is_what_the_script_writes_of_these_weights():
    written = json.loads(json.dumps(SCRIPT["live"](WEIGHTS)))
    assert written == {name: value for name, value in STORED.items() if name != "made_by"}


def test_torch_gives_the_same_states_and_probabilities(by_torch):
    for example in STORED["examples"]:
        ids = torch.tensor([STORED["vocabulary"].index(word) for word in example["words"].split()])[None]
        np.testing.assert_allclose(by_torch.core(by_torch.embedding(ids))[0][0], example["h"], atol=0.51e-4)
        p = by_torch(ids)[0][0, -1].softmax(-1)
        answers = [STORED["vocabulary"].index(word) for word in STORED["answers"]]
        np.testing.assert_allclose(p[answers], example["p"], atol=0.51e-4)


def test_it_is_near_the_floor_at_every_distance(by_torch):
    """The loss once more, by torch, from every sentence and its probability."""
    told = STORED["expected_loss"]
    found = []
    for distance in range(1, 9):
        task = Blanks(distance)
        sentences, p = zip(*task.enumerate(), strict=True)
        ids = torch.tensor(np.array([task.vocabulary.encode(words) for words in sentences]))
        log_p = by_torch(ids[:, :-1])[0][:, -1].log_softmax(-1)
        found.append(-float((torch.tensor(p) * log_p.gather(1, ids[:, -1:])[:, 0]).sum()))
    task = Blanks((1, 8))
    assert told["value"] == pytest.approx(np.mean(found), abs=0.51e-4)
    assert told["worst distance"] == pytest.approx(max(found), abs=0.51e-4)
    assert told["floor"] == pytest.approx(task.floor, abs=0.51e-4)
    assert told["chance"] == pytest.approx(task.chance, abs=0.51e-4)
    assert task.floor < min(found)
    assert max(found) < task.floor + 0.01


def test_the_truth_is_that_of_the_task():
    for cue, p in STORED["truth"].items():
        assert dict(zip(STORED["answers"], p, strict=True)) == Blanks(1).answer_distribution(cue)
