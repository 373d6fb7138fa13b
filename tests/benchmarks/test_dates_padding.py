"""Padding is attended to where a test of chapter 12 says so, and what changes by it is counted."""

import runpy
from pathlib import Path

import numpy as np
import pytest
import torch

from seqlib.nn import GRU, Attention, EncoderDecoder
from seqlib.text import EOS

S = runpy.run_path(str(Path(__file__).with_name("dates_padding.py")))
TEST = S["TEST"]


def test_unmasked_attention_sees_what_the_mask_hides():
    rng = np.random.default_rng(0)
    query, keys = (torch.tensor(rng.normal(size=(2, n, 4))) for n in (3, 5))
    mask = torch.tensor([[True, True, True, False, False], [True] * 5])
    context, weights = S["Unmasked"]("dot", 4)(query, keys, mask=mask)
    free = Attention("dot", 4)(query, keys)
    assert torch.equal(context, free[0])
    assert torch.equal(weights, free[1])
    assert not torch.allclose(weights, Attention("dot", 4)(query, keys, mask=mask)[1])


def test_who_is_not_told_the_lengths_reads_padding():
    def made(kind):
        torch.manual_seed(0)
        reads = GRU(3, 2, batch_first=True, bidirectional=True)
        return kind(reads, GRU(3, 4, batch_first=True), 9, 8, attention=Attention("dot", 4))

    untold, plain = made(S["Untold"]), made(EncoderDecoder)
    source, previous = torch.tensor([[5, 6, 2, 0, 0], [4, 8, 7, 6, 2]]), torch.tensor([[1, 4], [1, 6]])
    with torch.no_grad():
        found = untold(source, [3, 5], previous)[0]
        assert torch.equal(found, plain(source, None, previous)[0])
        assert not torch.allclose(found[0], plain(source, [3, 5], previous)[0][0])
    assert untold.encode(source, [3, 5]).mask is None


class Writer(torch.nn.Module):
    """Writes the true answers of the test; in an array of `width` columns, no token where a sentence is of the form."""

    def __init__(self, form="", width=0):
        super().__init__()
        self.form, self.width, self.shapes = form, width, []
        batch, _ = TEST.every_case()
        self.known = {
            tuple(row[:n]): y for row, n, y in zip(batch.inputs[0], batch.inputs[1], batch.y.tolist(), strict=True)
        }
        self.forms = {one.source: one.form for one in TEST.sentences}

    def encode(self, source, lengths):
        self.shapes.append(source.shape)
        said = []
        for row, n in zip(source, lengths, strict=True):
            assert not row[n:].any()
            words = tuple(TEST.source.tokens[i] for i in row[: n - 1])
            silent = source.shape[1] == self.width and self.forms[words] == self.form
            said.append([EOS] * 13 if silent else (self.known[tuple(row[:n])] + [EOS] * 13)[:13])
        return torch.tensor(said), torch.zeros(len(said), dtype=torch.long)

    def step(self, tokens, state):
        said, t = state
        return torch.nn.functional.one_hot(said[torch.arange(len(said)), t], TEST.n_out).double(), (said, t + 1)

    def select(self, state, rows):
        return tuple(part[torch.as_tensor(rows)] for part in state)


def test_alone_is_without_padding():
    model = Writer()
    ids = S["written"](model)
    batch, _ = TEST.every_case()
    lengths = batch.inputs[1]
    assert model.shapes == [((lengths == n).sum(), n) for n in dict.fromkeys(set(lengths))]
    ambiguous = np.array(["May" in one.source for one in TEST.sentences])
    assert (ids == np.where(batch.mask, batch.y, 0))[~ambiguous].all()


@pytest.mark.parametrize("width", [S["LONGEST"], S["LONG"]], ids=["longest", "long"])
def test_a_batch_has_the_width_that_is_asked_for(width):
    model = Writer()
    ids = S["written"](model, width)
    assert model.shapes == [(len(TEST.sentences), width)]
    assert np.array_equal(ids, S["written"](Writer()))


def test_the_longest_date_has_no_padding():
    lengths = TEST.every_case()[0].inputs[1]
    assert max(lengths) == S["LONGEST"] < S["LONG"]


def test_scores_are_the_shares_that_change():
    plain = S["scores"](Writer())
    assert plain["exact, alone"] == plain["exact, longest"] == plain["exact, long"]
    assert 0.95 < plain["exact, alone"] < 1, "of May there is more than one translation"
    assert plain["changed, alone"] == plain["changed, longest"] == plain["changed, long"] == 0
    found = S["scores"](Writer("short en", S["LONG"]))
    assert found["exact, alone"] == found["exact, longest"] == plain["exact, alone"]
    assert found["changed, long"] == pytest.approx(1 / 8, abs=1e-3)
    assert plain["exact, alone"] - found["exact, long"] == pytest.approx(1 / 8, abs=0.02)
    assert found["changed, longest"] == 0


def test_alone_is_what_answers_change_from():
    found = S["scores"](Writer("short en", S["LONGEST"]))
    assert found["changed, longest"] == pytest.approx(1 / 8, abs=1e-3)
    assert found["exact, longest"] < found["exact, alone"] == found["exact, long"]
    assert found["changed, long"] == 0
