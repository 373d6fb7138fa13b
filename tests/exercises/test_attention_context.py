"""Contexts of chapter 12: those of torch and of the package, and nothing depends on the padding."""

import numpy as np
import pytest
import torch

from seqlib.exercises.attention_context import attend
from seqlib.reference import attention
from seqlib.reference.attention_scores import Dot


def _mask(keys, lengths):
    return np.arange(keys.shape[1]) < lengths[:, None]


@pytest.mark.parametrize(("query", "keys", "values", "lengths"), attend.cases)
def test_context_and_weights_are_those_of_torch_and_of_the_package(query, keys, values, lengths):
    mask = _mask(keys, lengths)
    context, weights = attend.expected(query, keys, values, lengths)
    q, k, v = map(torch.tensor, (query, keys, values))
    theirs = torch.nn.functional.scaled_dot_product_attention(q, k, v, torch.tensor(mask)[:, None], scale=1.0)
    np.testing.assert_allclose(context, theirs, rtol=1e-12, atol=1e-12)
    ours, cache = attention.forward(Dot(), query, keys, values, mask)
    np.testing.assert_allclose(context, ours, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(weights, cache.weights, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(("query", "keys", "values", "lengths"), attend.cases)
def test_the_padding_is_full_of_numbers_that_do_not_matter(query, keys, values, lengths):
    padding = ~_mask(keys, lengths)
    assert padding.any()
    assert (keys[padding] != 0).all()
    assert (values[padding] != 0).all()
    other = [x.copy() for x in (keys, values)]
    for x in other:
        x[padding] += 5.0
    for a, b in zip(
        attend.expected(query, *other, lengths), attend.expected(query, keys, values, lengths), strict=True
    ):
        np.testing.assert_array_equal(a, b)


def test_scores_are_small_enough_for_exp_and_lengths_at_least_1_in_every_way():
    for query, keys, _, lengths in attend.cases:
        assert abs(query @ keys.swapaxes(1, 2)).max() < 50
        assert len(set(lengths.tolist())) == len(lengths)
        assert lengths.min() > 1  # one word less leaves one


def _torch(q, k, v, lengths, *, low=-1e9, dim=-1, scale=1.0, mask_axis=1):
    mask = torch.tensor(_mask(k, lengths)).unsqueeze(mask_axis) if mask_axis is not None else _mask(k, lengths)
    e = (torch.tensor(q) @ torch.tensor(k).transpose(1, 2) * scale).masked_fill(~torch.as_tensor(mask), low)
    weights = torch.softmax(e, dim)
    return weights @ torch.tensor(v), weights


def _unnormalised(q, k, v, mask):
    p = np.exp(np.einsum("btd,bsd->bts", q, k)) * mask
    return p @ v, p


@pytest.mark.parametrize(
    ("id", "function"),
    [
        ("padding scored 0", lambda *given: _torch(*given, low=0)),
        ("another axis", lambda *given: _torch(*given, dim=1)),
        ("another axis", lambda *given: _torch(*given, dim=0)),
        ("scaled", lambda q, k, v, n: _torch(q, k, v, n, scale=k.shape[-1] ** -0.5)),
        ("padding attended to", lambda q, k, v, n: _torch(q, k, v, 0 * n + k.shape[1])),
        ("one too few", lambda q, k, v, n: _torch(q, k, v, n - 1)),
        ("one too many", lambda q, k, v, n: _torch(q, k, v, n + 1)),
        ("one length for all", lambda q, k, v, n: _torch(q, k, v, 0 * n + n[0])),
        ("keys for values", lambda q, k, v, n: _torch(q, k, k, n)),
        ("values for keys", lambda q, k, v, n: _torch(q, v, v, n)),
        ("order", lambda *given: _torch(*given)[::-1]),
        ("weights transposed", lambda *given: (_torch(*given)[0], _torch(*given)[1].mT)),
        ("scaled", lambda q, k, v, n: (_torch(q, k, v, n, scale=k.shape[-1] ** -0.5)[0], _torch(q, k, v, n)[1])),
        ("padding attended to", lambda q, k, v, n: (_torch(q, k, v, n)[0], _torch(q, k, v, 0 * n + k.shape[1])[1])),
        ("not divided", lambda q, k, v, n: _unnormalised(q, k, v, _mask(k, n)[:, None])),
        ("all alike", lambda q, k, v, n: _torch(0 * q, k, v, n)),
    ],
)
def test_what_torch_makes_of_it_is_told_as_such(id, function):
    assert attend.judge(function).id == id


def _of_queries(q, k, n, places):
    """Scores, and a mask that is True for the first n queries."""
    return torch.tensor(q @ k.swapaxes(1, 2)), torch.tensor(np.arange(places.shape[1])[:, None] < n[:, None, None])


@pytest.mark.parametrize("low", [-torch.inf, -1e9])
@pytest.mark.parametrize("zeroed", [False, True])
def test_a_mask_of_queries_is_told(low, zeroed):
    def answer(q, k, v, n):
        e, mask = _of_queries(q, k, n, q)
        weights = torch.softmax(e.masked_fill(~mask, low), -1)
        weights = torch.where(mask, weights, 0) if zeroed else weights
        return weights @ torch.tensor(v), weights

    assert attend.judge(answer).id == "queries masked"


def test_a_mask_that_lies_along_the_queries_but_counts_keys_is_told():
    def answer(q, k, v, n):
        e, mask = _of_queries(q, k, n, k)
        if e.shape[1] not in (1, mask.shape[1]):
            raise ValueError("shapes do not fit")
        weights = torch.softmax(torch.where(mask, e, -1e9), -1)
        return weights @ torch.tensor(v), weights

    assert attend.judge(answer).id == "queries masked"


def test_a_mask_along_the_queries_is_told_however_it_is_put_on():
    def compared(q, k, v, lengths):
        e = np.where(_mask(k, lengths), q @ k.swapaxes(1, 2), -1e9)
        weights = torch.softmax(torch.tensor(e), -1).numpy()
        return weights @ v, weights

    def indexed(q, k, v, lengths):
        e = q @ k.swapaxes(1, 2)
        e[~_mask(k, lengths)] = -1e9
        weights = torch.softmax(torch.tensor(e), -1).numpy()
        return weights @ v, weights

    assert attend.judge(compared).id == attend.judge(indexed).id == "mask along the queries"
