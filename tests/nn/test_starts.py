"""A gate that is opened starts at σ(bias) in every layer and direction, and nothing else changes."""

import pytest
import torch

import seqlib.nn
from seqlib.nn import open_gate

H = 4
BLOCKS = {"LSTM": "ifgo", "GRU": "rzn"}
GATES = [("LSTM", "i"), ("LSTM", "f"), ("LSTM", "o"), ("GRU", "r"), ("GRU", "z")]
by_both = pytest.mark.parametrize("made_by", [seqlib.nn, torch.nn], ids=["seqlib", "torch"])


def layers(made_by, cell, **options):
    """Two layers that start alike."""
    for _ in range(2):
        torch.manual_seed(0)
        yield getattr(made_by, cell)(3, H, **options)


@by_both
@pytest.mark.parametrize(("cell", "gate"), GATES)
@pytest.mark.parametrize("options", [{}, {"num_layers": 2, "bidirectional": True}], ids=["one", "four"])
def test_the_biases_of_that_gate_and_no_others_are_set(made_by, cell, gate, options):
    plain, opened = layers(made_by, cell, **options)
    assert open_gate(opened, gate, 1.5) is opened
    rows = slice(BLOCKS[cell].index(gate) * H, (BLOCKS[cell].index(gate) + 1) * H)
    for name, values in opened.named_parameters():
        wanted = plain.get_parameter(name).detach().clone()
        if "bias" in name:
            wanted[rows] = 1.5 if "bias_ih" in name else 0.0
        assert torch.equal(values, wanted), name
        assert values.requires_grad


@pytest.mark.parametrize(("cell", "gate"), [("LSTM", "f"), ("GRU", "z")])
def test_a_gate_that_is_wide_open_keeps_the_state(cell, gate):
    torch.manual_seed(0)
    layer = open_gate(getattr(seqlib.nn, cell)(3, H), gate, 50.0)
    if cell == "LSTM":
        open_gate(layer, "i", -50.0)
    state = torch.randn(1, 2, H)
    _, last = layer(torch.randn(30, 2, 3), (state, state) if cell == "LSTM" else state)
    assert torch.allclose(last[1] if cell == "LSTM" else last, state)


def test_a_bias_of_1_is_the_default():
    assert torch.equal(open_gate(seqlib.nn.LSTM(3, H), "f").bias_ih_l0[H : 2 * H], torch.ones(H))


def test_it_still_learns():
    layer = open_gate(seqlib.nn.GRU(3, H), "z")
    layer(torch.randn(5, 2, 3))[0].sum().backward()
    assert layer.bias_ih_l0.grad[H : 2 * H].any()


@pytest.mark.parametrize(
    ("layer", "gate", "bias", "error", "said"),
    [
        (torch.nn.RNN(3, H), "f", 1.0, TypeError, "layer must be an LSTM or a GRU, got RNN"),
        (seqlib.nn.LSTM(3, H), "g", 1.0, ValueError, "gate"),
        (seqlib.nn.LSTM(3, H), "z", 1.0, ValueError, "gate"),
        (seqlib.nn.GRU(3, H), "f", 1.0, ValueError, "gate"),
        (torch.nn.GRU(3, H), "n", 1.0, ValueError, "gate"),
        (seqlib.nn.LSTM(3, H), "f", "1", TypeError, "bias"),
        (seqlib.nn.LSTM(3, H), "f", float("nan"), ValueError, "bias"),
        (seqlib.nn.LSTM(3, H, bias=False), "f", 1.0, ValueError, "layer has no biases"),
    ],
)
def test_what_has_no_such_gate_is_refused(layer, gate, bias, error, said):
    with pytest.raises(error, match=said):
        open_gate(layer, gate, bias)
