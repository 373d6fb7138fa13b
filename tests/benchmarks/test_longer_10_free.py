"""Distances are from the true distribution, texts of a model are its own, breaks are where the rule is broken."""

import runpy
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from seqlib.tasks import NoisySum
from seqlib.training import ScheduledSampling

S = runpy.run_path(str(Path(__file__).with_name("longer_10_free.py")))
TASK = NoisySum(12, 5, 0.1)


class Ruled(torch.nn.Module):
    """Gives the symbol that the rule gives nearly all of the probability."""

    def __init__(self, sure):
        super().__init__()
        self.sure, self.weight = sure, torch.nn.Parameter(torch.zeros(1))

    def forward(self, x):
        logits = torch.zeros(*x.shape, 5, dtype=torch.float64)
        for t in range(2, x.shape[1]):
            logits[torch.arange(len(x)), t, (x[:, t] + x[:, t - 2]) % 5] = self.sure
        return logits + 0 * self.weight, None

    def step(self, tokens, state):
        x = (
            torch.as_tensor(tokens)[:, None]
            if state is None
            else torch.cat([state, torch.as_tensor(tokens)[:, None]], 1)
        )
        return self(x)[0][:, -1].detach(), x

    def select(self, state, rows):
        return state[torch.as_tensor(rows)]


def test_the_truth_has_distance_zero_and_another_model_what_the_formula_says():
    text = np.random.default_rng(0).integers(0, 5, (4, 9))
    right, rest = 0.92, 0.02
    assert S["distances"](Ruled(np.log(right / rest)), TASK, text) == pytest.approx(np.zeros((4, 7)), abs=1e-6)
    uniform = right * np.log(right * 5) + 4 * rest * np.log(rest * 5)
    assert S["distances"](Ruled(0.0), TASK, text) == pytest.approx(np.full((4, 7), uniform))


def test_own_texts_begin_as_given_ones_and_obey_the_model():
    given, own = S["written"](Ruled(60.0), TASK, 200, np.random.default_rng(1))
    assert given.shape == own.shape == (200, 15)
    assert (given[:, :3] == own[:, :3]).all()
    windows = np.lib.stride_tricks.sliding_window_view(own, 3, axis=1)[:, :-1]
    assert (own[:, 3:] == TASK.ruled(windows)).all()
    assert (given != own).any()


def test_breaks_are_counted_from_the_symbol_that_broke_the_rule():
    text = np.array([[0, 0, 1, 1, 1, 2, 0, 0, 0, 0]])  # after 0, 0, 1 the rule says 1, 1, 2, then 3, 1, 2, 0
    broken = S["breaks"](TASK, text)
    assert broken.tolist() == [[False, False, False, True, True, True, False]]
    since = S["since_a_break"](broken)
    assert since.tolist() == [[-1, -1, -1, -1, 0, 0, 0, 1]]
    found = np.arange(8.0)[None]  # of the place after symbol 2, 3, …
    after, before = S["after_a_break"](found, since, 2)
    assert after[:2] == [5.0, 7.0]
    assert np.isnan(after[2])
    assert before == 1.5


def test_shares_of_breaks_are_those_of_the_next_symbol():
    text = np.array([[0, 0, 1, 1, 1, 2, 0, 0, 0, 0]] * 3)
    found = S["judged"](Ruled(0.0), TASK, text, 2)
    assert found["broken"] == S["rounded"](3 / 7)
    assert found["broken, by halves"] == [0.25, S["rounded"](2 / 3)]
    assert found["broken after a break"][0] == S["rounded"](2 / 3)  # after the three breaks: two more, then none
    assert found["broken before a break"] == 0.25
    assert found["places after a break"] == [9, 0, 0]


def test_foreign_texts_break_the_rule_as_often_as_asked_for():
    for share in (0.1, 0.5, 0.8):
        text = S["foreign"](TASK, 2000, share, [0, 11])
        assert text.shape == (2000, 15)
        assert S["breaks"](TASK, text).mean() == pytest.approx(share, abs=0.015)
    assert S["breaks"](TASK, S["foreign"](TASK, 2000, 0.95, 0)).mean() == pytest.approx(0.8, abs=0.015)


def test_scheduled_sampling_rises_to_a_half():
    assert S["loss_of"]("teacher forcing", 100) == "cross_entropy"
    loss = S["loss_of"]("scheduled sampling", 100)
    assert isinstance(loss, ScheduledSampling)
    assert [loss.at(step).probability for step in (0, 50, 100)] == [0, 0.25, 0.5]


def test_training_is_as_the_page_says_and_every_kind_of_text_is_judged(monkeypatch):
    seen, asked = [], []

    def watched(model, task, **how):
        net = model()
        sizes = (net.embedding.weight.shape[1], net.core.hidden_size, net.readout.out_features)
        schedule = how.pop("schedule")
        seen.append((how, sizes, task.settings, [round(schedule(step), 3) for step in (0, how["steps"] / 2)]))
        return SimpleNamespace(model=Ruled(2.0 + how["seed"]))

    def texts_in(task, texts, share, seed):
        asked.append((share, seed))
        return foreign(task, texts, share, seed)

    exposure, foreign = S["exposure"], S["foreign"]
    monkeypatch.setitem(exposure.__globals__, "fit", watched)
    monkeypatch.setitem(exposure.__globals__, "foreign", texts_in)
    arms = {"teacher forcing": [1, 3], "scheduled sampling": [1]}
    found = exposure([0, 2], arms, 10, 60, 5, 0.1, 12, 6, 7, 8, 0.02, 3)
    wanted = [(arm, n, seed) for arm, times in arms.items() for n in times for seed in (0, 2)]
    assert len(seen) == len(wanted)
    for (how, sizes, settings, shares), (arm, n, seed) in zip(seen, wanted, strict=True):
        loss = how.pop("loss")
        assert how == {"steps": 10 * n, "lr": 0.02, "clip_norm": 1.0, "batch_size": 8, "seed": seed}
        assert isinstance(loss, ScheduledSampling) == (arm == "scheduled sampling")
        assert sizes == (6, 7, 5)
        assert settings == {"T": 12, "K": 5, "noise": 0.1}
        assert shares == [1.0, 0.5]
    assert {arm: list(runs) for arm, runs in found.items()} == {
        "teacher forcing": ["10", "30"],
        "scheduled sampling": ["10"],
    }
    run = found["teacher forcing"]["30"]
    for k, seed in enumerate((0, 2)):
        model, rng = Ruled(2.0 + seed), np.random.default_rng([seed, 10])
        given, own = S["written"](model, TASK, 60, rng)
        share = S["breaks"](TASK, own).mean()
        assert asked[k] == (share, [seed, 11])
        for which, text in (("given", given), ("own", own), ("foreign", foreign(TASK, 60, share, [seed, 11]))):
            assert run[which][k] == S["rounded"](S["distances"](model, TASK, text).mean())
            assert len(run[f"{which} by place"][k]) == 13
            assert len(run[f"{which} after a break"][k]) == 4


def test_the_settings_are_those_of_the_page():
    settings = S["MEASUREMENTS"]["exposure"]["settings"]
    assert settings["arms"] == {"teacher forcing": [1, 3, 8], "scheduled sampling": [1]}
    assert [settings[name] for name in ("steps", "units", "noise", "symbols")] == [200, 32, 0.03, 8]
    assert len(settings["seeds"]) >= 5
