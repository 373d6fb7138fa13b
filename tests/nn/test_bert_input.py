"""BERT: bad options and bad input are named."""

import pytest
import torch
from blocks import DOUBLE

from seqlib.batching import Batch
from seqlib.nn import Bert, BertForClassification, BertForPretraining, pretraining_loss


def bert():
    return Bert(11, 8, 2, 2, 12, n_segments=3, longest=9, **DOUBLE)


X = torch.tensor([[1, 2, 3], [4, 5, 6]])


def asked(y, mask):
    """The loss of two sentences where this is asked for."""
    return pretraining_loss(BertForPretraining(bert()), Batch((X,), y, mask))


def head():
    return BertForPretraining(bert())


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: Bert(0, 4, 2, 1), "vocab_size must be at least 1"),
        (lambda: Bert(5, 0, 2, 1), "d_model must be at least 1"),
        (lambda: Bert(5, 4, 3, 1), "n_heads"),
        (lambda: Bert(5, 4, 2, 0), "n_layers must be at least 1"),
        (lambda: Bert(5, 4, 2, 1, 0), "hidden_size must be at least 1"),
        (lambda: Bert(5, 4, 2, 1, longest=0), "longest must be at least 1"),
        (lambda: Bert(5, 4, 2, 1, n_segments=0), "n_segments must be at least 1"),
        (lambda: Bert(5, 4, 2, 1, dropout=2), "dropout must be at most 1"),
        (lambda: Bert(5, 4, 2, 1, eps=-1), "eps must be at least 0"),
        (lambda: Bert(5, 4, 2, 1, start=0), "start must be greater than 0"),
        (lambda: bert()(X.numpy()), "x must be a tensor, got ndarray"),
        (lambda: bert()(X.double()), "x must hold integer ids, got dtype torch.float64"),
        (lambda: bert()(X[0]), r"x must have shape \(B, T\)"),
        (lambda: bert()(X[:, :0]), "x must have at least one position"),
        (lambda: bert()(X + 5), "x must hold ids from 0 to 10"),
        (lambda: bert()(X.repeat(1, 4)), "x must have at most longest=9 positions, got 12"),
        (lambda: bert()(X, torch.tensor([3, 4])), r"lengths must be at least 1 and at most 3, but lengths\[1\] is 4"),
        (lambda: bert()(X, torch.tensor([3])), r"lengths must have shape \(2\)"),
        (lambda: bert()(X, segments=X), "segments must hold ids from 0 to 2"),
        (lambda: bert()(X, segments=X[:, :2]), r"segments must have shape \(2, 3\)"),
        (lambda: bert()(X, segments=X > 2), "segments must hold integer ids"),
        (lambda: bert()(X, mask=X), "mask must be boolean"),
        (lambda: bert()(X, mask=X[:, :2] > 2), "mask must have shape"),
        (lambda: asked(X, (X > 2).long()), "batch.mask must be boolean"),
        (lambda: asked(X, X > 6), "batch.mask must be True somewhere"),
        (lambda: asked(X, X[:, :2] > 2), r"batch.mask must have shape \(2, 3\)"),
        (lambda: asked(X[:, :2], X > 2), r"batch.y must have shape \(2, 3\)"),
        (lambda: bert().pooled(torch.zeros(2, 8, **DOUBLE)), "h must have at least one position"),
        (lambda: bert().pooled(torch.zeros(2, 0, 8, **DOUBLE)), "h must have at least one position"),
        (lambda: bert().pooled(torch.zeros(2, 3, 7, **DOUBLE)), r"h must have shape \(…, 8\), got \(2, 3, 7\)"),
        (lambda: head().scores(torch.zeros(3, 7, **DOUBLE)), r"h must have shape \(…, 8\), got \(3, 7\)"),
        (lambda: head().scores(torch.zeros(3, 8)), "h must have the dtype of the weights, torch.float64"),
        (lambda: head().scores([[1.0] * 8]), "h must be a tensor, got list"),
        (lambda: BertForPretraining(bert(), 4), "options must not be given beside a Bert"),
        (lambda: BertForClassification(bert(), n_classes=2, longest=3), "options must not be given beside a Bert"),
        (lambda: BertForClassification(bert(), n_classes=0), "n_classes must be at least 1"),
        (lambda: BertForClassification(bert(), n_classes=2, head_dropout=-1), "head_dropout must be at least 0"),
    ],
)
def test_bad_input_is_named(call, name):
    with pytest.raises((ValueError, TypeError), match=name):
        call()
