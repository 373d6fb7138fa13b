"""What is measured of recall in one stack is what its names say: networks, training, losses, and what is kept."""

import runpy
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from seqlib import nn
from seqlib.training import Warmup

S = runpy.run_path(str(Path(__file__).with_name("longer_16_recall.py")))
GLOBALS = S["recall"].__globals__
ALL = S["MEASUREMENTS"]


def built(arm):
    torch.manual_seed(0)
    return S["ALL"][arm]()


def parts(net, kind):
    return [module for module in net.modules() if isinstance(module, kind)]


def test_networks_are_those_of_their_names():
    kinds = {"linear attention": nn.LinearAttention, "attention": nn.MultiHeadAttention, "GRU": nn.GRU}
    kinds |= {"minGRU": nn.MinGRU, "Mamba": nn.Mamba}
    for arm in S["ALL"]:
        net = built(arm)
        kind = kinds.get(arm.split(",")[0], nn.Mamba)
        layers = 2 if "2 layers" in arm else 1
        assert len(net.blocks) == len(parts(net, kind)) == layers
        assert (net.readout.in_features, net.readout.out_features) == (64, 16)
        assert net.blocks[0].linear1 is None
        convolution = net.blocks[0].convolution
        assert (convolution is not None) == (", conv" in arm)
        assert convolution is None or convolution.width == 4
    for arm, width in (("Mamba", 4), ("Mamba, no conv", 1), ("Mamba, zero-order hold", 4)):
        mamba = parts(built(arm), nn.Mamba)[0]
        assert parts(mamba, nn.CausalConvolution)[0].width == width
        assert parts(mamba, nn.SelectiveScan)[0].state_size == 4
    for arm, rule in (("Mamba", "mixed"), ("Mamba, zero-order hold", "zero-order hold")):
        assert parts(built(arm), nn.SelectiveScan)[0].rule == rule
    for arm in S["ALL"]:
        heads = int(arm.split()[-2]) if arm.endswith("heads") else 1
        for module in parts(built(arm), nn.LinearAttention) + parts(built(arm), nn.MultiHeadAttention):
            assert module.n_heads == heads
            assert getattr(module, "rotary", None) == (None if isinstance(module, nn.LinearAttention) else 10_000.0)


def test_what_is_kept_of_a_sequence():
    assert S["kept"](built("attention"), 9) == 2 * 9 * 64
    assert S["kept"](built("attention, 2 layers"), 9) == 2 * 2 * 9 * 64
    assert S["kept"](built("linear attention"), 9) == 64 * 65
    assert S["kept"](built("minGRU, conv"), 9) == 64 + 3 * 64
    assert S["kept"](built("GRU, conv"), 9) == 64 + 3 * 64
    assert S["kept"](built("linear attention, conv, 16 heads"), 9) == 16 * 4 * 5 + 3 * 64
    assert S["kept"](built("Mamba"), 9) == 128 * 4 + 3 * 128
    assert S["numbers"]((torch.zeros(2, 3), None, (torch.zeros(4),))) == 10


def test_training_is_as_written_and_followed(monkeypatch):
    given, net = {}, SimpleNamespace(at=0)

    def fit(build, data, **how):
        given.update(how, net=build(), data=data)
        for net.at in (1, 20, 35, 40, 45):
            how["on_step"](SimpleNamespace(step=net.at))

    monkeypatch.setitem(GLOBALS, "fit", fit)
    monkeypatch.setitem(GLOBALS, "answers", lambda model, batch: (model.at, batch))
    seen_by = []
    monkeypatch.setitem(
        GLOBALS,
        "scores",
        lambda p, batch, seen: seen_by.append((p[1], batch, seen)) or {"loss": p[0] / 10, "all": 99.0},
    )
    model, at, losses = S["followed"](lambda: net, 9, 12, 45)
    assert model is given["net"] is net
    assert at == [0, 20, 40, 45]
    assert losses == [0, 2, 4, 4.5]
    wanted = S["TASK"].sample(12, np.random.default_rng([9, 10**6]))
    for asked, batch, seen in seen_by:
        assert asked is batch
        assert np.array_equal(batch.inputs[0], wanted.inputs[0])
        assert np.array_equal(seen, S["times"](batch) > 0)
    drawn = S["TASK"].sample(32, np.random.default_rng([9, 3]))
    assert np.array_equal(given["data"](3).inputs[0], drawn.inputs[0])
    settings = [given[name] for name in ("steps", "loss", "lr", "clip_norm", "seed")]
    assert settings == [45, "cross_entropy", 0.003, 1.0, 9]
    assert isinstance(given["schedule"], Warmup)
    assert [given["schedule"](step) for step in (0, 49, 99, 150)] == [0.01, 0.5, 1.0, 1.0]


def test_losses_by_keys(monkeypatch):
    batch = S["TASK"].sample(20, np.random.default_rng([7, 10**6, 1]))
    keys, y = batch.inputs[0][:, ::2], batch.y[:, ::2]
    p = np.random.default_rng(0).dirichlet(np.ones(16), y.shape)
    asked = []
    monkeypatch.setitem(GLOBALS, "answers", lambda model, b: asked.append(b) or p)
    found = S["by_keys"](None, 7, 20)
    assert np.array_equal(asked[0].inputs[0], batch.inputs[0])
    wanted = {r: [] for r in range(1, 9)}
    for row in range(20):
        for j in range(24):
            if keys[row, j] in keys[row, :j]:
                wanted[len(set(keys[row, :j].tolist()))].append(-np.log(p[row, j, y[row, j]]))
    assert found == pytest.approx([np.mean(wanted[r]) for r in range(1, 9)])


def test_values_are_stored_by_arm_and_seed(monkeypatch):
    asked = []

    def followed(build, seed, sequences, steps):
        asked.append((build, seed, sequences, steps))
        return torch.nn.Linear(2, 3), [0, 20], [2.77259, seed / 10]

    monkeypatch.setitem(GLOBALS, "followed", followed)
    monkeypatch.setitem(GLOBALS, "kept", lambda model, T: T)
    monkeypatch.setitem(GLOBALS, "by_keys", lambda model, seed, n: [seed, n])
    found = S["recall"]([4, 6], 30, 99, ["Mamba", "GRU, conv"])
    assert asked == [(S["ALL"][arm], seed, 30, 99) for arm in ("Mamba", "GRU, conv") for seed in (4, 6)]
    losses, by_keys = ["2.773 0.4", "2.773 0.6"], ["4 120", "6 120"]
    assert found["GRU, conv"] == {"parameters": 9, "state": 47, "at": "0 20", "loss": losses, "by keys": by_keys}
    assert list(found) == ["Mamba", "GRU, conv"]


def test_settings_are_those_of_the_hypotheses():
    arms = [arm for of in ALL.values() for arm in of["settings"]["arms"]]
    assert sorted(arms) == sorted(S["ALL"])
    assert "Mamba" not in ALL["recall"]["settings"]["arms"]
    for of in ALL.values():
        assert len(set(of["settings"]["seeds"])) == 5
        assert 900 not in of["settings"]["seeds"]
        assert (of["settings"]["steps"], of["measure"]) == (S["STEPS"], S["recall"])
    sizes = {sum(p.numel() for p in built(arm).parameters()) for arm in S["WITH_HEADS"]}
    assert len(sizes) == 1
    assert S["TASK"].pairs == 24
    assert pytest.approx(1.594, abs=1e-3) == S["TASK"].level("values in context", repeated=True)
