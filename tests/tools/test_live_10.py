"""The GRU of characters for the page is what its script makes of it, equals torch, and knows something of text."""

import json
import runpy
from pathlib import Path

import numpy as np
import pytest
import torch

from seqlib.nn import SequenceModel

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = runpy.run_path(str(ROOT / "tools/live_10.py"))
STORED = json.loads((ROOT / "book/_static/live/10_characters.json").read_text(encoding="utf8"))
WEIGHTS = {name: np.array(w) for name, w in STORED["weights"].items()}


@pytest.fixture(scope="module")
def by_torch():
    """The network with torch's own layer, in float64, and the weights of the file."""
    V, D = WEIGHTS["embedding.weight"].shape
    H = WEIGHTS["core.weight_hh_l0"].shape[1]
    model = SequenceModel(torch.nn.GRU(D, H, batch_first=True), V, vocab_size=V).double()
    model.load_state_dict({name: torch.tensor(w) for name, w in WEIGHTS.items()})
    return model.requires_grad_(False).eval()


def test_the_file_is_what_the_script_writes_of_these_weights():
    written = json.loads(json.dumps(SCRIPT["live"](WEIGHTS)))
    assert written == {name: value for name, value in STORED.items() if name != "made_by"}


def test_torch_gives_the_same_states_and_probabilities(by_torch):
    ids = torch.tensor(STORED["examples"]["ids"])[None]
    np.testing.assert_allclose(by_torch.core(by_torch.embedding(ids))[0][0], STORED["examples"]["h"], atol=1e-4)
    np.testing.assert_allclose(by_torch(ids)[0][0, -1].softmax(-1), STORED["examples"]["p"], atol=1e-4)


def test_the_ids_are_those_of_the_vocabulary():
    said = "".join(STORED["vocabulary"][i] for i in STORED["examples"]["ids"])
    assert said == SCRIPT["BEGINNING"]


def test_bits_per_character_are_those_of_torch_and_better_than_the_symbols_alone(by_torch):
    ids = torch.tensor(SCRIPT["VOCABULARY"].encode(list(SCRIPT["TEXTS"].test)))
    log_p = by_torch(ids[None, :-1])[0][0].log_softmax(-1)
    bits = -float(log_p.gather(1, ids[1:, None]).mean()) / np.log(2)
    assert STORED["bits_per_character"]["value"] == pytest.approx(bits, abs=1e-3)
    shares = np.bincount(ids.numpy()) / len(ids)
    entropy = -(shares[shares > 0] * np.log2(shares[shares > 0])).sum()
    assert bits < 0.7 * entropy
