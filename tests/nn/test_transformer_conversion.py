"""Transformers of torch.nn and back; that both compute the same is tested in test_transformer.py."""

import pytest
import torch
from blocks import DOUBLE, block, drawn, sequence
from torch.nn.functional import silu

from seqlib.nn import MultiHeadAttention, TransformerDecoder, TransformerEncoder, from_torch, to_torch

LAYER = {"d_model": 8, "nhead": 2, "dim_feedforward": 5, "dropout": 0.1, **DOUBLE}


def encoder_layer(**options):
    return drawn(torch.nn.TransformerEncoderLayer(**LAYER | options))


def decoder_layer(**options):
    return drawn(torch.nn.TransformerDecoderLayer(**LAYER | options))


def attention(**options):
    return drawn(torch.nn.MultiheadAttention(8, 2, **options, **DOUBLE))


THEIRS = {
    "attention": attention,
    "narrow attention": lambda: attention(kdim=5, vdim=5, bias=False, dropout=0.2),
    "encoder layer": lambda: encoder_layer(norm_first=True, activation="gelu", layer_norm_eps=0.01),
    "decoder layer": lambda: decoder_layer(bias=False),
    "encoder": lambda: torch.nn.TransformerEncoder(encoder_layer(), 3, enable_nested_tensor=False),
    "decoder": lambda: drawn(torch.nn.TransformerDecoder(decoder_layer(), 2, torch.nn.LayerNorm(8, **DOUBLE))),
}


@pytest.mark.parametrize("name", THEIRS)
@pytest.mark.parametrize("training", [True, False])
def test_there_and_back(name, training):
    theirs = THEIRS[name]().train(training)
    ours = from_torch(theirs)
    again = to_torch(ours)
    assert type(again) is type(theirs)
    assert ours.training == again.training == training
    assert repr(again).replace("batch_first=True", "") == repr(theirs).replace("batch_first=True", "")
    for (name, weight), (other, wanted) in zip(again.named_parameters(), theirs.named_parameters(), strict=True):
        assert name == other
        assert torch.equal(weight, wanted)
        assert weight.data_ptr() != wanted.data_ptr(), "a copy"
    probabilities = [[m.p for m in made.modules() if isinstance(m, torch.nn.Dropout)] for made in (again, theirs)]
    assert probabilities[0] == probabilities[1]


@pytest.mark.parametrize("name", THEIRS)
def test_the_way_back_computes_the_same(name):
    ours = from_torch(THEIRS[name]().eval())
    again = to_torch(ours)
    x, source = sequence()[0], sequence(T=5, D=5 if name == "narrow attention" else 8, seed=2)[0]
    if "attention" in name:
        torch.testing.assert_close(again(x, source, source)[0], ours(x, source)[0], rtol=1e-10, atol=1e-10)
    elif "decoder" in name:
        causal = torch.ones(7, 7, dtype=torch.bool).triu(1)
        wanted = ours(x, source) if name == "decoder" else ours(x, source, causal=True)
        torch.testing.assert_close(again(x, source, tgt_mask=causal), wanted, rtol=1e-10, atol=1e-10)
    else:
        torch.testing.assert_close(again(x), ours(x), rtol=1e-10, atol=1e-10)


def test_a_whole_transformer_is_a_pair():
    theirs = drawn(torch.nn.Transformer(8, 2, 2, 1, 5, batch_first=True, **DOUBLE)).eval()
    encoder, decoder = from_torch(theirs)
    assert (type(encoder), type(decoder)) == (TransformerEncoder, TransformerDecoder)
    x, source = sequence()[0], sequence(seed=2)[0]
    causal = torch.ones(7, 7, dtype=torch.bool).triu(1)
    wanted = theirs(source, x, tgt_mask=causal)
    torch.testing.assert_close(decoder(x, encoder(source)), wanted, rtol=1e-10, atol=1e-10)


def test_a_decoder_without_a_source_is_an_encoder_of_torch_with_a_mask():
    ours = drawn(TransformerDecoder(2, 8, 2, 5, **DOUBLE))
    theirs = to_torch(ours)
    x, causal = sequence()[0], torch.ones(7, 7, dtype=torch.bool).triu(1)
    torch.testing.assert_close(theirs(x, mask=causal), ours(x), rtol=1e-10, atol=1e-10)


def changed(layer, **attributes):
    for name, value in attributes.items():
        setattr(layer, name, value)
    return layer


def test_what_has_no_counterpart_is_refused():
    mixed = torch.nn.TransformerEncoder(encoder_layer(), 2, enable_nested_tensor=False)
    mixed.layers[1].norm_first = True
    cases = [
        (attention(add_bias_kv=True), "module must have neither bias_k nor add_zero_attn"),
        (attention(add_zero_attn=True), "module must have neither bias_k nor add_zero_attn"),
        (attention(kdim=5), "module must have keys and values of one source, got kdim=5, vdim=8"),
        (encoder_layer(activation=silu), "module must have relu or gelu"),
        (encoder_layer(activation=torch.nn.GELU(approximate="tanh")), "module must have relu or gelu"),
        (changed(encoder_layer(), dropout1=torch.nn.Dropout(0.5)), "module must have one probability of dropout"),
        (changed(decoder_layer(), dropout3=torch.nn.Dropout(0.5)), "module must have one probability of dropout"),
        (changed(encoder_layer(), norm2=torch.nn.LayerNorm(8, 0.5)), "module must have LayerNorm"),
        (changed(decoder_layer(), norm3=torch.nn.Identity()), "module must have LayerNorm"),
        (mixed, "module must have layers, all of the same options"),
        (
            torch.nn.TransformerEncoder(torch.nn.Linear(8, 8), 1, enable_nested_tensor=False),
            "must have layers of torch",
        ),
        (
            torch.nn.TransformerEncoder(encoder_layer(), 1, torch.nn.LayerNorm(8, 0.5), enable_nested_tensor=False),
            "module must have LayerNorm",
        ),
    ]
    for module, message in cases:
        with pytest.raises(ValueError, match=message):
            from_torch(module)
    with pytest.raises(TypeError, match=r"module must be a MultiheadAttention, a Transformer, or .*, got Linear"):
        from_torch(torch.nn.Linear(2, 2))
    assert from_torch(encoder_layer(activation=torch.nn.ReLU())).activation == "relu"
    assert from_torch(encoder_layer(activation=torch.nn.GELU())).activation == "gelu"


def test_what_torch_has_not_is_refused():
    cases = [
        (block(rotary=10.0), "module must have rotary=None: torch.nn has no rotary positions, got 10.0"),
        (block(n_kv_heads=2), "module must have n_kv_heads=4: torch.nn has no grouped queries, got 2"),
        (MultiHeadAttention(8, 4, n_kv_heads=2), "module must have n_kv_heads=4"),
        (block(norm="rms"), "module must have activation 'relu' or 'gelu' and norm 'layer'"),
        (block(activation="swiglu"), "module must have activation 'relu' or 'gelu' and norm 'layer'"),
        (block(activation="gelu_tanh"), "module must have activation 'relu' or 'gelu' and norm 'layer'"),
        (block(source_size=5), "module must have source_size=8 in torch.nn, got 5"),
    ]
    for module, message in cases:
        with pytest.raises(ValueError, match=message):
            to_torch(module)
    with pytest.raises(TypeError, match=r"module must be a MultiHeadAttention, .*, got Linear"):
        to_torch(torch.nn.Linear(2, 2))
