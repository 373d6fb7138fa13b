"""Layers that are compared are what their names say, alike in size, and write what they read."""

import runpy
from pathlib import Path

import pytest
import torch
from torch import nn

import seqlib.nn

SCRIPT = runpy.run_path(str(Path(__file__).with_name("mixing_layers.py")))
KINDS, built, parameters, width = (SCRIPT[name] for name in ("KINDS", "built", "parameters", "width"))
SAME = [  # that compute the same, two ways
    ("LSTM, torch.nn", "LSTM, seqlib.nn"),
    ("minGRU, loop", "minGRU, scan"),
    ("diagonal, scan", "diagonal, convolution"),
    ("attention, explicit", "attention, fused"),
]


def test_all_have_about_as_many_parameters_as_the_lstm():
    wanted = parameters(nn.LSTM(64, 64))
    assert wanted == 8 * 64**2 + 8 * 64
    for kind, make in KINDS.items():
        assert width(kind) % 8 == 0
        assert abs(parameters(built(kind)) / wanted - 1) < 0.1
        best = min(range(8, 257, 8), key=lambda d: abs(parameters(make(d)) - wanted))
        assert width(kind) == best
    assert width("LSTM, torch.nn") == 64
    assert width("minGRU, scan") == 128


@pytest.mark.parametrize("kind", KINDS)
def test_each_reads_as_it_writes_and_nothing_of_what_comes_later(kind):
    torch.manual_seed(0)
    net, x = built(kind).double(), torch.randn(2, 9, width(kind), dtype=torch.float64)
    with torch.no_grad():
        out, state = net(x)
        assert out.shape == x.shape
        assert torch.allclose(net(x[:, :5])[0], out[:, :5], rtol=1e-9, atol=1e-12)
        _, written = net(x[:, :5])
        for t in range(5, 9):
            y, written = net.step(x[:, t], written)
            assert torch.allclose(y, out[:, t], rtol=1e-9, atol=1e-12)
        again = net(x, state)[0]
    assert not torch.allclose(again, out), "what was read before counts"


@pytest.mark.parametrize(("one", "other"), SAME)
def test_two_ways_come_to_the_same(one, other):
    torch.manual_seed(0)
    first, x = built(one).double(), torch.randn(2, 40, width(one), dtype=torch.float64)
    second = built(other).double()
    second.load_state_dict(first.state_dict())
    assert torch.allclose(first(x)[0], second(x)[0], rtol=1e-9, atol=1e-12)
    assert width(one) == width(other)


def test_layers_are_what_their_names_say():
    kinds = {"LSTM, torch.nn": nn.LSTM, "LSTM, seqlib.nn": seqlib.nn.LSTM, "GRU, seqlib.nn": seqlib.nn.GRU}
    for kind, expected in kinds.items():
        assert type(built(kind).core) is expected
    ways = {"minGRU, loop": ("MinGRU", "loop"), "minGRU, scan": ("MinGRU", "chunked"), "Mamba": ("Mamba", "chunked")}
    for kind, (expected, method) in ways.items():
        net = built(kind)
        assert type(net).__name__ == expected
        assert [part.method for part in net.modules() if hasattr(part, "method")] == [method]
    assert built("diagonal, scan").core.method == "chunked"
    assert built("diagonal, convolution").core.method == "convolution"


def test_explicit_attention_stores_weights_and_fused_does_not(monkeypatch):
    seen = []
    attend = seqlib.nn.MultiHeadAttention.attend

    def attended(self, *given, need_weights=False, **how):
        seen.append((need_weights, self.n_heads))
        return attend(self, *given, need_weights=need_weights, **how)

    monkeypatch.setattr(seqlib.nn.MultiHeadAttention, "attend", attended)
    for kind in ("attention, explicit", "attention, fused"):
        built(kind)(torch.randn(1, 3, width(kind)))
    assert seen == [(True, 1), (False, 1)]


def test_channels_of_the_diagonal_one_are_mixed_and_gated():
    torch.manual_seed(0)
    net = built("diagonal, scan")
    x = torch.randn(1, 6, width("diagonal, scan"))
    with torch.no_grad():
        y = net.core(x)[0]
        value, gate = net.mix(nn.functional.gelu(y)).chunk(2, -1)
        assert torch.allclose(net(x)[0], value * gate.sigmoid(), atol=1e-6)
