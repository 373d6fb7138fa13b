"""The models that pages draw live do what their files say, and their task."""

import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest
import torch

from seqlib.tasks import Latch

ROOT = Path(__file__).resolve().parents[2]


def _script():
    spec = importlib.util.spec_from_file_location("live_models", ROOT / "tools/live_models.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SCRIPT = _script()


@pytest.fixture(params=SCRIPT.MODELS)
def name(request):
    """The name of each model."""
    return request.param


def read(name):
    return json.loads((SCRIPT.FOLDER / f"{name}.json").read_text(encoding="utf8"))


def test_there_are_no_other_files():
    assert {path.stem for path in SCRIPT.FOLDER.glob("*")} == set(SCRIPT.MODELS)


def test_a_file_is_small(name):
    assert (SCRIPT.FOLDER / f"{name}.json").stat().st_size <= 30_000


def test_the_latch_does_what_its_file_says():
    """Once more in plain Python, unit by unit, as a page would."""
    model = read("05_latch")
    w, H = model["weights"], len(model["weights"]["W_ho"][0])
    h, c = [0.0] * H, [0.0] * H
    for t, symbol in enumerate(model["input"]):
        x = w["embedding"][model["alphabet"].index(symbol)]
        a = [np.dot(w["W_xh"][r], x) + np.dot(w["W_hh"][r], h) + w["b_h"][r] for r in range(4 * H)]
        gate = {n: [1 / (1 + np.exp(-v)) for v in a[k * H : k * H + H]] for k, n in enumerate(model["gates"])}
        gate["g"] = [np.tanh(v) for v in a[2 * H : 3 * H]]
        c = [gate["f"][k] * c[k] + gate["i"][k] * gate["g"][k] for k in range(H)]
        h = [gate["o"][k] * np.tanh(c[k]) for k in range(H)]
        e = np.exp([np.dot(row, h) + b for row, b in zip(w["W_ho"], w["b_o"], strict=True)])
        for key, value in {**gate, "c": c, "h": h, "probabilities": e / e.sum()}.items():
            assert np.abs(np.array(model[key][t]) - value).max() <= 0.51 * 10**-SCRIPT.DIGITS, (key, t)


@pytest.mark.parametrize(("T", "writes"), [(8, 1), (20, 1), (20, 3), (24, 6)])
def test_the_latch_is_right_nearly_always(T, writes):
    weights = read("05_latch")["weights"]
    batch = Latch(T, distractors=4, writes=writes).sample(200, np.random.default_rng(T + writes))
    answers = [SCRIPT.run(weights, ids)["probabilities"][-1].argmax() for ids in batch.inputs[0]]
    assert (answers == batch.y[:, -1]).mean() >= 0.97


def test_the_latch_says_at_every_step_what_came_last():
    model = read("05_latch")
    said = [model["alphabet"][np.argmax(p)] for p in model["probabilities"]]
    assert "".join(said) == "AAAABBBBBBBCCCC"


def test_the_script_makes_a_file_of_this_form():
    torch.set_num_threads(1)
    made, stored = SCRIPT.latch(steps=1), read("05_latch")
    assert made.keys() == stored.keys()
    assert {n: np.shape(v) for n, v in made["weights"].items()} == {
        n: np.shape(v) for n, v in stored["weights"].items()
    }
