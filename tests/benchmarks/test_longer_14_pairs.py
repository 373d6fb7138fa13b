"""What is measured of pairs of sentences is what its names say."""

import runpy
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from seqlib.tasks import SentencePairs

S = runpy.run_path(str(Path(__file__).with_name("longer_14_pairs.py")))
GLOBALS = S["followed"].__globals__
HOW = S["MEASUREMENTS"]["pairs"]["settings"]
SMALL = SentencePairs(topics=3, words=2, phrases=0, share=0.3)


def test_words_alone_are_all_but_cls():
    batch = SMALL.sample(9, np.random.default_rng(0))
    found = S["words_alone"](batch)
    assert not found.mask[:, 0].any()
    assert np.array_equal(found.mask[:, 1:], batch.mask[:, 1:])
    assert found.inputs is batch.inputs
    assert batch.mask[:, 0].all(), "the batch is as it was"


def test_answers_and_words_are_those_of_the_model():
    torch.manual_seed(0)
    net = S["PRETRAINING"]["network"](SMALL).eval()
    batch = SMALL.sample(200, np.random.default_rng(0))
    x, lengths, segments = (torch.tensor(of) for of in batch.inputs)
    with torch.no_grad():
        words, pairs = net(x, lengths, segments)
        assert not torch.allclose(net(x, lengths)[1], pairs), "segments are read"
    log_p = pairs.double().log_softmax(-1).numpy()
    assert S["answered"](net, batch) == pytest.approx(log_p, abs=1e-6)
    found, same = S["scores"](net, batch), batch.y[:, 0]
    assert found["pair"] == pytest.approx(-np.where(same == 1, log_p[:, 1], log_p[:, 0]).mean(), abs=1e-6)
    assert found["accuracy"] == ((log_p[:, 1] > log_p[:, 0]) == (same == 1)).mean()
    asked = batch.mask & (np.arange(batch.mask.shape[1]) > 0)
    log_p = words.double().log_softmax(-1).numpy()
    assert found["word"] == pytest.approx(-log_p[asked, batch.y[asked]].mean(), abs=1e-6)


def test_the_exact_reader_is_at_its_floors():
    masked, clean = S["drawn"](SMALL, 20000, 3)
    found = S["exact"](SMALL, masked, clean)
    assert found["word"] == pytest.approx(SMALL.word_floor, abs=0.015)
    assert found["pair"] == pytest.approx(SMALL.pair_floor, abs=0.015)
    assert found["accuracy"] == pytest.approx(SMALL.pair_accuracy, abs=0.015)
    assert found["clean accuracy"] == pytest.approx(SMALL.clean_pair_accuracy, abs=0.015)
    assert SMALL.clean_pair_accuracy - SMALL.pair_accuracy > 0.03, "or the two could not be told apart"


def test_each_seed_has_pairs_of_its_own():
    masked, clean = S["drawn"](SMALL, 50, 3)
    assert masked.mask[:, 1:].any()
    assert not clean.mask[:, 1:].any()
    assert len(clean.y) == len(masked.y) == 50
    assert not np.array_equal(masked.y, clean.y)
    other = S["drawn"](SMALL, 50, 4)
    assert not np.array_equal(other[0].y, masked.y)
    assert not np.array_equal(other[1].y, clean.y)
    assert not np.array_equal(SMALL.sample(50, np.random.default_rng([3, 0])).y, masked.y), "not those of training"


def test_a_training_is_followed(monkeypatch):
    expected = S["drawn"](SMALL, 12, 3)

    def trained(task, steps, seed, watch, batch_size):
        assert (task, steps, seed, batch_size) == (SMALL, 6, 3, 48)
        for step in range(1, steps + 1):
            watch(step, float(step))
        return SimpleNamespace(model=7.0), 4.56789

    def scores(model, batch):
        assert np.array_equal(batch.y, expected[0].y)
        assert np.array_equal(batch.mask, expected[0].mask)
        return {"word": model, "pair": model / 10, "accuracy": model / 100}

    def answered(model, batch):
        assert model == 7.0
        assert np.array_equal(batch.y, expected[1].y)
        return np.array([[0.0, -1.0]] * 12)

    for name, function in {"trained": trained, "scores": scores, "answered": answered}.items():
        monkeypatch.setitem(GLOBALS, name, function)
    found = S["followed"](SMALL, 6, 3, 12, [2, 5])
    assert found["word at"] == [2.0, 5.0]
    assert found["pair at"] == [0.2, 0.5]
    assert found["accuracy at"] == [0.02, 0.05]
    assert (found["word"], found["pair"], found["accuracy"], found["seconds"]) == (7.0, 0.7, 0.07, 4.568)
    accuracies = [(batch.y[:, 0] == 0).mean() for batch in expected]
    assert accuracies[0] != accuracies[1], "or the two could not be told apart"
    assert found["clean accuracy"] == pytest.approx(accuracies[1], abs=1e-4)


def test_values_are_stored_by_seed(monkeypatch):
    monkeypatch.setitem(
        GLOBALS, "followed", lambda task, *how: {"word": (type(task), task.share, *how), "pair": how[1]}
    )
    monkeypatch.setitem(
        GLOBALS, "exact", lambda task, masked, clean: {"word": masked.mask.mean() + clean.y.mean() + task.share}
    )
    found = S["pairs"](30, [1, 2], 0.25, 9, [10])
    assert found["model"] == {"word": [(SentencePairs, 0.25, 30, seed, 9, [10]) for seed in (1, 2)], "pair": [1, 2]}
    batches = [S["drawn"](SentencePairs(share=0.25), 9, seed) for seed in (1, 2)]
    assert [of["word"] for of in found["exact"]] == [
        pytest.approx(masked.mask.mean() + clean.y.mean() + 0.25, rel=1e-3) for masked, clean in batches
    ]


def test_a_small_training_goes_through():
    found = S["pairs"](30, [1], 0.3, 20, [10, 20])
    assert {name: len(values) for name, values in found["model"].items()} == dict.fromkeys(found["model"], 1)
    assert len(found["model"]["word at"][0]) == 2
    assert found["model"]["word"][0] < found["model"]["word at"][0][0] < np.log(SentencePairs().vocab_size) + 1.5


def test_settings_are_those_of_the_hypotheses():
    assert len(set(HOW["seeds"])) == 5
    assert HOW["share"] == 0.3
    assert HOW["at"] == sorted(set(HOW["at"]))
    assert HOW["at"][-1] == HOW["steps"]
