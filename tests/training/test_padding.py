"""Padding never changes a result, through fit and evaluate: every layer of the package in a SequenceModel.

The oracle trains on each sequence alone, without lengths and without padding.
"""

import itertools

import numpy as np
import pytest
import torch

from seqlib import nn
from seqlib.batching import Batch, mask_from_lengths, pad
from seqlib.nn import SequenceModel
from seqlib.nn.recurrent import Recurrent
from seqlib.tasks import Blanks
from seqlib.training import evaluate, fit

OURS = [kind for kind in vars(nn).values() if isinstance(kind, type) and issubclass(kind, Recurrent)]
V = 9
RNG = np.random.default_rng(0)
SENTENCES = [RNG.integers(V, size=n) for n in (4, 1, 6, 2)]
NEXT = [RNG.integers(V, size=len(sentence)) for sentence in SENTENCES]


@pytest.fixture(params=list(itertools.product([*OURS, torch.nn.LSTM], (False, True), (1, 2))), ids=str)
def make(request):
    """A function that builds the model: every layer, in one and two directions, one and two of them."""
    kind, both, layers = request.param

    def build():
        core = kind(3, 4, layers, batch_first=True, bidirectional=both, dtype=torch.float64)
        return SequenceModel(core, V, vocab_size=V)

    return build


def batch(more=0, filler=0):
    """All sentences, padded to the longest and `more` columns beyond with `filler`."""
    ids, lengths = pad(SENTENCES, filler)
    ids = np.pad(ids, ((0, 0), (0, more)), constant_values=filler)
    mask = mask_from_lengths(lengths, ids.shape[1])
    y = np.where(mask, np.pad(pad(NEXT)[0], ((0, 0), (0, more))), filler)
    return Batch((ids, lengths), y, mask)


def alone(model, batch):
    """The mean loss over all positions, each sentence by itself."""
    total = 0
    for ids, target in zip(SENTENCES, NEXT, strict=True):
        logits = model(torch.from_numpy(ids)[None])[0][0]
        total = total + torch.nn.functional.cross_entropy(logits, torch.from_numpy(target), reduction="sum")
    return total / sum(map(len, SENTENCES))


def test_training_sees_no_padding(make, weights):
    options = {"steps": 5, "optimiser": "sgd", "lr": 0.3, "clip_norm": 1.0}
    wanted = fit(make, [batch()], loss=alone, **options)
    for more, filler in [(0, 0), (3, 0), (2, 5), (1, 99)]:
        got = fit(make, [batch(more, filler)], loss="cross_entropy", **options)
        assert got.loss == pytest.approx(wanted.loss, rel=1e-12), (more, filler)
        assert got.grad_norm == pytest.approx(wanted.grad_norm, rel=1e-12), (more, filler)
        torch.testing.assert_close(weights(got.model), weights(wanted.model), rtol=1e-12, atol=1e-12)


def test_measuring_sees_no_padding(make):
    torch.manual_seed(0)
    model = make()
    wanted = evaluate(model, [batch()], loss=alone)
    for more, filler in [(0, 0), (3, 0), (2, 5), (1, 99)]:
        assert evaluate(model, [batch(more, filler)], loss="cross_entropy") == pytest.approx(wanted, rel=1e-12)


def test_a_task_of_mixed_lengths_is_trained_on_as_its_sentences_are(make):
    """What stands in the batch beside a sentence makes no difference to it."""
    task = Blanks((1, 5))
    torch.manual_seed(0)
    model = SequenceModel(make().core, task.n_out, vocab_size=task.vocab_size)
    (x, lengths), y, mask = task.sample(6, np.random.default_rng(0))
    assert len(set(lengths)) > 1
    single = [
        Batch((row[None, :n],), target[None, :n], kept[None, :n])
        for row, n, target, kept in zip(x, lengths, y, mask, strict=True)
    ]
    whole = evaluate(model, [Batch((x, lengths), y, mask)], loss="cross_entropy")
    assert whole == pytest.approx(evaluate(model, single, loss="cross_entropy"), rel=1e-12)
