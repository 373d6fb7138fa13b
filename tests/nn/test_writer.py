"""One more step without the modules is what the modules make of it, and only where nobody looks at them."""

import itertools

import pytest
import torch
from blocks import drawn, model

from seqlib.nn import TransformerModel, writer
from seqlib.nn.writer import Cache, Writer, laid_out

CACHED = {"rtol": 1e-12, "atol": 1e-12}
T = 11


def ids(B=3, V=11):
    torch.manual_seed(1)
    return torch.randint(V, (B, T))


def stepped(net, x):
    """The answers of all steps, and the last state."""
    state, answers = None, []
    for tokens in x.T:
        logits, state = net.step(tokens, state)
        answers.append(logits)
    return torch.stack(answers, 1), state


KINDS = list(itertools.product(("relu", "gelu", "gelu_tanh", "swiglu"), ("layer", "rms"), (True, False)))


@pytest.mark.parametrize(("activation", "norm", "norm_first"), KINDS)
def test_steps_are_the_whole(activation, norm, norm_first):
    for i, positions in enumerate(("rotary", "learned")):
        options = {"bias": (i + norm_first) % 2 == 0, "n_kv_heads": (4, 2)[i], "eps": 0.3, "final_norm": i == 0}
        net = model(positions, activation=activation, norm=norm, norm_first=norm_first, rotary_base=50.0, **options)
        found, state = stepped(net, ids())
        torch.testing.assert_close(found, net(ids())[0].detach(), **CACHED)
        assert state.writer.steps == T - 1
        assert not found.requires_grad


def test_at_the_eighth_step_the_matrices_are_laid_out_for_so_many_rows(monkeypatch):
    asked = []

    def other(weight, bias, N):
        asked.append((tuple(weight.shape), bias is not None, N))
        return writer.linear_map(2 * weight, bias)

    monkeypatch.setattr(writer, "laid_out", other)
    net = model(n_layers=1, readout_bias=False)
    _, state = stepped(net, ids()[:, :8])
    assert asked == []
    found, later = net.step(ids()[:, 8], state)
    wanted = [((48, 16), True), ((16, 16), True), ((12, 16), True), ((16, 12), True), ((11, 16), False)]
    assert asked == [(*of, 3) for of in wanted]
    assert (found - net(ids()[:, :9])[0][:, -1]).abs().max() > 1e-3
    chosen = net.select(later, [0])
    assert chosen.writer is later.writer
    net.step([1], chosen)
    assert len(asked) == 5
    net.step([1, 2, 3], net.prefill(ids()[:, :8])[1])
    assert len(asked) == 5, "another sequence, another writer"


@pytest.mark.parametrize("N", [1, 2, 5])
@pytest.mark.parametrize("biased", [True, False])
def test_another_layout_is_the_same_map(monkeypatch, N, biased):
    monkeypatch.setattr(writer, "LARGE", 35)
    torch.manual_seed(0)
    weight, x, bias = torch.randn(5, 7), torch.randn(N, 7), torch.randn(5) if biased else None
    seen = []
    monkeypatch.setattr(writer, "linear_map", lambda weight, bias: seen.append(weight) or (lambda x: None))
    made = laid_out(weight, bias, N)
    if N == 1 or not torch.backends.mkldnn.is_available():
        assert torch.equal(seen[0], weight)
        assert seen[0].stride() == ((1, 5) if N == 1 else (7, 1))
    else:
        assert seen == []
        with torch.no_grad():
            torch.testing.assert_close(made(x), torch.nn.functional.linear(x, weight, bias))
    for other in (weight[:4], weight.double(), weight.to("meta")):
        seen.clear()
        laid_out(other, None, N)
        assert seen[0] is other


@pytest.mark.parametrize("N", [1, 3])
def test_large_matrices_in_float32(monkeypatch, N):
    monkeypatch.setattr(writer, "LARGE", 0)
    net = drawn(TransformerModel(11, 11, 16, 4, 2, tied=True))
    found, _ = stepped(net, ids(N))
    torch.testing.assert_close(found, net(ids(N))[0].detach(), rtol=1e-4, atol=1e-4)


def test_whoever_listens_is_heard():
    net, heard = model(), []
    _, state = stepped(net, ids())
    for part in (net.readout, net.core.blocks[1].linear1, net.core.blocks[0].norm1, net.core.norm):
        for register in (part.register_forward_hook, part.register_forward_pre_hook):
            hook = register(lambda part, *_: heard.append(part))
            net.step([1, 2, 3], state)
            assert heard == [part]
            hook.remove()
            heard.clear()


def test_what_is_not_known_is_asked():
    net = model()
    wanted, _ = stepped(net, ids())

    class Doubled(torch.nn.Linear):
        def forward(self, x):
            return 2 * super().forward(x)

    for block in net.core.blocks:
        block.linear1.__class__ = Doubled
    found, state = stepped(net, ids())
    assert state.writer.steps == 0
    torch.testing.assert_close(found, net(ids())[0].detach(), **CACHED)
    assert (found - wanted).abs().max() > 1e-3


def test_each_model_writes_with_its_own_weights():
    one, other = model(), drawn(model(), seed=5)
    _, state = stepped(one, ids())
    plain = Cache.of(tuple(state))
    torch.testing.assert_close(other.step([1, 2, 3], state)[0], other.step([1, 2, 3], plain)[0], **CACHED)
    torch.testing.assert_close(one.step([1, 2, 3], tuple(state))[0], one.step([1, 2, 3], state)[0], **CACHED)


def test_steps_have_no_dropout():
    net, plain = model(dropout=0.5), model()
    found, _ = stepped(net, ids())
    torch.testing.assert_close(found, stepped(plain, ids())[0], **CACHED)
    assert all(part.training for part in net.modules())


def test_under_autocast_and_transforms_the_modules_are_asked(monkeypatch):
    net = drawn(TransformerModel(11, 11, 16, 4, 2))
    state = stepped(net, ids())[1]
    with torch.autocast("cpu", torch.bfloat16):
        assert not state.writer.writes(net.core)
    assert state.writer.writes(net.core)
    monkeypatch.setattr(writer, "transformed", lambda: True)
    assert not state.writer.writes(net.core)
    assert not Writer(net.core, net.readout).writes(net.core)
