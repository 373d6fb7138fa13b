"""What is measured of positions is what its name says: labels, networks, training, and what a bag allows."""

import itertools
import json
import runpy
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

ROOT = Path(__file__).parents[2]
S = runpy.run_path(str(ROOT / "tests/benchmarks/longer_13.py"))
GLOBALS = S["scores"].__globals__
SHORT, LONGER = (S["MEASUREMENTS"][name]["settings"] for name in ("positions", "positions_longer"))


def test_labels_are_what_the_order_says():
    (x, lengths), y, mask = S["labelled"]("lag", [4, 7, 5], np.random.default_rng(1))
    assert lengths.tolist() == [4, 7, 5]
    for row, label, counted, n in zip(x, y, mask, lengths, strict=True):
        assert counted.tolist() == [3 <= t < n for t in range(7)]
        assert label[3:n].tolist() == row[: n - 3].tolist()
        assert not row[n:].any()
        assert not label[~counted].any()
    assert x[1].min() >= 1
    (x, lengths), y, mask = S["labelled"]("reversed", [4, 7, 5], np.random.default_rng(1))
    for row, label, counted, n in zip(x, y, mask, lengths, strict=True):
        assert counted.tolist() == [t < n for t in range(7)]
        assert label[:n].tolist() == row[:n].tolist()[::-1]
        assert not label[n:].any()


def test_symbols_and_lengths_are_uniform():
    (x, lengths), _, _ = S["drawn"]("lag", 4000, np.random.default_rng(2))
    assert sorted(set(lengths)) == list(range(4, 17))
    assert (x > 0).sum() == lengths.sum(), "0 is padding alone"
    assert np.bincount(lengths)[4:] == pytest.approx(4000 / 13, rel=0.25)
    assert np.bincount(x[x > 0])[1:] / (x > 0).sum() == pytest.approx(1 / 8, abs=0.01)


@pytest.mark.parametrize("arm", S["ARMS"])
def test_networks_are_what_their_names_say(arm):
    task, causal, kind = S["ARMS"][arm]
    assert arm == f"{task}{', causal' if causal else ''}, {kind or 'none'}"
    torch.manual_seed(0)
    net = S["network"](causal, kind)
    assert len(net.core.layers) == 2
    assert net.core.layers[0].norm_first
    assert net.core.layers[0].self_attn.n_heads == 2
    assert net.core.layers[0].self_attn.d_model == 32
    assert (net.core.layers[0].self_attn.rotary is not None) == (kind == "rotary")
    assert net.embedding.positions == kind
    if kind == "learned":
        assert net.embedding.places.num_embeddings == max(S["TESTED"])
    x = torch.randint(1, 9, (1, 32))
    changed = x.clone()
    changed[0, 20] = x[0, 20] % 8 + 1
    moved = (net(x)[0] - net(changed)[0]).abs().amax(2)[0] > 1e-7
    assert moved[:20].any() == (not causal)
    assert moved[20:].any()


def test_training_is_as_the_page_says(monkeypatch):
    seen = {}

    def fit(model, data, **given):
        seen.update(given, network=model(), batch=data(7), again=data(7), later=data(8))
        return SimpleNamespace(model=seen["network"])

    monkeypatch.setitem(GLOBALS, "fit", fit)
    made = S["trained"]("reversed", False, "rotary", 300, 0.02, 3)
    assert made is seen["network"]
    assert not made.training
    assert S["trained"]("reversed", False, "rotary", 300, 0.02, 3) is made, "trained once"
    assert made.embedding.positions == "rotary"
    assert not made.causal
    (x, lengths), y, mask = seen["batch"]
    assert len(x) == 32
    assert y[0, 0] == x[0, lengths[0] - 1]
    assert np.array_equal(mask.sum(1), lengths)
    assert np.array_equal(seen["again"].y, y)
    assert not np.array_equal(seen["later"].y[:, 0], y[:, 0])
    schedule = seen["schedule"]
    assert [round(schedule(step), 2) for step in (0, 14, 15, 157, 299)] == [0.07, 1.0, 1.0, 0.5, 0.0]
    rest = {name: seen[name] for name in ("steps", "lr", "clip_norm", "batch_size", "seed", "loss")}
    assert rest == {"steps": 300, "lr": 0.02, "clip_norm": 1.0, "batch_size": 32, "seed": 3, "loss": "cross_entropy"}
    first = y
    S["trained"]("reversed", False, "rotary", 300, 0.02, 4)
    assert not np.array_equal(seen["batch"].y[:, 0], first[:, 0])


class Reader(torch.nn.Module):
    """Knows the symbol `LAG` places before, and says 1 at place 10, or of the reversed order the first half alone."""

    def __init__(self, task):
        super().__init__()
        self.task, self.p = task, torch.nn.Parameter(torch.zeros(()))

    def forward(self, x, lengths):
        if self.task == "lag":
            y = torch.roll(x, 3, 1)
            y[:, 10:11] = 1
        else:
            y = x.clone()
            for row, n in enumerate(np.asarray(lengths)):
                y[row, : n // 2] = x[row, :n].flip(0)[: n // 2]
        return torch.nn.functional.one_hot(y, 9) * 50.0 + self.p, None


def test_scores_are_shares_by_length_and_place():
    found = S["scores"](Reader("lag"), "lag", 5, S["TESTED"])
    assert set(found) == {"loss", "share", "places"}
    n = np.array(S["TESTED"])
    wrong = (n > 10) / (n - 3) * 7 / 8
    assert found["share"] == pytest.approx(1 - wrong, abs=0.01)
    assert len(found["places"]) == 32 - 3
    assert found["places"][10 - 3] == pytest.approx(1 / 8, abs=0.06)
    assert found["places"][:7] + found["places"][8:] == [1.0] * 28
    assert 0.5 < found["loss"] < 50 * 7 / 8, "one label in some sequences"
    assert found["loss"] == S["inside"](Reader("lag"), "lag", 5)
    assert S["scores"](Reader("lag"), "lag", 6, S["TESTED"])["places"] != found["places"], (
        "each seed has sequences of its own"
    )
    found = S["scores"](Reader("reversed"), "reversed", 5, S["TESTED"])
    assert found["share"][0] == pytest.approx(0.5 + 0.5 / 8, abs=0.05)
    assert len(found["places"]) == 32
    assert found["places"][:16] == [1.0] * 16


def by_counting(task, n, symbols):
    """The same as `bag`, over all sequences: the commonest label of what is seen there."""
    told = {}
    for x in itertools.product(range(symbols), repeat=n):
        for t in range(3 if task == "lag" else 0, n):
            label = x[t - 3] if task == "lag" else x[n - 1 - t]
            seen = told.setdefault((tuple(sorted(x)), x[t]), {})
            seen[label] = seen.get(label, 0) + 1
    return sum(max(seen.values()) for seen in told.values()) / sum(sum(seen.values()) for seen in told.values())


@pytest.mark.parametrize(("task", "n"), [("lag", 4), ("lag", 6), ("reversed", 4), ("reversed", 5), ("reversed", 6)])
def test_what_a_bag_allows_is_that_of_all_sequences(task, n, monkeypatch):
    monkeypatch.setitem(GLOBALS, "SYMBOLS", 3)
    assert S["bag"](task, n) == pytest.approx(by_counting(task, n, 3), abs=6e-4)
    assert sum(S["bags"](n).values()) == pytest.approx(1)


def test_what_the_bag_before_a_place_allows_is_that_of_all_sequences(monkeypatch):
    monkeypatch.setitem(GLOBALS, "SYMBOLS", 3)
    right = [
        np.mean([max(x.count(v) for v in x) / t for x in itertools.product(range(3), repeat=t)]) for t in range(3, 7)
    ]
    assert S["prefix_bag"](7) == pytest.approx(np.mean(right), abs=6e-4)


def test_bags_of_eight_symbols_are_all_of_them():
    assert sum(S["bags"](32).values()) == pytest.approx(1)
    assert S["bags"](4)[1, 1, 1, 1, 0, 0, 0, 0] == pytest.approx(8 * 7 * 6 * 5 / 8**4)
    assert S["bags"](4)[3, 1, 0, 0, 0, 0, 0, 0] == pytest.approx(4 * 8 * 7 / 8**4)


def test_values_are_stored_under_their_names(monkeypatch):
    monkeypatch.setitem(GLOBALS, "trained", lambda *how: how)
    monkeypatch.setitem(
        GLOBALS, "inside", lambda how, task, seed: abs(how[4] - (0.4 if task == "reversed" else 0.02)) + seed / 100
    )
    monkeypatch.setitem(GLOBALS, "scores", lambda how, task, seed, tested: {"a": (how, task, seed, tested)})
    arms = {"x": ["lag", True, None], "y": ["reversed", False, "rotary"]}
    found = S["positions"](9, [1, 2], [7, 8], [0.5, 0.03, 0.1], [4, 5, 16], arms)
    assert found["chosen"] == {"x": 0.03, "y": 0.5}
    assert found["tuning"]["x"]["0.5"] == pytest.approx([0.55, 0.56])
    assert found["tuning"]["y"]["0.1"] == pytest.approx([0.37, 0.38])
    assert found["arms"]["x"] == {"a": [(("lag", True, None, 9, 0.03, s), "lag", s, [4, 5, 16]) for s in (1, 2)]}
    assert found["arms"]["y"]["a"][1] == (("reversed", False, "rotary", 9, 0.5, 2), "reversed", 2, [4, 5, 16])
    assert set(found["levels"]) == {"bag, lag", "bag, reversed", "prefix bag, lag"}
    assert found["levels"]["bag, lag"]["4"] == found["levels"]["prefix bag, lag"]["4"] == 0.453, (
        "three symbols, unordered"
    )
    assert found["levels"]["prefix bag, lag"]["16"] > found["levels"]["bag, lag"]["16"]
    assert found["levels"]["bag, reversed"]["5"] == S["bag"]("reversed", 5) < found["levels"]["bag, lag"]["5"] + 1
    longer = S["positions_longer"](36, [1], [9], {"y": arms["y"]}, [{"chosen": {"y": 0.25}}])
    assert longer["arms"] == {"y": {"a": [(("reversed", False, "rotary", 36, 0.25, 1), "reversed", 1, [9])]}}


def test_tuning_asks_each_arm_equally_often():
    asked = []

    def loss(arm, rate, seed):
        asked.append((arm, rate, seed))
        return {"a": [3.0, 1.0][seed], "b": [0.0, 9.0][seed]}[arm] if rate == 0.1 else 2.5

    found, chosen = S["tuned"](["a", "b"], [0.1, 0.2], [0, 1], loss)
    assert sorted(asked) == sorted(itertools.product("ab", [0.1, 0.2], [0, 1]))
    assert found == {"a": {"0.1": [3.0, 1.0], "0.2": [2.5, 2.5]}, "b": {"0.1": [0.0, 9.0], "0.2": [2.5, 2.5]}}
    assert chosen == {"a": 0.1, "b": 0.2}


def test_settings_are_fair():
    assert len(set(SHORT["seeds"])) == 5
    assert not set(SHORT["seeds"]) & set(SHORT["tuning"])
    assert len(SHORT["tuning"]) == 2
    assert LONGER["steps"] == 4 * SHORT["steps"]
    assert LONGER["seeds"] == SHORT["seeds"]
    assert all(SHORT["arms"][name] == how for name, how in LONGER["arms"].items())
    unsolved = {"lag, causal, none", "reversed, sinusoidal", "reversed, learned", "reversed, rotary"}
    assert set(LONGER["arms"]) == unsolved
    assert S["TRAINED"][1] == 16
    assert SHORT["tested"] == LONGER["tested"] == S["TESTED"]
    assert S["TESTED"][-1] == max(S["TESTED"]) == 2 * S["TRAINED"][1]


def test_more_steps_are_for_the_arms_that_have_not_learned_their_task():
    """A bag in both directions cannot; of the others all have that lose less than a hundredth of a nat."""
    stored = json.loads((ROOT / "chapters/measured/13_positions.json").read_text())["values"]["arms"]
    unsolved = {arm for arm, of in stored.items() if np.median(of["loss"]) > 0.01}
    assert unsolved - set(LONGER["arms"]) == {"lag, none", "reversed, none"}
    assert set(LONGER["arms"]) < unsolved
