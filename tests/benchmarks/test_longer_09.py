"""The stored runs of chapter 9: networks that differ in where they are told the picture, and readers that wait."""

import runpy
from pathlib import Path

import numpy as np
import pytest
import torch

from seqlib.tasks import Phrases
from seqlib.tasks.captions import PICTURE
from seqlib.training import fit

SCRIPT = runpy.run_path(str(Path(__file__).with_name("longer_09.py")))
TASK, build, scores = (SCRIPT[name] for name in ("TASK", "build", "scores"))
WAYS = ("state", "first", "every", "nowhere")


@pytest.mark.parametrize("way", WAYS)
def test_a_network_is_what_it_is_called(way):
    net = build(way)
    assert net.where == way
    assert net.model.core.hidden_size == 32
    x = torch.tensor(TASK.sample(4, np.random.default_rng(0)).inputs[0]).float()
    assert net(x)[0].shape == (4, x.shape[1], TASK.n_out)


class Player(torch.nn.Module):
    """Gives each true word the probability that is written down for it, the same at every place."""

    def __init__(self, p_word, p_place):
        super().__init__()
        batch, _ = TASK.every_case()
        places = np.isin(batch.y, TASK.vocabulary.encode(PICTURE[3]))
        self.p, self.y = np.where(places, p_place, p_word), batch.y

    def forward(self, x, lengths):
        out = np.log((1 - self.p) / (TASK.n_out - 1))[..., None].repeat(TASK.n_out, 2)
        np.put_along_axis(out, self.y[..., None], np.log(self.p)[..., None], 2)
        return torch.tensor(out), None


def test_scores_are_the_expected_losses():
    """A caption has 5.1 words on average, of which the place is half a one."""
    found = scores(Player(0.8, 0.25))
    assert found["place"] == pytest.approx(-np.log(0.25), abs=1e-9)
    assert found["loss"] == pytest.approx((-np.log(0.8) * 4.6 - np.log(0.25) * 0.5) / 5.1, abs=1e-9)


def test_training_is_as_the_page_says(monkeypatch):
    seen = {}

    def watched(model, task, **how):
        seen.update(how, where=model().where, task=task.name)
        return fit(model, task, **how | {"steps": 1})

    trained = SCRIPT["trained"]
    monkeypatch.setitem(trained.__globals__, "fit", watched)
    trained("first", 0.05, 250, 3)
    schedule = seen.pop("schedule")
    wanted = {"steps": 250, "lr": 0.05, "clip_norm": 1.0, "batch_size": 64, "seed": 3, "where": "first"}
    assert seen == wanted | {"task": "captions"}
    assert [round(schedule(step), 3) for step in (0, 125)] == [1.0, 0.5]


def test_values_are_stored_by_steps_way_rate_and_score(monkeypatch):
    def counted(way, rate, steps, seed):
        return {"loss": steps + rate + seed, "place": len(way)}

    where = SCRIPT["where"]
    monkeypatch.setitem(where.__globals__, "trained", counted)
    found = where(2, [1, 2], [10, 20], {"state": [0.5], "first": [0.25, 0.5]})
    assert found["4"]["first"]["0.25"] == {"loss": [14.25, 24.25], "place": [5, 5]}
    assert found["2"] == {
        "state": {"0.5": {"loss": [12.5, 22.5], "place": [5, 5]}},
        "first": {r: {"loss": [12 + float(r), 22 + float(r)], "place": [5, 5]} for r in ("0.25", "0.5")},
    }


class Reader(torch.nn.Module):
    """Knows every adjective by the time it is asked for, and gives the true noun one in four."""

    def __init__(self, task):
        super().__init__()
        _, y, mask = task.every_case()[0]
        first = np.arange(y.shape[1]) == task.delay
        self.p = np.where(first, 0.25, 1 - 1e-12)
        self.y, self.n_out, self.shape = y, task.n_out, mask.shape

    def forward(self, x, lengths):
        p = np.broadcast_to(self.p, self.shape)
        out = np.log((1 - p) / (self.n_out - 1))[..., None].repeat(self.n_out, 2)
        np.put_along_axis(out, self.y[..., None], np.log(p)[..., None], 2)
        return torch.tensor(out), None


@pytest.mark.parametrize("delay", [0, 2])
def test_readers_that_wait_are_trained_and_judged_as_the_page_says(monkeypatch, delay):
    """A phrase has 2.5 words on average, of which one is the noun; a mean of the means of phrases would differ."""
    seen = {}

    def watched(model, task, **how):
        net = model()
        seen.update(how, task=task.name, delay=task.delay, hidden=net.core.hidden_size, both=net.core.bidirectional)
        return type("Run", (), {"model": Reader(task)})

    waited = SCRIPT["waited"]
    monkeypatch.setitem(waited.__globals__, "fit", watched)
    assert waited(delay, 0.03, 1000, 7) == pytest.approx(np.log(4) / 2.5, abs=1e-9)
    assert [round(seen.pop("schedule")(step), 3) for step in (500,)] == [0.5]
    wanted = {"steps": 1000, "lr": 0.03, "clip_norm": 1.0, "batch_size": 64, "seed": 7, "hidden": 32, "both": False}
    assert seen == wanted | {"task": "phrases", "delay": delay}


def test_waiting_is_stored_by_delay(monkeypatch):
    waiting = SCRIPT["waiting"]
    monkeypatch.setitem(waiting.__globals__, "waited", lambda d, rate, steps, seed: 100 * d + rate + steps + 10 * seed)
    assert waiting(2, [4, 5], [0, 3], 0.5) == {"0": [42.5, 52.5], "3": [342.5, 352.5]}


def test_the_stored_seeds_are_not_those_of_the_page():
    stored = {name: measured["settings"] for name, measured in SCRIPT["MEASUREMENTS"].items()}
    for settings in stored.values():
        assert not set(settings["seeds"]) & set(range(60, 70))
        assert len(settings["seeds"]) >= 5
    assert set(stored["where"]["rates"]) == set(WAYS)
    assert stored["waiting"]["delays"] == list(range(max(Phrases().counts) + 1))


def test_what_was_chosen_with_some_seeds_is_tried_with_others():
    first, larger, fresh = (
        SCRIPT["MEASUREMENTS"][name]["settings"] for name in ("where", "where_larger", "where_fresh")
    )
    assert first["seeds"] == larger["seeds"]
    assert not set(first["seeds"]) & set(fresh["seeds"])
    for way in ("state", "first", "every"):
        assert max(first["rates"][way]) < min(larger["rates"][way])
        assert set(fresh["rates"][way]) == {0.05, 0.1}
