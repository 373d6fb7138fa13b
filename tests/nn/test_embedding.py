"""Embedding: words and positions as vectors; more of it is tested through TransformerModel."""

import pytest
import torch
from blocks import DOUBLE, drawn

from seqlib.nn.embedding import Embedding
from seqlib.nn.positions import sinusoids


def test_words_are_scaled_and_positions_are_not():
    ids = torch.tensor([[1, 0, 2], [2, 2, 1]])
    for positions, longest in (("sinusoidal", None), ("learned", 9), ("rotary", None), (None, None)):
        net = drawn(Embedding(3, 4, positions, longest, scale=3.0, **DOUBLE))
        wanted = 3 * net.words.weight[ids]
        if positions == "sinusoidal":
            wanted = wanted + sinusoids(torch.arange(5, 8), 4, **DOUBLE)
        if positions == "learned":
            wanted = wanted + net.places.weight[5:8]
        torch.testing.assert_close(net("x", ids, 5), wanted)


def test_what_words_add_begins_with_variance_1():
    torch.manual_seed(0)
    for scale in (1.0, 5.0):
        net = Embedding(400, 32, None, None, scale=scale)
        assert abs(net("x", torch.arange(400)[None]).std() - 1) < 0.02


@pytest.mark.parametrize("p", [0.0, 0.5])
def test_dropout_in_training_alone(p):
    net, ids = drawn(Embedding(3, 64, "sinusoidal", None, dropout=p)), torch.ones(2, 9, dtype=torch.long)
    assert abs((net("x", ids) == 0).double().mean() - p) < 0.1
    assert (net.eval()("x", ids) != 0).sum() > 1000


def test_bad_input_is_named():
    ids, vectors = Embedding(3, 4, None, None), Embedding(None, 4, None, None, input_size=2)
    cases = [
        (lambda: ids.check("previous", torch.zeros(2, 3)), TypeError, "previous must hold integer ids"),
        (lambda: ids.check("x", torch.ones(2, 3, dtype=torch.bool)), TypeError, "x must hold integer ids"),
        (lambda: ids.check("x", torch.zeros(2, dtype=torch.long)), ValueError, "x must have shape"),
        (lambda: vectors.check("x", torch.zeros(2, 3, 3)), ValueError, "x must have shape"),
        (lambda: vectors.check("x", torch.zeros(2, 3, 2, dtype=torch.long)), TypeError, "x must be real-valued"),
        (lambda: vectors.check("x", torch.zeros(2, 3, 2).double()), TypeError, "x must have the dtype of the weights"),
        (lambda: ids("source", torch.full((1, 1), 3)), ValueError, "source must hold ids from 0 to 2"),
        (lambda: Embedding(3, 0, None, None), ValueError, "d_model must be at least 1"),
        (lambda: Embedding(3, 4, "learned", 0), ValueError, "longest must be at least 1"),
        (lambda: Embedding(None, 4, None, None, input_size=0), ValueError, "input_size must be at least 1"),
    ]
    for call, error, message in cases:
        with pytest.raises(error, match=message):
            call()
