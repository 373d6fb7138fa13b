"""What is measured of few labels is what its names say: who has read what before, and who may spend how much."""

import runpy
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from seqlib.batching import Batch
from seqlib.nn import BertForClassification, BertForPretraining, pretraining_loss
from seqlib.tasks import MaskedWords, SentencePairs

S = runpy.run_path(str(Path(__file__).with_name("longer_14_labels.py")))
GLOBALS = S["followed"].__globals__
HOW = S["MEASUREMENTS"]["labels"]["settings"]
LABELS = S["LABELS"]
FEW = LABELS.labelled(100, np.random.default_rng(0))


@pytest.fixture(autouse=True)
def nothing_kept():
    S["pretrained"].cache_clear()
    yield
    S["pretrained"].cache_clear()


def drawn(seed, **options):
    """BERT as it is drawn, in the sizes that the page says."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return BertForPretraining(LABELS.vocab_size, 64, 4, 2, longest=23, start=0.1, **options)


def same(one, other):
    one, other = one.state_dict(), other.state_dict()
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


def fitted(monkeypatch, clock=()):
    """`fit` does nothing but to say what it was asked."""
    seen, ticks = {}, iter(clock)

    def fit(model, data, **given):
        seen.update(given, data=data)
        return SimpleNamespace(model=model().train())

    monkeypatch.setitem(GLOBALS, "fit", fit)
    if clock:
        monkeypatch.setitem(GLOBALS, "time", SimpleNamespace(process_time=lambda: next(ticks)))
    return seen


@pytest.mark.parametrize("read", ["words", "pairs", None])
def test_pretraining_is_as_the_page_says(read, monkeypatch):
    seen = fitted(monkeypatch, [2.0, 5.5])
    monkeypatch.setitem(GLOBALS, "BertForPretraining", lambda *sizes, **options: drawn(3, dropout=options["dropout"]))
    model, seconds = S["pretrained"](read, 2400, 3, 0.25)
    assert seconds == 3.5
    assert not model.training
    assert same(model, drawn(3))
    assert model.bert.dropout == 0.25
    assert S["pretrained"](read, 2400, 3, 0.25)[0] is model, "trained once"
    assert isinstance(seen["data"], SentencePairs if read == "pairs" else MaskedWords)
    assert (seen["data"].share, seen["data"].shares) == (0.3, (0.8, 0.1, 0.1))
    assert seen["steps"] == (2400 if read else 0)
    assert seen["batch_size"] == (32 if read == "pairs" else 64)
    assert seen["loss"] is pretraining_loss
    if read:
        factors = [round(seen["schedule"](step), 2) for step in (0, 49, 100, 1250, 2399)]
        assert factors == [0.01, 0.5, 1.0, 0.55, 0.1]
    rest = {name: seen[name] for name in ("lr", "optimiser", "clip_norm", "seed")}
    assert rest == {"lr": 0.0015, "optimiser": "adamw", "clip_norm": 1.0, "seed": 3}


def test_what_has_read_nothing_is_as_it_was_drawn():
    model = S["pretrained"](None, 2400, 5)[0]
    assert same(model, drawn(5))
    assert model.bert.dropout == 0
    assert len(model.bert.core.layers) == 2
    assert model.bert.core.layers[0].self_attn.n_heads == 4
    after = S["pretrained"]("words", 1, 5)[0]
    assert not same(after, model)
    assert torch.allclose(after.bert.places.weight, model.bert.places.weight, atol=0.01), "it began with the same"


ENDS = {
    "words, pooler": ("words", "pooler", 0.0),
    "words, mean": ("words", "mean", 0.0),
    "pairs, pooler": ("pairs", "pooler", 0.0),
    "scratch, pooler": (None, "pooler", 0.0),
    "scratch, mean": (None, "mean", 0.0),
    "scratch, mean, equal compute": (None, "mean", 0.0),
    "scratch, mean, equal compute, dropout": (None, "mean", 0.5),
}


def test_every_way_is_known():
    assert list(S["TRAINED"]) == list(ENDS)
    assert S["PROBES"] == {"probe": "words", "probe, random weights": None}
    assert list(HOW["ways"]) == [*list(ENDS)[:-1], "probe", "probe, random weights", "bag of words"]
    dropout = S["MEASUREMENTS"]["labels_dropout"]["settings"]
    assert dropout == HOW | {"ways": {"scratch, mean, equal compute, dropout": "rate"}}
    assert [HOW["ways"][way] for way in ("words, mean", "probe", "bag of words")] == ["rate", "penalty", "smoothing"]
    assert not set(HOW["seeds"]) & set(HOW["tuning"])
    assert len(set(HOW["seeds"])) == 5
    assert HOW["numbers"] == [8, 64, 1024]


@pytest.mark.parametrize("way", ENDS)
def test_each_way_begins_as_its_name_says(way, monkeypatch):
    read, head, dropout = ENDS[way]
    models = {}

    def pretrained(*asked):
        return models.setdefault(asked, drawn(len(models) + 50, dropout=asked[3]).eval()), 0.0

    monkeypatch.setitem(GLOBALS, "pretrained", pretrained)
    net = S["classifier"](way, 7, 3)
    ((asked, model),) = models.items()
    assert asked == (read, 7, 3, dropout)
    assert same(net.bert, model.bert)
    assert {net.bert.dropout, net.bert.core.layers[1].dropout} == {dropout}
    assert all(part.training for part in net.modules())
    assert not {id(p) for p in net.parameters()} & {id(p) for p in model.parameters()}, "a copy is trained"
    assert isinstance(net, BertForClassification if head == "pooler" else S["Mean"])
    assert net.readout.weight.shape == (8, 64)


def test_the_mean_is_read_linearly_at_every_position():
    torch.manual_seed(0)
    net = S["Mean"](drawn(1).bert)
    assert net.readout.weight.detach().std().item() == pytest.approx(0.1, rel=0.15)
    assert not net.readout.bias.any()
    net.readout.bias.data[:] = torch.arange(8.0)
    x = torch.tensor(FEW.inputs[0])
    h = net.bert(x)[0]
    expected = h.mean(1) @ net.readout.weight.T + net.readout.bias
    scores = net(x)
    assert scores.shape == (100, 12, 8)
    for t in (0, 5, 11):
        assert torch.allclose(scores[:, t], expected, atol=1e-5)


def test_the_loss_of_pretraining_is_that_of_one_hidden_word():
    exact = MaskedWords(share=1e-12, shares=(1, 0, 0))

    def reader(x):
        assert ((x == exact.mask_id).sum(1) == 1).all()
        return torch.tensor(np.log(exact.probabilities(x.numpy()) + 1e-300)), None

    best = SimpleNamespace(bert=reader, scores=lambda h: h)
    loss, least = S["cloze"](best, 4)
    assert loss == pytest.approx(least, abs=1e-6)
    assert least == pytest.approx(exact.cloze_floor, abs=0.05)
    assert S["cloze"](best, 5)[1] != least, "each seed has sentences of its own"
    nothing = SimpleNamespace(bert=reader, scores=lambda h: 0 * h.clamp(-1, 0))
    assert S["cloze"](nothing, 4) == pytest.approx((np.log(exact.vocab_size), least))


def test_accuracy_is_of_the_best_scores():
    batch = Batch((None,), np.array([[2, 0], [1, 0], [0, 0], [2, 0]]), None)
    assert S["accuracy"](torch.tensor([[1.0, 2, 3], [1, 2, 3], [9, 2, 3], [1, 4, 3]]), batch) == 0.5


def test_probes_read_the_mean_of_an_encoder(monkeypatch):
    asked, model = [], drawn(6)
    monkeypatch.setitem(GLOBALS, "pretrained", lambda *which: (asked.append(which) or model, 0.0))
    x = FEW.inputs[0]
    found = S["features"]("probe", 9, 3, x)
    assert found.dtype == torch.float64
    assert torch.allclose(found.float(), model.bert(torch.tensor(x))[0].mean(1), atol=1e-5)
    S["features"]("probe, random weights", 9, 3, x)
    assert asked == [("words", 9, 3), (None, 9, 3)]


def test_the_regression_is_at_its_least():
    rng = np.random.default_rng(2)
    X, y = torch.tensor(rng.normal(size=(60, 4)) + 3), rng.integers(3, size=60)
    W = S["logistic"](X, y, 3, 0.1, 200)
    X1 = torch.cat([X, torch.ones(60, 1)], 1)
    error = torch.softmax(X1 @ W, 1) - torch.nn.functional.one_hot(torch.tensor(y), 3)
    slope = X1.T @ error / 60 + 0.1 * torch.cat([W[:-1], torch.zeros(1, 3)])
    assert slope.abs().max() < 1e-4
    assert W[-1].abs().max() > 0.05
    rough = S["logistic"](X, y, 3, 0.1, 1)
    assert not torch.allclose(W, rough, atol=1e-3), "rounds count"


def test_naive_bayes_is_what_its_name_says():
    few, x = LABELS.labelled(20, np.random.default_rng(1)), FEW.inputs[0][:7]
    found = S["bag"](few, 0.5, x)
    assert found.shape == (7, 8)
    for k in range(8):
        seen = few.inputs[0][few.y[:, 0] == k].ravel().tolist()
        for row in range(7):
            score = np.log((few.y[:, 0] == k).sum() + 0.5)
            for word in x[row].tolist():
                score += np.log((seen.count(word) + 0.5) / (len(seen) + 0.5 * LABELS.vocab_size))
            assert found[row, k] == pytest.approx(score)


def test_results_are_by_option_and_share(monkeypatch):
    asked = []

    def followed(way, few, steps, seed, rate, stops, test):
        asked.append((way, few.inputs[0].tolist(), steps, seed, rate, stops, test))
        return {stop: stop + rate for stop in stops}, rate

    monkeypatch.setitem(GLOBALS, "followed", followed)
    found, seconds = S["results"]("words, mean", 8, 2400, 3, [0.5, 0.25], [0.1, 1.0], "test")
    assert found == {(0.5, 0.1): 12.5, (0.5, 1.0): 120.5, (0.25, 0.1): 12.25, (0.25, 1.0): 120.25}
    assert seconds == 0.25
    sentences = LABELS.labelled(8, np.random.default_rng([3, 8])).inputs[0].tolist()
    assert asked[0] == ("words, mean", sentences, 2400, 3, 0.5, {12, 120}, "test")
    S["results"]("words, mean", 8, 2, 3, [0.5], [0.1, 1.0], "test")
    assert asked[-1][5] == {1}


def test_results_of_probes_and_of_the_bag_are_accuracies(monkeypatch):
    test = LABELS.sample(50, np.random.default_rng(4))
    few = LABELS.labelled(64, np.random.default_rng([3, 64]))
    found, _ = S["results"]("bag of words", 64, 80, 3, [0.1, 100.0], [0.5], test)
    expected = {(a, 1.0): S["accuracy"](S["bag"](few, a, test.inputs[0]), test) for a in (0.1, 100.0)}
    assert found == expected
    told = np.diag([0.0] + 7 * [1.0])  # the bias tells the first class
    onehot = {"few": told[few.y[:, 0]], "test": told[test.y[:, 0]]}
    asked = []

    def features(way, steps, seed, x):
        asked.append((way, steps, seed))
        return torch.tensor(onehot["test" if len(x) == 50 else "few"])

    monkeypatch.setitem(GLOBALS, "features", features)
    found, seconds = S["results"]("probe", 64, 80, 3, [0.001], [0.5], test)
    assert found == {(0.001, 1.0): 1.0}
    assert set(asked) == {("probe", 80, 3)}
    assert seconds >= 0
    rounds, before = [], S["logistic"]
    monkeypatch.setitem(GLOBALS, "logistic", lambda *how: rounds.append(how[3:]) or before(*how))
    S["results"]("probe", 64, 80, 3, [0.25], [0.5], test)
    assert rounds == [(0.25, 10)]


def test_values_are_stored_by_number_and_way(monkeypatch):
    models, asked = {}, []

    def results(way, n, steps, seed, options, shares, test):
        asked.append((seed, len(test.y), test.inputs[0][0].tolist()))
        best, late = (0.3, 1) if n == 8 else (0.1, -1)
        kinds = shares if way == "words, mean" else [1.0]
        score = {(a, b): 1 - abs(a - best) - late * (1 - b) / 4 - seed / 1000 for a in options for b in kinds}
        return {option: round(value, 5) for option, value in score.items()}, seed

    monkeypatch.setitem(GLOBALS, "results", results)
    monkeypatch.setitem(GLOBALS, "pretrained", lambda *which: (models.setdefault(which, which), which[2] / 4))
    monkeypatch.setitem(GLOBALS, "cloze", lambda model, seed: (seed + 0.5, seed + (model[0] == "pairs")))
    tried = {"rate": [0.1, 0.3], "smoothing": [0.3, 0.2]}
    ways = {"words, mean": "rate", "pairs, pooler": "rate", "bag of words": "smoothing"}
    found = S["labels"](60, [1, 2], [7, 8], tried, [0.5, 1.0], [8, 64], [30, 20], ways)
    assert {(seed, n) for seed, n, _ in asked} == {(1, 30), (2, 30), (7, 20), (8, 20)}
    for seed, n, first in asked:
        assert first == LABELS.sample(n, np.random.default_rng([seed, 10**6])).inputs[0][0].tolist()
    of = found["8 labels"]
    chosen = [{"rate": 0.3, "share": 1.0}, {"rate": 0.3, "share": 1.0}, {"smoothing": 0.3}]
    assert of["chosen"] == dict(zip(ways, chosen, strict=True))
    chosen = [{"rate": 0.1, "share": 0.5}, {"rate": 0.1, "share": 1.0}, {"smoothing": 0.2}]
    assert found["64 labels"]["chosen"] == dict(zip(ways, chosen, strict=True))
    assert of["tuning"]["words, mean"] == {
        "0.1, 0.5": [0.668, 0.667],
        "0.1, 1": [0.793, 0.792],
        "0.3, 0.5": [0.868, 0.867],
        "0.3, 1": [0.993, 0.992],
    }
    assert of["accuracy"] == {way: [0.999, 0.998] for way in ways}
    assert of["seconds"] == {way: [1, 2] for way in ways}
    assert set(models) == {(read, 60, seed) for read in ("words", "pairs") for seed in (1, 2)}
    assert found["pretrained on words"] == {"cloze": [1.5, 2.5], "best reader": [1, 2], "seconds": [0.25, 0.5]}
    assert found["pretrained on pairs"]["best reader"] == [2, 3]
    assert found["levels"] == {"Bayes": pytest.approx(LABELS.accuracy, abs=1e-4), "chance": 0.125}
    alone = S["labels"](60, [1], [7], tried, [1.0], [8], [30, 20], {"scratch, mean": "rate"})
    assert list(alone) == ["8 labels", "levels"], "nothing was pretrained"
