"""What chapter 10 measures of characters is what it says: bits, mixtures, compressors, and dynamic evaluation."""

import bz2
import copy
import lzma
import runpy
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from seqlib.batching import chunks
from seqlib.reference import kneser_ney
from seqlib.tasks.topics import Split
from seqlib.text import Vocabulary
from seqlib.training import evaluate

HERE = Path(__file__).parent
S = runpy.run_path(str(HERE / "longer_10.py"))
WRITTEN = runpy.run_path(str(HERE / "longer_10_written.py"))
IDS = np.random.default_rng(0).integers(0, 5, 61)


@pytest.fixture
def model():
    torch.manual_seed(0)
    return S["network"](5, 3, 4, 0.5).double().eval()


def test_frozen_bits_are_those_of_the_loss(model):
    bits = S["frozen"](model, IDS)
    assert bits.shape == (60,)
    assert bits.mean() * np.log(2) == pytest.approx(evaluate(model, chunks(IDS, 1, 7), loss="cross_entropy"))


def test_a_rate_of_zero_is_frozen_and_another_learns_only_from_what_was_scored(model):
    frozen = S["frozen"](model, IDS)
    before = [w.clone() for w in model.parameters()]
    np.testing.assert_allclose(S["dynamic"](model, IDS, 0.0, 10), frozen, atol=1e-9)
    learning = S["dynamic"](model, IDS, 0.3, 10)
    np.testing.assert_allclose(learning[:10], frozen[:10], atol=1e-9)  # scored before the first step
    assert np.abs(learning[10:] - frozen[10:]).min() > 1e-6
    other = IDS.copy()
    other[31:] = 0  # what comes later
    np.testing.assert_array_equal(S["dynamic"](model, other, 0.3, 10)[:30], learning[:30])
    assert all(torch.equal(a, b) for a, b in zip(before, model.parameters(), strict=True)), "a copy learns"


def test_a_step_is_one_of_gradient_descent_from_the_state_that_is_carried(model):
    x, learner = torch.tensor(IDS)[None], copy.deepcopy(model)
    out, state = learner(x[:, :10])
    torch.nn.functional.cross_entropy(out[0], x[0, 1:11]).backward()
    with torch.no_grad():
        for w in learner.parameters():
            w -= 0.3 * w.grad
        out, _ = learner(x[:, 10:20], state=state)
    nats = torch.nn.functional.cross_entropy(out[0], x[0, 11:21], reduction="none")
    np.testing.assert_allclose(S["dynamic"](model, IDS, 0.3, 10)[10:20], nats.numpy() / np.log(2), atol=1e-9)


def test_a_mixture_mixes_probabilities():
    one, other = -np.log2([0.5, 0.1]), -np.log2([0.25, 0.9])
    np.testing.assert_allclose(2.0 ** -S["mixture"](0.2, one, other), [0.3, 0.74])
    np.testing.assert_allclose(S["mixture"](1, one, other), one)
    assert S["best_weight"](one[:1], other[:1]) == 1
    assert S["best_weight"](one[1:], other[1:]) == 0


def test_compressed_is_what_a_text_adds():
    before, text = "the same words. " * 50, "the same words. " * 5
    whole, part = (8 * len(lzma.compress(t.encode())) for t in (before + text, before))
    assert S["compressed"](lzma.compress, before, text) == (whole - part) / len(text)
    assert S["compressed"](lzma.compress, "", text) > S["compressed"](lzma.compress, before, text)


def test_a_vocabulary_is_that_of_the_training_text():
    texts, vocabulary, ids = S["encoded"](3)
    assert set(vocabulary.tokens[4:]) == set(texts.train)
    assert "".join(vocabulary.decode(ids["train"])) == texts.train
    assert {part: len(v) for part, v in ids.items()} == {part: len(t) for part, t in texts._asdict().items()}


def test_the_next_characters_are_those_after_the_prompt(model):
    vocabulary = S["Vocabulary"](["a"])
    rows = WRITTEN["next_log_probs"](model, vocabulary, "aa")
    log_p = model(torch.tensor([[4, 4]]))[0][0, -1].log_softmax(-1)
    assert [token for token, _ in rows] == [vocabulary.tokens[i] for i in log_p.argsort(descending=True)]
    assert [v for _, v in rows] == pytest.approx(log_p.sort(descending=True)[0].tolist(), abs=1e-4)


def test_training_is_as_the_page_says(monkeypatch):
    seen = {}

    def watched(model, text, **how):
        net = model()
        sizes = {"units": net.core.hidden_size, "embedding": net.embedding.weight.shape, "dropout": net.dropout}
        seen.update(how, **sizes, out=net.readout.out_features, text=text)
        return SimpleNamespace(model=net.train())

    trained = S["trained"]
    monkeypatch.setitem(trained.__globals__, "fit", watched)
    assert not trained(IDS, 5, 7, 200, 3, 4, 0.02, embedding=6, units=8, dropout=0.25).training
    text, schedule = seen.pop("text"), seen.pop("schedule")
    wanted = {"steps": 200, "lr": 0.02, "clip_norm": 1.0, "loss": "cross_entropy", "seed": 7, "units": 8}
    assert seen == wanted | {"embedding": (5, 6), "dropout": 0.25, "out": 5}
    assert [round(schedule(step), 3) for step in (0, 100)] == [1.0, 0.5]
    assert (text[1].inputs[0] == chunks(IDS, 3, 4)[1].inputs[0]).all()
    assert type(text) is type(chunks(IDS, 3, 4))  # whose state is carried


LETTERS = np.random.default_rng(4).choice(list("abcd"), 600, p=[0.5, 0.3, 0.15, 0.05])
TEXTS = Split(*("".join(part) for part in np.split(LETTERS, [300, 380, 500])[:3]))
FROZEN = {79: 1.0, 119: 5.0}  # bits of the network by the length of the text: validation, and test
DYNAMIC = {79: {0.1: 1.2, 0.3: 0.9, 1.0: 1.1}, 119: {0.1: 1.0, 0.3: 3.0, 1.0: 0.5}}


@pytest.fixture
def found(monkeypatch):
    """What is stored of two seeds and a network whose bits are given, and what it was trained with."""
    made, characters = [], S["characters"]
    vocabulary = Vocabulary.build([list(TEXTS.train)])
    ids = {part: vocabulary.encode(list(text)) for part, text in TEXTS._asdict().items()}
    of = characters.__globals__
    monkeypatch.setitem(of, "encoded", lambda seed: (TEXTS, vocabulary, ids))
    monkeypatch.setitem(of, "trained", lambda *how, **sizes: made.append((how[1:], sizes)) or "a network")
    monkeypatch.setitem(of, "evaluate", lambda model, text, loss: 0.5 * len(text))
    monkeypatch.setitem(of, "frozen", lambda model, ids: np.full(len(ids) - 1, FROZEN[len(ids) - 1]))
    monkeypatch.setitem(
        of, "dynamic", lambda model, ids, lr, length: np.full(len(ids) - 1, DYNAMIC[len(ids) - 1][lr] + length - 9)
    )
    sizes = {"embedding": 3, "units": 4, "dropout": 0.25}
    values = characters([8, 9], 50, [1, 2, 3], 2, 5, 6, 0.02, rates=[0.1, 0.3, 1.0], adapt=9, **sizes)
    assert made == [((len(vocabulary), seed, 50, 5, 6, 0.02), sizes) for seed in (8, 9)]
    return values, ids, len(vocabulary)


def bits(kn, ids, how="score"):
    return -getattr(kn, how)(ids)[1:] / np.log(2)


def test_what_is_chosen_is_chosen_on_the_validation_text_and_reported_of_the_test(found):
    values, ids, V = found
    kn = kneser_ney.fit(ids["train"], 2, V)
    assert values["frozen"]["LSTM"] == [5.0, 5.0]
    assert values["adaptive"]["dynamic LSTM"] == [3.0, 3.0]  # at 0.3, which is best on validation and worst on the test
    assert values["chosen"]["rate"] == [0.3, 0.3]
    assert values["frozen"]["LSTM on its training text"][0] == pytest.approx(
        0.5 * len(chunks(ids["train"], 5, 6)) / np.log(2), rel=1e-3
    )
    for kind, name, how, one in (
        ("frozen", "LSTM", "score", (1.0, 5.0)),
        ("adaptive", "dynamic LSTM", "adaptive", (0.9, 3.0)),
    ):
        p = [2.0 ** -bits(kn, ids[part], how) for part in ("valid", "test")]
        losses = [-np.log2(w / 10 * 2.0 ** -one[0] + (1 - w / 10) * p[0]).mean() for w in range(11)]
        weight = np.argmin(losses) / 10
        assert weight > 0.5
        assert values["chosen"][f"weight of the {name}"] == [weight, weight]
        mixed = -np.log2(weight * 2.0 ** -one[1] + (1 - weight) * p[1]).mean()
        assert values[kind]["mixture"] == pytest.approx([mixed, mixed], abs=1e-3)
    curve = [-np.log2(w / 10 * 2.0**-5 + (1 - w / 10) * 2.0 ** -bits(kn, ids["test"])).mean() for w in range(11)]
    np.testing.assert_allclose(values["mixed"], [curve, curve], atol=1e-3)


def test_counts_and_compressors_are_those_of_the_test_text(found):
    values, ids, V = found
    for n in (1, 2, 3):
        kn = kneser_ney.fit(ids["train"], n, V)
        assert values["frozen"][f"KN-{n}"] == pytest.approx([bits(kn, ids["test"]).mean()] * 2, abs=1e-3)
    kn = kneser_ney.fit(ids["train"], 2, V)
    assert values["adaptive"]["adaptive KN"] == pytest.approx([bits(kn, ids["test"], "adaptive").mean()] * 2, abs=1e-3)
    for name, size in (("lzma", lambda t: len(lzma.compress(t, preset=9 | lzma.PRESET_EXTREME))), ("bz2", bz2_size)):
        alone = size(TEXTS.test.encode()) - size(b"")
        after = size((TEXTS.train + TEXTS.test).encode()) - size(TEXTS.train.encode())
        assert values["adaptive"][f"{name} alone"] == pytest.approx([8 * alone / 120] * 2, abs=1e-3)
        assert values["adaptive"][name] == pytest.approx([8 * after / 120] * 2, abs=1e-3)


def bz2_size(text):
    return len(bz2.compress(text, compresslevel=9))


def test_what_is_shown_is_of_the_network_that_is_judged():
    judged, shown = S["MEASUREMENTS"]["characters"]["settings"], WRITTEN["MEASUREMENTS"]["written"]["settings"]
    for name in ("steps", "order", "batch", "length", "rate", "embedding", "units", "dropout"):
        assert judged[name] == shown[name], name
    assert len(judged["seeds"]) >= 5
    assert shown["seeds"] == judged["seeds"][:1]
    assert judged["orders"] == list(range(1, 9))
    assert judged["rates"] == [0.1, 0.3, 1.0, 3.0]


def test_what_is_written_is_drawn_as_its_name_says(monkeypatch, model):
    written = WRITTEN["written"]
    vocabulary = Vocabulary(["a"])
    texts = Split("a" * 30, "aa" * 4, "aaa" * 9)
    ids = {part: IDS[: len(text)] for part, text in texts._asdict().items()}
    how_made, drawn = [], []

    def trained(*how, **sizes):
        how_made.append((how[1:], sizes))
        return model

    def sample(source, prompt, rng, max_length, **how):
        drawn.append((source is model, prompt.tolist(), max_length, how, rng.integers(10**6)))
        return SimpleNamespace(ids=[[4, 4]])

    stub = dict(WRITTEN["S"]) | {"encoded": lambda seed: (texts, vocabulary, ids), "trained": trained}
    monkeypatch.setitem(written.__globals__, "S", stub)
    monkeypatch.setitem(written.__globals__, "sample", sample)
    monkeypatch.setitem(
        written.__globals__, "greedy", lambda source, prompt, max_length: SimpleNamespace(ids=[[4] * max_length])
    )
    sizes = {"embedding": 3, "units": 4, "dropout": 0.5}
    values = written([6], 50, "a", ["aa"], {"cold": {"temperature": 0.5}}, 3, [5, 9], 2, 7, 8, 0.1, **sizes)
    assert how_made == [((5, 6, 50, 7, 8, 0.1), sizes)]
    first = np.random.default_rng([6, 10]).integers(10**6)
    assert drawn == [(True, [4], 3, {"temperature": 0.5}, first), (False, [4], 3, {}, first)]
    assert values["samples"] == {"cold": "aa", "greedy": "aaa", "KN-2, temperature 1": "aa"}
    lstm, kn = S["frozen"](model, ids["test"]), bits(kneser_ney.fit(ids["train"], 2, 5), ids["test"])
    assert [b for _, b in values["passage"]["LSTM"]] == pytest.approx(lstm[5:9], rel=0.01)
    assert [b for _, b in values["passage"]["KN-2"]] == pytest.approx(kn[5:9], rel=0.01)
    assert [values["bits per character"][n] for n in ("LSTM", "KN-2")] == pytest.approx(
        [lstm.mean(), kn.mean()], rel=1e-3
    )
    assert list(values["next"]) == ["aa"]
