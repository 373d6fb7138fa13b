"""What is measured of copying with attention is what its name says."""

import json
import runpy
from pathlib import Path

import numpy as np
import pytest
import torch

from seqlib.text import BOS, EOS

ROOT = Path(__file__).parents[2]
SCRIPT = runpy.run_path(str(ROOT / "tests/benchmarks/longer_12.py"))
LENGTHS, WAYS, RATES = (SCRIPT["MEASUREMENTS"][name]["settings"] for name in ("lengths", "ways", "rates"))
NETWORKS = LENGTHS["networks"] | WAYS["networks"]
FAST, SLOW = {"no attention", "no attention, trained up to 12"}, {"additive", "general"}
FIRST = 4  # the id of the first symbol


def record(name):
    """A stored measurement."""
    return json.loads((ROOT / f"chapters/measured/{name}.json").read_text())


@pytest.mark.parametrize("name", SCRIPT["KINDS"])
def test_networks_are_what_their_names_say(name):
    score, attend, feeding = SCRIPT["KINDS"][name]
    net = SCRIPT["network"](5, score, attend, feeding)
    assert net.encoder.hidden_size == net.decoder.hidden_size == 5
    assert net.source_embedding.embedding_dim == net.target_embedding.embedding_dim == 16
    assert not net.encoder.bidirectional
    assert net.vocab_size == net.n_out == 12
    assert net.input_feeding == ("feeding" in name)
    assert net.attend == ("before" if "before" in name else "after")
    if name == "no attention":
        assert net.alignment is None
    else:
        assert net.alignment.score == name.partition(",")[0]
    if name == "location":
        assert net.alignment.longest == SCRIPT["TESTED"] + 1, "a row for each place of the test, and for EOS"


def watched(monkeypatch, **how):
    """What `trained` asks of `fit`, and its batches."""
    seen = {}

    def fit(model, data, **given):
        seen.update(given, network=model(), batch=data(7), again=data(7), later=data(8))
        return type("Run", (), {"model": "the model"})

    monkeypatch.setitem(SCRIPT["trained"].__globals__, "fit", fit)
    assert SCRIPT["trained"](**how) == "the model"
    schedule = seen.pop("schedule")
    assert [round(schedule(step), 3) for step in (0, how["steps"] // 2)] == [1.0, 0.5]
    return seen


def test_training_is_as_the_page_says(monkeypatch):
    how = {"H": 6, "score": "dot", "attend": "before", "feeding": False, "longest": 8, "steps": 400, "rate": 0.01}
    seen = watched(monkeypatch, **how, seed=3)
    assert seen["network"].attend == "before"
    assert seen["network"].alignment.score == "dot"
    assert seen["network"].decoder.hidden_size == 6
    (source, lengths, _), y, mask = seen["batch"]
    assert len(y) == 64
    assert set(mask.sum(1)) == set(range(2, 10)), "lengths of 1 to 8, and EOS"
    assert np.array_equal(lengths, mask.sum(1))
    assert np.array_equal(source, y)
    assert set(np.unique(y)) == {0, EOS, *range(FIRST, FIRST + 8)}
    assert np.array_equal(seen["again"].y, y)
    assert not np.array_equal(seen["later"].y[:, 0], y[:, 0])
    rest = {name: seen[name] for name in ("steps", "lr", "clip_norm", "batch_size", "seed", "loss")}
    assert rest == {"steps": 400, "lr": 0.01, "clip_norm": 1.0, "batch_size": 64, "seed": 3, "loss": "cross_entropy"}
    other = watched(monkeypatch, **how, seed=4)
    assert not np.array_equal(other["batch"].y[:, 0], y[:, 0])
    fed = watched(monkeypatch, **how | {"longest": 12, "feeding": True, "attend": "after"}, seed=3)
    assert fed["network"].input_feeding
    assert fed["batch"].mask.sum(1).max() == 13


class Copyist(torch.nn.Module):
    """Copies all but sequences that have the symbol FIRST in the second place, and looks one place too far at times."""

    def __init__(self, attention=True):
        super().__init__()
        self.has = attention

    def encode(self, source, lengths):
        said = torch.tensor(source)
        if said.shape[1] > 2:
            said[:, 1] = torch.where(said[:, 1] == FIRST, FIRST + 1, said[:, 1])
        return said, torch.zeros(len(said), dtype=torch.long)

    def step(self, tokens, state):
        said, t = state
        if not t.any():
            assert (torch.as_tensor(tokens) == BOS).all()
        end = torch.full((len(said), 1), EOS)
        ids = torch.cat([said, end], 1)[torch.arange(len(said)), t]
        return torch.nn.functional.one_hot(ids, 12).double(), (said, t + 1)

    def select(self, state, rows):
        return tuple(part[torch.as_tensor(rows)] for part in state)

    def forward(self, source, lengths, previous):
        N, S = source.shape
        assert torch.equal(previous[:, 1:], source[:, :-1])
        weights = torch.full((N, S, S), 0.2 / (S - 1))
        for t in range(S):
            weights[:, t, min(t + (t == 2), S - 1)] = 0.8
        weights[: N // 2, 1] = torch.eye(S)[0]  # half of them look at the first place at the second step
        return None, type("State", (), {"weights": weights if self.has else None})


def test_scores_are_shares():
    found = SCRIPT["scores"](Copyist(), 5)
    assert set(found) == {"exact", "found 8", "found 12", "largest 8", "largest 12"}
    assert len(found["exact"]) == 18
    assert found["exact"][0] == 1.0, "one symbol has no second place"
    assert all(share == pytest.approx(7 / 8, abs=0.08) for share in found["exact"][1:])
    for n in (8, 12):
        assert found[f"found {n}"] == [1.0, 0.5, 0.0, *[1.0] * (n - 3)]
        assert found[f"largest {n}"] == pytest.approx([0.8, 0.9, *[0.8] * (n - 2)])
    assert SCRIPT["scores"](Copyist(), 6)["exact"] != found["exact"], "each seed has sequences of its own"
    assert set(SCRIPT["scores"](Copyist(attention=False), 5)) == {"exact"}


def test_values_are_stored_under_their_names(monkeypatch):
    monkeypatch.setitem(SCRIPT["measured"].__globals__, "trained", lambda **how: how)
    monkeypatch.setitem(SCRIPT["measured"].__globals__, "scores", lambda model, seed: {"exact": (seed, model)})
    found = SCRIPT["lengths"](10, [1, 2], 7, {"a": ["dot", "after", True, 8, 0.5], "b": [None, "x", False, 9, 2]})
    how = {"H": 7, "score": "dot", "attend": "after", "feeding": True, "longest": 8, "steps": 10, "rate": 0.5}
    assert found["a"]["exact"] == [(seed, how | {"seed": seed}) for seed in (1, 2)]
    how = {"H": 7, "score": None, "attend": "x", "feeding": False, "longest": 9, "steps": 10, "rate": 2, "seed": 2}
    assert found["b"]["exact"][1] == (2, how)
    found = SCRIPT["rates"](10, [1, 2], 7, [0.5, 0.25], {"a": ["dot", "after", True]})
    how = {"H": 7, "score": "dot", "attend": "after", "feeding": True, "longest": 8, "steps": 10, "rate": 0.25}
    assert found["a"]["0.25"][1] == (2, how | {"seed": 2})
    assert found["a"]["0.5"][0][1]["rate"] == 0.5


def test_names_say_what_is_measured():
    kinds = SCRIPT["KINDS"]
    for name, (*kind, longest, rate) in NETWORKS.items():
        plain, _, more = name.partition(", trained up to ")
        assert kind == kinds[plain]
        assert longest == (int(more) if more else 8)
        assert rate == NETWORKS[plain][-1]
    assert set(kinds) <= set(NETWORKS)
    assert RATES["networks"] == kinds


def test_each_network_has_the_best_of_the_rates_that_were_tried():
    tried = record("12_rates")["values"]
    for name, found in tried.items():
        shares = {float(rate): np.mean([exact[:8] for exact in seeds]) for rate, seeds in found.items()}
        rate = NETWORKS[name][-1]
        assert rate in RATES["tried"]
        assert shares[rate] == pytest.approx(max(shares.values()), abs=1e-9), name


def test_the_rates_are_those_of_the_tuning():
    """What is chosen for each, as the page tells it; that they are the best, the stored runs say (above)."""
    fast = {name for name, how in NETWORKS.items() if how[-1] == 0.04}
    slow = {name for name, how in NETWORKS.items() if how[-1] == 0.01}
    assert (fast, slow) == (FAST, SLOW)
    assert {how[-1] for how in NETWORKS.values()} <= set(RATES["tried"])


def test_the_seeds_that_chose_the_rates_are_not_those_that_are_shown():
    for settings in (LENGTHS, WAYS):
        assert not set(settings["seeds"]) & set(RATES["tuning"])
        assert len(set(settings["seeds"])) == 5
        assert (settings["H"], settings["steps"]) == (RATES["H"], RATES["steps"]) == (32, 400)


def test_the_seeds_are_those_of_chapter_11():
    assert LENGTHS["seeds"] == WAYS["seeds"] == record("11_lengths")["seeds"]
