"""GPT: its formula, where it starts, cache and decoding from the first token on, training, bad input."""

import math

import numpy as np
import pytest
import torch
from blocks import DOUBLE, LENGTHS, drawn

from seqlib.batching import Batch
from seqlib.decoding import greedy, sample
from seqlib.nn import GPT
from seqlib.training import fit
from seqlib.training.evaluate import evaluate

EXACT = {"rtol": 1e-10, "atol": 1e-10}


def gpt(**options):
    """A small GPT in float64, with weights that tell everything apart."""
    return drawn(GPT(11, 8, 2, 2, **{"longest": 9, "eps": 1e-3} | options, **DOUBLE))


def ids(B=4, T=7):
    return torch.randint(11, (B, T), generator=torch.Generator().manual_seed(1))


def normed(x, norm, eps):
    centred = x - x.mean(-1, keepdim=True)
    return norm.weight * centred / (centred.square().mean(-1, keepdim=True) + eps).sqrt() + norm.bias


def written_out(net, x, eps=1e-3):
    """GPT-2 as its equations say it, one head and one query after another."""
    h = net.embedding.words.weight[x] + net.embedding.places.weight[: x.shape[1]]
    for block in net.core.blocks:
        a = normed(h, block.norm1, eps) @ block.self_attn.in_proj_weight.T + block.self_attn.in_proj_bias
        heads = torch.zeros_like(h)
        for i in range(2):
            q, k, v = (a[..., 8 * part + 4 * i : 8 * part + 4 * i + 4] for part in range(3))
            for t in range(x.shape[1]):
                w = ((q[:, t : t + 1] * k[:, : t + 1]).sum(-1) / math.sqrt(4)).exp()
                w = w / w.sum(-1, keepdim=True)
                heads[:, t, 4 * i : 4 * i + 4] = (w[..., None] * v[:, : t + 1]).sum(1)
        h = h + heads @ block.self_attn.out_proj.weight.T + block.self_attn.out_proj.bias
        u = normed(h, block.norm2, eps) @ block.linear1.weight.T + block.linear1.bias
        u = u / 2 * (1 + torch.tanh(math.sqrt(2 / math.pi) * (u + 0.044715 * u**3)))
        h = h + u @ block.linear2.weight.T + block.linear2.bias
    return normed(h, net.core.norm, eps) @ net.embedding.words.weight.T


def test_it_is_its_equations():
    net = gpt()
    with torch.no_grad():
        torch.testing.assert_close(net(ids())[0], written_out(net, ids()), **EXACT)
    assert net.core.blocks[1].linear1.out_features == 32
    assert GPT(11, 8, 2, 1, 5).core.blocks[0].linear1.out_features == 5
    assert GPT(11, 8, 2, 1).embedding.places.num_embeddings == 1024
    for activation in ("gelu", "relu"):
        assert (gpt(activation=activation)(ids())[0] - net(ids())[0]).abs().max() > 1e-4
    free = gpt(tied=False)
    assert free.readout.weight is not free.embedding.words.weight
    assert free.readout.bias is net.readout.bias is None


def test_where_it_starts():
    torch.manual_seed(0)
    net = GPT(300, 128, 2, 8, longest=100, start=0.1, tied=False)
    adds = ("out_proj.weight", "linear2.weight")
    seen = 0
    for name, parameter in net.named_parameters():
        if parameter.ndim > 1:
            wanted = 0.1 / 4 if name.endswith(adds) else 0.1
            assert abs(parameter.std() / wanted - 1) < 0.03, name
            assert abs(parameter.mean()) < 0.03 * wanted, name
            seen += name.endswith(adds)
        else:
            assert (parameter == (0 if name.endswith("bias") else 1)).all(), name
    assert seen == 16
    assert abs(GPT(300, 128, 2, 1).readout.weight.std() / 0.02 - 1) < 0.03


def test_cache_and_unequal_prompts_from_the_first_token_on():
    net, x = gpt(), ids(T=9)
    whole, state = net(x)[0].detach(), None
    for t in range(9):
        logits, state = net.step(x[:, t], state)
        torch.testing.assert_close(logits, whole[:, t], **EXACT)
    prompts = [[1, 2, 3], [4], [5, 6]]
    for found in (greedy(net, prompts, max_length=6), sample(net, prompts, rng=np.random.default_rng(0), max_length=6)):
        for prompt, new, scores in zip(prompts, found.ids, found.log_probs, strict=True):
            log_p = net(torch.tensor([[*prompt, *new]]))[0].log_softmax(-1)[0, len(prompt) - 1 : -1]
            np.testing.assert_allclose(scores, log_p[range(6), new].detach(), rtol=1e-9, atol=1e-9)
    with pytest.raises(ValueError, match="x must end within longest=9 learned positions, got 10"):
        net.step(x[:, 0], state)


def test_padding_changes_nothing():
    net, x = gpt(), ids()
    out = net(x, LENGTHS)[0]
    for b, n in enumerate(LENGTHS):
        torch.testing.assert_close(out[b, :n], net(x[b : b + 1, :n])[0][0], **EXACT)
        assert not out[b, n:].any(), "there is no b_o"


def test_dropout_is_in_the_blocks_and_before_them_in_training_alone():
    net, seen = gpt(dropout=0.5), []
    torch.testing.assert_close(net.eval()(ids())[0], gpt()(ids())[0], **EXACT)
    net.train().core.blocks[0].norm1.register_forward_pre_hook(lambda _, given: seen.append(given[0]))
    net(ids())
    assert 0.3 < (seen[0] == 0).double().mean() < 0.7
    assert net.core.blocks[1].dropout == net.core.blocks[1].self_attn.dropout == 0.5


@pytest.mark.parametrize("tied", [True, False])
def test_weights_are_saved_and_loaded(tied, tmp_path):
    net, other = gpt(tied=tied), drawn(gpt(tied=tied), seed=5)
    torch.save(net.state_dict(), tmp_path / "gpt.pt")
    other.load_state_dict(torch.load(tmp_path / "gpt.pt", weights_only=True))
    assert torch.equal(other(ids())[0], net(ids())[0])
    assert (other.readout.weight is other.embedding.words.weight) == tied
    assert len(list(other.parameters())) == 4 + 2 * 12 + (not tied)


class Alternates:
    """Two words in turn, of which the first is drawn: what comes next is known from the second word on."""

    loss = "cross_entropy"

    def sample(self, B, rng):
        first = rng.integers(0, 2, (B, 1))
        whole = (first + np.arange(7)) % 2
        return Batch((whole[:, :-1],), whole[:, 1:], np.ones((B, 6), dtype=bool))


def test_it_learns():
    net = GPT(2, 16, 2, 1, longest=6)
    run = fit(net, Alternates(), steps=60, lr=0.01, seed=0)
    assert run.loss[0] > 0.5, "log 2 is what guessing costs"
    assert evaluate(run.model, Alternates(), batches=2) < 0.05


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"vocab_size": 0}, "vocab_size must be at least 1"),
        ({"d_model": 9}, "d_model must be a multiple of n_heads"),
        ({"n_layers": 0}, "n_layers must be at least 1"),
        ({"hidden_size": 0}, "hidden_size must be at least 1"),
        ({"longest": 0}, "longest must be at least 1"),
        ({"activation": "swiglu"}, "activation must be one of 'gelu_tanh', 'gelu', 'relu', got 'swiglu'"),
        ({"dropout": 2}, "dropout must be at most 1"),
        ({"eps": -1}, "eps must be at least 0"),
        ({"start": 0}, "start must be greater than 0"),
    ],
)
def test_bad_options_are_named(options, message):
    with pytest.raises(ValueError, match=message):
        GPT(**{"vocab_size": 5, "d_model": 8, "n_heads": 2, "n_layers": 1} | options)
    for name, value in (("tied", 1), ("longest", None), ("vocab_size", None), ("start", "small")):
        with pytest.raises(TypeError, match=f"{name} must be"):
            GPT(**{"vocab_size": 5, "d_model": 8, "n_heads": 2, "n_layers": 1} | {name: value})
