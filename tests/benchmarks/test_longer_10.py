"""What chapter 10 measures of characters is what it says: bits, mixtures, compressors, and dynamic evaluation."""

import lzma
import runpy
from pathlib import Path

import numpy as np
import pytest
import torch

from seqlib.batching import chunks
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
