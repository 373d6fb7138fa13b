"""A step with a cache in chapter 15: the last row of causal attention, step by step; each mistake with torch."""

import numpy as np
import pytest
import torch

from seqlib.exercises.gpt_cache import cached_step


def _causal(x, W_q, W_k, W_v, heads):
    """Causal attention over whole texts (B, T, D), by torch."""
    q, k, v = (torch.tensor(x @ W.T).unflatten(-1, (heads, -1)).transpose(1, 2) for W in (W_q, W_k, W_v))
    out = torch.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True)
    return out.transpose(1, 2).flatten(2).numpy()


@pytest.mark.parametrize("case", cached_step.cases)
def test_steps_one_after_the_other_are_causal_attention(case):
    x, _, _, *W, heads = case
    B, D = x.shape
    text = np.random.default_rng(0).normal(size=(B, 5, D))
    K = V = np.zeros((B, 0, D))
    for t in range(5):
        out, K, V = cached_step.expected(text[:, t], K, V, *W, heads)
        np.testing.assert_allclose(out, _causal(text[:, : t + 1], *W, heads)[:, -1], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(K, text @ W[1].T, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(V, text @ W[2].T, rtol=1e-9, atol=1e-12)


def test_cases_have_an_empty_cache_and_more_heads_than_one_of_more_than_one_feature():
    assert [K.shape[1] for _, K, *_ in cached_step.cases].count(0) == 1
    for x, K, V, *_, heads in cached_step.cases:
        assert K.shape == V.shape
        assert 1 < heads < x.shape[1] > len(x)
    assert any(len(x) == 1 for x, *_ in cached_step.cases)
    assert any(len(x) > 2 for x, *_ in cached_step.cases)


def _cut(y, heads):
    return y.unflatten(-1, (heads, -1)).transpose(1, 2)


def _every_nth(y, heads):
    return y.unflatten(-1, (-1, heads)).permute(0, 3, 1, 2)


def _side_by_side(y):
    return y.transpose(1, 2).flatten(1)


def _between(y):
    return y.permute(0, 2, 3, 1).flatten(1)


def _grown(cache, new):
    return torch.cat([cache, new], 1)


def _torch(
    cut=_cut,
    merge=_side_by_side,
    grow=_grown,
    scale=lambda D, heads: (D / heads) ** -0.5,
    weigh=lambda e: e.softmax(-1),
    turn=False,
    what=lambda k, v: (k, v),
    back=lambda out, K, V: (out, K, V),
    last=None,
):
    """The step in torch, with one thing different."""

    def answer(*given):
        x, K, V, W_q, W_k, W_v = (torch.tensor(a) for a in given[:6])
        heads = given[6]
        if turn:
            W_q, W_k, W_v = W_q.T, W_k.T, W_v.T
        q, k, v = ((x @ W.T)[:, None] for W in (W_q, W_k, W_v))
        K, V = grow(K, k), grow(V, v)
        k, v = (cut(y[:, :last], heads) for y in what(K, V))
        e = cut(q, heads) @ k.transpose(-1, -2) * scale(x.shape[1], heads)
        out = merge(weigh(e) @ v)
        return back(out if k.shape[2] else out * torch.nan, K, V)

    return answer


@pytest.mark.parametrize(
    ("id", "changed"),
    [
        ("right", {}),
        ("own left out", {"last": -1}),
        ("no scale", {"scale": lambda D, heads: 1}),
        ("scale of D", {"scale": lambda D, heads: D**-0.5}),
        ("scale of D", {"scale": lambda D, heads: heads / D}),
        ("scale of D", {"scale": lambda D, heads: (D / heads) ** 0.5}),
        ("one head", {"cut": lambda y, heads: y[:, None]}),
        ("every nth feature", {"cut": _every_nth, "merge": _between}),
        ("heads mixed", {"cut": _every_nth}),
        ("heads mixed", {"merge": _between}),
        ("heads mixed", {"cut": lambda y, heads: y.reshape(len(y), heads, y.shape[1], -1)}),
        ("turned", {"turn": True}),
        ("over the heads", {"weigh": lambda e: e.softmax(1)}),
        ("over the heads", {"weigh": lambda e: e.softmax(0)}),
        ("no softmax", {"weigh": lambda e: e}),
        ("no softmax", {"weigh": torch.exp}),
        ("of keys", {"what": lambda k, v: (k, k)}),
        ("in front", {"grow": lambda cache, new: torch.cat([new, cache], 1)}),
        ("oldest lost", {"grow": lambda cache, new: torch.cat([cache[:, 1:], new], 1)}),
        ("new ones alone", {"back": lambda out, K, V: (out, K[:, -1], V[:, -1])}),
        ("old cache returned", {"back": lambda out, K, V: (out, K[:, :-1], V[:, :-1])}),
        ("context alone", {"back": lambda out, K, V: out}),
    ],
)
def test_another_step_is_told_as_such(id, changed):
    assert cached_step.judge(_torch(**changed)).id == id


def test_other_mistakes_are_told_as_such():
    right = _torch()

    def swapped(x, K, V, W_q, W_k, W_v, heads):
        return right(x, K, V, W_q, W_v, W_k, heads)

    def again(x, K, V, W_q, W_k, W_v, heads):
        return right(x, np.einsum("ij,btj->bti", W_k, K), np.einsum("ij,btj->bti", W_v, V), W_q, W_k, W_v, heads)

    def tokens(x, K, V, W_q, W_k, W_v, heads):
        return right(x, K, V, W_q, np.identity(x.shape[1]), np.identity(x.shape[1]), heads)

    assert cached_step.judge(swapped).id == "keys and values"
    assert cached_step.judge(again).id == "projected again"
    assert cached_step.judge(tokens).id == "tokens in the cache"
