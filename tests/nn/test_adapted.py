"""Recurrent layers and attention as mixers: the same numbers as the layers themselves."""

import pytest
import torch
from blocks import DOUBLE, drawn

from seqlib.nn import GRU, LSTM, MinGRU, MultiHeadAttention
from seqlib.nn.adapted import AttentionMixer, RecurrentMixer, as_mixer

EXACT = {"rtol": 1e-11, "atol": 1e-11}


@pytest.mark.parametrize("kind", [LSTM, torch.nn.LSTM])
def test_a_recurrent_layer(kind):
    layer = drawn(kind(6, 6, 2, batch_first=True, **DOUBLE))
    x, hx = torch.randn(3, 5, 6, **DOUBLE), (torch.randn(2, 3, 6, **DOUBLE), torch.randn(2, 3, 6, **DOUBLE))
    out, state = as_mixer(layer, 6)(x, tuple(part.transpose(0, 1) for part in hx))
    wanted, last = layer(x, hx)
    torch.testing.assert_close(out, wanted, **EXACT)
    for got, expected in zip(state, last, strict=True):
        torch.testing.assert_close(got, expected.transpose(0, 1), **EXACT)


@pytest.mark.parametrize("options", [{}, {"rotary": 100.0}, {"n_kv_heads": 1}])
def test_attention(options):
    attention = drawn(MultiHeadAttention(6, 3, **options, **DOUBLE))
    x = torch.randn(3, 5, 6, **DOUBLE)
    out, ((keys, values), real) = as_mixer(attention, 6)(x)
    torch.testing.assert_close(out, attention(x, causal=True)[0], **EXACT)
    assert keys.shape == values.shape == (3, attention.n_kv_heads, 5, 2)
    assert real.all()
    assert real.shape == (3, 5)


def test_many_steps_write_behind_each_other():
    mixer, x, state = as_mixer(drawn(MultiHeadAttention(6, 3, **DOUBLE)), 6), torch.randn(1, 99, 6, **DOUBLE), None
    buffers = set()
    with torch.no_grad():
        for t in range(99):
            _, state = mixer.step(x[:, t], state)
            buffers.add(state[0].keys.untyped_storage().data_ptr())
    assert len(buffers) < 10


def test_what_is_one_and_what_is_not():
    mixer = MinGRU(4, 4)
    assert as_mixer(mixer, 4) is mixer
    assert isinstance(as_mixer(GRU(4, 4, batch_first=True), 4), RecurrentMixer)
    assert isinstance(as_mixer(MultiHeadAttention(4, 2), 4), AttentionMixer)
    projected = RecurrentMixer(torch.nn.LSTM(4, 8, proj_size=3, batch_first=True))
    assert (projected.input_size, projected.output_size) == (4, 3)
    with pytest.raises(TypeError, match="mixer must make a Mixer, a recurrent layer or a MultiHeadAttention, got int"):
        as_mixer(3, 4)
    with pytest.raises(ValueError, match="reads in one direction, got bidirectional=True"):
        as_mixer(GRU(4, 4, batch_first=True, bidirectional=True), 4)


def test_bad_states_are_named():
    gru, x = as_mixer(GRU(4, 4, batch_first=True), 4), torch.zeros(2, 3, 4)
    attention = as_mixer(MultiHeadAttention(4, 2), 4)
    for mixer, state, error, message in [
        (gru, 0, TypeError, "state must be a tensor or a tuple of them, got int"),
        (gru, torch.zeros(1, 2, 4), ValueError, r"state must have shape \(2, layers, H\), got \(1, 2, 4\)"),
        (gru, torch.zeros(2, 4), ValueError, r"state must have shape \(2, layers, H\), got \(2, 4\)"),
        (attention, 0, TypeError, r"state must be \(\(keys, values\), real\), got int"),
        (attention, attention(x[:1])[1], ValueError, "state must hold 2 sequences, as x does, got 1"),
    ]:
        for way in (lambda m=mixer, s=state: m(x, s), lambda m=mixer, s=state: m.step(x[:, 0], s)):
            with pytest.raises(error, match=message):
                way()
