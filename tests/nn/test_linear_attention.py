"""Linear attention: attention of all queries to all keys, chunks of any size, weights of MultiHeadAttention."""

import pytest
import torch
from blocks import DOUBLE, drawn

from seqlib.nn import LinearAttention, MultiHeadAttention
from seqlib.nn.linear_attention import elu_feature

EXACT = {"rtol": 1e-10, "atol": 1e-10}


def made(**options):
    return drawn(LinearAttention(6, 2, **options, **DOUBLE))


@pytest.mark.parametrize("normalised", [True, False])
def test_it_is_attention_with_other_weights(normalised):
    net, x = made(normalised=normalised), torch.randn(2, 9, 6, **DOUBLE)
    q, k, v = (x @ net.in_proj_weight.T + net.in_proj_bias).split(6, -1)
    heads = []
    for i in range(2):
        part = slice(3 * i, 3 * i + 3)
        w = (elu_feature(q[..., part]) @ elu_feature(k[..., part]).mT) * torch.ones(9, 9, **DOUBLE).tril()
        heads.append((w / w.sum(-1, keepdim=True) if normalised else w) @ v[..., part])
    wanted = torch.cat(heads, -1) @ net.out_proj.weight.T + net.out_proj.bias
    for got in (net(x)[0], net.quadratic(x)[0]):
        torch.testing.assert_close(got, wanted, **EXACT)


@pytest.mark.parametrize("chunk", [1, 2, 5, 11, 12, 100])
def test_chunks_of_any_size_are_one(chunk):
    x, state = torch.randn(2, 11, 6, **DOUBLE), torch.rand(2, 2, 3, 4, **DOUBLE)
    for given, lengths in ((None, None), (state, None), (state, [11, 4])):
        wanted = made().quadratic(x, given, lengths)
        for got, expected in zip(made(chunk=chunk)(x, given, lengths), wanted, strict=True):
            torch.testing.assert_close(got, expected, **EXACT)


def test_the_feature_is_the_one_asked_for():
    net, x = made(feature=torch.exp), torch.randn(1, 1, 6, **DOUBLE)
    keys = (x @ net.in_proj_weight.T + net.in_proj_bias)[..., 6:12].exp().view(1, 2, 3)
    torch.testing.assert_close(net(x)[1][..., -1], keys, **EXACT)
    assert made(feature=lambda x: torch.cat([x, -x], -1).exp())(x)[1].shape == (1, 2, 6, 4)


def test_a_long_sequence_makes_no_square(monkeypatch):
    seen = []
    tril = torch.Tensor.tril
    monkeypatch.setattr(torch.Tensor, "tril", lambda self: seen.append(self.shape) or tril(self))
    made(chunk=5)(torch.randn(1, 100, 6, **DOUBLE))
    assert seen == [(1, 2, 20, 5, 5)]


def test_feature():
    x = torch.tensor([-90.0, -20.0, -1.0, 0.0, 2.0], requires_grad=True)
    out = elu_feature(x)
    torch.testing.assert_close(out, torch.tensor([8.194e-40, 2.0612e-9, 0.36788, 1.0, 3.0]), rtol=1e-3, atol=1e-42)
    assert (out > 0).all()
    out.sum().backward()
    torch.testing.assert_close(x.grad[2:], torch.tensor([0.36788, 1.0, 1.0]), rtol=1e-4, atol=0)


def test_weights_of_attention_load():
    attention, net = drawn(MultiHeadAttention(6, 2)), LinearAttention(6, 2)
    net.load_state_dict(attention.state_dict())
    torch.manual_seed(0)
    theirs = MultiHeadAttention(6, 2)
    torch.manual_seed(0)
    assert theirs.state_dict().keys() == net.state_dict().keys()
    assert not LinearAttention(6, 2).in_proj_bias.any()
    assert not LinearAttention(6, 2).out_proj.bias.any()
    assert LinearAttention(6, 2, bias=False).out_proj.bias is None
    assert net.extra_repr() == "6, 2, normalised=True, chunk=64"


def test_bad_options_are_named():
    for options, error, message in [
        ({"d_model": 0}, ValueError, "d_model must be at least 1"),
        ({"n_heads": 0}, ValueError, "n_heads must be at least 1"),
        ({"n_heads": 4}, ValueError, "d_model must be a multiple of n_heads=4, got 6"),
        ({"chunk": 0}, ValueError, "chunk must be at least 1"),
        ({"normalised": 1}, TypeError, "normalised must be True or False"),
        ({"feature": "elu"}, TypeError, "feature must be a function, got str"),
        ({"bias": 0}, TypeError, "bias must be True or False"),
    ]:
        with pytest.raises(error, match=message):
            LinearAttention(**{"d_model": 6, "n_heads": 2} | options)
