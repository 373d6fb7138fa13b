"""What probes read and what heads are worth is what the names say."""

import copy
import runpy
from pathlib import Path

import numpy as np
import pytest
import torch

from seqlib.nn import BertForPretraining

S = runpy.run_path(str(Path(__file__).with_name("longer_14_probes.py")))
GLOBALS = S["knows"].__globals__
TASK = S["TASK"]
WORDS, TOPICS = TASK.sentences(60, np.random.default_rng(0))
SAID = [TASK.vocabulary.decode(row) for row in WORDS]
PLACES = [1, 3, 4, 6, 7, 9]  # of the content words, the first word of the sentence is 0


@pytest.fixture(scope="module")
def model():
    torch.manual_seed(0)
    return BertForPretraining(TASK.vocab_size, 16, 2, 2, longest=12, start=0.5).eval()


def test_layers_are_what_is_put_out_one_after_another(model):
    x = TASK.framed(WORDS)
    found = S["layers"](model, x)
    bert = model.bert
    with torch.no_grad():
        expected = [bert.norm(bert.words(torch.tensor(x)) + bert.places.weight[:12] + bert.segments.weight[0])]
        for block in bert.core.layers:
            expected.append(block(expected[-1]))
        assert torch.allclose(found[2], bert(torch.tensor(x))[0], atol=1e-5)
    assert len(found) == len(S["LAYERS"]) == 3
    for one, other in zip(found, expected, strict=True):
        assert torch.allclose(one, other, atol=1e-5)
    assert len(bert.core.layers) == 2, "the model is left as it was"
    assert not bert.norm._forward_hooks


def test_answers_are_read_off_the_sentences():
    found = S["answers"](WORDS, TOPICS)
    letters = TASK.vocabulary.decode(np.arange(S["A0"], TASK.vocab_size))
    for n, said in enumerate(SAID):
        assert (found["topic"][n] == TOPICS[n]).all()
        assert (found["number"][n] == (said[0] in ("these", "those"))).all()
        assert found["place"][n].tolist() == [0, 1, 2, 3, 4, 5]
        first, second = (["and", "of", "with", "near"].index(said[t]) for t in (2, 5))
        assert found["link"][n].tolist() == [-1, first, first, second, second, -1]
        assert [letters[k] for k in found["word"][n]] == [said[t] for t in PLACES]
    assert S["CLASSES"] == {"topic": 8, "number": 2, "place": 6, "link": 4, "word": 256}


def test_the_control_is_a_class_for_each_word_of_the_vocabulary():
    words, _ = TASK.sentences(2000, np.random.default_rng(1))
    link = S["answers"](words, np.zeros(2000, int))["link"]
    found = S["at_random"](words, link, 4, 3)
    assert np.array_equal(found < 0, link < 0)
    given = {}
    for word, label in zip(words[:, PLACES][link >= 0], found[link >= 0], strict=True):
        assert given.setdefault(word, label) == label
    assert len(given) == 256
    assert np.bincount(list(given.values())).min() > 40
    everywhere = np.zeros_like(link)
    other = S["at_random"](words, everywhere, 4, 4)
    assert 0.6 < (S["at_random"](words, everywhere, 4, 3) != other).mean() < 0.9, "each seed has classes of its own"
    assert (other >= 0).all()


def test_a_probe_is_scored_where_something_is_asked_for(monkeypatch):
    asked = []
    before = S["logistic"]
    monkeypatch.setitem(GLOBALS, "logistic", lambda *how: asked.append(how) or before(*how))
    rng = np.random.default_rng(0)
    y, y_test = rng.integers(-1, 3, (40, 2)), rng.integers(-1, 3, (30, 2))
    told = torch.eye(4)
    told[0] = 0  # the bias tells this class
    h, h_test = (told[torch.tensor(of)] for of in (y, y_test))
    h_test[:3] = told[(torch.tensor(y_test[:3]) + 1) % 3]
    wrong = (y_test[:3] >= 0).sum() / (y_test >= 0).sum()
    assert S["probed"](h, y, h_test, y_test, 3, 50) == pytest.approx(1 - wrong)
    assert 0 < wrong < 0.3
    X, labels, K, penalty, rounds = asked[0]
    assert (len(X), K, penalty, rounds) == ((y >= 0).sum(), 3, 1e-4, 50)
    assert np.array_equal(labels, y[y >= 0])


def test_each_layer_is_probed_for_all(monkeypatch):
    """The words themselves, the topic at every place, the place itself: what can be read of each is clear."""
    seen, drawn, states = [], {}, set()
    before = TASK.sentences

    def sentences(n, rng):
        states.add(rng.bit_generator.state["state"]["state"])
        words, topics = before(n, rng)
        drawn[n] = words
        return words, topics

    def layers(model, x):
        seen.append((model, x))
        words = torch.tensor(x)
        at = torch.arange(12).expand(words.shape)
        topic = (words - S["A0"]) // 32 * ((words >= S["A0"]) & (at > 0))
        return [torch.eye(TASK.vocab_size)[words], torch.eye(8)[topic], torch.eye(12)[at]]

    monkeypatch.setattr(TASK, "sentences", sentences)
    monkeypatch.setitem(GLOBALS, "layers", layers)
    found = S["knows"]("model", 3, [500, 100], 40)
    assert [len(x) for _, x in seen] == [500, 100]
    assert all(model == "model" for model, _ in seen)
    for _, x in seen:
        assert np.array_equal(x, TASK.framed(drawn[len(x)]))
    assert len(states) == 2, "fresh sentences for the test"
    assert list(found) == ["topic", "number", "place", "link", "word"]
    assert list(found["topic"]) == ["embedding", "block 1", "block 2"]
    assert found["topic"]["embedding"][""] == pytest.approx(0.7375, abs=0.06)
    assert found["topic"]["block 1"][""] == pytest.approx(0.7375, abs=0.06)
    assert found["word"]["embedding"] == {"": pytest.approx(1.0, abs=0.02)}
    assert found["place"]["block 2"][""] == 1.0
    for name in ("topic", "number", "place", "link"):
        assert found[name]["embedding"][", control"] > 0.95, "words tell it"
        assert found[name]["block 2"][", control"] < 0.65, "places do not"
    assert found["number"]["embedding"][""] == pytest.approx(0.5, abs=0.1)
    assert found["link"]["embedding"][""] == pytest.approx(0.25, abs=0.1)
    S["knows"]("model", 4, [5, 3], 1)
    assert len(states) == 4, "each seed has sentences of its own"


def test_probes_are_stored_by_property_and_layer(monkeypatch):
    asked = []

    def knows(model, seed, sentences, rounds):
        asked.append((model, seed, sentences, rounds))
        score = seed / 8 + (model[0] is None) / 2
        return {"topic": {"block 1": {"": score, ", control": score / 2}}, "word": {"block 1": {"": score}}}

    monkeypatch.setitem(GLOBALS, "knows", knows)
    monkeypatch.setitem(GLOBALS, "pretrained", lambda *which: (which, 0.0))
    found = S["probes"](240, [1, 2], [7, 8])
    assert found == {
        "topic": {
            "block 1": {
                "trained": [0.125, 0.25],
                "trained, control": [0.0625, 0.125],
                "untrained": [0.625, 0.75],
                "untrained, control": [0.3125, 0.375],
            }
        },
        "word": {"block 1": {"trained": [0.125, 0.25], "untrained": [0.625, 0.75]}},
    }
    assert asked[:2] == [(("words", 240, 1), 1, [7, 8], 10), ((None, 240, 1), 1, [7, 8], 10)]


def test_the_models_are_those_of_the_labels():
    settings = [S["MEASUREMENTS"][name]["settings"] for name in ("probes", "heads")]
    labels = S["LABELLED"]["MEASUREMENTS"]["labels"]["settings"]
    for one in settings:
        assert (one["steps"], one["seeds"]) == (labels["steps"], labels["seeds"])
    assert S["pretrained"] is S["LABELLED"]["pretrained"]
    assert TASK is S["LABELLED"]["READ"]["words"]


def hidden(n):
    """Sentences with one word hidden at a time, as `heads` asks for it: ids, the words, their places."""
    batch = TASK.cloze(n, np.random.default_rng(5))
    return batch.inputs[0], batch.y[batch.mask], batch.mask.argmax(1)


def test_probabilities_are_those_at_the_hidden_word(model):
    x, _, places = hidden(3)
    p, weights = S["probabilities"](model, x, places)
    scores, _ = model(torch.tensor(x))
    assert np.allclose(p, torch.softmax(scores, -1).detach().numpy()[np.arange(30), places], atol=1e-5)
    assert weights.shape == (2, 30, 2, 12, 12)
    assert np.allclose(weights, model.bert(torch.tensor(x), need_weights=True)[1].detach().numpy())


def test_losses_are_sorted_by_kind():
    places = np.array([1, 2, 3, 4, 9, 10, 1])
    found = S["by_kind"](np.array([1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 3.0]), places)
    assert found == {"determiner": 2.0, "content": 14.0, "link": 4.0, "verb": 16.0}


def test_heads_are_switched_off_one_by_one(model):
    x, y, places = hidden(4)
    found = S["switched"](model, x, y, places)
    parts = ["head 1", "head 2", "all heads"]
    assert list(found) == ["nothing", *(f"block {k}, {part}" for k in (1, 2) for part in parts)]

    def expected(block, columns):
        other = copy.deepcopy(model)
        with torch.no_grad():
            other.bert.core.layers[block].self_attn.out_proj.weight[:, columns] = 0
            log_p = torch.log_softmax(other(torch.tensor(x))[0], -1).numpy()
        return S["by_kind"](-log_p[np.arange(40), places, y], places)

    for block in (0, 1):
        for part, columns in zip(parts, (slice(0, 8), slice(8, 16), slice(0, 16)), strict=True):
            assert found[f"block {block + 1}, {part}"] == pytest.approx(expected(block, columns), rel=2e-3)
    assert found["nothing"] == pytest.approx(expected(0, slice(0, 0)), rel=2e-3)
    assert found["block 2, head 1"] != found["nothing"] == S["switched"](model, x, y, places)["nothing"]


def test_looks_are_between_verb_and_determiner():
    _, _, places = hidden(2)
    weights = np.zeros((1, 20, 2, 12, 12))
    for row, place in enumerate(places):
        weights[0, row, 0] = place / 100
    weights[0, :, 1, 9, 1] = [1.0 if place == 9 else 9.0 for place in places]
    weights[0, :, 1, 1, 9] = [0.5 if place == 1 else 9.0 for place in places]
    assert S["looks"](weights, places) == {
        "block 1, head 1": {"verb": 0.09, "determiner": 0.01},
        "block 1, head 2": {"verb": 1.0, "determiner": 0.5},
    }


def test_one_sentence_is_drawn_with_a_hole_at_every_place(model):
    found = S["drawn"](model, WORDS[0], TOPICS[0])
    assert found["words"] == ["<cls>", *SAID[0], "<sep>"]
    assert found["topic"] == "abcdefgh"[TOPICS[0]]
    assert [hole["hole"] for hole in found["holes"]] == list(range(1, 11))
    for t, hole in enumerate(found["holes"], 1):
        x = TASK.framed(WORDS[:1])
        x[0, t] = TASK.mask_id
        p, weights = S["probabilities"](model, x, np.array([t]))
        exact = TASK.cloze_probabilities(WORDS[:1])[0, t - 1]
        for k in (0, 1):
            maps = np.array([[row.split() for row in head] for head in hole["maps"][f"block {k + 1}"]], float)
            assert np.allclose(maps, 100 * weights[k, 0], atol=0.51)
        told = [100 * p[0, TASK.vocabulary.ids[word]] for word, *_ in hole["guesses"]]
        assert told == pytest.approx(sorted(100 * p[0], reverse=True)[:5])
        for word, ours, best in hole["guesses"]:
            assert float(ours) == pytest.approx(100 * p[0, TASK.vocabulary.ids[word]], abs=0.051)
            assert float(best) == pytest.approx(100 * exact[TASK.vocabulary.ids[word]], abs=0.051)
        if t - 1 in PLACES:
            for name, of in {"model": p[0], "exact": exact}.items():
                sums = [100 * of[S["A0"] + 32 * k : S["A0"] + 32 * (k + 1)].sum() for k in range(8)]
                assert np.allclose(np.array(hole["topics"][name].split(), float), sums, atol=0.51)
        else:
            assert hole["topics"] == {"model": "", "exact": ""}


def test_heads_are_stored_one_per_seed(model, monkeypatch):
    asked = []
    monkeypatch.setitem(GLOBALS, "pretrained", lambda *which: (asked.append(which) or model, 0.0))
    found = S["heads"](240, [1, 2], 4)
    assert set(asked) == {("words", 240, 1), ("words", 240, 2)}
    assert asked[-1] == ("words", 240, 1)
    for k, seed in enumerate((1, 2)):
        batch = TASK.cloze(4, np.random.default_rng([seed, 10**6]))
        x, y, places = batch.inputs[0], batch.y[batch.mask], batch.mask.argmax(1)
        off = S["switched"](model, x, y, places)
        assert {name: {kind: of[k] for kind, of in kinds.items()} for name, kinds in found["off"].items()} == off
        looks = S["looks"](S["probabilities"](model, x, places)[1], places)
        assert {name: {kind: of[k] for kind, of in kinds.items()} for name, kinds in found["looks"].items()} == looks
        exact = TASK.cloze_probabilities(batch.y[::10, 1:-1])
        best = -np.log([exact[n // 10, n % 10, y[n]] for n in range(40)])
        assert {kind: of[k] for kind, of in found["exact"].items()} == S["by_kind"](best, places)
    words, topics = TASK.sentences(1, np.random.default_rng([1, 10**7]))
    assert found["drawn"] == S["drawn"](model, words[0], topics[0])
