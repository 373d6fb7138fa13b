"""One stack for every mixer: equations, steps, pieces, padding, decoding, training, bad input."""

import numpy as np
import pytest
import torch
from blocks import DOUBLE, drawn

from seqlib.batching import Batch
from seqlib.decoding import beam, greedy
from seqlib.nn import (
    GRU,
    LSTM,
    CausalConvolution,
    DiagonalStateSpace,
    LinearAttention,
    Mamba,
    MinGRU,
    MinLSTM,
    MultiHeadAttention,
    RecurrentModel,
    SelectiveScan,
    TransformerModel,
)
from seqlib.training import evaluate, fit
from seqlib.training.carry import Carry, _begun

EXACT = {"rtol": 1e-10, "atol": 1e-10}
MIXERS = {
    "minGRU": lambda d, **kind: MinGRU(d, d, **kind),
    "minLSTM": lambda d, **kind: MinLSTM(d, d, **kind),
    "S4D": DiagonalStateSpace,
    "S6": SelectiveScan,
    "Mamba": Mamba,
    "linear attention": lambda d, **kind: LinearAttention(d, 2, **kind),
    "convolution": CausalConvolution,
    "LSTM": lambda d, **kind: LSTM(d, d, batch_first=True, **kind),
    "GRU": lambda d, **kind: GRU(d, d, num_layers=2, batch_first=True, **kind),
    "torch-LSTM": lambda d, **kind: torch.nn.LSTM(d, d, batch_first=True, **kind),
    "attention": lambda d, **kind: MultiHeadAttention(d, 2, rotary=100.0, **kind),
}
each = pytest.mark.parametrize("name", MIXERS)


def model(name="minGRU", V=11, d_model=8, n_layers=2, hidden_size=12, **options):
    """A small one in float64, with weights that tell everything apart."""
    net = RecurrentModel(
        V, V, d_model, n_layers, lambda d: MIXERS[name](d, **DOUBLE), hidden_size, **{"eps": 1e-3} | options, **DOUBLE
    )
    return drawn(net) if name != "S4D" else net


def ids(B=3, T=13, seed=1):
    return torch.randint(11, (B, T), generator=torch.Generator().manual_seed(seed))


def normed(x, norm, eps=1e-3):
    x = x - x.mean(-1, keepdim=True)
    return norm.weight * x / (x.square().mean(-1, keepdim=True) + eps).sqrt() + norm.bias


def test_it_is_its_equations():
    net, x = model(convolution=3, activation="relu"), ids()
    h = net.embedding.words.weight[x]
    for block in net.blocks:
        h = h + block.convolution(normed(h, block.norm0))[0]
        h = h + block.mixer(normed(h, block.norm1))[0]
        u = (normed(h, block.norm2) @ block.linear1.weight.T + block.linear1.bias).clamp(min=0)
        h = h + u @ block.linear2.weight.T + block.linear2.bias
    wanted = normed(h, net.norm) @ net.readout.weight.T + net.readout.bias
    torch.testing.assert_close(net(x)[0], wanted, **EXACT)
    assert model().blocks[0].convolution is None
    assert model(hidden_size=0).blocks[0].linear1 is None
    assert RecurrentModel(5, 5, 4, 1, MIXERS["S4D"]).blocks[0].linear1.out_features == 16


@pytest.mark.parametrize("options", [{"activation": name} for name in ("gelu", "relu", "gelu_tanh", "swiglu")])
@pytest.mark.parametrize("norm", ["layer", "rms"])
def test_with_attention_it_is_the_transformer(options, norm):
    ours = model("attention", norm=norm, **options)
    theirs = TransformerModel(
        11, 11, 8, 2, 2, 12, positions="rotary", rotary_base=100.0, norm=norm, eps=1e-3, **options, **DOUBLE
    )
    names = {"core.norm": "norm"}
    for i in range(2):
        names |= {f"core.layers.{i}.self_attn": f"blocks.{i}.mixer.attention", f"core.layers.{i}": f"blocks.{i}"}
    weights = ours.state_dict()
    found = {}
    for key in theirs.state_dict():
        begin = max((name for name in names if key.startswith(name + ".")), key=len, default="")
        found[key] = weights[names.get(begin, "") + key.removeprefix(begin)]
    theirs.load_state_dict(found)
    torch.testing.assert_close(ours(ids())[0], theirs(ids())[0], **EXACT)


@each
@pytest.mark.parametrize("convolution", [None, 3])
def test_steps_pieces_prefill_and_choice_of_rows(name, convolution):
    net, x = model(name, convolution=convolution), ids()
    whole = net(x)[0]
    state = None
    for t in range(13):
        out, state = net.step(x[:, t].numpy(), state)
        torch.testing.assert_close(out, whole[:, t], **EXACT)
        assert not out.requires_grad
    state, outs = None, []
    for piece in x.split([1, 5, 7], 1):
        out, state = net(piece, state=state)
        outs.append(out)
    torch.testing.assert_close(torch.cat(outs, 1), whole, **EXACT)
    out, state = net.prefill(x[:, :6])
    torch.testing.assert_close(out, whole[:, 5], **EXACT)
    out, state = net.step(x[:, 6], state)
    torch.testing.assert_close(out, whole[:, 6], **EXACT)
    rows = [2, 0, 2, 1]
    for given in (state, net(x[:, :7])[1]):
        out, after = net.step(x[rows, 7], net.select(given, np.array(rows)))
        torch.testing.assert_close(out, whole[rows, 7], **EXACT)
        out, _ = net.step(x[rows, 8], after)
        torch.testing.assert_close(out, whole[rows, 8], **EXACT)
    assert net.select(None, rows) is None


@each
def test_padding_changes_nothing(name):
    net, x, lengths = model(name, convolution=2), ids(), [13, 1, 6]
    x[1, 1:], x[2, 6:] = -7, 99  # no ids
    out, last = net(x, lengths)
    for b, n in enumerate(lengths):
        torch.testing.assert_close(out[b, :n], net(x[b : b + 1, :n])[0][0], **EXACT)
        torch.testing.assert_close(out[b, n:], net.readout.bias.expand(13 - n, 11), **EXACT)
    more = ids(T=4, seed=5)
    after = net(more, state=last)[0]
    for b, n in enumerate(lengths):
        together = torch.cat([x[b : b + 1, :n], more[b : b + 1]], 1)
        torch.testing.assert_close(after[b], net(together)[0][0, n:], **EXACT)


@each
def test_decoding_goes_on_from_unequal_prompts(name):
    net = model(name)
    prompts = [[1, 2, 3], [4], [5, 6]]
    found = greedy(net, prompts, max_length=6)
    for prompt, new, scores in zip(prompts, found.ids, found.log_probs, strict=True):
        log_p = net(torch.tensor([[*prompt, *new]]))[0].log_softmax(-1)[0, len(prompt) - 1 : -1]
        np.testing.assert_allclose(scores, log_p[range(6), new].detach(), rtol=1e-9, atol=1e-9)
    best = beam(net, [prompts[0]], width=3, max_length=4)
    assert best is not None


class Alternates:
    """Two words in turn, of which the first is drawn: what comes next is known from the second word on."""

    loss = "cross_entropy"

    def sample(self, B, rng):
        first = rng.integers(0, 2, (B, 1))
        whole = (first + np.arange(7)) % 2
        return Batch((whole[:, :-1],), whole[:, 1:], np.ones((B, 6), dtype=bool))


@each
def test_it_learns(name):
    torch.manual_seed(0)
    net = RecurrentModel(2, 2, 16, 1, MIXERS[name])
    run = fit(net, Alternates(), steps=80, lr=0.01, seed=0)
    assert run.loss[0] > 0.3
    assert evaluate(run.model, Alternates(), batches=2) < 0.1


@each
def test_batches_that_continue_each_other_hand_the_state_on(name):
    net, x = model(name, convolution=3), ids()
    carry = Carry(None)
    with carry._passed(net, None):
        net(x[:, :6])
    begins = torch.tensor([False, True, False])
    out = net(x[:, 6:], state=_begun(carry.state, begins))[0]
    whole, fresh = net(x)[0][:, 6:], net(x[:, 6:])[0]
    torch.testing.assert_close(out[[0, 2]], whole[[0, 2]], **EXACT)
    torch.testing.assert_close(out[1], fresh[1], **EXACT)
    assert carry.saved() is not None


@pytest.mark.parametrize("tied", [True, False])
def test_tied_weights_are_saved_and_loaded(tied, tmp_path):
    net, other = model(tied=tied), drawn(model(tied=tied), seed=5)
    torch.save(net.state_dict(), tmp_path / "model.pt")
    other.load_state_dict(torch.load(tmp_path / "model.pt", weights_only=True), assign=True)
    assert torch.equal(other(ids())[0], net(ids())[0])
    assert (other.readout.weight is other.embedding.words.weight) == tied
    moved = net.to("meta").to_empty(device="cpu")  # where each tensor becomes a new one
    assert (moved.readout.weight is moved.embedding.words.weight) == tied
    assert model(tied=True).embedding.scale == 8**0.5
    assert model(tied=True, embedding_scale=1.0).embedding.scale == 1


def test_vectors_and_switches():
    net = drawn(RecurrentModel(None, 3, 8, 1, lambda d: MinGRU(d, d, **DOUBLE), input_size=4, bias=False, **DOUBLE))
    x = torch.randn(2, 5, 4, **DOUBLE)
    x[0, 2:] = torch.nan
    out, _ = net(x, [2, 5])
    assert out.shape == (2, 5, 3)
    assert not out[0, 2:].any(), "there is no b_o"
    torch.testing.assert_close(net.step(x[:, 0])[0], out[:, 0], **EXACT)
    assert {name.split(".")[-1] for name, _ in net.named_parameters() if "mixer" not in name} == {"weight"}
    assert model(readout_bias=False).readout.bias is None


def test_dropout_in_training_alone():
    net = model(dropout=0.5, convolution=2)
    torch.testing.assert_close(net.eval()(ids())[0], model(convolution=2)(ids())[0], **EXACT)
    assert (net.train()(ids())[0] - net(ids())[0]).abs().max() > 1e-3
    torch.testing.assert_close(net.step(ids()[:, 0])[0], model(convolution=2)(ids())[0][:, 0], **EXACT)
    assert net.training
    seen = []
    for part in (net.blocks[0].norm0, net.blocks[0].norm1, net.blocks[0].norm2, net.blocks[0].linear2, net.norm):
        part.register_forward_pre_hook(lambda _, given: seen.append(given[0]))
    net(ids())
    first, second, third, wide, _ = seen
    for values in (first, second - first, third - second, wide):
        assert 0.3 < (values == 0).double().mean() < 0.7


def test_bad_options_and_states_are_named():
    def build(mixer=MIXERS["minGRU"], **options):
        return RecurrentModel(**{"vocab_size": 5, "n_out": 5, "d_model": 4, "n_layers": 1, "mixer": mixer} | options)

    for options, message in [
        ({"n_out": 0}, "n_out must be at least 1"),
        ({"d_model": 0}, "d_model must be at least 1"),
        ({"n_layers": 0}, "n_layers must be at least 1"),
        ({"hidden_size": -1}, "hidden_size must be at least 0"),
        ({"convolution": 0}, "width must be at least 1"),
        ({"tied": True, "n_out": 4}, "n_out must be vocab_size=5 where they are tied, got 4"),
        ({"activation": "silu"}, "activation must be one of"),
        ({"norm": "batch"}, "norm must be one of"),
        ({"dropout": 2}, "dropout must be at most 1"),
        ({"mixer": lambda d: MinGRU(3, d)}, "mixer must make a layer of d_model=4 features, got one of 3"),
        ({"mixer": lambda d: MinGRU(d, 3)}, "mixer must make a layer that answers with d_model=4 features, got 3"),
        ({"mixer": lambda d: GRU(d, d)}, "mixer must make a recurrent layer with batch_first=True"),
        ({"mixer": lambda d: GRU(d, d, batch_first=True, bidirectional=True)}, "reads in one direction"),
        ({"mixer": lambda d: GRU(d, 3, batch_first=True)}, "answers with d_model=4 features, got 3"),
        ({"mixer": lambda d: MultiHeadAttention(d, 2, source_size=3)}, "leave out source_size"),
    ]:
        with pytest.raises(ValueError, match=message):
            build(**options)
    for options, message in [
        ({"mixer": MinGRU(4, 4)}, "mixer must be a function that makes a layer for d_model, got MinGRU"),
        ({"mixer": torch.nn.Identity}, "mixer must make a Mixer, a recurrent layer or a MultiHeadAttention, got Ident"),
        ({"tied": 1}, "tied must be True or False"),
        ({"bias": None}, "bias must be True or False"),
    ]:
        with pytest.raises(TypeError, match=message):
            build(**options)
    net, x = model(), ids()
    for call, error, message in [
        (lambda: net(x.double()), TypeError, "x must hold integer ids"),
        (lambda: net(x + 11), ValueError, "x must hold ids from 0 to 10"),
        (lambda: net(x[:, :0]), ValueError, "x must have at least one step"),
        (lambda: net(x, [13, 0, 1]), ValueError, "lengths must be at least 1"),
        (lambda: net(x, [13, 1]), ValueError, "lengths must have shape"),
        (lambda: net(x, state=[1]), TypeError, "state must be what forward, step or prefill returns, got list"),
        (lambda: net(x, state=(1,)), ValueError, "state must be of this model, with 2 blocks, got 1"),
        (lambda: net.step(3), ValueError, "tokens must hold one for each sequence"),
        (lambda: net.step(x[:, 0] + 11), ValueError, "tokens must hold ids from 0 to 10"),
        (lambda: net.step(x[:2, 0], net.step(x[:, 0])[1]), ValueError, r"state must have shape \(2, 8\), got \(3, 8\)"),
    ]:
        with pytest.raises(error, match=message):
            call()
