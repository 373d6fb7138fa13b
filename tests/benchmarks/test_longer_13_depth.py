"""What is measured of deep stacks is what its name says."""

import math
import runpy
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.functional import layer_norm

from seqlib.nn import TransformerModel
from seqlib.tasks import Counting

SCRIPT = runpy.run_path(str(Path(__file__).with_name("longer_13_depth.py")))
DEPTH, TRAINED = (SCRIPT["MEASUREMENTS"][name]["settings"] for name in ("depth", "depth_trained"))
TASK, KINDS = SCRIPT["TASK"], SCRIPT["KINDS"]
IDS = torch.randint(TASK.vocab_size, (5, 9), generator=torch.Generator().manual_seed(0))


def deep(kind, start="PyTorch", d_model=16, n_layers=3):
    """A stack with weights that are generic, the gains of its norms and its biases too."""
    torch.manual_seed(1)
    net = SCRIPT["Deep"](kind, start, d_model, n_layers).double()
    for p in net.parameters():
        p.data += 0.1 * torch.randn_like(p)
    return net


@pytest.mark.parametrize("kind", ["pre-norm", "post-norm"])
def test_with_norm_and_residual_it_is_the_model_of_seqlib(kind):
    net = deep(kind)
    model = TransformerModel(TASK.vocab_size, TASK.n_out, 16, 4, 3, norm_first=kind == "pre-norm").double()
    model.load_state_dict(net.net.state_dict())
    assert (net(IDS) - model(IDS)[0]).abs().max() < 1e-12


def attended(block, x):
    """Causal self-attention with four heads, written out."""
    B, T, d = x.shape
    q, k, v = (x @ block.self_attn.in_proj_weight.T + block.self_attn.in_proj_bias).view(B, T, 3, 4, d // 4).unbind(2)
    scores = torch.einsum("bthd,bshd->bhts", q, k) / math.sqrt(d // 4)
    scores = scores.masked_fill(torch.ones(T, T, dtype=torch.bool).triu(1), -math.inf)
    heads = torch.einsum("bhts,bshd->bthd", scores.softmax(-1), v).reshape(B, T, d)
    return heads @ block.self_attn.out_proj.weight.T + block.self_attn.out_proj.bias


def thought(block, x):
    """The feed-forward network, written out."""
    hidden = (x @ block.linear1.weight.T + block.linear1.bias).clamp(min=0)
    return hidden @ block.linear2.weight.T + block.linear2.bias


@pytest.mark.parametrize("kind", ["no norm", "no residual"])
def test_without_norm_or_residual_it_is_what_the_name_says(kind):
    net = deep(kind)
    x = net.net.embedding("x", IDS)
    for block in net.net.core.layers:
        if kind == "no norm":
            x = x + attended(block, x)
            x = x + thought(block, x)
        else:
            x = attended(block, layer_norm(x, (16,), block.norm1.weight, block.norm1.bias))
            x = thought(block, layer_norm(x, (16,), block.norm2.weight, block.norm2.bias))
    if kind == "no residual":
        x = layer_norm(x, (16,), net.net.core.norm.weight, net.net.core.norm.bias)
    assert (net(IDS) - net.net.readout(x)).abs().max() < 1e-12
    assert any(isinstance(m, nn.LayerNorm) for m in net.modules()) == (kind == "no residual")


def test_names_of_kinds_and_starts_are_checked():
    for kind, start, wrong in (("prenorm", "PyTorch", "prenorm"), ("pre-norm", "glorot", "glorot")):
        with pytest.raises(ValueError, match=f"is called '{wrong}'"):
            SCRIPT["Deep"](kind, start, 16, 2)


def test_glorot_draws_every_matrix_of_the_blocks_for_itself():
    torch.manual_seed(0)
    plain, net = (SCRIPT["Deep"]("pre-norm", start, 64, 2).net.requires_grad_(False) for start in ("PyTorch", "Glorot"))
    for block in net.core.layers:
        parts = [*block.self_attn.in_proj_weight.chunk(3), block.self_attn.out_proj.weight]
        for w in (*parts, block.linear1.weight, block.linear2.weight):
            bound = math.sqrt(6 / sum(w.shape))
            assert 0.98 * bound < w.abs().max() <= bound
            assert float(w.std()) == pytest.approx(bound / math.sqrt(3), rel=0.05)
        assert len({float(w[0, 0]) for w in parts}) == 4
        for b in (block.self_attn.out_proj.bias, block.linear1.bias, block.linear2.bias, block.self_attn.in_proj_bias):
            assert not b.any()
    assert plain.core.layers[0].linear2.weight.abs().max() <= 1 / math.sqrt(256)
    assert plain.core.layers[0].linear1.bias.any()
    assert float(net.embedding.words.weight.std()) == pytest.approx(1, rel=0.2)
    assert net.readout.bias.any()


@pytest.mark.parametrize("kind", KINDS)
def test_gradients_are_those_of_the_loss_by_block(kind):
    found = SCRIPT["gradients"](3, 2, kind, "Glorot", 16, 3)
    torch.manual_seed(3)
    net = SCRIPT["Deep"](kind, "Glorot", 16, 3).double()
    W_2, gradient, stream = [], [], []
    for step in range(2):
        (x,), y, mask = TASK.sample(32, np.random.default_rng([3, step]))
        assert mask.all()
        log_q = net(torch.tensor(x)).log_softmax(-1)
        loss = -log_q.gather(2, torch.tensor(y)[..., None]).mean()
        net.zero_grad()
        assert torch.equal(net.stream[0], net.net.embedding("x", torch.tensor(x)))
        if kind != "no residual":
            for block, a, b in zip(net.net.core.layers, net.stream, net.stream[1:], strict=False):
                assert (block(a, causal=True) - b).abs().max() < 1e-6 * b.abs().max()
        for x in net.stream:
            x.retain_grad()
        loss.backward()
        assert len(net.stream) == 4
        W_2.append([float(block.linear2.weight.grad.norm()) for block in net.net.core.layers])
        gradient.append([float(x.grad.norm()) for x in net.stream])
        stream.append([float(x.detach().pow(2).mean().sqrt()) for x in net.stream])
    assert set(found) == {"W_2", "gradient", "stream"}
    for name, values in {"W_2": W_2, "gradient": gradient, "stream": stream}.items():
        assert found[name] == pytest.approx(np.mean(values, 0), rel=0.006)


def test_gradients_of_explosions_are_numbers(monkeypatch):
    loss_of, seen = SCRIPT["loss_of"], []

    def watched(net, batch):
        seen.append((next(net.parameters()).dtype, torch.backends.cuda.flash_sdp_enabled()))
        return loss_of(net, batch)

    monkeypatch.setitem(SCRIPT["gradients"].__globals__, "loss_of", watched)
    found = SCRIPT["gradients"](0, 1, "no norm", "Glorot", 16, 48)
    assert found["W_2"][0] > 1e6
    assert np.isfinite(found["W_2"]).all()
    assert seen == [(torch.float64, False)], "without the fused kernel"


def test_the_start_is_stored_by_width_depth_and_block(monkeypatch):
    asked = []

    def gradients(seed, steps, kind, start, d_model, n_layers):
        asked.append((seed, steps, kind, start, d_model, n_layers))
        return {"W_2": [seed, kind, start, d_model, n_layers], "gradient": [seed] * 2, "stream": [n_layers]}

    monkeypatch.setitem(SCRIPT["at_the_start"].__globals__, "gradients", gradients)
    found = SCRIPT["at_the_start"]([1, 2], 5, ["PyTorch", "Glorot"], [16, 64], [2, 6], [64, 2])
    assert list(found) == ["PyTorch", "Glorot"]
    for start, by_kind in found.items():
        assert list(by_kind) == list(KINDS)
        for kind, of in by_kind.items():
            assert set(of) == {"16", "64", "by block"}
            for d in (16, 64):
                assert of[f"{d}"] == {"first": {"2": [1, 2], "6": [1, 2]}, "last": {"2": [2, 2], "6": [6, 6]}}
            rows = [[seed, kind, start, 64, 2] for seed in (1, 2)]
            assert of["by block"] == {"W_2": rows, "gradient": [[1, 1], [2, 2]], "stream": [[2], [2]]}
    assert {of[1] for of in asked} == {5}


def watched(monkeypatch, **how):
    """What `counted` asks of `fit`, and what it makes of an answer that is always 0 with some certainty."""
    seen = {}

    def fit(make, task, **given):
        seen.update(given, network=make(), task=task)
        return SimpleNamespace(model=Zero())

    monkeypatch.setitem(SCRIPT["counted"].__globals__, "fit", fit)
    seen["score"] = SCRIPT["counted"](**how)
    return seen


class Zero(nn.Module):
    """Says 0 with probability 0.9 or so, and in training mode nothing that makes sense."""

    def forward(self, x):
        assert not self.training
        assert x.shape == (512, 12)
        out = torch.zeros(*x.shape, TASK.n_out)
        out[..., 0] = 5
        return out


def test_training_is_as_the_page_says(monkeypatch):
    how = {"kind": "post-norm", "start": "Glorot", "warm_up": 0.25, "rate": 0.01, "d_model": 16, "n_layers": 3}
    seen = watched(monkeypatch, seed=3, steps=100, **how)
    assert isinstance(TASK, Counting)
    assert (TASK.T, TASK.symbols, seen["task"]) == (12, 3, TASK)
    assert (seen["network"].kind, len(seen["network"].net.core.layers)) == ("post-norm", 3)
    assert seen["network"].net.core.layers[0].linear2.weight.shape == (16, 64)
    assert not seen["network"].net.core.layers[0].linear1.bias.any(), "Glorot"
    schedule = seen["schedule"]
    assert [round(schedule(step), 2) for step in (0, 24, 62, 99)] == [0.04, 1.0, 0.51, 0.0]
    rest = {name: seen[name] for name in ("steps", "lr", "clip_norm", "batch_size", "seed", "on_nonfinite")}
    assert rest == {"steps": 100, "lr": 0.01, "clip_norm": 1.0, "batch_size": 32, "seed": 3, "on_nonfinite": "stop"}
    none = watched(monkeypatch, seed=3, steps=100, **how | {"warm_up": 0})
    assert none["schedule"](0) == 1
    (_,), y, _ = TASK.sample(512, np.random.default_rng([3, 10**6]))
    expected = np.log(np.exp(5) + TASK.n_out - 1) - 5 * (y == 0).mean()
    assert seen["score"] == pytest.approx(expected / TASK.chance, rel=0.006)
    assert watched(monkeypatch, seed=4, steps=100, **how)["score"] != seen["score"]


def test_the_best_rate_of_the_tuning_is_shown(monkeypatch):
    asked = []

    def counted(seed, rate, **how):
        asked.append((seed, rate, how))
        return {0.1: [0.3, 0.1, 0.2], 0.2: [0.15, 0.15, 9.0], 0.4: [math.nan] * 3}[rate][seed] if seed < 3 else seed

    monkeypatch.setitem(SCRIPT["trained"].__globals__, "counted", counted)
    arms = {"a": ["pre-norm", "Glorot", 12, 0.25], "b": ["post-norm", "PyTorch", 3, 0]}
    found = SCRIPT["trained"](7, [0, 1, 2], [5, 6], [0.4, 0.1, 0.2], arms, 32)
    assert list(found) == ["a", "b"]
    for of in found.values():
        assert of["0.1"] == [0.3, 0.1, 0.2]
        assert of["0.2"] == [0.15, 0.15, 9.0]
        assert of["shown"] == {"rate": 0.2, "loss": [5, 6]}
    how = {"kind": "pre-norm", "start": "Glorot", "warm_up": 0.25, "d_model": 32, "n_layers": 12, "steps": 7}
    assert asked[0] == (0, 0.4, how)
    assert asked[-1] == (6, 0.2, how | {"kind": "post-norm", "start": "PyTorch", "warm_up": 0, "n_layers": 3})


def test_names_say_what_is_measured():
    for name, (kind, start, n_layers, warm_up) in TRAINED["arms"].items():
        assert kind in KINDS
        assert name == f"{kind}, {start}, {n_layers} blocks, {'warm-up' if warm_up else 'no warm-up'}"
        assert warm_up in (0.25, 0)
    both = {tuple(arm) for arm in TRAINED["arms"].values()}
    assert {("pre-norm", "post-norm")} == {
        tuple(kind for kind in KINDS if (kind, start, 12, warm_up) in both)
        for start in ("Glorot", "PyTorch")
        for warm_up in (0.25, 0)
        if (start, warm_up) != ("PyTorch", 0.25)
    }
    assert {kind for kind, start, _, _ in both if start == "PyTorch"} == set(KINDS)
    assert not set(TRAINED["tuning"]) & set(TRAINED["seeds"])
    assert len(set(DEPTH["seeds"])) == 7
    assert len(set(TRAINED["seeds"])) == 5
    assert DEPTH["shown"][0] in DEPTH["widths"]
    assert DEPTH["shown"][1] in DEPTH["depths"]
