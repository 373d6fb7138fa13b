"""One more step without the modules is what the modules make of it, and only where nobody looks at them."""

import copy
import itertools
import pickle

import pytest
import torch
from blocks import drawn, model

from seqlib.nn import TransformerModel, layouts, writer
from seqlib.nn.writer import Cache, Writer

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
        return layouts.linear_map(2 * weight, bias)

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


@pytest.mark.parametrize("N", [1, 3])
def test_large_matrices_in_float32(monkeypatch, N):
    monkeypatch.setattr(layouts, "LARGE", 0)
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


def large():
    """A model in float32, whose matrices are laid out."""
    return drawn(TransformerModel(11, 11, 16, 4, 2))


def changed_in_place(net):
    with torch.no_grad():
        net.core.blocks[1].linear1.weight.mul_(2)


def loaded(net):
    net.load_state_dict(drawn(large(), seed=5).state_dict())


def another_parameter(net):
    net.core.blocks[1].self_attn.out_proj.weight = torch.nn.Parameter(torch.randn(16, 16))


def another_bias(net):
    net.core.norm.bias = torch.nn.Parameter(torch.randn(16))


def another_module(net):
    net.core.blocks[0].linear2 = drawn(torch.nn.Linear(64, 16))


def other_numbers(net):
    net.readout.weight.data = torch.randn(11, 16)


@pytest.mark.parametrize("N", [1, 3])
@pytest.mark.parametrize(
    "change", [changed_in_place, loaded, another_parameter, another_bias, other_numbers], ids=lambda f: f.__name__
)
def test_what_changes_in_the_midst_of_a_sequence_is_noticed(change, N, monkeypatch):
    """What was read before the change stays as it was; from then on the new weights write."""
    monkeypatch.setattr(layouts, "LARGE", 0)
    net = large()
    _, state = stepped(net, ids(N))
    assert state.writer.followed.copied
    before = net.step([1] * N, state)[0]
    change(net)
    found = net.step([1] * N, state)[0]
    wanted = net.step([1] * N, tuple(state))[0]
    torch.testing.assert_close(found, wanted, rtol=1e-4, atol=1e-4)
    assert (found - before).abs().max() > 1e-2


@pytest.mark.parametrize(
    "change", [changed_in_place, loaded, another_parameter, another_bias, other_numbers, another_module]
)
def test_what_changes_between_two_sequences_is_noticed(change):
    net = large()
    before, _ = stepped(net, ids())
    change(net)
    found, _ = stepped(net, ids())
    torch.testing.assert_close(found, net(ids())[0].detach(), rtol=1e-4, atol=1e-4)
    assert (found - before).abs().max() > 1e-2


def test_numbers_that_leave_no_trace_are_noticed_when_the_next_sequence_begins():
    net = large()
    stepped(net, ids())
    net.core.blocks[0].linear1.weight.data.mul_(2)
    torch.testing.assert_close(stepped(net, ids())[0], net(ids())[0].detach(), rtol=1e-4, atol=1e-4)


def test_the_next_sequence_has_the_layouts_from_its_first_step_on(monkeypatch):
    net = large()
    _, state = stepped(net, ids())
    again = net.step([1, 2, 3], net.prefill(ids()[:, :4])[1])[1]
    assert again.writer is not state.writer
    assert len(again.writer.followed.copied) == len(state.writer.followed.copied) == 9


def test_answers_may_be_trained_on():
    """Neither they nor the state are tensors of inference mode, which autograd refuses."""
    net = large()
    before = stepped(net, ids()[:, :-1])[1]
    last, state = net.step(ids()[:, -1], before)
    answers = stepped(net, ids())[0]
    scale = torch.ones((), requires_grad=True)
    assert not last.is_inference()
    (last * scale).sum().backward()
    torch.testing.assert_close(scale.grad, last.sum())
    scale.grad = None
    (answers * scale).sum().backward()
    torch.testing.assert_close(scale.grad, answers.sum())
    loss = sum((layer.keys * scale).sum() for layer in state)
    net.step([1, 2, 3], state)
    loss.backward()
    assert not any(part.is_inference() for layer in state for part in layer)
    with torch.inference_mode():
        inside, _ = stepped(net, ids())
    torch.testing.assert_close(inside, answers, rtol=1e-5, atol=1e-5)


def test_a_state_in_inference_mode_goes_on_outside_and_the_other_way_round():
    net = model()
    whole = net(ids())[0].detach()
    for first in (True, False):
        state = None
        for t, tokens in enumerate(ids().T):
            with torch.inference_mode((t < 5) == first):
                logits, state = net.step(tokens, state)
            torch.testing.assert_close(logits.clone(), whole[:, t], **CACHED)


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda state: pickle.loads(pickle.dumps(state))])
def test_copies_of_a_state_go_ways_of_their_own(copied):
    net = model()
    _, state = stepped(net, ids()[:, :9])
    other, x = copied(state), ids()
    ways = [net.step(x[:, 9], state), net.step(x[:, 10], other)]
    for (found, _), t in zip(ways, (9, 10), strict=True):
        whole = torch.cat([x[:, :9], x[:, t : t + 1]], 1)
        torch.testing.assert_close(found, net(whole)[0][:, -1].detach(), **CACHED)
    torch.testing.assert_close(
        net.step(x[:, 1], ways[0][1])[0], stepped(net, x[:, [*range(10), 1]])[0][:, -1], **CACHED
    )


def test_states_are_continued_again_and_in_other_orders():
    net, x = model("rotary"), ids()
    _, state = stepped(net, x[:, :6])
    rows = [2, 0, 2]
    chosen = net.select(state, rows)
    ways = [(state, x), (state, x.flip(0)), (chosen, x)]
    found = [net.step(after[:, 6], of) for of, after in ways]
    assert [found[0][1].room is state.room, found[1][1].room is state.room] == [True, False]
    for (of, after), (logits, later) in zip(ways, found, strict=True):
        read = torch.cat([x[rows][:, :6] if of is chosen else x[:, :6], after[:, 6:8]], 1)
        whole = net(read)[0].detach()
        torch.testing.assert_close(logits, whole[:, 6], **CACHED)
        torch.testing.assert_close(net.step(after[:, 7], later)[0], whole[:, 7], **CACHED)
        assert later[0].keys.shape[2] == 7


@pytest.mark.parametrize("queries", [1, 3])
def test_both_ways_to_attend_are_the_same(queries):
    torch.manual_seed(0)
    query = torch.randn(6, queries, 5, dtype=torch.float64)
    keys, values = torch.randn(2, 6, 7, 5, dtype=torch.float64)
    weights = (query @ keys.mT / 5**0.5).exp()
    wanted = weights / weights.sum(-1, keepdim=True) @ values
    for attend in (writer.products, writer.fused):
        torch.testing.assert_close(attend(query, keys, values), wanted, **CACHED)


def test_without_products_of_many_the_fused_kernel_attends(monkeypatch):
    asked = []
    monkeypatch.setattr(writer, "attend", lambda *each: asked.append(each) or writer.fused(*each))
    net = model("rotary", n_kv_heads=2)
    found, _ = stepped(net, ids())
    torch.testing.assert_close(found, net(ids())[0].detach(), **CACHED)
    assert asked
