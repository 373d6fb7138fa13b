"""What is measured of heads is what its names say: scores, what is changed, and what the answer follows."""

import itertools
import math
import runpy
from pathlib import Path

import numpy as np
import pytest
import torch

from seqlib.tasks import AssociativeRecall

S = runpy.run_path(str(Path(__file__).with_name("longer_15_heads.py")))
GLOBALS = S["heads"].__globals__
HOW = S["MEASUREMENTS"]["heads"]["settings"]
TASK = AssociativeRecall()


def network(n_heads, seed=0):
    torch.manual_seed(seed)
    return S["RECALL"]["transformer"](2, n_heads=n_heads).eval()


def drawn(n, seed=0):
    return TASK.sample(n, np.random.default_rng(seed))


def by_hand(net, x, wanted=lambda layer, at, values: at):
    """Both layers of attention alone, written out; `wanted` changes what the heads write before W_o reads it."""
    h = net.embedding("x", torch.tensor(x))
    for layer, block in enumerate(net.core.blocks):
        attention, normed = block.self_attn, block.norm1(h)
        query, (keys, values) = attention.project(normed, attention.turn(None, normed))
        scores = query @ keys.mT / math.sqrt(attention.d_k)
        order = torch.ones(scores.shape[-2:], dtype=torch.bool).tril()
        weights = scores.masked_fill(~order, -math.inf).softmax(-1)
        at = (weights @ values).transpose(1, 2).flatten(2)
        now = wanted(layer, at.clone(), values.transpose(1, 2).flatten(2))
        h = h + (now if isinstance(now, tuple) else (attention.out_proj(now),))[0]
    return net.readout(net.core.norm(h))


def test_scores_of_heads_by_loops():
    rng, keys = np.random.default_rng(0), np.array([[3, 1, 3, 3, 1], [0, 2, 4, 0, 0], [1, 2, 3, 4, 5]])
    weights = rng.dirichlet(np.ones(9), (2, 3, 4, 9))
    previous, induction = S["looks"](weights, keys)
    assert previous.shape == induction.shape == (2, 4)
    for layer, head in itertools.product(range(2), range(4)):
        w = weights[layer, :, head]
        before = [w[b, t, t - 1] for b in range(3) for t in (1, 3, 5, 7)]
        found = [
            sum(w[b, 2 * j, 2 * i + 1] for i in range(j) if keys[b, i] == keys[b, j])
            for b in range(3)
            for j in range(5)
            if keys[b, j] in keys[b, :j]
        ]
        assert len(found) == 5
        assert previous[layer, head] == pytest.approx(np.mean(before))
        assert induction[layer, head] == pytest.approx(np.mean(found))


def test_what_a_network_says_and_looks_at():
    net, x = network(4), drawn(3).inputs[0]
    p, weights = S["read"](net, x)
    assert net.training
    torch.testing.assert_close(torch.tensor(p), by_hand(net, x)[:, ::2].double().softmax(-1), atol=1e-6, rtol=1e-5)
    assert weights.shape == (2, 3, 4, 47, 47)
    assert weights.sum(-1) == pytest.approx(1, abs=1e-5)
    assert (np.triu(weights, 1) == 0).all()


@pytest.mark.parametrize(("layer", "heads"), [(0, (0,)), (1, (2,)), (1, (0, 3)), (0, (0, 1, 2, 3))])
def test_heads_write_something_else(layer, heads):
    net, x = network(4, 1), drawn(3, 1).inputs[0]
    to = torch.randn(47, 64)
    turn = torch.randn(64, 64)

    def wanted(k, at, values):
        for head in heads if k == layer else ():
            at[..., 16 * head : 16 * head + 16] = to[:, 16 * head : 16 * head + 16]
        return at

    def turned(k, at, values):
        out = net.core.blocks[k].self_attn.out_proj
        plain = out(at)
        return (plain + (out(wanted(k, at.clone(), values)) - plain) @ turn,)

    before = net(torch.tensor(x))[0]
    for how, by in [({}, wanted), ({"turn": turn}, turned)]:
        with S["changed"](net.core.blocks[layer], heads, lambda x: to, **how):
            got = net(torch.tensor(x))[0]
        torch.testing.assert_close(got, by_hand(net, x, by), atol=1e-4, rtol=1e-4)
        assert (got - before).abs().max() > 0.01
    assert torch.equal(net(torch.tensor(x))[0], before), "afterwards it is as it was"


def test_means_are_those_of_each_place():
    net, x = network(4, 2), drawn(5, 2).inputs[0]
    seen = []

    def wanted(layer, at, values):
        seen.append(at.mean(0))
        return at

    with torch.no_grad():
        by_hand(net, x, wanted)
    got = S["means"](net, x)
    assert len(got) == 2
    for mean, expected in zip(got, seen, strict=True):
        torch.testing.assert_close(mean, expected, atol=1e-5, rtol=1e-4)
    assert not any(block.self_attn.out_proj._forward_hooks for block in net.core.blocks)


def test_a_random_direction_has_the_same_norm():
    turn = S["at_random"](3)
    torch.testing.assert_close(turn @ turn.T, torch.eye(64), atol=1e-5, rtol=1e-5)
    assert (turn - torch.eye(64)).abs().max() > 0.3
    assert not torch.equal(turn, S["at_random"](4))


@pytest.mark.parametrize("n_heads", [1, 4])
def test_all_groups_of_heads_are_left_out(n_heads):
    net, batch, reference = network(n_heads, 3), drawn(6, 3), drawn(9, 4).inputs[0]
    found = S["without"](net, batch, reference, 5)
    assert set(found) == {"zero", "mean", "random"}
    d, seen = 64 // n_heads, S["times"](batch) > 0
    assert {len(of) for of in found.values()} == {1 + 2 * (2**n_heads - 1)}
    asked = [(0, [0]), (1, [0])] if n_heads == 1 else [(0, [1]), (1, [0, 2]), (1, [0, 1, 2, 3])]
    for way, (layer, heads) in itertools.product(found, asked):

        def wanted(k, at, values, way=way, layer=layer, heads=heads):
            plain = net.core.blocks[k].self_attn.out_proj
            now = at.clone()
            for head in heads if k == layer else ():
                of = slice(d * head, d * head + d)
                now[..., of] = 0 if way == "zero" else S["means"](net, reference)[k][:, of]
            if way != "random":
                return now
            return (plain(at) + (now - at) @ plain.weight.T @ S["at_random"](5),)

        with torch.no_grad():
            p = by_hand(net, batch.inputs[0], wanted)[:, ::2].double().softmax(-1).numpy()
        of = S["scores"](p, batch, seen)
        name = f"block {layer + 1}, heads {'+'.join(str(head + 1) for head in heads)}"
        assert found[way][name] == pytest.approx({m: of[m] for m in ("loss", "accuracy")}, abs=2e-3)
    with torch.no_grad():
        p = by_hand(net, batch.inputs[0])[:, ::2].double().softmax(-1).numpy()
    for of in found.values():
        assert of["nothing"]["loss"] == pytest.approx(S["scores"](p, batch, seen)["loss"], abs=2e-3)


def test_another_pair_has_another_key_and_another_value():
    batch = drawn(300, 6)
    rows, pairs = S["another"](batch, np.random.default_rng(0))
    keys, y = batch.inputs[0][:, ::2], batch.y[:, ::2]
    back = [b for b in range(300) if keys[b, -1] in keys[b, :-1]]
    assert rows.tolist() == back
    assert (keys[rows, pairs] != keys[rows, -1]).all()
    assert (y[rows, pairs] != y[rows, -1]).all()
    assert set(pairs) == set(range(23))


@pytest.mark.parametrize(("layer", "heads"), [(1, [2]), (0, [0, 1, 2, 3])])
def test_heads_look_at_one_place_from_the_last(layer, heads):
    net, x = network(4, 7), drawn(3, 7).inputs[0]
    places = np.array([5, 1, 31])

    def wanted(k, at, values):
        for head, b in itertools.product(heads if k == layer else (), range(3)):
            of = slice(16 * head, 16 * head + 16)
            at[b, -1, of] = values[b, places[b], of]
        return at

    before = net(torch.tensor(x))[0]
    with S["looking_at"](net.core.blocks[layer], heads, places):
        got = net(torch.tensor(x))[0]
    torch.testing.assert_close(got, by_hand(net, x, wanted), atol=1e-5, rtol=1e-4)
    assert torch.equal(got[:, :-1], before[:, :-1])
    assert (got[:, -1] - before[:, -1]).abs().max() > 0.01
    assert torch.equal(net(torch.tensor(x))[0], before)
    assert not any(block.norm1._forward_hooks for block in net.core.blocks)


def test_answers_follow_what_is_looked_at(monkeypatch):
    net, batch = network(4, 8), drawn(80, 8)
    rows, pairs = S["another"](batch, np.random.default_rng([9, 10**6, 4]))
    told = S["redirected"](net, batch, 9)
    names = ["nothing"]
    for layer in (1, 2):
        names += [f"block {layer}, heads {heads}" for heads in ("1", "2", "3", "4", "1+2+3+4")]
    assert list(told) == names
    x, y = batch.inputs[0][rows], batch.y[rows, 2 * pairs]
    assert told["nothing"] == pytest.approx((net(torch.tensor(x))[0][:, -1].argmax(-1).numpy() == y).mean(), abs=1e-4)
    with S["looking_at"](net.core.blocks[1], [0, 1, 2, 3], 2 * pairs + 1):
        followed = (net(torch.tensor(x))[0][:, -1].argmax(-1).numpy() == y).mean()
    assert told["block 2, heads 1+2+3+4"] == pytest.approx(followed, abs=1e-4)
    assert list(S["redirected"](network(1), batch, 9)) == ["nothing", "block 1, heads 1", "block 2, heads 1"]
    monkeypatch.setitem(GLOBALS, "read_last", lambda model, x: np.array([1, 2, 3, 4]))
    assert S["follow"](None, None, np.array([1, 2, 0, 4])) == 0.75


@pytest.mark.parametrize("seed", range(6))
def test_the_keys_of_the_picture_come_back_with_values_of_their_own(seed):
    x, y = S["picture"](seed)
    keys = x[0, ::2].tolist()
    assert len(set(keys)) == len(set(y.tolist()))
    assert sum(keys.count(key) > 1 for key in set(keys)) >= 4


def test_one_sequence_is_drawn():
    x, y = S["picture"](260)
    keys = x[0, ::2]
    assert x.shape == (1, 19)
    assert (x[0, 1::2] - 16 == y[:-1]).all()
    assert len(y) == 10
    assert len(set(keys.tolist())) == 5
    assert S["words"](np.array([0, 15, 16, 31])) == ["k1", "k16", "v1", "v16"]
    net = network(1, 9)
    one = S["frame"](net, 70, x, y)
    p, weights = S["read"](net, x)
    assert one["step"] == 70
    assert one["right"].split() == [f"{100 * p[0, j, y[j]]:.0f}" for j in range(10)]
    assert set(one["maps"]) == {"block 1", "block 2"}
    row = np.array(one["maps"]["block 2"][0][18].split(), float)
    assert row == pytest.approx(100 * weights[1, 0, 0, 18], abs=0.51)


def test_a_training_is_watched(monkeypatch):
    given = {}

    def trained(build, data, steps, seed, watch):
        given.update(net=build(), data=data, steps=steps, seed=seed)
        for step in range(steps + 1):
            watch(step, given["net"])
        return given["net"]

    monkeypatch.setitem(S["RECALL"], "trained", trained)
    x, y = S["picture"](260)
    model, batch, told = S["learned"](4, 53, 7, 5, x, y)
    assert model is given["net"]
    assert not model.training
    assert model.core.blocks[1].self_attn.n_heads == 4
    assert (given["steps"], given["seed"]) == (53, 7)
    assert np.array_equal(given["data"](3, np.random.default_rng(1)).y, TASK.sample(3, np.random.default_rng(1)).y)
    assert np.array_equal(batch.y, TASK.sample(5, np.random.default_rng([7, 10**6])).y)
    assert told["at"] == [0, 10, 20, 30, 40, 50, 53]
    p, weights = S["read"](model, batch.inputs[0])
    assert told["loss"] == [pytest.approx(S["scores"](p, batch, S["times"](batch) > 0)["loss"])] * 7
    previous, induction = S["looks"](weights, batch.inputs[0][:, ::2])
    for score, of in (("previous", previous), ("induction", induction)):
        assert len(told[score]) == 8
        assert told[score]["block 2, head 3"] == [pytest.approx(of[1, 2])] * 7
    assert [one["step"] for one in told["frames"]] == [0, 50]
    assert not S["learned"](1, 4, 7, 5)[2]["frames"]


def test_values_are_stored_by_seed(monkeypatch):
    def learned(n_heads, steps, seed, sequences, x, y):
        told = {"at": [0, steps], "loss": [2.5, n_heads], "frames": [{"step": seed}]}
        told |= {"previous": {"block 1, head 1": [0.1, seed]}, "induction": {"block 1, head 1": [0.2, seed]}}
        return n_heads, sequences, told

    monkeypatch.setitem(GLOBALS, "learned", learned)
    monkeypatch.setitem(
        GLOBALS,
        "without",
        lambda model, batch, reference, seed: {"zero": {"nothing": {"loss": seed, "accuracy": reference.sum()}}},
    )
    monkeypatch.setitem(GLOBALS, "redirected", lambda model, batch, seed: {"nothing": (model, batch, seed)})
    found = S["heads"]([3, 5], 6, 40)
    assert set(found) == {"1 head", "4 heads", "drawn"}
    sums = [TASK.sample(6, np.random.default_rng([seed, 10**6, 6])).inputs[0].sum() for seed in (3, 5)]
    for name, n in (("1 head", 1), ("4 heads", 4)):
        assert found[name] == {
            "at": "0 40",
            "loss": [f"2.5 {n}"] * 2,
            "previous": {"block 1, head 1": ["0.1 3", "0.1 5"]},
            "induction": {"block 1, head 1": ["0.2 3", "0.2 5"]},
            "off": {"zero": {"nothing": {"loss": [3, 5], "accuracy": sums}}},
            "redirected": {"nothing": [(n, 6, 3), (n, 6, 5)]},
        }
    x, y = S["picture"](3)
    assert found["drawn"] == {
        "words": S["words"](x[0]),
        "answers": [f"v{v + 1}" for v in y],
        "frames": [{"step": 3}],
    }


def test_settings_are_those_of_the_hypotheses():
    assert len(set(HOW["seeds"])) == 5
    assert HOW["steps"] % S["EVERY"] == 0
    assert all(step % S["EVERY"] == 0 for step in S["DRAWN_AT"])
    assert S["DRAWN_AT"][-1] == HOW["steps"]
    assert list(S["HEADS"].items()) == [("1 head", 1), ("4 heads", 4)]
