"""What is measured of parity is what its names say: networks, strings, spans, and factors that are changed."""

import contextlib
import runpy
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from seqlib import nn
from seqlib.training import Warmup

S = runpy.run_path(str(Path(__file__).with_name("longer_16_parity.py")))
GLOBALS = S["parity"].__globals__
ALL = S["MEASUREMENTS"]


def test_networks_are_those_of_their_names():
    torch.manual_seed(0)
    nets = {arm: S["network"](arm, 2, 3) for arm in S["MIXERS"]}
    kinds = {"RNN": nn.RNN, "LSTM": nn.LSTM, "GRU": nn.GRU, "diagonal": nn.DiagonalStateSpace}
    kinds |= {"minGRU": nn.MinGRU, "minGRU, signed": nn.MinGRU, "Mamba": nn.Mamba, "Mamba, signed": nn.Mamba}
    kinds |= {"linear attention": nn.LinearAttention, "attention": nn.MultiHeadAttention}
    assert set(nets) == set(kinds)
    for arm, net in nets.items():
        assert any(isinstance(module, kinds[arm]) for module in net.blocks[0].mixer.modules())
        assert (len(net.blocks), net.readout.out_features, net.readout.in_features) == (2, 3, 32)
        assert net.blocks[1].linear1.out_features == 64
        assert net.blocks[0].convolution is None
        signs = [m.negative_eigenvalues for m in net.modules() if hasattr(m, "negative_eigenvalues")]
        assert set(signs) <= {arm.endswith("signed")}
        sizes = [m.state_size for m in net.modules() if hasattr(m, "state_size")]
        assert set(sizes) <= {4}
        assert bool(sizes) == (arm in ("Mamba", "Mamba, signed", "diagonal"))
    attention = next(m for m in nets["attention"].modules() if isinstance(m, nn.MultiHeadAttention))
    assert (attention.n_heads, attention.rotary) == (2, 10_000.0)
    for plain in ("minGRU", "Mamba"):
        count = [sum(p.numel() for p in nets[arm].parameters()) for arm in (plain, f"{plain}, signed")]
        assert count[0] == count[1]


def test_answers_count_ones():
    batch = S["drawn"](50, 9, np.random.default_rng(1), 3)
    x, y = batch.inputs[0], batch.y
    assert x.shape == y.shape == (50, 9)
    assert [[sum(row[: t + 1]) % 3 for t in range(9)] for row in x.tolist()] == y.tolist()
    assert batch.mask.all()
    assert set(S["drawn"](50, 9, np.random.default_rng(1)).y.ravel()) == {0, 1}


def test_training_is_as_written(monkeypatch):
    given, seen = {}, []

    def fit(build, data, **how):
        given.update(how, net=build(), data=data)
        how["on_step"](SimpleNamespace(step=4))

    monkeypatch.setitem(GLOBALS, "fit", fit)
    monkeypatch.setitem(GLOBALS, "network", lambda arm, layers, modulus: (arm, layers, modulus))
    got = S["trained"]("GRU", 9, 50, 2, 3, 0.02, lambda step, model: seen.append((step, model)))
    assert got == given["net"] == ("GRU", 2, 3)
    assert seen == [(4, got)]
    wanted = S["drawn"](32, 16, np.random.default_rng([9, 3]), 3)
    assert np.array_equal(given["data"](3).inputs[0], wanted.inputs[0])
    assert np.array_equal(given["data"](3).y, wanted.y)
    assert [given[name] for name in ("steps", "loss", "lr", "clip_norm", "seed")] == [50, "cross_entropy", 0.02, 1.0, 9]
    assert isinstance(given["schedule"], Warmup)
    assert [given["schedule"](step) for step in (0, 24, 49, 150)] == [0.02, 0.5, 1.0, 1.0]
    S["trained"]("GRU", 9, 50)
    assert given["lr"] == 0.01
    assert given["net"] == ("GRU", 1, 2)


def test_right_is_of_the_strings_of_the_seed():
    def model(x):
        y = x.cumsum(1) % 2
        y[:, 100:] = 1 - y[:, 100:]
        return torch.nn.functional.one_hot(y, 2), None

    by_place = S["right"](model, 7, 20)
    assert by_place.tolist() == [1.0] * 100 + [0.0] * 156
    asked = []
    S["right"](lambda x: (asked.append(x), model(x))[1], 7, 20)
    wanted = S["drawn"](20, 256, np.random.default_rng([7, 10**6])).inputs[0]
    assert np.array_equal(asked[0].numpy(), wanted)
    third = lambda x: (torch.nn.functional.one_hot(x.cumsum(1) % 3, 3), None)  # noqa: E731
    assert S["right"](third, 7, 20, 3).tolist() == [1.0] * 256


def test_spans_by_hand():
    by_place = np.arange(256) / 256
    got = S["spans"](by_place)
    assert got["within"] == pytest.approx(np.mean(range(16)) / 256, rel=1e-3)
    assert got["next"] == pytest.approx(np.mean(range(16, 32)) / 256, rel=1e-3)
    assert got["far"] == pytest.approx(np.mean(range(128, 256)) / 256, rel=1e-3)
    assert S["text"]([0.12345, 1.0, np.float32(0.5)]) == "0.123 1 0.5"


def test_readings_are_stored_by_arm_and_seed(monkeypatch):
    asked = []

    def trained(arm, seed, steps, layers, modulus, rate, watch):
        asked.append((arm, seed, steps, layers, modulus, rate))
        for step in (1, 90, 300, 900):
            if step <= steps:
                watch(step, (seed, step))
        return torch.nn.Linear(2, 3)

    monkeypatch.setitem(GLOBALS, "trained", trained)
    monkeypatch.setitem(
        GLOBALS, "right", lambda model, seed, n, m: np.full(256, (model[0] == seed) * (model[1] / 1000 + n + m))
    )
    found = S["parity"]([4, 6], 30, 900, 2, ["GRU", "minGRU"], 3, 0.5)
    assert asked == [(arm, seed, steps, 2, 3, 0.5) for arm, steps in (("GRU", 90), ("minGRU", 900)) for seed in (4, 6)]
    assert set(found["GRU"]) == {"steps", "parameters", "90"}
    assert set(found["minGRU"]) == {"steps", "parameters", "90", "900"}
    assert found["minGRU"]["900"]["far"] == [33.9, 33.9]
    assert found["minGRU"]["90"]["within"] == [33.09, 33.09]
    assert found["minGRU"]["900"]["by place"] == [" ".join(["33.9"] * 256)] * 2
    assert (found["minGRU"]["steps"], found["minGRU"]["parameters"]) == (900, 9)


def test_factors_are_changed_and_nothing_else():
    torch.manual_seed(0)
    model = S["network"]("minGRU, signed", 1)
    mixer = model.blocks[0].mixer
    x = torch.randn(3, 6, 32)
    a, b = mixer._coefficients(x)
    assert (a < 0).any()
    assert (a > 0).any()
    usual = mixer(x)[0]
    with S["factors"](model, torch.abs):
        h, want = torch.zeros(3, 32), []
        for t in range(6):
            h = a[:, t].abs() * h + b[:, t]
            want.append(h)
        torch.testing.assert_close(mixer(x)[0], torch.stack(want, 1))
    torch.testing.assert_close(mixer(x)[0], usual, rtol=0, atol=0)
    assert S["CHANGES"]["at least 0"](torch.tensor([-0.4, 0.3])).tolist() == pytest.approx([0, 0.3])
    assert S["CHANGES"]["absolute value"](torch.tensor([-0.4, 0.3])).tolist() == pytest.approx([0.4, 0.3])


def test_least_factor_is_that_of_a_symbol():
    torch.manual_seed(0)
    model = S["network"]("minGRU, signed", 1)
    seen = []
    usual = model.blocks[0].mixer._coefficients
    model.blocks[0].mixer._coefficients = lambda x: (seen.append(usual(x)[0]), usual(x))[1]
    with torch.no_grad():
        model(torch.tensor([[0, 1, 1, 0]]))
    del model.blocks[0].mixer._coefficients
    assert S["least"](model) == pytest.approx(float(seen[0].min()), abs=1e-6)


def test_the_factors_of_one_network_are_changed(monkeypatch):
    asked = []
    monkeypatch.setitem(GLOBALS, "least", lambda model: -0.98765)
    monkeypatch.setitem(
        GLOBALS, "factors", lambda model, change: asked.append((model, change)) or contextlib.nullcontext()
    )
    monkeypatch.setitem(GLOBALS, "right", lambda model, seed, n, m: np.full(256, seed + n + m))
    trained = lambda *given: SimpleNamespace(parameters=list, name=given[0], seed=given[1])  # noqa: E731
    monkeypatch.setitem(GLOBALS, "trained", trained)
    of = S["parity"]([4, 6], 30, 99, 1, ["minGRU", "minGRU, signed"], 2)
    assert set(of["minGRU"]) == {"steps", "parameters"}
    assert of["minGRU, signed"]["least factor"] == [-0.9877, -0.9877]
    assert of["minGRU, signed"]["at least 0"]["far"] == [36, 38]
    assert of["minGRU, signed"]["absolute value"]["within"] == [36, 38]
    assert [(model.name, model.seed, change) for model, change in asked] == [
        ("minGRU, signed", seed, change) for seed in (4, 6) for change in (torch.abs, torch.relu)
    ]


def test_settings_are_those_of_the_hypotheses():
    for of in ALL.values():
        assert of["settings"]["steps"] == S["MANY"] == 10 * S["FEW"]
        assert not {900, 901} & set(of["settings"]["seeds"])
    assert {len(set(of["settings"]["seeds"])) for of in ALL.values()} == {5}
    both = ALL["parity"]["settings"]["arms"] + ALL["parity_spaces"]["settings"]["arms"]
    assert sorted(both) == sorted(S["MIXERS"])
    assert ALL["parity_spaces"]["settings"]["layers"] == 1
    assert ALL["parity"]["settings"]["layers"] == 1
    assert ALL["parity_three"]["settings"]["modulus"] == 3
    assert (S["TRAINED"], S["TESTED"]) == (16, 256)
