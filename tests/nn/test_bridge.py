"""Bridge: each layer's states, both directions of a layer in a row, and maps only where widths differ."""

import pytest
import torch

from seqlib.nn import GRU, LSTM, RNN
from seqlib.nn.bridge import Bridge, check_recurrent, state_widths

FIRST = {"batch_first": True, "dtype": torch.float64}


@pytest.mark.parametrize("both", [False, True])
@pytest.mark.parametrize("kind", [torch.nn.LSTM, LSTM])
def test_the_last_layer_is_handed_over_as_it_read_the_first_and_the_last_word(kind, both):
    torch.manual_seed(0)
    d = 2 if both else 1
    encoder = kind(3, 4, 2, bidirectional=both, **FIRST)
    bridge = Bridge(encoder, kind(5, 4 * d, 2, **FIRST))
    assert not list(bridge.parameters())
    out, finals = encoder(torch.randn(2, 6, 3, dtype=torch.float64))
    h, c = bridge(finals)
    assert h.shape == c.shape == (2, 2, 4 * d)
    torch.testing.assert_close(h[1, :, :4], out[:, -1, :4])  # from the left, after the last word
    torch.testing.assert_close(h[1, :, 4:], out[:, 0, 4:])  # from the right, after the first
    for layer in range(2):
        for k in range(d):
            assert torch.equal(c[layer, :, 4 * k : 4 * k + 4], finals[1][layer * d + k])


@pytest.mark.parametrize("both", [False, True])
def test_other_widths_are_mapped_layer_by_layer(both):
    torch.manual_seed(0)
    d = 2 if both else 1
    encoder = LSTM(3, 4, 2, bidirectional=both, **FIRST)
    bridge = Bridge(encoder, LSTM(5, 7, 2, **FIRST))
    assert {name: tuple(p.shape) for name, p in bridge.named_parameters() if "weight" in name} == {
        f"{state}.{layer}.weight": (7, 4 * d) for state in "hc" for layer in range(2)
    }
    finals = torch.randn(2, 2 * d, 3, 4, dtype=torch.float64).unbind()
    h, c = bridge(finals)
    for layer in range(2):
        for b in range(3):
            read = [torch.cat([state[layer * d + k, b] for k in range(d)]) for state in finals]
            torch.testing.assert_close(h[layer, b], torch.tanh(bridge.h[layer](read[0])))
            torch.testing.assert_close(c[layer, b], bridge.c[layer](read[1]))


def test_of_a_projection_only_what_differs_is_mapped():
    bridge = Bridge(LSTM(3, 4, proj_size=2, **FIRST), LSTM(5, 4, **FIRST))
    assert [name for name, _ in bridge.named_parameters()] == ["h.0.weight", "h.0.bias"]
    assert bridge.h[0].weight.shape == (4, 2)
    assert bridge.h[0].weight.dtype == torch.float64


def test_widths_of_states():
    for maker in (torch.nn, None):
        lstm = LSTM if maker is None else maker.LSTM
        assert state_widths(lstm(3, 4)) == (4, 4)
        assert state_widths(lstm(3, 4, proj_size=2)) == (2, 4)
    for kind in (GRU, RNN, torch.nn.GRU, torch.nn.RNN):
        assert state_widths(kind(3, 4)) == (4,)


def test_a_gru_may_be_followed_by_an_rnn():
    h = torch.randn(2, 3, 4, dtype=torch.float64)
    (start,) = Bridge(GRU(3, 4, 2, **FIRST), torch.nn.RNN(3, 4, 2, **FIRST))((h,))
    assert torch.equal(start, h)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: Bridge(LSTM(3, 4), GRU(3, 4)), ValueError, "both be an LSTM or neither, got LSTM and GRU"),
        (lambda: Bridge(torch.nn.RNN(3, 4), LSTM(3, 4)), ValueError, "both be an LSTM or neither, got RNN and LSTM"),
        (
            lambda: Bridge(GRU(3, 4, 2), GRU(3, 4)),
            ValueError,
            "same number of layers, got num_layers=2 and num_layers=1",
        ),
        (lambda: check_recurrent("core", torch.nn.LSTMCell(3, 4)), TypeError, "core must be a recurrent layer"),
        (lambda: check_recurrent("core", GRU(3, 4)), ValueError, "core must be built with batch_first=True"),
    ],
)
def test_bad_arguments_are_named(call, error, message):
    with pytest.raises(error, match=message):
        call()
