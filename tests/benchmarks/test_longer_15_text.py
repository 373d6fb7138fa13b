"""What chapter 15 measures of text is what it says: budgets, windows that slide, bits per byte, and what is chosen."""

import runpy
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from seqlib.bpe import ByteLevelBPE
from seqlib.nn import GPT as GPT2
from seqlib.nn import SequenceModel, TransformerModel
from seqlib.reference import kneser_ney
from seqlib.tasks.topics import Split
from seqlib.text import UNK, Vocabulary
from seqlib.training import Cosine

S = runpy.run_path(str(Path(__file__).with_name("longer_15_text.py")))
GLOBALS = S["scores"].__globals__
HOW = {name: of["settings"] for name, of in S["MEASUREMENTS"].items()}
GPT, LSTM, NETWORKS, CHOICES = (S[name] for name in ("GPT", "LSTM", "NETWORKS", "CHOICES"))
LETTERS = np.random.default_rng(4).choice(list("abé "), 700, p=[0.5, 0.25, 0.05, 0.2])
TEXTS = Split(*("".join(part) for part in np.split(LETTERS, [400, 550])))._replace(test="".join(LETTERS[550:]) + "xé?")


@pytest.fixture
def split(monkeypatch):
    """A small split, whatever the seed; nothing of it is kept for other tests."""
    vocabulary = Vocabulary.build([list(TEXTS.train)])
    ids = {part: vocabulary.encode(list(text)) for part, text in TEXTS._asdict().items()}
    for name in ("encoded", "tokeniser"):
        monkeypatch.setitem(GLOBALS, name, S[name].__wrapped__)
    earlier = dict(S["BEFORE"]) | {"encoded": lambda seed: (TEXTS, vocabulary, ids)}
    monkeypatch.setitem(GLOBALS, "BEFORE", earlier)
    monkeypatch.setitem(GLOBALS, "topics", SimpleNamespace(split=lambda seed: TEXTS))
    return ids


def test_a_split_is_told_in_symbols_and_in_their_bytes(split):
    text = GLOBALS["encoded"](3)
    assert text.ids is split
    assert text.V == 8
    assert {part: of.sum() for part, of in text.widths.items()} == {
        p: len(t.encode()) for p, t in TEXTS._asdict().items()
    }
    assert text.widths["test"][-3:].tolist() == [1, 2, 1]
    bpe, text = ByteLevelBPE.train([TEXTS.train], 262), GLOBALS["encoded"](3, 262)
    assert text.V == 262
    for part, of in TEXTS._asdict().items():
        assert text.ids[part].tolist() == bpe.encode(of).tolist()
        assert text.widths[part].sum() == len(of.encode())
        assert len(text.widths[part]) == len(text.ids[part]) < len(of)


@pytest.mark.parametrize("name", NETWORKS)
def test_networks_are_what_their_names_say(name):
    net, of = S["network"](name, 50, 0.3), NETWORKS[name]
    if of["kind"] == LSTM:
        assert isinstance(net, SequenceModel)
        assert type(net.core) is torch.nn.LSTM
        assert (net.core.input_size, net.core.hidden_size, net.dropout) == (of["d"], of["units"], 0.3)
        assert (net.embedding.num_embeddings, net.n_out) == (50, 50)
        return
    assert isinstance(net, TransformerModel)
    block = net.core.layers[0]
    assert isinstance(net, GPT2) == ("GPT-2" in name)
    assert (len(net.core.layers), block.self_attn.n_heads, block.self_attn.d_model) == (of["layers"], 4, of["d"])
    assert net.causal
    assert net.tied
    assert net.readout.bias is None
    assert block.dropout == 0.3
    if "GPT-2" in name:
        assert (net.embedding.positions, net.embedding.places.num_embeddings) == ("learned", of["T"])
        return
    assert (net.embedding.positions, block.norm_first, block.activation) == ("rotary", True, "swiglu")
    assert isinstance(block.norm1, torch.nn.RMSNorm)
    assert block.self_attn.out_proj.bias is None
    assert block.linear2.weight.shape == (of["d"], round(8 * of["d"] / 3))


def test_windows_are_followed_by_their_next_symbols():
    ids = np.arange(40) * 2
    (x,), y, mask = S["windows"](ids, 12, 600, 3, 7)
    assert x.shape == (600, 12)
    assert np.array_equal(y, x + 2)
    assert mask.all()
    assert set(x[:, 0]) == set(range(0, 2 * 28, 2)), "all that have a symbol behind them"
    assert np.array_equal(S["windows"](ids, 12, 600, 3, 7).y, y)
    for other in ((4, 7), (3, 8)):
        assert not np.array_equal(S["windows"](ids, 12, 600, *other).y, y)


@pytest.mark.parametrize("name", [next(n for n, of in NETWORKS.items() if of["kind"] == kind) for kind in (GPT, LSTM)])
def test_training_is_as_the_page_says(monkeypatch, split, name):
    seen = {}

    def fit(model, data, **given):
        seen.update(given, network=model(), data=data)
        return SimpleNamespace(model=seen["network"])

    clock = iter([2.0, 5.5])
    monkeypatch.setitem(GLOBALS, "fit", fit)
    monkeypatch.setitem(GLOBALS, "time", SimpleNamespace(process_time=lambda: next(clock)))
    run, seconds = S["trained"](name, 0.01, 0.2, 200, 3, None, "watch")
    assert seconds == 3.5
    assert not run.model.training
    schedule, data, net = (seen.pop(what) for what in ("schedule", "data", "network"))
    given = {"steps": 200, "lr": 0.01, "clip_norm": 1.0, "seed": 3, "loss": "cross_entropy", "on_step": "watch"}
    T, B = NETWORKS[name]["T"], NETWORKS[name]["B"]
    assert net.n_out == 8
    if NETWORKS[name]["kind"] == LSTM:
        assert net.dropout == 0.2
        assert schedule == Cosine(200)
        assert seen == given
        assert data.starts.shape[1] == B
        assert data[0].y.shape == (B, min(T, -(-399 // B)))
        assert np.array_equal(data[0].y[0], split["train"][1 : 1 + len(data[0].y[0])])
        assert data.starts.any(), "the state is carried"
        return
    assert net.core.layers[0].dropout == 0.2
    assert schedule == Cosine(200, 0.1, 10)
    assert seen == given | {"optimiser": "adamw", "weight_decay": 0.1}
    assert np.array_equal(data(5).y, S["windows"](split["train"], T, B, 3, 5).y)
    seen.clear()
    clock = iter([0.0, 1.0])
    S["trained"](name, 0.01, 0.2, 200, 3, 262)
    assert seen["network"].n_out == 262


class Counter(torch.nn.Module):
    """Gives the true next symbol, ids being in order, probability 2 ** -(symbols that it sees) in windows up to 20."""

    def forward(self, x):
        bits = torch.arange(1.0, 1.0 + x.shape[1])
        p = (2.0**-bits)[:, None].expand(*x.shape, 1)
        y = (x + 1) % 64
        rest = (1 - p) / 63
        return rest.expand(*x.shape, 64).scatter(2, y[..., None], p).double().log(), None


@pytest.mark.parametrize("N", [5, 16, 17, 18, 20, 21, 40, 41, 43, 700])
def test_every_symbol_is_scored_once_with_enough_before_it(N):
    found = S["sliding"](Counter(), np.arange(N) % 64, 16, 4)
    assert found.shape == (N - 1,)
    head = np.minimum(np.arange(1, N), 16)
    np.testing.assert_allclose(found[:16], head[:16], atol=1e-4)  # all that there is
    later = np.round(found[16:]).astype(int).tolist()
    last = len(later) % 4  # what is left for the window that ends with the text
    assert later == [13, 14, 15, 16] * (len(later) // 4) + list(range(17 - last, 17))
    assert S["sliding"](Counter(), np.r_[np.arange(N - 1) % 64, 7], 16, 4)[-1] == pytest.approx(
        found[-1] if (N - 1) % 64 == 7 else -np.log2((1 - 2.0 ** -head[-1]) / 63), abs=1e-4
    )


def test_a_quarter_of_the_window_and_the_whole_text_at_one_go(monkeypatch):
    monkeypatch.setitem(GLOBALS, "sliding", lambda *how: ("sliding", *how))
    monkeypatch.setitem(GLOBALS, "BEFORE", {"frozen": lambda *how: ("frozen", *how)})
    for name, of in NETWORKS.items():
        wanted = ("frozen", "net", "ids") if of["kind"] == LSTM else ("sliding", "net", "ids", of["T"], of["T"] // 4)
        assert S["bits_of"](name, "net", "ids") == wanted


def test_bits_per_byte_leave_the_first_symbol_out():
    assert S["per_byte"](np.array([3.0, 5.0, 2.0]), np.array([7, 1, 2, 1])) == 2.5


def test_scores_are_of_each_part(monkeypatch, split):
    asked = []
    net = torch.nn.Linear(2, 3)
    losses = [*[4.0] * 150, *[2.0] * 120, *[1.0] * 30]
    run = SimpleNamespace(model=net, loss=losses)
    bits = {len(split["valid"]): 3.0, len(split["test"]): 5.0}
    monkeypatch.setitem(GLOBALS, "trained", lambda *how: asked.append(how) or (run, 7.123))
    monkeypatch.setitem(GLOBALS, "bits_of", lambda name, model, ids: np.full(len(ids) - 1, bits[len(ids)]))
    found, told = S["scores"]("a network", 0.01, 0.2, 300, 3)
    assert asked == [("a network", 0.01, 0.2, 300, 3, None)]
    assert [found[part][0] for part in ("valid", "test")] == [3.0, 5.0]
    byte = {part: len(text[1:].encode()) / (len(text) - 1) for part, text in TEXTS._asdict().items()}
    assert told["valid"] == pytest.approx(3 / byte["valid"], abs=1e-3)
    assert told["bits per byte"] == pytest.approx(5 / byte["test"], abs=1e-3)
    nats = len(TEXTS.train) / len(TEXTS.train.encode()) / np.log(2)
    assert told["training"] == pytest.approx(1.4 * nats, abs=1e-3)
    assert len(told["curve"]) == 30
    assert told["curve"][0] == pytest.approx(4 * nats, rel=0.01)
    assert told["curve"][-1] == pytest.approx(nats, rel=0.01)
    assert told["curve"][14:16] == pytest.approx([4 * nats, 2 * nats], rel=0.01)
    assert (told["seconds"], told["steps"], told["parameters"]) == (7.12, 300, 9)
    run.loss = [6.0, 5.0]
    _, told = S["scores"]("a network", 0.01, 0.2, 2, 3)
    assert told["curve"] == pytest.approx([6 * nats, 5 * nats], rel=0.01)


EARLIER = [
    {"ratio": {"g": 2.0, "l": 0.5, "g, 262 tokens": 4.0}},
    {"chosen": {GPT: ["g", 0.1, 0.0], LSTM: ["l", 0.2, 0.3], "size": 262}},
]


def test_characters_are_scored_alone_and_mixed(monkeypatch, split):
    asked = []
    level = {"g": {"valid": 1.0, "test": 4.0}, "l": {"valid": 9.0, "test": 0.5}}

    def scores(*how):
        asked.append(how)
        bits = {part: np.full(len(split[part]) - 1, level[how[0]][part]) for part in ("valid", "test")}
        return bits, {"bits per byte": how[4], "steps": how[3]}

    monkeypatch.setitem(GLOBALS, "scores", scores)
    found = S["characters"](100, [7, 8], 2, EARLIER)
    assert asked == [("g", 0.1, 0.0, 50, 7), ("l", 0.2, 0.3, 200, 7), ("g", 0.1, 0.0, 50, 8), ("l", 0.2, 0.3, 200, 8)]
    kn = kneser_ney.fit(split["train"], 2, 8)
    bits = {part: -kn.score(split[part])[1:] / np.log(2) for part in ("valid", "test")}
    byte = len(TEXTS.test[1:].encode())
    assert found["text"]["KN-2"] == pytest.approx([bits["test"].sum() / byte] * 2, abs=1e-3)
    assert found["text"]["bytes"] == [len(TEXTS.test.encode())] * 2
    assert found["text"]["symbols"] == [len(TEXTS.test)] * 2
    assert found["text"]["unknown"] == [2, 2]
    assert (split["test"] == UNK).sum() == 2
    for kind, name in ((GPT, "g"), (LSTM, "l")):
        of = found["arms"][kind]
        assert of["bits per byte"] == [7, 8]
        losses = [
            -np.log2(w / 10 * 2.0 ** -level[name]["valid"] + (1 - w / 10) * 2.0 ** -bits["valid"]).mean()
            for w in range(11)
        ]
        weight = np.argmin(losses) / 10
        assert of["weight"] == [weight, weight]
        mixed = -np.log2(weight * 2.0 ** -level[name]["test"] + (1 - weight) * 2.0 ** -bits["test"]).sum() / byte
        assert of["mixture"] == pytest.approx([mixed, mixed], abs=1e-3)
    assert found["arms"][GPT]["weight"] != found["arms"][LSTM]["weight"]


def test_bpe_has_as_much_time(monkeypatch, split):
    asked = []
    monkeypatch.setitem(GLOBALS, "scores", lambda *how: asked.append(how) or (None, {"bits per byte": how[4]}))
    found = S["bpe"](100, [7, 8], EARLIER)
    assert asked == [("g", 0.1, 0.0, 25, 7, 262), ("g", 0.1, 0.0, 25, 8, 262)]
    symbols = len(ByteLevelBPE.train([TEXTS.train], 262).encode(TEXTS.test))
    assert found == {"size": 262, "arms": {GPT: {"bits per byte": [7, 8], "symbols": [symbols] * 2}}}
