"""Distances are from the true distribution, texts of a model are its own, breaks are where the rule is broken."""

import runpy
from pathlib import Path

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
    text = np.array([[0, 0, 1, 1, 1, 2, 0, 0, 0, 0]])  # after 0, 0, 1 the rule says 1, 1, 2, 3, …
    kept = [text[0, t] == (text[0, t - 1] + text[0, t - 3]) % 5 for t in range(3, 10)]
    assert kept[:4] == [True, True, True, False]
    found = np.arange(8.0)[None]  # of the place after symbol 2, 3, …
    after, before = S["after_a_break"](TASK, text, found, 0)
    breaks = [float(t) for t in range(1, 8) if not kept[t - 1]]
    assert after == [S["rounded"](float(np.mean(breaks)))]
    assert before == pytest.approx(np.mean([0, 1, 2, 3]))


def test_scheduled_sampling_rises_to_a_half():
    assert S["loss_of"]("teacher forcing", 100) == "cross_entropy"
    loss = S["loss_of"]("scheduled sampling", 100)
    assert isinstance(loss, ScheduledSampling)
    assert [loss.at(step).probability for step in (0, 50, 100)] == [0, 0.25, 0.5]
