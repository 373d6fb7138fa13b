"""What is measured from the block of 2017 to a modern one is what its names say: one change at a time, on real text."""

import runpy
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from seqlib.tasks import topics

S = runpy.run_path(str(Path(__file__).with_name("longer_13_modern.py")))
GLOBALS = S["scores"].__globals__
HOW = S["MEASUREMENTS"]["modern"]["settings"]
ARMS = S["arms"](HOW["changes"])


def test_each_arm_differs_from_the_one_before_in_what_its_name_says():
    assert list(ARMS) == ["2017", "+ pre-norm", "+ RMSNorm", "+ rotary", "+ SwiGLU"]
    assert ARMS["2017"] == {"positions": "sinusoidal", "norm_first": False, "norm": "layer", "activation": "relu"}
    changed = {
        "+ pre-norm": {"norm_first": True},
        "+ RMSNorm": {"norm": "rms"},
        "+ rotary": {"positions": "rotary"},
        "+ SwiGLU": {"activation": "swiglu"},
    }
    for (_, before), (name, after) in zip(list(ARMS.items())[:-1], list(ARMS.items())[1:], strict=True):
        assert dict(after.items() - before.items()) == changed[name]
    assert list(S["arms"](["RMSNorm"])) == ["2017", "+ RMSNorm"]


@pytest.mark.parametrize("arm", ARMS)
def test_networks_are_what_the_arms_say(arm):
    net = S["network"](100, **ARMS[arm])
    block = net.core.layers[0]
    assert net.causal
    assert (net.embedding.positions, block.norm_first) == (ARMS[arm]["positions"], ARMS[arm]["norm_first"])
    assert (block.self_attn.n_heads, block.self_attn.d_model, len(net.core.layers)) == (4, 64, 2)
    assert isinstance(block.norm1, torch.nn.RMSNorm if ARMS[arm]["norm"] == "rms" else torch.nn.LayerNorm)
    assert block.activation == ARMS[arm]["activation"]
    assert net.embedding.words.num_embeddings == net.n_out == 100


def test_swiglu_has_as_many_parameters():
    sizes = {arm: sum(p.numel() for p in S["network"](100, **how).parameters()) for arm, how in ARMS.items()}
    assert sizes["+ SwiGLU"] == pytest.approx(sizes["+ rotary"], rel=0.005)
    assert sizes["2017"] == pytest.approx(sizes["+ rotary"], rel=0.01)


def test_the_texts_are_those_of_chapter_10():
    ids, V = S["encoded"](10)
    earlier = runpy.run_path(str(Path(__file__).with_name("longer_10.py")))
    texts, vocabulary, before = earlier["encoded"](10)
    assert len(vocabulary) == V
    assert all(np.array_equal(ids[part], before[part]) for part in ("train", "valid", "test"))
    assert texts == topics.split(10)
    assert HOW["seeds"] == earlier["MEASUREMENTS"]["characters"]["settings"]["seeds"]
    assert not set(HOW["seeds"]) & set(HOW["tuning"])
    assert len(set(HOW["seeds"])) == 5


def test_windows_are_followed_by_their_next_characters():
    (x,), y, mask = S["windows"](np.arange(200), [3, 100])
    assert x[:, 0].tolist() == [3, 100]
    assert x.shape == (2, 64)
    assert np.array_equal(y, x + 1)
    assert mask.all()


def test_training_is_as_the_page_says(monkeypatch):
    seen = {}

    def fit(model, data, **given):
        seen.update(given, network=model(), batch=data(7), again=data(7), later=data(8))
        return SimpleNamespace(model=seen["network"], loss=[1000.0] * 5 + list(range(20)))

    ids = {"train": np.arange(70), "valid": None, "test": None}
    clock = iter([2.0, 5.5, 6.0, 7.0])
    monkeypatch.setitem(GLOBALS, "fit", fit)
    monkeypatch.setitem(GLOBALS, "encoded", lambda seed: (ids, 99))
    monkeypatch.setitem(GLOBALS, "time", SimpleNamespace(process_time=lambda: next(clock)))
    options = tuple(ARMS["+ RMSNorm"].items())
    model, last, seconds = S["trained"](options, 400, 0.01, 3)
    assert (last, seconds) == (9.5, 3.5)
    assert S["trained"](options, 400, 0.01, 3)[0] is model, "trained once"
    assert not model.training
    assert isinstance(model.core.layers[0].norm1, torch.nn.RMSNorm)
    assert model.n_out == 99
    x, y = seen["batch"].inputs[0], seen["batch"].y
    assert x.shape == (8, 64)
    assert np.array_equal(y, x + 1)
    starts = np.concatenate([seen[name].inputs[0][:, 0] for name in ("batch", "later")])
    assert set(starts) <= set(range(6))
    assert np.array_equal(seen["again"].y, y)
    assert not np.array_equal(seen["later"].y, y)
    assert [round(seen["schedule"](step), 2) for step in (0, 39, 40, 220)] == [0.03, 1.0, 1.0, 0.5]
    rest = {name: seen[name] for name in ("steps", "lr", "clip_norm", "batch_size", "seed", "loss")}
    assert rest == {"steps": 400, "lr": 0.01, "clip_norm": 1.0, "batch_size": 8, "seed": 3, "loss": "cross_entropy"}
    S["trained"](options, 400, 0.01, 4)
    assert not np.array_equal(seen["batch"].y, y), "each seed has batches of its own"


class Guesser(torch.nn.Module):
    """Gives the next of 128 consecutive characters probability 1/2, or 1/8 in the second half of the window."""

    def forward(self, x):
        y = (x + 1) % 128
        p = torch.full((1, x.shape[1], 1), 0.5)
        p[:, 32:] = 0.125
        p = p.expand(*x.shape, 1)
        return ((1 - p) / 127).expand(*x.shape, 128).scatter(2, y[..., None], p).log(), None


def test_bits_are_those_of_every_character_of_whole_windows():
    found = S["bits"](Guesser(), np.arange(64 * 5 + 1) % 128)
    assert found.shape == (5, 64)
    assert found[:, :32] == pytest.approx(1.0, abs=1e-6)
    assert found[:, 32:] == pytest.approx(3.0, abs=1e-6)
    assert S["bits"](Guesser(), np.arange(64 * 5) % 128).shape == (4, 64), (
        "the last character of a window has none after it"
    )
    other = np.arange(64 * 5 + 1) % 128
    other[100] = 5
    worse = S["bits"](Guesser(), other)
    assert (worse > 3.5).sum() == 2
    assert worse[1, 99 - 64] > 3.5, "the character at 100 is asked for at 99"


def test_scores_are_of_the_test(monkeypatch):
    ids = {name: np.arange(64 * k + 1) % 128 for k, name in enumerate(("train", "valid", "test"), 1)}
    ids["train"] = ids["valid"] = np.zeros(100, int)
    asked = []
    monkeypatch.setitem(GLOBALS, "encoded", lambda seed: (ids, 128))
    monkeypatch.setitem(GLOBALS, "trained", lambda *how: (asked.append(how) or Guesser(), np.log(2) * 1.5, 7.125))
    found = S["scores"]("options", 400, 0.01, 3)
    assert asked == [("options", 400, 0.01, 3)]
    assert found == {"bits": 2.0, "training": 1.5, "seconds": 7.12, "eighths": [1.0] * 4 + [3.0] * 4}


def test_values_are_stored_by_arm(monkeypatch):
    rng = np.random.default_rng(0)
    ids = {part: rng.integers(0, 5, 300) for part in ("train", "valid", "test")}
    monkeypatch.setitem(GLOBALS, "encoded", lambda seed: (ids, 5))
    monkeypatch.setitem(GLOBALS, "trained", lambda *how: (how, 0.0, 0.0))
    monkeypatch.setitem(GLOBALS, "scores", lambda *how: {"bits": how})

    def bits(how, text):
        assert text is ids["valid"]
        return np.array([[abs(how[2] - (0.2 if dict(how[0])["norm"] == "rms" else 0.15)) + how[3]]])

    monkeypatch.setitem(GLOBALS, "bits", bits)
    found = S["modern"](40, [1, 2], [7, 8], [0.5, 0.25, 0.1], ["RMSNorm"])
    assert found["chosen"] == {"2017": 0.1, "+ RMSNorm": 0.25}
    assert found["tuning"]["2017"]["0.1"] == pytest.approx([7.05, 8.05])
    options = tuple(S["arms"](["RMSNorm"])["+ RMSNorm"].items())
    assert found["arms"]["+ RMSNorm"] == {"bits": [(options, 40, 0.25, 1), (options, 40, 0.25, 2)]}
    assert found["parameters"]["2017"] == sum(p.numel() for p in S["network"](5, **ARMS["2017"]).parameters())
