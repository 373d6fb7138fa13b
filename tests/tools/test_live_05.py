"""The small LSTM for the page does what its file says, in plain Python as a page would, and its task."""

import json
import runpy
from pathlib import Path

import numpy as np
import pytest

from seqlib.tasks import Latch

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = runpy.run_path(str(ROOT / "tools/live_05.py"))
MODEL = json.loads((ROOT / "book/_static/live/05_latch.json").read_text(encoding="utf8"))


def test_each_step_is_what_its_file_says():
    """Once more in plain Python, unit by unit."""
    w, H = MODEL["weights"], len(MODEL["weights"]["W_ho"][0])
    h, c = [0.0] * H, [0.0] * H
    for t, symbol in enumerate(MODEL["input"]):
        x = w["embedding"][MODEL["alphabet"].index(symbol)]
        a = [np.dot(w["W_xh"][r], x) + np.dot(w["W_hh"][r], h) + w["b_h"][r] for r in range(4 * H)]
        gate = {n: [1 / (1 + np.exp(-v)) for v in a[k * H : k * H + H]] for k, n in enumerate(MODEL["gates"])}
        gate["g"] = [np.tanh(v) for v in a[2 * H : 3 * H]]
        c = [gate["f"][k] * c[k] + gate["i"][k] * gate["g"][k] for k in range(H)]
        h = [gate["o"][k] * np.tanh(c[k]) for k in range(H)]
        e = np.exp([np.dot(row, h) + b for row, b in zip(w["W_ho"], w["b_o"], strict=True)])
        for key, value in {**gate, "c": c, "h": h, "probabilities": e / e.sum()}.items():
            assert np.abs(np.array(MODEL[key][t]) - value).max() <= 0.51 * 10 ** -SCRIPT["DIGITS"], (key, t)


@pytest.mark.parametrize(("T", "writes"), [(8, 1), (20, 1), (20, 3), (24, 6)])
def test_it_is_right_nearly_always(T, writes):
    batch = Latch(T, distractors=4, writes=writes).sample(200, np.random.default_rng(T + writes))
    answers = [SCRIPT["run"](MODEL["weights"], ids)["probabilities"][-1].argmax() for ids in batch.inputs[0]]
    assert (answers == batch.y[:, -1]).mean() >= 0.97


def test_it_says_at_every_step_what_came_last():
    said = [MODEL["alphabet"][np.argmax(p)] for p in MODEL["probabilities"]]
    assert "".join(said) == "AAAABBBBBBBCCCC"
