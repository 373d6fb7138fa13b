"""A step of linear attention in chapter 16: the quadratic form of whole texts, row by row; each mistake with torch."""

import numpy as np
import pytest
import torch

from seqlib.exercises.linear_recurrence_attention import linear_attention_step
from seqlib.reference import linear_attention


def _quadratic(q, k, v):
    """Causal attention with the weights φ(q)ᵀφ(k), by torch."""
    q, k, v = (torch.tensor(a) for a in (q, k, v))
    w = torch.tril((torch.nn.functional.elu(q) + 1) @ (torch.nn.functional.elu(k) + 1).transpose(1, 2))
    return (w @ v / w.sum(-1, keepdim=True)).numpy()


@pytest.mark.parametrize("case", linear_attention_step.cases)
def test_steps_one_after_the_other_are_attention(case):
    B, Dk, Dv = case[3].shape
    q, k, v = (np.random.default_rng(n).normal(size=(B, 6, D)) for n, D in enumerate((Dk, Dk, Dv)))
    S, z, ys = np.zeros((B, Dk, Dv)), np.zeros((B, Dk)), []
    for t in range(6):
        y, S, z = linear_attention_step.expected(q[:, t], k[:, t], v[:, t], S, z)
        ys.append(y)
    np.testing.assert_allclose(np.stack(ys, 1), _quadratic(q, k, v), rtol=1e-9, atol=1e-12)
    y, cache = linear_attention.forward(q, k, v)
    np.testing.assert_allclose(np.stack(ys, 1), y, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(np.concatenate([S, z[..., None]], 2), cache.state, rtol=1e-9, atol=1e-12)


def test_cases_begin_with_nothing_once_and_have_one_square_state():
    shapes = [S.shape for *_, S, _ in linear_attention_step.cases]
    assert [Dk == Dv for _, Dk, Dv in shapes].count(True) == 1
    assert {np.sign(Dk - Dv) for _, Dk, Dv in shapes} == {-1, 0, 1}
    assert [B for B, *_ in shapes].count(1) == 1
    assert [not S.any() and not z.any() for *_, S, z in linear_attention_step.cases].count(True) == 1
    for q, k, *_ in linear_attention_step.cases[:3]:
        assert {True, False} == set((q > 0).ravel()) == set((k > 0).ravel())


def _phi(u):
    return torch.nn.functional.elu(u) + 1


def _torch(
    of_q=_phi, of_k=_phi, put=lambda S, new: S + new, tally=lambda z, k, q: z + k, over=None, late=False, back=None
):
    """The step in torch, with one thing different."""

    def answer(*given):
        q, k, v, S, z = (torch.tensor(a) for a in given)
        q, k = of_q(q), of_k(k)
        new_S, new_z = put(S, torch.einsum("bi,bj->bij", k, v)), tally(z, k, q)
        read_S, read_z = (S, z) if late else (new_S, new_z)
        y = torch.einsum("bij,bi->bj", read_S, q)
        below = torch.einsum("bi,bi->b", read_z, q)[:, None] if over is None else over(y, read_z)
        return (back or (lambda *made: made))(y / below, new_S, new_z)

    return answer


def _same(of):
    return _torch(of_q=of, of_k=of)


def _turned(*given):
    q, k, v, S, z = (torch.tensor(a) for a in given)
    S, z = S + torch.einsum("bi,bj->bji", _phi(k), v), z + _phi(k)
    return torch.einsum("bji,bi->bj", S, _phi(q)) / (z * _phi(q)).sum(1, keepdim=True), S, z


def _by_rows(*given):
    _, S, z = _torch()(*given)
    q = _phi(torch.tensor(given[0]))
    return torch.einsum("bij,bj->bi", S, q) / (z * q).sum(1, keepdim=True), S, z


@pytest.mark.parametrize(
    ("id", "answer"),
    [
        ("right", _torch()),
        ("own left out", _torch(late=True)),
        ("no feature of the query", _torch(of_q=lambda u: u)),
        ("no feature of the key", _torch(of_k=lambda u: u)),
        ("no feature", _same(lambda u: u)),
        ("another feature", _same(torch.exp)),
        ("another feature", _same(lambda u: u.softmax(-1))),
        ("another feature", _same(torch.relu)),
        ("another feature", _same(lambda u: torch.relu(u) + 1)),
        ("another feature", _same(torch.nn.functional.softplus)),
        ("elu without 1", _same(torch.nn.functional.elu)),
        ("not divided", _torch(over=lambda y, z: 1)),
        ("divided by the keys", _torch(over=lambda y, z: z.sum(1, keepdim=True))),
        ("outputs add up to 1", _torch(over=lambda y, z: y.sum(1, keepdim=True))),
        ("queries counted", _torch(tally=lambda z, k, q: z + q)),
        ("steps counted", _torch(tally=lambda z, k, q: z + 1)),
        ("steps counted", _torch(tally=lambda z, k, q: z)),
        ("written over", _torch(put=lambda S, new: new)),
        ("written over", _torch(put=lambda S, new: new, tally=lambda z, k, q: k)),
        ("not written", _torch(put=lambda S, new: S)),
        ("query and key", lambda q, k, v, S, z: _torch()(k, q, v, S, z)),
        ("turned", _turned),
        ("read along the rows", _by_rows),
        ("output alone", _torch(back=lambda y, S, z: y)),
        ("without z", _torch(back=lambda y, S, z: [y, S])),
        ("old state returned", lambda *given: (_torch()(*given)[0], *given[3:])),
    ],
)
def test_another_step_is_told_as_such(id, answer):
    assert linear_attention_step.judge(answer).id == id
