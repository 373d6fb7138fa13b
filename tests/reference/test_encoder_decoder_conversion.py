"""Weights carried from seqlib.nn: what goes where, what is refused. That both say the same is tested in tests/nn."""

import numpy as np
import pytest
import torch

from seqlib import nn
from seqlib.reference import attention_scores, encoder_decoder, gru, lstm, rnn
from seqlib.reference.bidirectional import Directions
from seqlib.reference.encoder_decoder_conversion import from_torch, score_from_torch

CELLS = {"RNN": (rnn, nn.RNN), "LSTM": (lstm, nn.LSTM), "GRU": (gru, nn.GRU)}


def built(kind, width_x=4, both=False, attention=None, more=0, **options):
    """A model of two layers; `more` features go into a step of the decoder beside the word."""
    kinds = {"num_layers": 2, "batch_first": True}
    encoder, decoder = kind(2, width_x, bidirectional=both, **kinds), kind(3 + more, 4, **kinds)
    return nn.EncoderDecoder(encoder, decoder, 7, 8, attention=attention, **options)


@pytest.mark.parametrize("name", CELLS)
@pytest.mark.parametrize("both", [False, True])
def test_every_weight_has_its_place(name, both):
    module, kind = CELLS[name]
    model = built(kind, 3, both, nn.Attention("additive", 4, 6 if both else 3, hidden_size=5)).double()
    state = {key: value.numpy() for key, value in model.state_dict().items()}
    params = from_torch(module, model.state_dict(), "additive")
    pairs = [
        (params.E_x, "source_embedding.weight"),
        (params.E_y, "target_embedding.weight"),
        (params.W_o, "readout.weight"),
        (params.b_o, "readout.bias"),
        (params.W_c, "combine.weight"),
        (params.score.W_a, "alignment.weight_q"),
        (params.score.U_a, "alignment.weight_k"),
        (params.score.v_a, "alignment.v"),
        (params.bridge[0][0].W, "bridge.h.0.weight"),
        (params.bridge[1][-1].W, "bridge.c.1.weight" if name == "LSTM" else "bridge.h.1.weight"),
        (params.bridge[1][-1].b, "bridge.c.1.bias" if name == "LSTM" else "bridge.h.1.bias"),
        (params.decoder[1].W_hh, "decoder.weight_hh_l1"),
        (params.decoder[0].W_xh, "decoder.weight_ih_l0"),
    ]
    if both:
        assert isinstance(params.encoder[1], Directions)
        pairs += [(params.encoder[1].backward.W_xh, "encoder.weight_ih_l1_reverse")]
        pairs += [(params.encoder[1].forward.W_hh, "encoder.weight_hh_l1")]
    else:
        pairs += [(params.encoder[1].W_xh, "encoder.weight_ih_l1")]
    for array, key in pairs:
        np.testing.assert_array_equal(array, state[key], err_msg=key)
        assert array.dtype == np.float64
        assert not np.shares_memory(array, state[key])
    assert len(params.encoder) == len(params.decoder) == len(params.bridge) == 2
    b_x, b_h = state["decoder.bias_ih_l1"], state["decoder.bias_hh_l1"]
    if name == "GRU":
        np.testing.assert_array_equal(params.decoder[1].b_xh, b_x)
        np.testing.assert_array_equal(params.decoder[1].b_hh, b_h)
    else:
        np.testing.assert_array_equal(params.decoder[1].b_h, b_x + b_h)


@pytest.mark.parametrize("score", ["additive", "concat", "dot", "general", "location", "scaled dot"])
def test_a_score_by_its_name(score):
    more = {"longest": 5} if score == "location" else {}
    module = nn.Attention(score, 3, **more)
    got = score_from_torch(score, module.state_dict())
    assert type(got).__name__.lower() == score.replace(" ", "")
    assert len(got) == len(list(module.parameters()))
    for array, parameter in zip(got, module.parameters(), strict=True):
        np.testing.assert_array_equal(array, parameter.detach().numpy())


def test_without_attention_and_with_states_that_fit_there_is_neither_score_nor_bridge():
    params = from_torch(lstm, built(nn.LSTM).state_dict())
    assert (params.score, params.W_c, params.bridge) == (None, None, None)
    encoder_decoder.forward(lstm, params, np.ones((1, 2), int), None, np.ones((1, 3), int))


@pytest.mark.parametrize(("way", "more"), [({"input_feeding": True}, 4), ({"attend": "before"}, 6)])
def test_a_decoder_that_is_told_more_than_a_word_keeps_its_columns(way, more):
    model = built(nn.GRU, 3, True, nn.Attention("general", 4, 6), more, **way).double()
    params = from_torch(gru, model.state_dict(), "general")
    np.testing.assert_array_equal(params.decoder[0].W_xh, model.decoder.weight_ih_l0.detach().numpy())
    source, previous = np.array([[1, 2, 3]]), np.array([[4, 5]])
    logits, _ = encoder_decoder.forward(gru, params, source, None, previous, **way)
    wanted, _ = model(torch.tensor(source), None, torch.tensor(previous))
    np.testing.assert_allclose(logits, wanted.detach().numpy(), rtol=1e-12)


def test_layers_without_biases():
    kind = {"batch_first": True, "bias": False}
    model = nn.EncoderDecoder(torch.nn.LSTM(2, 4, **kind), torch.nn.LSTM(3, 4, **kind), 7, 8).double()
    source, previous = np.array([[1, 2, 3]]), np.array([[4, 5]])
    params = from_torch(lstm, model.state_dict())
    assert not params.decoder[0].b_h.any()
    logits, _ = encoder_decoder.forward(lstm, params, source, None, previous)
    wanted, _ = model(torch.tensor(source), None, torch.tensor(previous))
    np.testing.assert_allclose(logits, wanted.detach().numpy(), rtol=1e-12)


STATE = built(nn.LSTM).state_dict()
LOOKING = built(nn.LSTM, attention=nn.Attention("dot", 4)).state_dict()
BAD = {
    "cell": (lambda: from_torch("lstm", STATE), TypeError, "cell must be a module"),
    "attention without a score": (lambda: from_torch(lstm, LOOKING), ValueError, "score must be the name.*got None"),
    "score": (lambda: from_torch(lstm, LOOKING, "cosine"), ValueError, "score must be one of 'additive'.*'cosine'"),
    "another score": (lambda: from_torch(lstm, LOOKING, "general"), KeyError, "alignment.weight"),
    "a score without attention": (lambda: from_torch(lstm, STATE, "dot"), KeyError, "combine.weight"),
    "no encoder": (
        lambda: from_torch(lstm, {k: v for k, v in STATE.items() if "encoder" not in k}),
        KeyError,
        "encoder.weight_ih_l0",
    ),
    "NaN": (
        lambda: from_torch(lstm, STATE | {"readout.bias": torch.full((8,), torch.nan)}),
        ValueError,
        "readout.bias must be finite",
    ),
    "projections": (
        lambda: from_torch(lstm, STATE | {"encoder.weight_hr_l0": torch.ones(2, 4)}),
        ValueError,
        "without projections, but it has encoder.weight_hr_l0",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_named(case):
    call, error, message = BAD[case]
    with pytest.raises(error, match=message):
        call()


def test_a_score_is_one_of_the_scores():
    assert {type(score_from_torch(name, {})) for name in ("dot", "scaled dot")} == {
        attention_scores.Dot,
        attention_scores.ScaledDot,
    }
