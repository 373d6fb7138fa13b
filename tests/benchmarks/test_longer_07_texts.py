"""Each language model of chapter 7 is trained on what its name says, and judged by what comes next."""

import runpy
from pathlib import Path

import numpy as np
import pytest
import torch

from seqlib.tasks import Pizza

S = runpy.run_path(str(Path(__file__).with_name("longer_07_texts.py")))
TASK = Pizza((0, 4))


def drawn(B=300):
    return TASK.sample(B, np.random.default_rng(0))


def test_of_a_whole_text_each_next_word_is_asked_for():
    sample = drawn(20)
    batch = S["whole_texts"](sample, None)
    x, n = batch.inputs
    for text, words, row, length, y, mask in zip(sample.y, sample.inputs[1], x, n, batch.y, batch.mask, strict=True):
        assert length == words - 1
        assert row[:length].tolist() == text[: words - 1].tolist()
        assert y[mask].tolist() == text[1:words].tolist()


def test_of_a_prefix_the_next_word_is_asked_for_and_nothing_else_is_seen():
    sample = drawn()
    batch = S["prefixes"](sample, np.random.default_rng(1))
    x, read = batch.inputs
    for text, words, row, n, y, mask in zip(sample.y, sample.inputs[1], x, read, batch.y, batch.mask, strict=True):
        assert 1 <= n < words
        assert row.tolist() == [*text[:n], *[0] * (len(row) - n)]
        assert np.flatnonzero(mask).tolist() == [n - 1]
        assert y[mask] == [text[n]]
    assert {*read} == set(range(1, sample.inputs[1].max())), "of every length"


def test_what_continues_a_text_is_asked_for_each_word_and_reads_no_further():
    class Knows(torch.nn.Module):
        """Gives the last word that it reads, and the number of words read, some of the probability."""

        def forward(self, x):
            out = torch.nn.functional.one_hot(x, TASK.n_out).float() * 2
            return out + x.shape[1] * torch.linspace(0, 1, TASK.n_out), None

    sample = TASK.sample(30, np.random.default_rng([5, 6]))
    found = []
    for text, n in zip(sample.y, sample.inputs[1], strict=True):
        for t in range(1, n):
            logits = 2.0 * np.eye(TASK.n_out)[text[t - 1]] + t * np.linspace(0, 1, TASK.n_out)
            found.append(np.log(np.exp(logits).sum()) - logits[text[t]])
    assert S["continuing"](Knows(), TASK, 5, 30) == pytest.approx(np.mean(found), abs=1e-5)


def test_each_arm_is_trained_as_its_name_and_the_settings_say(monkeypatch):
    given = []

    def fit(build, data, **how):
        model, batch = build(), data(0)
        assert model.core.hidden_size == 6
        assert model.core.input_size == 5
        given.append((model.core.bidirectional, batch, how))
        return type("History", (), {"model": model})

    for name, other in {"fit": fit, "continuing": lambda model, task, seed, texts: seed + texts}.items():
        monkeypatch.setitem(S["goes_on"].__globals__, name, other)
    sizes = {"gap": (0, 4), "embedding": 5, "units": 6, "batch": 7, "texts": 100}
    found = S["goes_on"]([3, 4], {arm: [1, 6] for arm in S["ARMS"]}, 10, rate=0.5, **sizes)
    assert found == {arm: {"10": [103.0, 104.0], "60": [103.0, 104.0]} for arm in S["ARMS"]}
    wanted = [(arm, steps, seed) for arm in S["ARMS"] for steps in (10, 60) for seed in (3, 4)]
    for (arm, steps, seed), (both, batch, how) in zip(wanted, given, strict=True):
        assert both == arm.startswith("both")
        assert (batch.mask.sum(1) == 1).all() == arm.endswith("prefixes")
        assert len(batch.y) == 7
        assert {name: how[name] for name in ("lr", "steps", "seed")} == {"lr": 0.5, "steps": steps, "seed": seed}
