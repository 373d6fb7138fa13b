"""Each network of chapter 7's measurements of depth is what its name says, and so is each question."""

import runpy
from pathlib import Path

import numpy as np
import pytest
import torch

from seqlib.nn import GRU

S = runpy.run_path(str(Path(__file__).with_name("longer_07_depth.py")))
SIZES = {"depth": (16, 32), "asked": (8, 16)}  # of embedding and units
SHAPES = [(task, arm) for task, arms in (("depth", "ARMS"), ("asked", "ASKED_ARMS")) for arm in S[arms]]


def weights(net):
    return sum(w.numel() for layer in net.layers for w in layer.parameters())


@pytest.mark.parametrize(("task", "arm"), SHAPES)
def test_each_arm_is_of_its_layers_with_about_as_many_weights(task, arm):
    embedding, units = SIZES[task]
    net = S["Reader"](9, 4, **{"embedding": embedding} | S["network"](arm, embedding, units))
    one = S["Reader"](9, 4, **{"embedding": embedding} | S["network"]("1", embedding, units))
    apart = "apart" in arm
    assert len(net.layers) == int(arm[0]) * (1 + apart)
    assert all(type(layer) is GRU and layer.bidirectional != apart for layer in net.layers)
    assert net.kind == arm[3:]
    assert one.layers[0].hidden_size == units
    assert abs(weights(net) / weights(one) - 1) < 0.1


def test_the_read_out_with_a_hidden_layer_is_one_and_all_have_about_as_many_weights():
    settings = S["MEASUREMENTS"]["asked_hidden"]["settings"]
    sizes = {name: settings[name] for name in ("embedding", "units", "hidden")}
    net = S["Asked"](4, 2, S["states"], **sizes)
    one = S["Asked"](4, 2, S["states"], embedding=8, units=16)
    (layer,) = net.layers
    assert (type(layer), layer.bidirectional, layer.hidden_size) == (GRU, True, settings["units"])
    first, relu, last = net.readout
    assert (first.in_features, first.out_features) == (28, 16)
    assert type(relu) is torch.nn.ReLU
    assert (last.in_features, last.out_features) == (16, 2)
    assert type(one.readout) is torch.nn.Linear
    x, n = torch.tensor([[0, 3, 1], [2, 2, 0]]), torch.tensor([3, 3])
    h = net.up(net.embedding(x), n, net.layers)
    torch.testing.assert_close(net(x, n), last(first(h).clamp(min=0)))
    all_of_it, all_of_one = (sum(w.numel() for w in model.parameters()) for model in (net, one))
    assert abs(all_of_it / all_of_one - 1) < 0.03


def test_the_read_out_with_a_hidden_layer_is_tuned_on_other_seeds_over_the_same_rates(monkeypatch):
    called = []

    def loss(net, *, seed, rate, **how):
        called.append((net, seed, rate, how))
        return {0.5: 3.0, 0.25: seed, 0.125: 9.0}[rate]

    monkeypatch.setitem(S["asked_hidden"].__globals__, "asked_loss", loss)
    found = S["asked_hidden"]([7, 8], [1, 1, 4], [0.5, 0.25, 0.125], hidden=16, units=14, steps=9)
    tuned = {"0.5": [3.0] * 3, "0.25": [1.0, 1.0, 4.0], "0.125": [9.0] * 3}
    assert found == {"tuning": tuned, "at the best rate": {"0.25": [7.0, 8.0]}}
    assert [(seed, rate) for _, seed, rate, _ in called[-2:]] == [(7, 0.25), (8, 0.25)]
    assert all(net == {"view": S["states"], "hidden": 16} for net, *_ in called)
    assert all(how == {"units": 14, "steps": 9} for *_, how in called)
    measured = S["MEASUREMENTS"]
    settings, asked = (measured[name]["settings"] for name in ("asked_hidden", "asked"))
    assert not set(settings["seeds"]) & set(settings["tuning"])
    grids = (measured[name]["settings"]["arms"]["1"] for name in ("asked_grid", "asked_edge"))
    assert settings["rates"] == [rate for grid in grids for rate in grid]
    assert settings["tuning"] == measured["asked_grid"]["settings"]["seeds"]
    shared = asked.keys() & settings.keys() - {"units"}
    assert {name: settings[name] for name in shared} == {name: asked[name] for name in shared}


def test_an_arm_that_is_misspelt_is_none():
    with pytest.raises(ValueError, match="got '4, residula'"):
        S["network"]("4, residula", 8, 16)


def test_the_best_rate_is_that_of_the_least_median_in_all_grids():
    grids = [{"1": {"0.01": [3, 1, 2], "0.02": [9, 9, 0]}, "2": {"0.01": [1, 1, 1]}}, {"1": {"0.04": [1, 1, 9]}}]
    assert S["best"](["1"], grids) == {"1": [0.04]}
    assert S["best"](["1", "2"], grids[:1]) == {"1": [0.01], "2": [0.01]}


@pytest.mark.parametrize("task", SIZES)
def test_networks_are_trained_as_the_settings_say(task, monkeypatch):
    called = []
    inside = S[task].__globals__
    monkeypatch.setitem(inside, "losses", lambda seeds, net, **how: called.append((net, how)) or [1.0])
    monkeypatch.setitem(inside, "asked_loss", lambda net, seed, **how: called.append((net, how)) or 1.0)
    found = S[task](seeds=[3], arms={"2": [0.5, 0.25]}, embedding=8, units=16, clip=1.0, steps=7)
    assert found == {"2": {"0.5": [1.0], "0.25": [1.0]}}
    net = S["network"]("2", 8, 16)
    common = {"embedding": 8, "units": 16, "clip": 1.0, "steps": 7}
    assert called == [(net, common | {"rate": rate}) for rate in (0.5, 0.25)]
    called.clear()
    grids = [{"2": {"0.1": [1.0], "0.2": [0.5]}}]
    found = S[f"{task}_at_best"](["2"], grids, seeds=[3], embedding=8, units=16)
    assert found == {"2": {"0.2": [1.0]}}


def test_what_is_asked_is_whether_the_last_symbol_has_come():
    batch = S["ask"](50, np.random.default_rng(0), symbols=4, T=5)
    x, n = batch.inputs
    assert set(x.ravel()) == {0, 1, 2, 3}
    assert (n == 5).all()
    for row, y, mask in zip(x, batch.y, batch.mask, strict=True):
        assert y.tolist() == [int(row[-1] in row[: t + 1]) for t in range(5)]
        assert mask.tolist() == [True] * 4 + [False]


def test_asked_hands_its_settings_on_and_is_judged_on_fresh_sequences(monkeypatch):
    given = []

    class Fixed(torch.nn.Module):
        def forward(self, x, n):
            given.append(len(x))
            return torch.tensor([0.0, 1.0]).expand(*x.shape, 2)

    def fit(build, data, **how):
        given.append((build().layers[0].hidden_size, data(0).inputs[0].shape, how))
        return type("History", (), {"model": Fixed()})

    monkeypatch.setitem(S["asked_loss"].__globals__, "fit", fit)
    sizes = {"symbols": 4, "T": 5, "batch": 6, "embedding": 8, "units": 16, "fresh": 40}
    loss = S["asked_loss"](S["network"]("2", 8, 16), seed=3, steps=7, rate=0.5, clip=2.0, **sizes)
    (units, shape, how), fresh = given
    assert (units, shape, fresh) == (9, (6, 5), 40)
    wanted = {"lr": 0.5, "steps": 7, "seed": 3, "clip_norm": 2.0}
    assert {name: how[name] for name in wanted} == wanted
    test = S["ask"](40, np.random.default_rng([3, 99, 0]), 4, 5)
    yes = test.y[test.mask].mean()
    assert loss == pytest.approx(np.log(1 + np.e) - yes, abs=1e-6)
