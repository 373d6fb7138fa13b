"""What is measured of byte-level BPE is what its names say: shares are counted again, and the clock is made up."""

import os
import runpy
from pathlib import Path
from types import SimpleNamespace

import pytest

from seqlib.bpe import ByteLevelBPE
from seqlib.tasks.topics import Split, split

S = runpy.run_path(str(Path(__file__).with_name("longer_15_bpe.py")))
GLOBALS = S["speed"].__globals__
HOW = {name: of["settings"] for name, of in S["MEASUREMENTS"].items()}
SEA = "she sells sea shells by the sea shore; the shells she sells are sea shells é\n" * 3
TEXTS = {
    3: Split(SEA, "nothing of this is read", "the sea, the shore: she sells none é"),
    4: Split("banana bananas, a banana: he, she and the sea\n" * 4, "", "banana sea"),
}


def test_a_shorter_training_is_a_prefix_of_a_longer_one():
    longer = ByteLevelBPE.train([SEA], 280)
    for size in (256, 263, 280):
        trained, cut = ByteLevelBPE.train([SEA], size), S["prefix"](longer, size)
        assert (cut.tokens, cut.merges) == (trained.tokens, trained.merges)


def test_tokens_per_byte_are_those_of_each_vocabulary_and_text(monkeypatch):
    monkeypatch.setitem(GLOBALS, "topics", SimpleNamespace(split=TEXTS.get))
    found = S["compression"]([3, 4], [256, 262, 265], first=3, longest=3)
    assert list(found["sizes"]) == ["256", "262", "265"]
    for size in (256, 262, 265):
        of = found["sizes"][f"{size}"]
        for k, texts in enumerate(TEXTS.values()):
            bpe = ByteLevelBPE.train([texts.train], size)
            assert len(bpe) == size
            for part in ("train", "test"):
                text = getattr(texts, part)
                assert of[part][k] == pytest.approx(len(bpe.encode(text)) / len(text.encode()), abs=1e-3)
            assert of["unused"][k] == size - len(set(bpe.encode(texts.train).tolist()))
    assert found["sizes"]["256"]["test"] == [1, 1], "bytes, and é has two"
    merges = [ByteLevelBPE.train([texts.train], 265).merges for texts in TEXTS.values()]
    assert found["first merges"] == [[a.decode(), b.decode()] for a, b in merges[0][:3]]
    lengths = sorted((len(a + b) for a, b in merges[0]), reverse=True)
    assert [len(token) for token in found["longest"]] == lengths[:3]
    assert set(found["longest"]) <= {(a + b).decode() for a, b in merges[0]}
    both = {a + b for a, b in merges[0][:3]} & {a + b for a, b in merges[1][:3]}
    assert len(both) < len({a + b for a, b in merges[0][:3]} & {a + b for a, b in merges[1]}), "later ones do not count"
    assert found["shared"] == [3, len(both)]


def test_what_is_no_utf_8_is_shown_as_such():
    assert S["shown"]("é".encode()[:1]) == "\ufffd"
    assert S["shown"](" été".encode()) == " été"


@pytest.mark.parametrize("who", ["Ours", "Theirs"])
def test_both_learn_and_cut_the_same(who):
    bpe = S[who]()
    bpe.train(SEA, 270)
    expected = ByteLevelBPE.train([SEA], 270)
    for text in (SEA, "  the sea", "ab"):
        ids = bpe.encode(text)
        assert isinstance(ids, list)
        assert ids == expected.encode(text).tolist()
        assert bpe.decode(ids) == text
    bpe.train("ab cd", 270)
    assert len(bpe.encode("ab")) == 2, "a pair has to occur twice"


class Clock:
    """Seconds that pass when something is done: as many as it says."""

    def __init__(self):
        self.now, self.done = 0.0, []

    def process_time(self):
        return self.now

    def work(self, what, seconds):
        self.done.append(what)
        self.now += seconds


@pytest.fixture
def clock(monkeypatch):
    """A clock for the script."""
    made = Clock()
    monkeypatch.setitem(GLOBALS, "time", made)
    return made


def worker(clock, slow, wrong=""):
    """A tokeniser that takes seconds: 2 to train, 0.5 a line, 4 for the text, 1 to decode, all times `slow`."""

    class Worker:
        def train(self, text, size):
            clock.work(("train", text, size), 2 * slow)

        def encode(self, text):
            clock.work(("encode", text), slow * (0.5 if text.count("\n") <= 1 else 4))
            return [slow, *text]

        def decode(self, ids):
            clock.work(("decode", len(ids)), 1 * slow)
            return "".join(ids[1:]) + wrong

    return Worker


def test_speeds_are_megabytes_by_the_seconds_of_each_part(clock):
    text = "é\n" * 1000
    found, ids = S["speeds"](worker(clock, 1)(), text, 300)
    megabytes = 0.003
    assert found == pytest.approx(
        {"train": megabytes / 2, "encode lines": megabytes / 500, "encode text": megabytes / 4, "decode": megabytes}
    )
    assert ids == [1, *text]
    assert clock.done[0] == ("train", text, 300)
    assert clock.done[1:1001] == [("encode", "é\n")] * 1000
    assert clock.done[1001:] == [("encode", text), ("decode", 2001)]
    with pytest.raises(ValueError, match="Worker does not give back the text"):
        S["speeds"](worker(clock, 1, "x")(), text, 300)


def test_ratios_are_ours_to_theirs_in_a_round(monkeypatch, clock):
    monkeypatch.setenv("TOKENIZERS_PARALLELISM", "true")
    monkeypatch.setitem(GLOBALS, "topics", SimpleNamespace(split=TEXTS.get))
    made = []
    for name, slow in (("Ours", 1), ("Theirs", 2)):
        monkeypatch.setitem(GLOBALS, name, lambda name=name, slow=slow: made.append(name) or worker(clock, slow)())
    found = S["speed"]([3, 4], 300)
    assert os.environ["TOKENIZERS_PARALLELISM"] == "false"
    assert made == ["Ours", "Theirs"] * 2, "anew in each round, and in turn"
    assert [text for what, text, *_ in clock.done if what == "train"] == [TEXTS[k].train for k in (3, 3, 4, 4)]
    assert found["equal"] == [False, False]
    for what, seconds in (("train", 2), ("encode text", 4), ("decode", 1)):
        assert found[what]["ratio"] == [2, 2]
        sizes = [len(texts.train.encode()) / 1e6 for texts in TEXTS.values()]
        assert found[what]["seqlib"] == pytest.approx([size / seconds for size in sizes], rel=0.01)
        assert found[what]["tokenizers"] == pytest.approx([size / seconds / 2 for size in sizes], rel=0.01)
    assert set(found) == {"train", "encode lines", "encode text", "decode", "equal"}


def test_ids_of_both_are_compared(monkeypatch, clock):
    monkeypatch.setitem(GLOBALS, "topics", SimpleNamespace(split=TEXTS.get))
    for name in ("Ours", "Theirs"):
        monkeypatch.setitem(GLOBALS, name, worker(clock, 1))
    monkeypatch.setenv("TOKENIZERS_PARALLELISM", "false")
    assert S["speed"]([3, 4], 300)["equal"] == [True, True]


def test_the_texts_are_those_of_chapter_10():
    earlier = runpy.run_path(str(Path(__file__).with_name("longer_10.py")))["MEASUREMENTS"]["characters"]["settings"]
    assert HOW["bpe"]["seeds"] == HOW["bpe_speed"]["seeds"] == earlier["seeds"]
    assert GLOBALS["topics"].split is split
    assert HOW["bpe"]["sizes"] == sorted(HOW["bpe"]["sizes"])
    assert HOW["bpe"]["sizes"][0] == 256
    assert HOW["bpe_speed"]["size"] in HOW["bpe"]["sizes"]
