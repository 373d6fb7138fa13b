"""What is measured with and without 1/√d_k is what its name says."""

import math
import runpy
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

S = runpy.run_path(str(Path(__file__).with_name("longer_13_scale.py")))
GLOBALS = S["scale"].__globals__
HOW = S["MEASUREMENTS"]["scale"]["settings"]


def networks():
    """One of each arm, from the same random numbers."""
    found = {}
    for arm, how in S["ARMS"].items():
        torch.manual_seed(0)
        found[arm] = S["network"](16, *how).eval()
    return found


def test_arms_are_the_same_network_but_for_what_their_names_say():
    nets = networks()
    usual = nets["divided, usual weights"]
    for arm, net in nets.items():
        attention = net.core.layers[1].self_attn
        assert attention.d_k == 16
        assert len(net.core.layers) == 2
        assert not net.causal
        assert net.embedding.positions == "sinusoidal"
        factor = 2 if "larger" in arm else 0.5 if "smaller" in arm else 1
        weight, before = attention.in_proj_weight, usual.core.layers[1].self_attn.in_proj_weight
        assert torch.allclose(weight[:32], factor * before[:32])
        assert torch.equal(weight[32:], before[32:])
        assert isinstance(attention, S["Undivided"]) == arm.startswith("not")


def test_without_the_division_products_are_larger_by_its_square_root():
    nets = networks()
    x = torch.randn(2, 5, 16)
    attention, other = (nets[f"{arm}, usual weights"].core.layers[0].self_attn for arm in ("divided", "not divided"))
    with torch.no_grad():
        q, k = (x @ attention.in_proj_weight[rows].T for rows in (slice(0, 16), slice(16, 32)))
        for module, scale in ((attention, 0.25), (other, 1.0)):
            weights = module(x, need_weights=True)[1][:, 0]
            assert torch.allclose(weights, (scale * q @ k.mT).softmax(-1), atol=1e-6)
        outs = [
            nets[f"{arm} weights"](torch.arange(1, 6)[None])[0] for arm in ("divided, usual", "not divided, smaller")
        ]
        assert torch.allclose(*outs, atol=1e-5), "the same function"
        outs = [
            nets[f"{arm} weights"](torch.arange(1, 6)[None])[0] for arm in ("divided, larger", "not divided, usual")
        ]
        assert torch.allclose(*outs, atol=1e-5)


def test_training_is_as_the_page_says(monkeypatch):
    seen = {}

    def fit(model, data, **given):
        seen.update(given, network=model(), batch=data(7), again=data(7), later=data(8))
        return SimpleNamespace(model=seen["network"])

    monkeypatch.setitem(GLOBALS, "fit", fit)
    model = S["trained"](16, False, 0.0, 300, 0.02, 3)
    assert model is seen["network"]
    assert not model.training
    assert isinstance(model.core.layers[0].self_attn, S["Undivided"])
    assert S["trained"](16, False, 0.0, 300, 0.02, 3) is model, "trained once"
    (x, lengths), y, _ = seen["batch"]
    assert len(x) == 32
    assert y[0, 0] == x[0, lengths[0] - 1]
    assert np.array_equal(seen["again"].y, y)
    assert not np.array_equal(seen["later"].y[:, 0], y[:, 0])
    assert [round(seen["schedule"](step), 2) for step in (0, 14, 15, 157)] == [0.07, 1.0, 1.0, 0.5]
    rest = {name: seen[name] for name in ("steps", "lr", "clip_norm", "batch_size", "seed", "loss")}
    assert rest == {"steps": 300, "lr": 0.02, "clip_norm": 1.0, "batch_size": 32, "seed": 3, "loss": "cross_entropy"}


def test_what_is_said_of_attention_is_that_of_its_weights():
    net = networks()["not divided, usual weights"]
    found = S["attended"](net, 5)
    x = torch.tensor(S["labelled"]("reversed", [16] * 200, np.random.default_rng([5, 10**6, 16])).inputs[0])
    block = net.core.layers[0]
    with torch.no_grad():
        read = block.norm1(net.embedding("x", x))
        q, k = (read @ block.self_attn.in_proj_weight[rows].T for rows in (slice(0, 16), slice(16, 32)))
        z = (q @ k.mT).double()
        p = z.softmax(-1)
    assert found["spread"] == pytest.approx(z.std(-1, correction=0).mean().item(), rel=0.01)
    assert found["entropy"] == pytest.approx(-(p * p.log()).sum(-1).mean().item() / math.log(16), rel=0.01)
    jacobian = torch.diag_embed(p) - p[..., None] * p[..., None, :]
    assert found["passed"] == pytest.approx(jacobian.diagonal(dim1=-2, dim2=-1).sum(-1).mean().item(), rel=0.01)
    assert net.core.layers[0].self_attn.in_proj_weight.grad is None, "nothing is left"
    y = x.flip(1)
    loss = torch.nn.functional.cross_entropy(net(x)[0].flatten(0, 1), y.flatten())
    (gradient,) = torch.autograd.grad(loss, [block.self_attn.in_proj_weight])
    assert found["gradient"] == pytest.approx(gradient[:32].norm().item(), rel=0.01)
    assert S["attended"](net, 6) != found, "each seed has sequences of its own"


class Mirror(torch.nn.Module):
    """Reverses sequences, but for the first place."""

    def forward(self, x, lengths):
        y = x.flip(1)
        y[:, 0] = 0
        return torch.nn.functional.one_hot(y, 9).double(), None


def test_share_is_that_of_labels():
    assert S["share"](Mirror(), 3) == pytest.approx(15 / 16, abs=1e-3)


def test_values_are_stored_by_arm(monkeypatch):
    built = []
    monkeypatch.setitem(GLOBALS, "network", lambda *how: ("new", *how, built.append(torch.initial_seed())))
    monkeypatch.setitem(GLOBALS, "trained", lambda *how: how)
    monkeypatch.setitem(GLOBALS, "inside", lambda model, task, seed: abs(model[4] - 0.2) + seed if task else None)
    monkeypatch.setitem(GLOBALS, "share", lambda model, seed: (model, seed))
    found = ("entropy", "passed", "spread", "gradient")
    monkeypatch.setitem(GLOBALS, "attended", lambda model, seed: {name: (name, model[:4], seed) for name in found})
    values = S["scale"](30, [1, 2], [7, 8], [0.5, 0.25, 0.1], 16, {"a": [True, 0.0], "b": [False, 0.25]})
    assert values["chosen"] == {"a": 0.25, "b": 0.25}
    assert values["tuning"]["b"]["0.1"] == pytest.approx([7.1, 8.1])
    b = values["arms"]["b"]
    assert built == [1, 2, 1, 2]
    assert b["gradient before"] == [("gradient", ("new", 16, False, 0.25), seed) for seed in (1, 2)]
    assert b["entropy after"] == [("entropy", (16, False, 0.25, 30), seed) for seed in (1, 2)]
    assert b["share"][1] == ((16, False, 0.25, 30, 0.25, 2), 2)
    assert b["loss"] == pytest.approx([1.05, 2.05])
    assert set(b) == {*(f"{name} before" for name in found), "entropy after", "passed after", "loss", "share"}


def test_settings_are_fair():
    assert len(set(HOW["seeds"])) == 5
    assert not set(HOW["seeds"]) & set(HOW["tuning"])
    assert HOW["d_model"] == 64
    assert HOW["arms"] == S["ARMS"]
