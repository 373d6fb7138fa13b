"""What is shown of a GPT's writing is what its names say: drawn as they say, and counted again."""

import runpy
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from seqlib.reference import kneser_ney
from seqlib.tasks.topics import Split
from seqlib.text import Vocabulary

S = runpy.run_path(str(Path(__file__).with_name("longer_15_written.py")))
GLOBALS = S["written"].__globals__
HOW = S["MEASUREMENTS"]["text_written"]["settings"]


def test_copied_is_the_share_of_runs_that_stand_in_the_text():
    assert S["copied"](["abcab", "xabc"], "zabcz", 3) == pytest.approx(2 / 5, abs=1e-3)  # abc, and abc again
    assert S["copied"](["zabcz"], "zabcz", 5) == 1
    assert S["copied"](["abd"], "zabcz", 3) == 0
    assert S["copied"](["cz"], "zabcz", 2) == 1, "also at the end"


def test_pieces_begin_with_the_prompt_where_they_can():
    text = "The cat saw. The dog ran. A cow. The end"
    found = S["pieces"](text, "The ", 8, 5, np.random.default_rng(0))
    assert len(found) == 5
    assert {len(piece) for piece in found} == {8}
    assert set(found[:2]) == {"The cat ", "The dog "}, "the end is too short"
    assert all(piece in text for piece in found)
    assert not any(piece.startswith("The ") for piece in found[2:])
    last = S["pieces"]("aXYZ", "", 4, 3, np.random.default_rng(0))
    assert last == ["aXYZ", "aXYZ"]
    several = [S["pieces"](text, "The ", 8, 5, np.random.default_rng(seed))[0] for seed in range(20)]
    assert len(set(several)) == 2, "in random order"


def test_bits_are_those_of_what_follows_the_prompt():
    train = "abcé abcé abd" * 9
    vocabulary = Vocabulary.build([list(train)])
    kn = kneser_ney.fit(vocabulary.encode(list(train)), 3, len(vocabulary))
    texts = ["ab dé", "abcé"]
    bits = sum(-kn.score(vocabulary.encode(list(text)))[2:].sum() for text in texts) / np.log(2)
    assert S["bits_under"](kn, vocabulary, texts, "ab") == pytest.approx(bits / 7, rel=0.01)
    other = S["bits_under"](kn, vocabulary, ["dddé"], "dd")
    assert other > 2 * S["bits_under"](kn, vocabulary, ["abcé"], "ab")


class Model:
    """Both models of the script: what is drawn from them is made up."""


def test_texts_are_drawn_as_their_names_say(monkeypatch):
    whole = Split("the cat sat. the dog ran. " * 6, "", "the end, he said; the cat ran. ")
    vocabulary = Vocabulary.build([list(whole.train + whole.test)])
    ids = {part: vocabulary.encode(list(text)) for part, text in whole._asdict().items()}
    made, drawn = [], []
    model = Model()

    def trained(*how):
        made.append(how)
        return SimpleNamespace(model=model), 1.0

    def sample(source, first, rng, max_length, n, **how):
        drawn.append((source is model, "".join(vocabulary.decode(first)), max_length, n, how, rng.integers(10**6)))
        text = "cat sat. " if source is model else "dog ran. "
        return SimpleNamespace(ids=[vocabulary.encode(list(text[:max_length])) for _ in range(n)])

    def greedy(source, first, max_length):
        assert source is model
        return SimpleNamespace(ids=[vocabulary.encode(list("he he he he he"[:max_length]))])

    stub = dict(S["S"]) | {"trained": trained, "NETWORKS": {"g": {"T": 11}}}
    monkeypatch.setitem(GLOBALS, "S", stub | {"BEFORE": {"encoded": lambda seed: (whole, vocabulary, ids)}})
    monkeypatch.setitem(GLOBALS, "sample", sample)
    monkeypatch.setitem(GLOBALS, "greedy", greedy)
    settings = {"cold": {"temperature": 0.5}, "usual": {}}
    earlier = [{"ratio": {"g": 2.0}}, {"chosen": {S["S"]["GPT"]: ["g", 0.1, 0.3]}}]
    values = S["written"](100, [7], 3, "the ", settings, 4, 2, [3, 5], earlier)
    assert made == [("g", 0.1, 0.3, 50, 7)]
    first = np.random.default_rng([7, 15]).integers(10**6)
    assert drawn == [
        (True, "the ", 7, 4, {"temperature": 0.5}, first),
        (True, "the ", 7, 4, {}, first),
        (False, "the ", 7, 4, {}, first),
    ]
    assert list(values) == ["samples", "copied", "bits under KN-3"]
    names = ["cold", "usual", "greedy", "KN-3, temperature 1", "held-out text"]
    assert all(list(of) == names for of in values.values())
    assert values["samples"]["cold"] == ["the cat sat"] * 2
    assert values["samples"]["greedy"] == ["the he he h"]
    assert values["samples"]["KN-3, temperature 1"] == ["the dog ran"] * 2
    held = values["samples"]["held-out text"]
    assert set(held) == {"the end, he", "the cat ran"}
    assert values["copied"]["cold"] == {"3": 1, "5": 1}
    assert values["copied"]["greedy"] == {f"{n}": S["copied"](["the he he h"], whole.train, n) for n in (3, 5)}
    assert 0 < values["copied"]["greedy"]["3"] < 1
    kn = kneser_ney.fit(ids["train"], 3, len(vocabulary))
    bits = -kn.score(vocabulary.encode(list("the he he h")))[4:].mean() / np.log(2)
    assert values["bits under KN-3"]["greedy"] == pytest.approx(bits, rel=0.01)


def test_controls_are_as_many_as_the_samples(monkeypatch):
    counted = []
    monkeypatch.setitem(GLOBALS, "copied", lambda texts, whole, n: counted.append((len(texts), n)) or 0.0)
    whole = Split("the cat sat. " * 6, "", "the end, he said; the cat ran. " * 3)
    vocabulary = Vocabulary.build([list(whole.train + whole.test)])
    ids = {part: vocabulary.encode(list(text)) for part, text in whole._asdict().items()}
    torch.manual_seed(0)
    net = S["S"]["network"]("GPT 64", len(vocabulary)).eval()
    stub = dict(S["S"]) | {"trained": lambda *how: (SimpleNamespace(model=net), 0.0), "NETWORKS": {"GPT 64": {"T": 12}}}
    monkeypatch.setitem(GLOBALS, "S", stub | {"BEFORE": {"encoded": lambda seed: (whole, vocabulary, ids)}})
    earlier = [{"ratio": {"GPT 64": 1.0}}, {"chosen": {S["S"]["GPT"]: ["GPT 64", 0.1, 0.3]}}]
    values = S["written"](100, [7], 2, "the ", {"usual": {}}, 6, 3, [3], earlier)
    assert counted == [(6, 3), (1, 3), (6, 3), (6, 3)]
    assert {len(text) for texts in values["samples"].values() for text in texts} == {12}
    assert [len(texts) for texts in values["samples"].values()] == [3, 1, 3, 3]


def test_settings_are_those_of_the_measured_network():
    measured = S["S"]["MEASUREMENTS"]
    assert HOW["seeds"] == measured["text"]["settings"]["seeds"][:1]
    assert HOW["steps"] == measured["text"]["settings"]["steps"]
    assert HOW["order"] == measured["text"]["settings"]["order"]
    assert S["MEASUREMENTS"]["text_written"]["reads"] == measured["text"]["reads"]
    assert HOW["settings"]["temperature 0.5"] == {"temperature": 0.5}
    assert HOW["settings"]["top-p 0.9"] == {"top_p": 0.9}
    assert HOW["settings"]["temperature 1"] == {}
    assert HOW["kept"] <= HOW["count"]
