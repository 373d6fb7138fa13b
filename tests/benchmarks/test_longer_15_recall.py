"""What is measured of recall is what its names say: networks, test, measures, and how sudden they are."""

import math
import runpy
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from seqlib.batching import Batch
from seqlib.nn import GRU, LSTM, TransformerModel
from seqlib.tasks import AssociativeRecall
from seqlib.training import Warmup

S = runpy.run_path(str(Path(__file__).with_name("longer_15_recall.py")))
GLOBALS = S["followed"].__globals__
HOW = S["MEASUREMENTS"]["recall"]["settings"]
KEYS = np.array([[3, 1, 3, 3, 1, 2], [5, 5, 4, 4, 5, 5]])
VALUES = np.array([[7, 2, 7, 7, 2, 9], [0, 0, 1, 1, 0, 0]])


def hand_made():
    """A batch of two sequences of six pairs."""
    x, y = np.zeros((2, 11), int), np.zeros((2, 11), int)
    x[:, ::2], x[:, 1::2], y[:, ::2] = KEYS, 16 + VALUES[:, :-1], VALUES
    return Batch((x,), y, np.arange(11) % 2 == np.zeros((2, 1)))


def trainable(net):
    return sum(p.numel() for p in net.parameters() if p.requires_grad)


def test_networks_are_those_of_their_names():
    torch.manual_seed(0)
    nets = {arm: build() for arm, (build, _) in S["ARMS"].items()}
    for arm, layers in [("2 layers", 2), ("2 layers, full block", 2), ("1 layer", 1), ("1 layer, full block", 1)]:
        assert isinstance(nets[arm], TransformerModel)
        assert len(nets[arm].core.blocks) == layers
        assert (nets[arm].core.blocks[0].self_attn.n_heads, nets[arm].readout.in_features) == (1, 64)
        assert nets[arm].core.blocks[0].self_attn.rotary == 10_000
        full = [block.linear1.out_features for block in nets[arm].core.blocks if block.linear1.weight.requires_grad]
        assert full == {"2 layers, full block": [256, 256], "1 layer, full block": [128]}.get(arm, [])
    for arm, kind, layers in [("GRU", GRU, 1), ("GRU, 2 layers", GRU, 2), ("LSTM", LSTM, 1)]:
        assert isinstance(nets[arm].core, kind)
        assert (nets[arm].core.num_layers, nets[arm].core.hidden_size, nets[arm].core.input_size) == (layers, 64, 64)
    assert trainable(nets["1 layer, full block"]) == pytest.approx(trainable(nets["2 layers"]), rel=0.005)
    assert repr(nets["frequencies"]) == repr(nets["2 layers"])
    assert {net.readout.out_features for net in nets.values()} == {16}
    wide = S["transformer"](3, None, 24, 4)
    assert (wide.readout.in_features, wide.core.blocks[0].self_attn.n_heads, len(wide.core.blocks)) == (24, 4, 3)


def test_attention_alone_is_attention_alone():
    torch.manual_seed(1)
    net = S["transformer"](2)
    block, x = net.core.blocks[1], torch.randn(2, 5, 64)
    torch.testing.assert_close(block(x, causal=True), x + block.self_attn(block.norm1(x), causal=True)[0])
    model = S["trained"](lambda: net, lambda n, rng: S["TASK"].sample(4, rng), 3, 0, lambda step, model: None, 0.01)
    torch.testing.assert_close(block(x, causal=True), x + block.self_attn(block.norm1(x), causal=True)[0])
    assert model is net


def test_values_by_frequency_have_nothing_to_do_with_keys():
    batch = S["drawn"]("frequencies", 3000, np.random.default_rng(0))
    x, y = batch.inputs[0], batch.y
    assert (x[:, 1::2] - 16 == y[:, :-1:2]).all()
    assert (x[:, ::2] < 16).all()
    assert not y[:, 1::2].any()
    p = np.array([1 / (v + 1) for v in range(16)])
    for key in (0, 9):
        of_key = np.bincount(y[:, ::2][x[:, ::2] == key], minlength=16)
        np.testing.assert_allclose(of_key / of_key.sum(), p / p.sum(), atol=0.02)
    assert (batch.mask == (np.arange(47) % 2 == 0)).all()
    task = S["drawn"]("GRU", 5, np.random.default_rng(3))
    assert np.array_equal(task.inputs[0], AssociativeRecall().sample(5, np.random.default_rng(3)).inputs[0])


def test_measures_by_hand():
    batch = hand_made()
    seen = S["times"](batch)
    assert seen.tolist() == [[0, 0, 1, 2, 1, 0], [0, 1, 0, 1, 2, 3]]
    p = np.random.default_rng(0).dirichlet(np.ones(16), (2, 6))
    p[1, :, :] = np.eye(16)[VALUES[1]] * 0.9 + 0.1 / 16
    found = S["scores"](p, batch, seen > 0)
    places = [(b, t) for b in range(2) for t in range(6)]
    repeated = [(b, t) for b, t in places if seen[b, t]]
    right = {(b, t): p[b, t, VALUES[b, t]] for b, t in places}
    assert found["all"] == pytest.approx(np.mean([-math.log(right[at]) for at in places]))
    assert found["loss"] == pytest.approx(np.mean([-math.log(right[at]) for at in repeated]))
    assert found["p"] == pytest.approx(np.mean([right[at] for at in repeated]))
    brier = [sum((p[b, t, v] - (v == VALUES[b, t])) ** 2 for v in range(16)) for b, t in repeated]
    assert found["brier"] == pytest.approx(np.mean(brier))
    hits = [p[b, t].argmax() == VALUES[b, t] for b, t in repeated]
    assert found["accuracy"] == pytest.approx(np.mean(hits))
    assert 0 < found["accuracy"] < 1
    assert found["last five"] == 0.5


@pytest.mark.parametrize("wrong", range(8))
def test_the_last_five_repeated_keys_are_five(wrong):
    """Of eight keys, the first of which is new, the last five decide."""
    keys = np.zeros((1, 8), int)
    batch = Batch((np.repeat(keys, 2, 1)[:, :-1],), np.zeros((1, 15), int), None)
    p = np.zeros((1, 8, 16))
    p[..., 0] = 1
    p[0, wrong] = np.eye(16)[5]
    assert S["scores"](p, batch, S["times"](batch) > 0)["last five"] == (wrong < 3)


def test_what_a_network_says_at_keys():
    modes = []

    class Model(torch.nn.Module):
        def forward(self, x):
            modes.append((self.training, torch.is_grad_enabled()))
            return torch.stack([x, 2 * x], 2).float(), None

    batch, model = hand_made(), Model()
    e = np.exp(KEYS[..., None] * [1.0, 2.0])
    np.testing.assert_allclose(S["answers"](model, batch), e / e.sum(2, keepdims=True), atol=1e-6)
    assert modes == [(False, False)]
    assert model.training


def test_width_of_known_changes():
    at = list(range(0, 1001, 5))
    line = S["passage"](at, [3 - 0.002 * t for t in at])
    assert line == {"10": 100, "50": 500, "90": 900, "width": 1.6}
    slow = S["passage"](at, [np.exp(-t / 100) for t in at])
    assert slow["width"] == pytest.approx(math.log(9) / math.log(2), rel=0.05)
    assert S["passage"](at, [5 + 5 * (t >= 300) for t in at]) == {"10": 300, "50": 300, "90": 300, "width": 0}
    never = S["passage"](at, [1.0 for _ in at])
    assert never == {"10": 1000, "50": 1000, "90": 1000, "width": math.inf}


def test_examples_are_counted():
    seen = np.array([[0, 1, 2, 6, 7, 8], [0, 3, 4, 5, 5, 23]])
    values = np.array([[1.0, 2, 3, 4, 5, 6], [3.0, 7, 8, 9, 11, 1]])
    assert S["by_shots"](values, seen) == [2, 2, 3, 7, 8, 10, 4, 4]
    assert S["text"]([1.23456, 2, 1e-7, np.float32(0.5)]) == "1.235 2 1e-07 0.5"


def test_copies_are_values_of_the_same_key():
    batch = hand_made()
    batch.y[0, 4] = 8  # shuffled: k3 v7, k1 v2, k3 v8, k3
    said = np.full((2, 6), 15)
    said[0, 3], said[0, 4], said[0, 5], said[1, 3] = 8, 7, 9, 0
    got = S["copies"](np.eye(16)[said], batch)
    assert got.tolist() == [[False, False, False, True, False, False], [False] * 6]
    said[0, 3], said[0, 2] = 7, 8
    assert S["copies"](np.eye(16)[said], batch)[0].tolist() == [False, False, False, True, False, False]


def test_a_network_that_learns_no_more_is_asked_by_examples(monkeypatch):
    asked = []

    def answers(model, batch):
        asked.append(batch)
        p = np.full((*batch.y[:, ::2].shape, 16), 0.02)
        np.put_along_axis(p, batch.y[:, ::2, None], 0.7, 2)
        return p

    monkeypatch.setitem(GLOBALS, "answers", answers)
    found = S["shots"](None, 200, 7)
    fixed, shuffled = (
        AssociativeRecall(fixed=kind).sample(200, np.random.default_rng([7, 10**6, k]))
        for kind, k in ((True, 1), (False, 2))
    )
    assert np.array_equal(asked[0].inputs[0], fixed.inputs[0])
    assert np.array_equal(asked[1].inputs[0], shuffled.inputs[0])
    for name, batch in (("fixed", fixed), ("shuffled", shuffled)):
        of = {key: np.array(line.split(), float) for key, line in found[name].items()}
        assert of["loss"] == pytest.approx(np.full(8, -math.log(0.7)), rel=1e-3)
        assert (of["accuracy"] == 1).all()
        seen = S["times"](batch)
        copied = S["copies"](np.eye(16)[batch.y[:, ::2]], batch)
        assert of["copies"] == pytest.approx([copied[np.minimum(seen, 7) == s].mean() for s in range(8)], rel=1e-3)
    assert found["fixed"]["copies"] == "0 1 1 1 1 1 1 1"


def test_training_is_as_written(monkeypatch):
    given, seen = {}, []

    def fit(build, data, **how):
        given.update(how, net=build(), data=data)
        how["on_step"](SimpleNamespace(step=4))

    monkeypatch.setitem(GLOBALS, "fit", fit)
    net = object()
    drawn = lambda n, rng: (n, rng.integers(10**9))  # noqa: E731
    got = S["trained"](lambda: net, drawn, 50, 9, lambda step, model: seen.append((step, model)), 0.02)
    assert got is given["net"] is net
    assert seen == [(0, net), (4, net)]
    assert given["data"](3) == (64, np.random.default_rng([9, 3]).integers(10**9))
    assert [given[name] for name in ("steps", "loss", "lr", "clip_norm", "seed")] == [50, "cross_entropy", 0.02, 1.0, 9]
    assert isinstance(given["schedule"], Warmup)
    assert [given["schedule"](step) for step in (0, 49, 99, 150)] == [0.01, 0.5, 1.0, 1.0]
    S["trained"](lambda: net, drawn, 5, 9, lambda step, model: None)
    assert given["lr"] == 0.003
    assert given["schedule"](49) == 0.5
    S["trained"](lambda: net, drawn, 5, 9, lambda step, model: None, warm_up=20)
    assert [given["schedule"](step) for step in (0, 9, 19, 49)] == [0.05, 0.5, 1.0, 1.0]


def test_a_training_is_followed(monkeypatch):
    steps, clock = [0, 1, 5, 199, 200, 205, 225, 230], iter(range(100))
    data = []

    def trained(build, draw, total, seed, watch, rate, warm_up):
        data.append((draw, build(), total, seed, rate, warm_up))
        for step in steps:
            watch(step, step)
        return "model"

    monkeypatch.setitem(GLOBALS, "trained", trained)
    monkeypatch.setitem(GLOBALS, "answers", lambda model, batch: (model, batch))
    monkeypatch.setitem(
        GLOBALS, "scores", lambda p, batch, seen: {"loss": p[0] / 10, "seen": seen.mean(), "of": (p[1] is batch)}
    )
    monkeypatch.setitem(GLOBALS, "time", SimpleNamespace(process_time=lambda: float(next(clock))))
    model, at, found = S["followed"]("1 layer", 7, 12, steps=230, rate=0.5, build=lambda: 3, warm_up=8)
    assert (model, at) == ("model", [0, 5, 200, 225, 230])
    assert found["loss"] == [0, 0.5, 20, 22.5, 23]
    assert found["seconds"] == [0, 1, 2, 3, 4], "one tick from each start to the next stop"
    batch = AssociativeRecall().sample(12, np.random.default_rng([7, 10**6]))
    assert found["seen"] == [pytest.approx((S["times"](batch) > 0).mean())] * 5
    assert found["of"] == [1.0] * 5
    draw, *rest = data[0]
    assert rest == [3, 230, 7, 0.5, 8]
    wanted = AssociativeRecall().sample(2, np.random.default_rng(1))
    assert np.array_equal(draw(2, np.random.default_rng(1)).y, wanted.y)
    S["followed"]("frequencies", 7, 12, 90)
    assert repr(data[1][1]) == repr(S["ARMS"]["frequencies"][0]())
    assert data[1][2:] == (90, 7, 0.003, 100)
    free = data[1][0](300, np.random.default_rng(1)).y[:, ::2]
    assert (free == 0).mean() == pytest.approx(1 / sum(1 / (v + 1) for v in range(16)), abs=0.03)


def test_exact_readers_read_the_same_sequences():
    found = S["read_exactly"]([7, 8], 40)
    assert set(found) == {"chance", "values alone", "values in context", "exact"}
    assert found["exact"]["loss"] == [0, 0]
    assert found["exact"]["last five"] == [1, 1]
    assert found["chance"]["loss"] == pytest.approx([math.log(16)] * 2, rel=1e-3)
    assert found["chance"]["p"] == pytest.approx([1 / 16] * 2, rel=1e-3)
    task = AssociativeRecall()
    for k, seed in enumerate([7, 8]):
        batch = task.sample(40, np.random.default_rng([seed, 10**6]))
        p = task.probabilities("values in context", batch.inputs[0])[:, ::2]
        wanted = S["scores"](p, batch, S["times"](batch) > 0)
        assert {name: of[k] for name, of in found["values in context"].items()} == pytest.approx(wanted, rel=1e-3)


def test_values_are_stored_by_arm_and_seed(monkeypatch):
    level = AssociativeRecall().level("values alone", repeated=True)
    asked = []

    def followed(arm, seed, sequences, steps):
        asked.append((arm, seed, sequences, steps))
        loss = [3.0, 2.0, 0.5, 0.0] if arm != "frequencies" else [3.0, 2.9, 2.8, 2.7]
        more = {name: [0.0, 0.1, 0.2, 1.0] for name in ("all", "p", "brier", "accuracy")}
        of = {"loss": loss, "last five": [0.0, 0.0, 0.0, 1.0], "seconds": [0, 1, 2, 3]}
        return torch.nn.Linear(2, seed), [0, 5, 10, 15], of | more

    monkeypatch.setitem(GLOBALS, "followed", followed)
    monkeypatch.setitem(GLOBALS, "shots", lambda model, n, seed: {"fixed": {"loss": f"{n} {seed}"}})
    monkeypatch.setitem(GLOBALS, "read_exactly", lambda seeds, n: (seeds, n))
    found = S["recall"]([4, 6], 30, 300)
    assert found["readers"] == ([4, 6], 30)
    assert asked == [(arm, seed, 30, min(own, 300)) for arm, (_, own) in S["ARMS"].items() for seed in (4, 6)]
    assert {steps for *_, steps in asked} == {200, 300}
    for arm, of in found["arms"].items():
        assert (of["parameters"], of["steps"], of["at"]) == (18, 15, "0 5 10 15")
        assert of["runs"]["seconds"] == ["0 1 2 3"] * 2
        assert ("shots" in of) == (arm != "frequencies")
        assert ("passage" in of) == (arm in ("2 layers", "2 layers, full block", "frequencies"))
    two = found["arms"]["2 layers"]
    assert two["shots"] == {"fixed": {"loss": ["30 4", "30 6"]}}
    assert two["passage"]["loss"] == {"10": [5, 5], "50": [10, 10], "90": [15, 15], "width": [1.0, 1.0]}
    smooth = {"all", "loss", "p", "brier", "accuracy"}
    assert set(two["passage"]) == smooth | {"last five", "below values alone"}
    assert two["passage"]["last five"]["10"] == [15, 15]
    assert two["passage"]["below values alone"]["10"] == [10, 10]
    assert 0.5 < level < 2
    assert set(found["arms"]["frequencies"]["passage"]) == smooth


def test_settings_are_those_of_the_hypotheses():
    assert len(set(HOW["seeds"])) == 5
    assert not {900, 901} & set(HOW["seeds"])
    assert S["AT"][:3] == (0, 5, 10)
    assert {195, 200, 225, S["FALLS"], S["STAYS"]} <= set(S["AT"])
    assert 201 not in S["AT"]
    assert HOW["steps"] == S["STAYS"]
    assert [steps for _, steps in S["ARMS"].values()] == [200, 200, 450, 450, 450, 450, 450, 200]
