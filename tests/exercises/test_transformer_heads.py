"""Heads of chapter 13: cut as the package cuts them, and one of them as torch computes it."""

import numpy as np
import pytest
import torch

from seqlib.exercises.transformer_heads import causal_head, split_heads
from seqlib.reference import attention, multi_head
from seqlib.reference.attention_scores import ScaledDot


@pytest.mark.parametrize(("x", "n"), split_heads.cases)
def test_heads_are_blocks_of_features(x, n):
    made = split_heads.expected(x, n)
    np.testing.assert_array_equal(made, multi_head.heads(x, n))
    d = x.shape[-1] // n
    for i in range(n):
        np.testing.assert_array_equal(made[:, i], x[..., i * d : (i + 1) * d])


def test_cases_have_other_sizes_equal_sizes_and_positions_that_could_be_cut():
    sizes = [(*x.shape[:2], n, x.shape[2] // n) for x, n in split_heads.cases]
    assert any(len(set(of_case)) == 1 for of_case in sizes)
    assert any(n != d and T % n == 0 for _, T, n, d in sizes)
    assert any(n > d for *_, n, d in sizes)
    assert any(d > n for *_, n, d in sizes)
    for x, _ in split_heads.cases:
        assert len(np.unique(x)) > 0.8 * x.size


def _index_by_index(place):
    """Heads of which each entry is looked up: `place` is where (b, i, t, j) comes from, of n heads of d features."""

    def answer(x, n):
        B, T, D = x.shape
        d = D // n
        out = np.zeros((B, n, T, d))
        for b, i, t, j in np.ndindex(out.shape):
            out[b, i, t, j] = x[place(b, i, t, j, n, d, T)]
        return out

    return answer


def _in_order(b, i, t, j, n, d, T):
    flat = (i * T + t) * d + j
    return b, flat // (n * d), flat % (n * d)


@pytest.mark.parametrize(
    ("id", "place"),
    [
        ("right", lambda b, i, t, j, n, d, T: (b, t, i * d + j)),
        ("every nth feature", lambda b, i, t, j, n, d, T: (b, t, j * n + i)),
        ("reshaped at once", _in_order),
        ("the same head again", lambda b, i, t, j, n, d, T: (b, t, j)),
        ("backwards", lambda b, i, t, j, n, d, T: (b, t, (n - 1 - i) * d + j)),
        ("other", lambda b, i, t, j, n, d, T: (b, T - 1 - t, i * d + j)),
    ],
)
def test_where_an_entry_comes_from_is_told(id, place):
    assert split_heads.judge(_index_by_index(place)).id == id


@pytest.mark.parametrize(("query", "keys", "values"), causal_head.cases)
def test_a_head_is_that_of_torch_and_of_the_package(query, keys, values):
    context, weights = causal_head.expected(query, keys, values)
    theirs = torch.nn.functional.scaled_dot_product_attention(*map(torch.tensor, (query, keys, values)), is_causal=True)
    np.testing.assert_allclose(context, theirs, rtol=1e-12, atol=1e-13)
    allowed = np.repeat(np.tri(len(keys[0]), dtype=bool)[None], len(keys), 0)
    ours, cache = attention.forward(ScaledDot(), query, keys, values, allowed)
    np.testing.assert_allclose(context, ours, rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(weights, cache.weights, rtol=1e-12, atol=1e-15)


def test_cases_of_a_head_tell_sizes_apart_and_need_no_shift():
    sizes = [(len(v), *k.shape[1:], v.shape[-1]) for _, k, v in causal_head.cases]
    assert any(len(set(of_case)) == 1 for of_case in sizes)
    for size in (0, 1, 3):
        assert any(of_case[size] != of_case[2] for of_case in sizes)
    for query, keys, _ in causal_head.cases:
        assert 1 < abs(query @ keys.swapaxes(1, 2)).max() < 50


def _torch(q, k, v, *, by=None, ahead=0, low=-torch.inf, dim=-1, flip=False):
    by = k.shape[-1] ** -0.5 if by is None else by
    hidden = torch.ones(q.shape[1], q.shape[1], dtype=torch.bool).triu(1 + ahead)
    e = (torch.tensor(q) @ torch.tensor(k).mT * by).masked_fill(~hidden if flip else hidden, low)
    weights = torch.softmax(e, dim)
    return weights @ torch.tensor(v), weights


@pytest.mark.parametrize(
    ("id", "function"),
    [
        ("right", _torch),
        ("not scaled", lambda q, k, v: _torch(q, k, v, by=1)),
        ("divided by d_k", lambda q, k, v: _torch(q, k, v, by=1 / k.shape[-1])),
        ("another root", lambda q, k, v: _torch(q, k, v, by=k.shape[1] ** -0.5)),
        ("another root", lambda q, k, v: _torch(q, k, v, by=v.shape[-1] ** -0.5)),
        ("another root", lambda q, k, v: _torch(q, k, v, by=len(k) ** -0.5)),
        ("multiplied", lambda q, k, v: _torch(q, k, v, by=k.shape[-1] ** 0.5)),
        ("no mask", lambda q, k, v: _torch(q, k, v, ahead=k.shape[1])),
        ("scored 0", lambda q, k, v: _torch(q, k, v, low=0)),
        ("own position hidden", lambda q, k, v: _torch(q, k, v, ahead=-1)),
        ("own position hidden", lambda q, k, v: _torch(q, k, v, ahead=-1, low=-1e9)),
        ("one ahead", lambda q, k, v: _torch(q, k, v, ahead=1)),
        ("mask turned over", lambda q, k, v: _torch(q, k, v, flip=True)),
        ("mask turned over", lambda q, k, v: _torch(q, k, v, flip=True, low=-1e9)),
        ("mask turned over", lambda q, k, v: _torch(q, k, v, flip=True, ahead=-1, low=-1e9)),
        ("another axis", lambda q, k, v: _torch(q, k, v, dim=1)),
        ("another axis", lambda q, k, v: _torch(q, k, v, dim=0, low=-1e9)),
        ("keys ask", lambda q, k, v: _torch(k, q, v)),
        ("keys for values", lambda q, k, v: _torch(q, k, k)),
        ("values for keys", lambda q, k, v: _torch(q, v, v)),
        ("order", lambda *given: _torch(*given)[::-1]),
        ("scores for weights", lambda q, k, v: (_torch(q, k, v)[0], q @ k.swapaxes(1, 2) / k.shape[-1] ** 0.5)),
        ("weights alone", lambda *given: _torch(*given)[1]),
    ],
)
def test_what_torch_makes_of_a_head_is_told_as_such(id, function):
    assert causal_head.judge(function).id == id


def test_what_is_divided_after_the_softmax_is_told_from_what_is_not_scaled():
    def answer(q, k, v):
        context, weights = _torch(q, k, v, by=1)
        return context / k.shape[-1] ** 0.5, weights / k.shape[-1] ** 0.5

    assert causal_head.judge(answer).id == "divided after the softmax"
