"""The way back in chapter 16: that of the reference and of autograd; each mistake as a sum over pairs of steps."""

import numpy as np
import pytest
import torch

from seqlib.exercises.linear_recurrence_gradient import scan_gradients
from seqlib.reference import linear_recurrence


@pytest.mark.parametrize("case", scan_gradients.cases)
def test_gradients_are_those_of_autograd_and_of_the_reference(case):
    a, hs, h0, dhs = case
    b = hs - a * np.concatenate([h0[:, None], hs[:, :-1]], 1)  # so that the states are those
    given = [torch.tensor(array, requires_grad=True) for array in (a, b, h0)]
    h, loss = given[2], 0.0
    for t in range(a.shape[1]):
        h = given[0][:, t] * h + given[1][:, t]
        loss = loss + (h * torch.tensor(dhs[:, t])).sum()
    mine = scan_gradients.expected(*case)
    for one, other in zip(mine, torch.autograd.grad(loss, given), strict=True):
        np.testing.assert_allclose(one, other.numpy(), rtol=1e-9, atol=1e-12)
    states, cache = linear_recurrence.forward(a, b, h0)
    np.testing.assert_allclose(states, hs, rtol=1e-9, atol=1e-12)
    for one, other in zip(mine, linear_recurrence.backward(dhs, cache), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-12)


def test_cases_have_a_start_factors_of_both_signs_and_one_step_once():
    assert [a.shape[1] for a, *_ in scan_gradients.cases].count(1) == 1
    assert [len(a) for a, *_ in scan_gradients.cases].count(1) == 1
    assert max(a.shape[1] for a, *_ in scan_gradients.cases) > 5
    for a, hs, h0, dhs in scan_gradients.cases:
        assert a.shape == hs.shape == dhs.shape == (len(h0), a.shape[1], h0.shape[1])
        assert (h0 > 0.4).all()
    signs = np.concatenate([np.sign(a).ravel() for a, *_ in scan_gradients.cases])
    assert 0.3 < (signs > 0).mean() < 0.7


def _pairs(between=lambda t, s: slice(t + 1, s + 1), reach=lambda t, s: s >= t, of=lambda dhs: dhs):
    """g_t from the loss at every step s, by the product of the factors between them."""

    def found(a, dhs):
        g, dhs = np.zeros(dhs.shape), of(dhs)
        for t in range(a.shape[1]):
            for s in range(a.shape[1]):
                if reach(t, s):
                    g[:, t] += dhs[:, s] * np.prod(a[:, between(t, s)], axis=1)
        return g

    return found


def _before(hs, h0):
    return np.insert(hs, 0, h0, axis=1)[:, :-1]


def _way(g=None, met=_before, start=lambda a, g, h0: a[:, 0] * g[:, 0], b=lambda a, g: g):
    def answer(a, hs, h0, dhs):
        found = (g or _pairs())(a, dhs)
        return met(hs, h0) * found, b(a, found), start(a, found, h0)

    return answer


def _too_far(a, dhs):
    """The factor of two steps later, and the last where there is none."""
    far = np.concatenate([a[:, 1:], a[:, -1:]], 1)
    return _pairs()(far, dhs)


def _only_last(dhs):
    kept = np.zeros(dhs.shape)
    kept[:, -1] = dhs[:, -1]
    return kept


@pytest.mark.parametrize(
    ("id", "answer"),
    [
        ("right", _way()),
        ("own factor", _way(_pairs(lambda t, s: slice(t, s)))),
        ("a step too far", _way(_too_far)),
        ("nothing carried", _way(_pairs(reach=lambda t, s: s == t))),
        ("carried in full", _way(_pairs(between=lambda t, s: slice(0, 0)))),
        ("next alone", _way(_pairs(reach=lambda t, s: s in (t, t + 1)))),
        ("forwards", _way(_pairs(lambda t, s: slice(s + 1, t + 1), reach=lambda t, s: s <= t))),
        ("forwards", _way(_pairs(lambda t, s: slice(s, t), reach=lambda t, s: s <= t))),
        ("last alone", _way(_pairs(of=_only_last))),
        ("state after", _way(met=lambda hs, h0: hs)),
        ("start forgotten", _way(met=lambda hs, h0: _before(hs, 0))),
        ("start forgotten", _way(met=lambda hs, h0: np.concatenate([hs[:, -1:], hs], 1)[:, :-1])),
        ("no state", _way(met=lambda hs, h0: 1)),
        ("factor for b", _way(b=lambda a, g: a * g)),
        ("b as given", lambda a, hs, h0, dhs: (_way()(a, hs, h0, dhs)[0], dhs, _way()(a, hs, h0, dhs)[2])),
        ("start as the first", _way(start=lambda a, g, h0: g[:, 0])),
        ("start for a", _way(start=lambda a, g, h0: g[:, 0] * h0)),
        ("no gradient of the start", _way(start=lambda a, g, h0: np.zeros(h0.shape))),
        ("all for the start", _way(start=lambda a, g, h0: np.einsum("bth,bth->bh", np.cumprod(a, 1), g))),
        ("turned", lambda *given: [_way()(*given)[i] for i in (1, 0, 2)]),
        ("without the start", lambda *given: _way()(*given)[:2]),
        ("g alone", lambda *given: _way()(*given)[1]),
    ],
)
def test_another_way_is_told_as_such(id, answer):
    assert scan_gradients.judge(answer).id == id
