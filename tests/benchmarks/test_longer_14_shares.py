"""What is measured with other shares than 80/10/10 is what its names say."""

import itertools
import runpy
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from seqlib.tasks import Grammar, MaskedWords

S = runpy.run_path(str(Path(__file__).with_name("longer_14_shares.py")))
GLOBALS = S["scores"].__globals__
HOW = S["MEASUREMENTS"]["shares"]["settings"]
LANGUAGE = Grammar()
NAMES = np.array(LANGUAGE.vocabulary.tokens)
CONTENT = [t for t, kind in enumerate(LANGUAGE.kinds) if kind == "content"]


def read(words):
    """The words of sentences."""
    return NAMES[words]


def test_arms_are_two_by_two():
    for arm, (hidden, replaced, kept) in S["ARMS"].items():
        assert ("replaced" in arm, "kept" in arm) == (replaced > 0, kept > 0)
        assert hidden + replaced + kept == pytest.approx(1)
        assert (hidden < 1) == ("," in arm)
        assert hidden in (0.8, 1.0)
    assert len(S["ARMS"]) == 4
    assert S["ARMS"]["hidden, replaced, kept"] == list(MaskedWords().shares)


def test_arms_read_the_same_sentences():
    batches = [MaskedWords(share=0.3, shares=of).sample(40, np.random.default_rng([1, 2])) for of in S["ARMS"].values()]
    assert all(
        np.array_equal(batch.y, batches[0].y) and np.array_equal(batch.mask, batches[0].mask) for batch in batches
    )


def test_sentences_are_drawn_for_each_seed():
    (few, of_few), (words, topics) = S["drawn"](3, 20, 50)
    assert (few.shape, words.shape, of_few.shape, topics.shape) == ((20, 10), (50, 10), (20,), (50,))
    both, of_both = LANGUAGE.sentences(70, np.random.default_rng([3, 10**6 + 2]))
    assert np.array_equal(np.concatenate([few, words]), both)
    assert np.array_equal(np.concatenate([of_few, topics]), of_both)
    assert not np.array_equal(S["drawn"](4, 20, 50)[1][0], words)


def test_topics_of_words_are_their_letters():
    words = S["drawn"](3, 0, 50)[1][0]
    expected = [["abcdefgh".index(word[0]) for word in sentence[CONTENT]] for sentence in read(words)]
    assert S["about"](words).tolist() == expected


def test_beliefs_are_those_of_the_whole_sentence():
    words = S["drawn"](3, 0, 40)[1][0]
    joint = np.prod([LANGUAGE.tables[:, t, words[:, t] - LANGUAGE.first] for t in range(LANGUAGE.T)], 0)
    joint = joint.reshape(8, 2, -1).sum(1).T
    assert S["believed"](words) == pytest.approx(joint / joint.sum(1, keepdims=True))


def test_verbs_disagree_and_nothing_else():
    words = S["drawn"](3, 0, 60)[1][0]
    right, wrong = read(words), read(S["disagreeing"](words))
    verb = LANGUAGE.kinds.index("verb")
    assert np.array_equal(np.delete(right, verb, 1), np.delete(wrong, verb, 1))
    other = {"is": "are", "was": "were", "are": "is", "were": "was"}
    assert wrong[:, verb].tolist() == [other[word] for word in right[:, verb]]
    assert set(right[:, verb]) == set(other)


def test_auc_counts_pairs():
    rng = np.random.default_rng(0)
    scores, positive = rng.integers(0, 5, (8, 5)) / 2, rng.random((8, 5)) < 0.3
    pairs = list(itertools.product(scores[positive], scores[~positive]))
    assert S["auc"](scores, positive) == pytest.approx(np.mean([(a > b) + (a == b) / 2 for a, b in pairs]))
    assert S["auc"](np.arange(4), np.arange(4) > 1) == 1


def test_probes_are_least_squares_with_a_ridge():
    rng = np.random.default_rng(1)
    features, asked = rng.normal(3, [1, 5, 0.2], (30, 3)), rng.normal(3, [1, 5, 0.2], (7, 3))
    answers = rng.normal(2, 1, (30, 2))
    x = torch.tensor((features - features.mean(0)) / features.std(0))
    y = torch.tensor(answers - answers.mean(0))
    extended = torch.cat([x, torch.eye(3, dtype=x.dtype)]), torch.cat([y, torch.zeros(3, 2, dtype=x.dtype)])
    weights = torch.linalg.lstsq(*extended).solution.numpy()
    expected = (asked - features.mean(0)) / features.std(0) @ weights + answers.mean(0)
    assert S["probe"](features, answers, asked) == pytest.approx(expected)


def network():
    """A BERT that has learned nothing."""
    torch.manual_seed(0)
    return S["PRETRAINING"]["network"](LANGUAGE).eval()


def test_nothing_is_hidden_of_what_is_read():
    net, words = network(), S["drawn"](3, 0, 6)[1][0]
    h, own = S["read"](net, words)
    x = torch.tensor([[LANGUAGE.cls, *sentence, LANGUAGE.sep] for sentence in words])
    with torch.no_grad():
        expected = net.bert(x)[0]
        log_p = net(x)[0].log_softmax(-1)
    assert h == pytest.approx(expected[:, 1:-1].double().numpy(), abs=1e-6)
    for n, t in itertools.product(range(6), range(LANGUAGE.T)):
        assert own[n, t] == pytest.approx(-log_p[n, t + 1, words[n, t]].item(), abs=1e-5)


def test_the_best_is_that_of_bayes():
    found = S["best"](3, 10, 4000)
    words, topics = S["drawn"](3, 10, 4000)[1]
    joint = np.prod([LANGUAGE.tables[:, t, words[:, t] - LANGUAGE.first] for t in range(LANGUAGE.T)], 0)
    named = joint.reshape(8, 2, -1).sum(1).argmax(0)
    assert found["topic"] == pytest.approx((named == topics).mean(), abs=0.003), "but for ties"
    posterior = joint.reshape(8, 2, -1).sum(1).T
    posterior /= posterior.sum(1, keepdims=True)
    own = np.stack([[posterior[n, k] for k in row] for n, row in enumerate(S["about"](words))])
    off = S["about"](words) != topics[:, None]
    assert found["off topic"] == pytest.approx(S["auc"](-own, off), abs=1e-4)
    assert found["off topic"] > 0.99


def prepared(monkeypatch, few=64, tested=400):
    """Features that say topic and word, and losses that say both, for the sentences of seed 3."""
    parts = S["drawn"](3, few, tested)

    def told(model, words):
        assert model == "model"
        match = [topics for sentences, topics in parts if np.array_equal(sentences, words)]
        topics = match[0] if match else parts[1][1]
        off = np.zeros(words.shape)
        off[:, CONTENT] = S["about"](words) != topics[:, None]
        noise = np.random.default_rng(len(words)).normal(0, 0.01, (*words.shape, 9))
        features = np.concatenate([np.repeat(np.eye(8)[topics][:, None], LANGUAGE.T, 1), off[..., None]], 2)
        return features + noise, words + 1000.0 * off

    monkeypatch.setitem(GLOBALS, "read", told)
    return parts


def test_probes_find_what_is_there(monkeypatch):
    prepared(monkeypatch)
    assert S["probed"]("model", 3, 64, 400) == {"topic": 1.0, "off topic, probe": 1.0}


def test_probes_find_nothing_where_nothing_is(monkeypatch):
    rng = np.random.default_rng(0)
    monkeypatch.setitem(GLOBALS, "read", lambda model, words: (rng.normal(size=(*words.shape, 9)), None))
    found = S["probed"]("model", 3, 64, 2000)
    assert found["topic"] == pytest.approx(1 / 8, abs=0.05)
    assert found["off topic, probe"] == pytest.approx(0.5, abs=0.05)


def test_losses_at_their_own_place_are_compared(monkeypatch):
    _, (words, _) = prepared(monkeypatch)
    task = MaskedWords(share=0.3, shares=[0.8, 0.1, 0.1])
    found = S["noticed"]("model", task, 3, 64, 400)
    verb, content = words[:, LANGUAGE.kinds.index("verb")], words[:, CONTENT]
    assert found["off topic, own"] == 1.0
    wrong = S["disagreeing"](words)[:, LANGUAGE.kinds.index("verb")]
    assert found["verb, own"] == pytest.approx(np.mean((wrong[:, None] > verb) + (wrong[:, None] == verb) / 2))
    off = (S["about"](words) != S["drawn"](3, 64, 400)[1][1][:, None]).mean()
    assert found["shown"] == pytest.approx(content.mean() + 1000 * off)
    p = task.probabilities(LANGUAGE.framed(words))
    exact = [-np.log(p[n, t + 1, words[n, t]]) for n, t in itertools.product(range(400), CONTENT)]
    assert found["shown exact"] == pytest.approx(np.mean(exact))
    kept = S["noticed"]("model", MaskedWords(share=0.3, shares=[0.8, 0.0, 0.2]), 3, 64, 400)
    assert kept["shown exact"] == pytest.approx(0, abs=1e-9)


def test_scores_are_of_a_model_that_the_task_trained(monkeypatch):
    task, asked = MaskedWords(share=0.3), []

    def trained(given, steps, seed):
        assert (given, steps, seed) == (task, 30, 3)
        return SimpleNamespace(model="model", loss=[100.0] * 5 + [2.0, 4.0] * 50), 4.56789

    def told(name):
        def tell(*how):
            asked.append((name, *how))
            return {name: 0.123456}

        return tell

    replaced = {"trained": trained, "cloze": lambda *how: (how, np.array([1.0, 2.0]))}
    replaced["losses"] = lambda model, batch: (
        np.array([5.0, 6.0, 7.0]) if (model, *batch) == ("model", task, 7, 3) else None
    )
    replaced |= {"probed": told("probed"), "noticed": told("noticed")}
    for name, function in replaced.items():
        monkeypatch.setitem(GLOBALS, name, function)
    found = S["scores"](task, 30, 3, 7, 64, 400)
    assert asked == [("probed", "model", 3, 64, 400), ("noticed", "model", task, 3, 64, 400)]
    assert found["floor"] == pytest.approx(task.floor, abs=1e-3)
    del found["floor"]
    assert found == {"gap": 4.5, "probed": 0.1235, "noticed": 0.1235, "training": 3.0, "seconds": 4.568}


def test_values_are_stored_by_arm(monkeypatch):
    monkeypatch.setitem(GLOBALS, "scores", lambda task, *how: {"gap": (task.share, task.shares, *how)})
    monkeypatch.setitem(GLOBALS, "best", lambda *how: how)
    found = S["shares"](30, [1, 2], 0.25, 7, 64, 400, {"a": [1, 0, 0], "b": [0.5, 0.5, 0]})
    assert found["best"] == [(1, 64, 400), (2, 64, 400)]
    assert found["arms"]["b"] == {"gap": [(0.25, (0.5, 0.5, 0.0), 30, seed, 7, 64, 400) for seed in (1, 2)]}
    assert list(found["arms"]) == ["a", "b"]


def test_settings_are_fair():
    assert len(set(HOW["seeds"])) == 5
    assert HOW["arms"] == S["ARMS"]
    assert HOW["share"] == 0.3
