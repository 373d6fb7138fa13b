"""What is measured of recall by width, and at other rates, is what its names say."""

import math
import runpy
from pathlib import Path

import pytest
import torch

S = runpy.run_path(str(Path(__file__).with_name("longer_15_recall_scale.py")))
GLOBALS = S["scale"].__globals__
SCALE, RATES, LONGER = (
    S["MEASUREMENTS"][name]["settings"] for name in ("recall_scale", "recall_rates", "recall_longer")
)


def test_the_largest_change_of_all():
    assert S["largest"]({"8": [3.0, 0], "16": [2.5, 0], "32": [1.0, 0.1], "64": [0.5, 1]}) == [0.6, 0.9]
    assert S["largest"]({"8": [3.0, 1, 1], "16": [2.0, 4, 1], "32": [1.0, 3, 1]}) == [0.5, 1.5, math.inf]


def test_every_width_learns_as_long(monkeypatch):
    asked = []

    def followed(arm, seed, sequences, steps, build):
        torch.manual_seed(0)
        net = build()
        width = net.readout.in_features
        asked.append((arm, seed, sequences, steps, width, len(net.core.blocks), net.core.blocks[0].self_attn.n_heads))
        assert not net.core.blocks[1].linear2.weight.requires_grad
        return net, [0, steps], {"loss": [3.0, 1 / width + seed], "seconds": [0.0, 1.0]}

    monkeypatch.setitem(GLOBALS, "followed", followed)
    found = S["scale"]([2, 5], 9, [8, 16, 64], 40)
    assert asked == [("2 layers", seed, 9, 40, width, 2, 1) for width in (8, 16, 64) for seed in (2, 5)]
    assert found["metrics"] == {"loss": {"8": [2.125, 5.125], "16": [2.062, 5.062], "64": [2.016, 5.016]}}
    assert found["largest"] == {"loss": [pytest.approx(v, abs=1e-3) for v in S["largest"](found["metrics"]["loss"])]}


def test_the_least_loss_at_each_rate(monkeypatch):
    asked = []

    def followed(arm, seed, sequences, steps, rate):
        asked.append((arm, seed, sequences, steps, rate))
        return None, [0, 5, 10], {"loss": [3.0, seed + rate, 9.0], "all": [0.1, 0.1, 0.1]}

    monkeypatch.setitem(GLOBALS, "followed", followed)
    found = S["rates"]([1, 2], 7, [0.001, 0.01], 44)
    stay = ["1 layer", "1 layer, full block", "GRU", "GRU, 2 layers", "LSTM"]
    assert found == {arm: {"0.001": [1.001, 2.001], "0.01": [1.01, 2.01]} for arm in stay}
    assert asked == [(arm, seed, 7, 44, rate) for arm in stay for rate in (0.001, 0.01) for seed in (1, 2)]


def test_those_that_stay_learn_longer(monkeypatch):
    asked = []

    def followed(arm, seed, sequences, steps, rate):
        asked.append((arm, seed, sequences, steps, rate))
        return None, [0, 5, steps], {"loss": [3.0, 2.5, seed + rate], "all": [0.1, 0.1, 0.1]}

    monkeypatch.setitem(GLOBALS, "followed", followed)
    found = S["longer"]([1, 2], 7, 0.25, 90)
    stay = ["1 layer", "1 layer, full block", "GRU", "GRU, 2 layers", "LSTM"]
    assert found == {arm: {"at": "0 5 90", "loss": ["3 2.5 1.25", "3 2.5 2.25"]} for arm in stay}
    assert asked == [(arm, seed, 7, 90, 0.25) for arm in stay for seed in (1, 2)]


def test_settings_are_those_of_the_hypotheses():
    assert len(set(SCALE["seeds"])) == 5
    assert [b / a for a, b in zip(SCALE["widths"], SCALE["widths"][1:], strict=False)] == [2, 2, 2, 2]
    assert (SCALE["widths"][0], SCALE["steps"]) == (8, 150)
    assert 0.003 not in RATES["tried"]
    assert RATES["steps"] == S["STAYS"]
    assert not set(RATES["seeds"]) & set(SCALE["seeds"])
    assert LONGER["steps"] > 6 * S["STAYS"]
    assert LONGER["rate"] == max(RATES["tried"])
