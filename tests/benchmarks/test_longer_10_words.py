"""Rankings, neighbours and the plane of words are what they are called; chunks are handed on, or as strangers."""

import runpy
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from seqlib.batching import Chunks, chunks
from seqlib.nn import LSTM, SequenceModel
from seqlib.reference import kneser_ney
from seqlib.tasks.topics import Split
from seqlib.text import UNK, Vocabulary, words

HERE = Path(__file__).parent
S = runpy.run_path(str(HERE / "longer_10_words.py"))
STATE = runpy.run_path(str(HERE / "longer_10_state.py"))
VOCABULARY = Vocabulary(["the", "cat", "sat"])


def test_a_ranking_is_that_of_the_model_and_names_what_it_does_not_know():
    torch.manual_seed(0)
    model = SequenceModel(LSTM(3, 4, batch_first=True), 7, vocab_size=7).eval()
    found = S["ranking"](model, VOCABULARY, "The dog sat", 3)
    assert found["unknown"] == ["dog"]
    p = model(torch.tensor([[4, 3, 6]]))[0][0, -1].softmax(-1)
    assert [VOCABULARY.ids[token] for token, _ in found["next"]] == p.argsort(descending=True)[:3].tolist()
    assert [v for _, v in found["next"]] == pytest.approx(p.sort(descending=True)[0][:3].tolist(), rel=0.01)


def test_neighbours_have_the_largest_cosine():
    vectors = np.eye(7) * 3
    vectors[5] = [0, 0, 0, 0, 8, 6, 0]
    assert S["neighbours"](vectors, VOCABULARY, "the", 1) == [["cat", 0.8]]


def test_the_plane_keeps_the_two_largest_directions():
    rng = np.random.default_rng(0)
    flat = rng.normal(size=(9, 2)) * [5, 2]
    rotation = np.linalg.qr(rng.normal(size=(6, 6)))[0]
    at = S["plane"](np.pad(flat, [(0, 0), (0, 4)]) @ rotation + 7)
    distance = np.linalg.norm(flat[:, None] - flat[None], axis=-1)
    np.testing.assert_allclose(np.linalg.norm(at[:, None] - at[None], axis=-1), distance, atol=1e-9)
    assert at[:, 0].var() > at[:, 1].var()


def test_chunks_are_handed_on_with_the_state_or_without():
    text = chunks(np.arange(20), 2, 4)
    assert isinstance(STATE["handed"](text, True), Chunks)
    assert type(STATE["handed"](text, False)) is list


TEXTS = Split(
    "the cat sat on the mat. the dog sat. the cat ran. " * 9, "the cat. ", "the dog sat on a cat. the mat sat. " * 3
)


class Watched:
    """Stands for fit and evaluate of a script: notes what they are given.

    A loss is how many targets are judged, and 1000 more without a state.
    """

    def __init__(self, monkeypatch, measure):
        self.fitted, self.judged, self.texts = [], [], []
        monkeypatch.setattr("seqlib.tasks.topics.split", lambda seed: TEXTS)
        monkeypatch.setitem(measure.__globals__, "fit", self.fit)
        monkeypatch.setitem(measure.__globals__, "evaluate", self.evaluate)

    def fit(self, model, text, **how):
        torch.manual_seed(how["seed"])
        net = model()
        sizes = (net.embedding.weight.shape, net.core.hidden_size, net.readout.out_features, net.dropout)
        schedule = how.pop("schedule")
        how["half way"] = round(schedule(how["steps"] / 2), 3)
        self.texts.append(text)
        self.fitted.append((how, sizes, isinstance(text, Chunks), text[0].inputs[0].shape))
        return SimpleNamespace(model=net)

    def evaluate(self, model, text, loss):
        assert loss == "cross_entropy"
        self.judged.append((model.training, isinstance(text, Chunks), text[0].inputs[0].shape))
        return float(sum(batch.mask.sum() for batch in text)) + 1000 * (not isinstance(text, Chunks))


def test_truncation_compares_steps_that_read_as_much(monkeypatch):
    truncation = STATE["truncation"]
    watched = Watched(monkeypatch, truncation)
    found = truncation([3, 4], [2, 8], 40, 32, 5, 6, 0.1)
    V = len(Vocabulary.build([list(TEXTS.train)]))
    arms = [(seed, length, carried) for seed in (3, 4) for length in (2, 8) for carried in (True, False)]
    for (how, sizes, handed, shape), (seed, length, carried) in zip(watched.fitted, arms, strict=True):
        wanted = {"steps": 40, "lr": 0.1, "clip_norm": 1.0, "seed": seed, "loss": "cross_entropy", "half way": 0.5}
        assert how == wanted
        assert sizes == ((V, 5), 6, V, 0)
        assert (handed, shape) == (carried, (32 // length, length))
    train = Vocabulary.build([list(TEXTS.train)]).encode(list(TEXTS.train))
    for text, (_, length, _) in zip(watched.texts, arms, strict=True):
        np.testing.assert_array_equal(text[-1].y, chunks(train, 32 // length, length)[-1].y)
    n = len(TEXTS.test)
    for (_, handed, shape), (_, length, carried) in zip(watched.judged, arms, strict=True):
        assert (handed, shape) == ((True, (1, n - 1)) if carried else (False, (64, min(length, -(-(n - 1) // 64)))))
    assert found["carried"]["2"] == [STATE["rounded"]((n - 1) / np.log(2), 4)] * 2
    assert found["reset"]["8"] == [STATE["rounded"]((n - 1 + 1000) / np.log(2), 4)] * 2
    assert set(found) == {"carried", "reset"}
    assert list(found["reset"]) == ["2", "8"]


def test_words_are_predicted_as_the_page_says(monkeypatch):
    next_words = S["next_words"]
    watched = Watched(monkeypatch, next_words)
    sizes = {"batch": 2, "length": 7, "embedding": 5, "units": 6, "dropout": 0.25, "rate": 0.1}
    asked = {"sentences": ["The cat"], "asked": ["cat"], "shown": 3, "most": 2}
    found = next_words([3, 4], 40, 10, 2, **sizes, **asked)
    train, test = words(TEXTS.train), words(TEXTS.test)
    vocabulary = Vocabulary.build([train], min_count=10)
    V, ids, held_out = len(vocabulary), vocabulary.encode(train), vocabulary.encode(test)
    assert [how["seed"] for how, *_ in watched.fitted] == [3, 4]
    for how, made, handed, shape in watched.fitted:
        how = {name: value for name, value in how.items() if name != "seed"}
        assert how == {"steps": 40, "lr": 0.1, "clip_norm": 1.0, "loss": "cross_entropy", "half way": 0.5}
        assert (made, handed, shape) == (((V, 5), 6, V, 0.25), True, (2, 7))
    assert watched.judged == [(False, True, (1, len(test) - 1))] * 2
    assert found["LSTM"] == [S["rounded"](float(len(test) - 1), 4)] * 2
    kn = -kneser_ney.fit(ids, 2, V).score(held_out)[1:].mean()
    assert found["Kneser-Ney"] == pytest.approx([kn, kn], rel=1e-3)
    assert found["unknown share of the test"] == [S["rounded"](np.mean([i == UNK for i in held_out]))] * 2
    assert 0 < found["unknown share of the test"][0] < 0.5
    assert found["vocabulary"] == [V, V]
    torch.manual_seed(3)  # the lists are those of the first seed
    first = SequenceModel(LSTM(5, 6, batch_first=True), V, vocab_size=V).eval()
    assert found["blanks"] == {"The cat": S["ranking"](first, vocabulary, "The cat", 2)}
    vectors = first.embedding.weight.detach().double().numpy()
    assert found["neighbours"] == {"cat": S["neighbours"](vectors, vocabulary, "cat", 5)}
    kept = [word for word in vocabulary.tokens[4:] if word.isalpha() and len(word) > 1][:3]
    assert [word for word, _, _ in found["plane"]] == kept
    at = S["plane"](vectors[[vocabulary.ids[word] for word in kept]])
    np.testing.assert_allclose([row[1:] for row in found["plane"]], at, rtol=0.01, atol=1e-6)
    assert found["characters per word of the test"] == S["rounded"](len(TEXTS.test) / len(test), 4)


def test_the_settings_are_those_of_the_page():
    state, by_word = STATE["MEASUREMENTS"]["truncation"]["settings"], S["MEASUREMENTS"]["words"]["settings"]
    assert [state[name] for name in ("lengths", "characters", "units", "steps")] == [[4, 16, 64], 512, 64, 1000]
    assert [by_word[name] for name in ("least", "order", "units", "embedding", "steps")] == [3, 3, 128, 48, 900]
    assert by_word["sentences"][0] == "I like ice-cream, my favourite is chocolate"
    for settings in (state, by_word):
        assert len(settings["seeds"]) >= 5
