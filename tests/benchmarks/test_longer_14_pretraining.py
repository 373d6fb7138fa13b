"""What is measured of masked words is what its names say: one clean mask, the exact reader of the same sentences."""

import itertools
import runpy
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from seqlib.nn import pretraining_loss
from seqlib.tasks import MaskedWords

S = runpy.run_path(str(Path(__file__).with_name("longer_14_pretraining.py")))
GLOBALS = S["followed"].__globals__
HOW = S["MEASUREMENTS"]["pretraining"]["settings"]
SMALL = MaskedWords(topics=2, words=2, phrases=1, share=0.3)


def test_the_network_is_that_of_the_page():
    torch.manual_seed(0)
    net = S["network"](SMALL)
    attention = net.bert.core.layers[1].self_attn
    assert (attention.d_model, attention.n_heads, len(net.bert.core.layers)) == (64, 4, 2)
    assert net.bert.places.num_embeddings == 32
    assert net.bert.words.num_embeddings == SMALL.vocab_size
    assert net.bert.pooler.weight.std().item() == pytest.approx(0.1, rel=0.1)
    assert net.transform.weight.std().item() == pytest.approx(0.1, rel=0.1)


def test_training_is_as_the_page_says(monkeypatch):
    seen, watched = {}, []

    def fit(model, data, **given):
        seen.update(given, network=model(), data=data)
        for step in (1, 2):
            given["on_step"](SimpleNamespace(step=step))
        return SimpleNamespace(model=seen["network"])

    clock = iter([2.0, 5.5, 6.0, 7.0])
    monkeypatch.setitem(GLOBALS, "fit", fit)
    monkeypatch.setitem(GLOBALS, "time", SimpleNamespace(process_time=lambda: next(clock)))
    run, seconds = S["trained"](SMALL, 2400, 7, lambda step, model: watched.append((step, model)))
    assert seconds == 3.5
    assert run.model is seen["network"]
    assert not run.model.training
    assert watched == [(1, run.model), (2, run.model)]
    assert seen["data"] is SMALL
    factors = [round(seen["schedule"](step), 3) for step in (0, 99, 100, 1250, 2400)]
    assert factors == [0.01, 1.0, 1.0, 0.55, 0.1]
    names = ("steps", "lr", "optimiser", "clip_norm", "batch_size", "seed", "loss")
    expected = [2400, 0.0015, "adamw", 1.0, 64, 7, pretraining_loss]
    assert [seen[name] for name in names] == expected
    S["trained"](SMALL, 48, 7, batch_size=16)
    assert (seen["batch_size"], seen["schedule"](2)) == (16, 1.0)


def test_losses_are_those_of_the_words_asked_for():
    torch.manual_seed(0)
    net = S["network"](SMALL).eval()
    batch = SMALL.sample(20, np.random.default_rng(0))
    with torch.no_grad():
        p = net(torch.tensor(batch.inputs[0]))[0].double().softmax(-1).numpy()
    expected = [
        -np.log(p[b, t, batch.y[b, t]]) for b, t in itertools.product(range(20), range(SMALL.T + 2)) if batch.mask[b, t]
    ]
    assert S["losses"](net, batch) == pytest.approx(np.array(expected), abs=1e-5)


def enumerated(words, t):
    """P(the word at t | all others), by all topics and numbers."""
    joint = np.ones(len(SMALL.tables))
    for s, word in enumerate(words):
        if s != t:
            joint = joint * SMALL.tables[:, s, word - SMALL.first]
    return joint @ SMALL.tables[:, t, words[t] - SMALL.first] / joint.sum()


def test_the_exact_reader_reads_the_same_sentences():
    batch, exact = S["cloze"](SMALL, 6, 3)
    assert exact.shape == (6, SMALL.T)
    x, y = batch.inputs[0], batch.y
    for row, (n, t) in enumerate(itertools.product(range(6), range(SMALL.T))):
        assert np.flatnonzero(batch.mask[row]).tolist() == [t + 1]
        assert x[row, t + 1] == SMALL.mask_id
        assert exact[n, t] == pytest.approx(-np.log(enumerated(y[row, 1:-1], t)))
    other, _ = S["cloze"](SMALL, 6, 4)
    assert not np.array_equal(other.y, y), "each seed has sentences of its own"
    assert not np.array_equal(SMALL.sample(6, np.random.default_rng([3, 0])).y, y[:: SMALL.T]), "not those of training"


def test_kinds_are_those_of_the_columns():
    assert SMALL.kinds == ("determiner", "content", "link", "content", "content", "verb", "content")
    values = np.array([[1.0, 10, 100, 20, 30, 4, 40], [2.0, 10, 200, 20, 30, 5, 40]])
    found = S["by_kind"](SMALL, values)
    assert found == {"content": 25.0, "agreement": 3.0, "link": 150.0, "all": pytest.approx(values.mean(), rel=1e-4)}


def test_corruption_is_told_apart_by_what_stood_there(monkeypatch):
    monkeypatch.setitem(GLOBALS, "losses", lambda model, batch: np.arange(batch.mask.sum()) + 100.0)
    found = S["corrupted"](SMALL, None, 3)
    batch = SMALL.sample(2000, np.random.default_rng([3, 10**6 + 1]))
    chosen = batch.inputs[0][batch.mask]
    numbers, p = np.arange(len(chosen)) + 100.0, SMALL.probabilities(batch.inputs[0])
    exact = np.array([-np.log(p[b, t, batch.y[b, t]]) for b, t in np.argwhere(batch.mask)])
    for place, where in {"hidden": chosen == SMALL.mask_id, "shown": chosen != SMALL.mask_id}.items():
        assert found[f"{place} model"] == pytest.approx(numbers[where].mean(), rel=1e-4)
        assert found[f"{place} exact"] == pytest.approx(exact[where].mean(), rel=1e-4)
    assert found["all model"] == pytest.approx(numbers.mean(), rel=1e-4)
    assert found["all exact"] == pytest.approx(exact.mean(), rel=1e-4)
    assert found["all exact"] == pytest.approx(SMALL.floor, abs=0.05)
    assert S["corrupted"](SMALL, None, 4)["all exact"] != found["all exact"]


def test_a_training_is_followed(monkeypatch):
    exact = S["cloze"](SMALL, 5, 3)[1]
    rise = np.arange(5.0)[:, None] + np.arange(SMALL.T)

    def trained(task, steps, seed, watch):
        assert (task, steps, seed) == (SMALL, 6, 3)
        for step in range(1, steps + 1):
            watch(step, step)
        return SimpleNamespace(model=7, loss=[1.0, 2.0, 3.0, 4.0, 5.0, 9.0]), 4.56789

    def losses(model, batch):
        assert np.array_equal(batch.y, S["cloze"](SMALL, 5, 3)[0].y)
        return (exact + model * rise).ravel()

    monkeypatch.setitem(GLOBALS, "trained", trained)
    monkeypatch.setitem(GLOBALS, "losses", losses)
    monkeypatch.setitem(GLOBALS, "corrupted", lambda task, model, seed: (task, model, seed))
    found = S["followed"](SMALL, 6, 3, 5, 2, [2, 5])
    assert found["training"] == [1.5, 3.5, 7.0]
    assert found["cloze"]["agreement"] == pytest.approx(
        [(exact + k * rise)[:, [0, 5]].mean() for k in (2, 5)], rel=1e-4
    )
    assert set(found["cloze"]) == {"content", "agreement", "link", "all"}
    assert found["exact"] == S["by_kind"](SMALL, exact)
    assert found["gap"] == S["by_kind"](SMALL, 7 * rise)
    assert found["error"] == pytest.approx(7 * np.std(range(5), ddof=1) / 5**0.5, rel=0.01)
    assert found["corrupted"] == (SMALL, 7, 3)
    assert found["seconds"] == 4.57


def test_values_are_stored_by_seed(monkeypatch):
    monkeypatch.setitem(GLOBALS, "followed", lambda task, *how: (task.share, task.shares, *how))
    found = S["pretraining"](30, [1, 2], 0.25, 9, 5, [10])
    assert found == {"runs": [(0.25, (0.8, 0.1, 0.1), 30, seed, 9, 5, [10]) for seed in (1, 2)]}


def test_settings_are_those_of_the_hypotheses():
    assert len(set(HOW["seeds"])) == 5
    assert HOW["share"] == S["SHARE"] == 0.3
    assert HOW["at"] == sorted(set(HOW["at"]))
    assert HOW["at"][-1] == HOW["steps"] == 2400
    assert HOW["steps"] % HOW["every"] == 0
