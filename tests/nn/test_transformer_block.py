"""TransformerBlock: empty masks, dropout, input; what it computes is tested with the stacks of it."""

import pytest
import torch
from blocks import block, sequence

from seqlib.nn import TransformerBlock

EXACT = {"rtol": 1e-10, "atol": 1e-10}


@pytest.mark.parametrize("norm_first", [True, False])
def test_where_nothing_may_be_attended_to_all_stays_finite(norm_first):
    one = block(norm_first=norm_first, source_size=8)
    (x, mask), source = sequence(), sequence(seed=2)[0]
    mask, source_mask = mask.clone(), mask.clone()
    mask[1], source_mask[2] = False, False
    out = one(x.requires_grad_(), source.requires_grad_(), mask, source_mask)
    out.sum().mul(2).add(out.square().sum()).backward()
    for part in (out, x.grad, source.grad, *(parameter.grad for parameter in one.parameters())):
        assert part.isfinite().all()
    assert not source.grad[2].any()


@pytest.mark.parametrize("activation", ["relu", "gelu", "gelu_tanh", "swiglu"])
def test_dropout_is_on_attention_hidden_features_and_each_part(activation):
    x = sequence()[0]
    one, plain = block(activation=activation, dropout=1.0), block(activation=activation)
    torch.testing.assert_close(one.eval()(x), plain(x), **EXACT)
    assert torch.equal(one.train()(x), x), "what each part adds is dropped"
    half = block(activation=activation, dropout=0.5)
    features = []
    half.linear2.register_forward_pre_hook(lambda _, given: features.append(given[0]))
    torch.manual_seed(0)
    half(x)
    hooked = plain.linear2.register_forward_pre_hook(lambda _, given: features.append(given[0]))
    plain(x)
    hooked.remove()
    dropped = (features[0] == 0) & (features[1] != 0)
    assert 0.3 < dropped.sum() / (features[1] != 0).sum() < 0.7, "the hidden features"
    torch.manual_seed(0)
    assert half.self_attn.dropout == 0.5
    out = half(x)
    share = ((out - x) == 0).double().mean()
    assert 0.1 < share < 0.4, "a quarter of what two parts add is dropped in both"


BAD = [
    ({"norm": "batch"}, ValueError, "norm must be one of 'layer', 'rms', got 'batch'"),
    ({"activation": "tanh"}, ValueError, "activation must be one of 'relu', 'gelu', 'gelu_tanh', 'swiglu', got 'tanh'"),
    ({"norm_first": 1}, TypeError, "norm_first must be True or False, got 1"),
    ({"hidden_size": 0}, ValueError, "hidden_size must be at least 1"),
    ({"eps": -1}, ValueError, "eps must be at least 0"),
    ({"n_heads": 3}, ValueError, "d_model must be a multiple of n_heads"),
    ({"dropout": -0.1}, ValueError, "dropout must be at least 0"),
]


@pytest.mark.parametrize(("options", "error", "message"), BAD)
def test_bad_options_are_named(options, error, message):
    with pytest.raises(error, match=message):
        TransformerBlock(**{"d_model": 8, "n_heads": 4} | options)


def test_bad_input_is_named():
    x, mask = sequence()
    plain, cross = block(), block(source_size=6)
    source = sequence(T=5, D=6)[0]
    cases = [
        (plain, (x[..., :5],), ValueError, "x must have shape"),
        (plain, (x, source), ValueError, "source must be None without source_size, got one"),
        (cross, (x,), ValueError, "source must be given with source_size=6, got None"),
        (cross, (x, source[:2]), ValueError, "source must have shape"),
        (cross, (x, source, None, mask), ValueError, r"source_mask must have shape \(4, 5\)"),
        (plain, (x, None, mask[:2, :2]), ValueError, "mask must have shape"),
        (plain, (x, None, None, mask), ValueError, "source_mask must be None without a source"),
    ]
    for one, given, error, message in cases:
        with pytest.raises(error, match=message):
            one(*given)
    with pytest.raises(ValueError, match="positions must be None without rotary"):
        plain(x, positions=range(7))
