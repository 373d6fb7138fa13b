"""What is measured with other shares than 80/10/10 is what its names say."""

import itertools
import runpy
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from seqlib.nn import BertForPretraining, pretraining_loss
from seqlib.tasks import Grammar, MaskedWords

S = runpy.run_path(str(Path(__file__).with_name("longer_14_shares.py")))
GLOBALS = S["scores"].__globals__
HOW = S["MEASUREMENTS"]["shares"]["settings"]
LANGUAGE = Grammar(4, 8)
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
    batches = [
        MaskedWords(4, 8, share=0.3, shares=of).sample(40, np.random.default_rng([1, 2])) for of in S["ARMS"].values()
    ]
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
    expected = [["abcd".index(word[0]) for word in sentence[CONTENT]] for sentence in read(words)]
    assert S["about"](words).tolist() == expected


def test_beliefs_are_those_of_the_whole_sentence():
    words = S["drawn"](3, 0, 40)[1][0]
    joint = np.prod([LANGUAGE.tables[:, t, words[:, t] - LANGUAGE.first] for t in range(LANGUAGE.T)], 0)
    joint = joint.reshape(4, 2, -1).sum(1).T
    assert S["believed"](words) == pytest.approx(joint / joint.sum(1, keepdims=True))


def test_verbs_disagree_and_nothing_else():
    words = S["drawn"](3, 0, 60)[1][0]
    right, wrong = read(words), read(S["disagreeing"](words))
    verb = LANGUAGE.kinds.index("verb")
    assert np.array_equal(np.delete(right, verb, 1), np.delete(wrong, verb, 1))
    other = {"is": "are", "was": "were", "are": "is", "were": "was"}
    assert wrong[:, verb].tolist() == [other[word] for word in right[:, verb]]
    assert set(right[:, verb]) == set(other)
    assert np.array_equal(read(words), right), "the sentences are as they were"


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
    return BertForPretraining(LANGUAGE.vocab_size, 32, 4, 2, longest=12, start=0.1).eval()


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
    posterior = joint.reshape(4, 2, -1).sum(1).T
    posterior /= posterior.sum(1, keepdims=True)
    right = []
    for p, topic in zip(posterior.round(9), topics, strict=True):
        named = np.flatnonzero(p == p.max())
        right.append((topic in named) / len(named))
    assert found["topic"] == pytest.approx(np.mean(right), abs=1e-4)
    own = np.stack([[posterior[n, k] for k in row] for n, row in enumerate(S["about"](words))])
    off = S["about"](words) != topics[:, None]
    assert found["off topic"] == pytest.approx(S["auc"](-own, off), abs=1e-4)
    assert found["off topic"] > 0.99


def prepared(monkeypatch, few=64, tested=400):
    """Features of the last word say the topic, and those of each word whether it is off it; so do the losses."""
    parts = S["drawn"](3, few, tested)

    def told(model, words):
        assert model == "model"
        match = [topics for sentences, topics in parts if np.array_equal(sentences, words)]
        topics = match[0] if match else parts[1][1]
        off = np.zeros(words.shape)
        off[:, CONTENT] = S["about"](words) != topics[:, None]
        features = np.random.default_rng(len(words)).normal(0, 0.01, (*words.shape, 5))
        features[:, -1, :4] += np.eye(4)[topics]
        features[:, :, 4] += off
        return features, words + 1000.0 * off

    monkeypatch.setitem(GLOBALS, "read", told)
    return parts


def test_probes_find_what_is_there(monkeypatch):
    prepared(monkeypatch)
    assert S["probed"]("model", 3, 64, 400) == {"topic": 1.0, "off topic, probe": 1.0}


def test_probes_find_nothing_where_nothing_is(monkeypatch):
    rng = np.random.default_rng(0)
    monkeypatch.setitem(GLOBALS, "read", lambda model, words: (rng.normal(size=(*words.shape, 5)), None))
    found = S["probed"]("model", 3, 64, 2000)
    assert found["topic"] == pytest.approx(1 / 4, abs=0.05)
    assert found["off topic, probe"] == pytest.approx(0.5, abs=0.05)


def test_losses_at_their_own_place_are_compared(monkeypatch):
    _, (words, _) = prepared(monkeypatch)
    task = MaskedWords(4, 8, share=0.3, shares=[0.8, 0.1, 0.1])
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
    kept = S["noticed"]("model", MaskedWords(4, 8, share=0.3, shares=[0.8, 0.0, 0.2]), 3, 64, 400)
    assert kept["shown exact"] == pytest.approx(0, abs=1e-9)


def test_training_is_as_the_page_says(monkeypatch):
    seen = {}

    def fit(model, data, **given):
        seen.update(given, network=model(), data=data)
        return SimpleNamespace(model=seen["network"])

    monkeypatch.setitem(GLOBALS, "fit", fit)
    torch.manual_seed(0)
    task, run = S["trained"]((0.8, 0.2, 0.0), 1000, 0.02, 3)
    assert S["trained"]((0.8, 0.2, 0.0), 1000, 0.02, 3)[1] is run, "trained once"
    assert task is seen["data"]
    assert (task.topics, task.words, task.phrases, task.noise) == (4, 8, 2, 0.3)
    assert (task.share, task.shares) == (0.3, (0.8, 0.2, 0.0))
    bert = run.model.bert
    attention = bert.core.layers[1].self_attn
    assert (attention.d_model, attention.n_heads, len(bert.core.layers)) == (32, 4, 2)
    assert bert.places.num_embeddings == 12
    assert bert.pooler.weight.std().item() == pytest.approx(0.1, rel=0.1)
    assert not run.model.training
    assert [round(seen["schedule"](step), 2) for step in (0, 49, 50, 525, 1000)] == [0.02, 1.0, 1.0, 0.55, 0.1]
    names = ("steps", "lr", "optimiser", "clip_norm", "batch_size", "seed", "loss")
    assert [seen[name] for name in names] == [1000, 0.02, "adamw", 1.0, 32, 3, pretraining_loss]


def told(monkeypatch):
    """What a trained model is asked; it ends 4.5 nats above the exact reader."""
    asked, task = [], MaskedWords(4, 8, share=0.3)

    def trained(of, steps, rate, seed):
        assert (of, steps, rate, seed) == ("shares", 30, 0.02, 3)
        return task, SimpleNamespace(model="model", loss=[100.0] * 5 + [2.0, 4.0] * 50)

    def tell(name):
        def answer(*how):
            asked.append((name, *how))
            return {name: 0.123456}

        return answer

    def losses(model, batch):
        assert (model, batch) == ("model", (task, 7, 3))
        return np.array([5.0, 6.0, 7.0])

    replaced = {"trained": trained, "losses": losses, "cloze": lambda *how: (how, np.array([1.0, 2.0]))}
    for name, function in (replaced | {name: tell(name) for name in ("probed", "noticed")}).items():
        monkeypatch.setitem(GLOBALS, name, function)
    return asked, task


def test_scores_are_of_the_model_of_the_arm(monkeypatch):
    asked, task = told(monkeypatch)
    assert S["gap"]("shares", 30, 0.02, 3, 7) == 4.5
    found = S["scores"]("shares", 30, 0.02, 3, 7, 64, 400)
    assert asked == [("probed", "model", 3, 64, 400), ("noticed", "model", task, 3, 64, 400)]
    assert found.pop("floor") == pytest.approx(task.floor, abs=1e-3)
    assert found == {"gap": 4.5, "probed": 0.1235, "noticed": 0.1235, "training": 3.0}


def test_values_are_stored_by_arm(monkeypatch):
    monkeypatch.setitem(GLOBALS, "scores", lambda *how: {"gap": how})
    monkeypatch.setitem(GLOBALS, "best", lambda *how: how)

    def gap(of, steps, rate, seed, sentences):
        assert (steps, sentences) == (30, 7)
        return abs(rate - 0.2 * of[0]) + seed

    monkeypatch.setitem(GLOBALS, "gap", gap)
    found = S["shares"](30, [1, 2], [8, 9], [0.1, 0.2], 7, 64, 400, {"a": [1, 0, 0], "b": [0.5, 0.5, 0]})
    assert found["tuning"]["b"]["0.2"] == pytest.approx([8.1, 9.1])
    assert found["chosen"] == {"a": 0.2, "b": 0.1}
    assert found["best"] == [(1, 64, 400), (2, 64, 400)]
    assert found["arms"]["b"] == {"gap": [((0.5, 0.5, 0), 30, 0.1, seed, 7, 64, 400) for seed in (1, 2)]}
    assert list(found["arms"]) == ["a", "b"]


def test_settings_are_fair():
    assert len(set(HOW["seeds"])) == 5
    assert not set(HOW["seeds"]) & set(HOW["tuning"])
    assert HOW["arms"] == S["ARMS"]
