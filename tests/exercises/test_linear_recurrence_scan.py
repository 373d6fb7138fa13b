"""All states in chapter 16: each as a sum over all steps before it; each mistake with sums and with torch."""

import numpy as np
import pytest
import torch

from seqlib.exercises.linear_recurrence_scan import scan_states
from seqlib.reference import linear_recurrence


def _sums(a, b, h0):
    """Every state from all steps before it."""
    hs = np.zeros(b.shape)
    for t in range(b.shape[1]):
        hs[:, t] = np.prod(a[:, : t + 1], axis=1) * h0
        for s in range(t + 1):
            hs[:, t] += np.prod(a[:, s + 1 : t + 1], axis=1) * b[:, s]
    return hs


@pytest.mark.parametrize("case", scan_states.cases)
def test_states_are_those_of_the_reference_and_of_sums(case):
    hs = scan_states.expected(*case)
    np.testing.assert_allclose(hs, _sums(*case), rtol=1e-10, atol=1e-10)
    for method in linear_recurrence.METHODS:
        np.testing.assert_allclose(hs, linear_recurrence.forward(*case, method=method)[0], rtol=1e-10, atol=1e-10)


def test_cases_begin_above_zero_forget_once_and_have_lengths_of_all_kinds():
    lengths = [a.shape[1] for a, *_ in scan_states.cases]
    assert sorted(lengths) == [1, 5, 7, 8]
    assert [len(a) for a, *_ in scan_states.cases].count(1) == 1
    assert sum(int((a == 0).sum()) for a, *_ in scan_states.cases) == 1
    for a, b, h0 in scan_states.cases:
        assert a.shape == b.shape == (len(h0), a.shape[1], h0.shape[1])
        assert (h0 > 0.4).all()
        assert (a < 0).any()
        assert (a[:, 0] < 0).all()


def _rounds(new_b=lambda a, b, a2, b2: a2 * b + b2, new_a=torch.mul, d_of=lambda k: 2**k, up=np.ceil, late=False):
    """The scan in torch, with one thing different."""

    def answer(a, b, h0):
        a, b = torch.tensor(a), torch.tensor(b)
        b[:, 0] += a[:, 0] * torch.tensor(h0)
        for k in range(int(up(np.log2(b.shape[1])))):
            d = d_of(k)
            made = torch.cat([a[:, :d], new_a(a[:, d:], a[:, :-d])], 1)
            b = torch.cat([b[:, :d], new_b(a[:, :-d], b[:, :-d], made[:, d:] if late else a[:, d:], b[:, d:])], 1)
            a = made
        return b

    return answer


def _divided(a, b, h0):
    products = torch.cumprod(torch.tensor(a), 1)
    return products * (torch.tensor(h0)[:, None] + (torch.tensor(b) / products).cumsum(1))


def _logarithms(a, b, h0):
    logs = torch.tensor(a).log().cumsum(1)
    return logs.exp() * (torch.tensor(h0)[:, None] + (torch.tensor(b) / logs.exp()).cumsum(1))


def _each(a, b, h0):
    return np.stack([_sums(a[:, t : t + 1], b[:, t : t + 1], h0)[:, 0] for t in range(a.shape[1])], 1)


def _joined(a, b, h0):
    """All sequences as one."""
    H = a.shape[2]
    return _sums(a.reshape(1, -1, H), b.reshape(1, -1, H), h0[:1]).reshape(a.shape)


def _all(a, b, h0):
    return np.insert(_sums(a, b, h0), 0, h0, axis=1)


@pytest.mark.parametrize(
    ("id", "answer"),
    [
        ("right", _rounds()),
        ("factors multiplied first", _rounds(late=True)),
        ("factors kept", _rounds(new_a=lambda a2, a: a2)),
        ("a round too few", _rounds(up=np.floor)),
        ("neighbours in each round", _rounds(d_of=lambda k: 1)),
        ("distance grows by one", _rounds(d_of=lambda k: k + 1)),
        ("other way round", _rounds(new_b=lambda a, b, a2, b2: a * b2 + b)),
        ("divided", _divided),
        ("logarithms", _logarithms),
        ("no start", lambda a, b, h0: _sums(a, b, np.zeros(h0.shape))),
        ("no start", lambda a, b, h0: _rounds()(a, b, np.zeros(h0.shape))),
        ("start not multiplied", lambda a, b, h0: _sums(np.insert(a[:, 1:], 0, 1, axis=1), b, h0)),
        ("start added everywhere", lambda a, b, h0: h0[:, None] + _sums(a, b, 0 * h0)),
        ("start added everywhere", lambda a, b, h0: a * h0[:, None] + _sums(a, b, 0 * h0)),
        ("start in every b", lambda a, b, h0: _sums(a, b + np.einsum("bth,bh->bth", a, h0), 0 * h0)),
        ("each step alone", _each),
        ("factor of the step before", lambda a, b, h0: _sums(np.insert(a[:, :-1], 0, 1, axis=1), b, h0)),
        ("inside the product", lambda a, b, h0: _sums(a, np.multiply(a, b), h0)),
        ("sum", lambda a, b, h0: _sums(np.ones(a.shape), b, h0)),
        ("sum", lambda a, b, h0: _sums(np.ones(a.shape), b, a[:, 0] * h0)),
        ("states before", lambda a, b, h0: _all(a, b, h0)[:, :-1]),
        ("start among them", _all),
        ("last alone", lambda a, b, h0: _all(a, b, h0)[:, -1]),
        ("backwards", lambda a, b, h0: _sums(a[:, ::-1], b[:, ::-1], h0)[:, ::-1]),
        ("one sequence", _joined),
    ],
)
def test_other_states_are_told_as_such(id, answer):
    assert scan_states.judge(answer).id == id
