"""Rankings, neighbours and the plane of words are what they are called; chunks are handed on, or as strangers."""

import runpy
from pathlib import Path

import numpy as np
import pytest
import torch

from seqlib.batching import Chunks, chunks
from seqlib.nn import LSTM, SequenceModel
from seqlib.text import Vocabulary

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
