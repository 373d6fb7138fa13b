"""What goes into the encoder of chapter 14: as the package makes it, and each mistake position by position."""

import numpy as np
import pytest
import torch

from seqlib.exercises.bert_input import bert_input
from seqlib.nn.bert import Bert


def _segments(ids):
    """Word by word: 0 up to the first <sep>, which is 5, and 1 behind it."""
    return np.array([[int(5 in row[:t]) for t in range(len(row))] for row in ids.tolist()])


@pytest.mark.parametrize("case", bert_input.cases)
def test_the_vectors_are_those_that_the_bert_of_the_package_reads(case):
    ids, E, P, S, gain, bias, eps = case
    bert = Bert(len(E), E.shape[1], 1, 1, longest=len(P), eps=eps, dtype=torch.float64)
    for parameter, value in zip(
        (bert.words.weight, bert.places.weight, bert.segments.weight, bert.norm.weight, bert.norm.bias),
        (E, P, S, gain, bias),
        strict=True,
    ):
        parameter.data = torch.tensor(value)
    bert.core.read = lambda vectors, *_, **__: (vectors, [])  # an encoder that puts out what goes in
    with torch.no_grad():
        read, _ = bert(torch.tensor(ids), segments=torch.tensor(_segments(ids)))
    np.testing.assert_allclose(bert_input.expected(*case), read, rtol=1e-12, atol=1e-13)


def test_cases_have_one_sentence_and_two_more_places_than_positions_and_a_cube():
    seps = [(ids == 5).sum(1) for ids, *_ in bert_input.cases]
    assert sum((n == 1).any() for n in seps) == 2
    assert all((n == 2).any() for n in seps)
    assert (bert_input.cases[0][0] == 5).sum(1).min() == 2
    assert any(len({*ids.shape, E.shape[1]}) == 1 for ids, E, *_ in bert_input.cases)
    assert any(len({*ids.shape, E.shape[1]}) == 3 for ids, E, *_ in bert_input.cases)
    for ids, _, P, S, *_, eps in bert_input.cases:
        assert (ids[:, 0] == 4).all()
        assert (ids[:, -1] == 5).all()
        assert len(P) > ids.shape[1]
        assert len(S) == 2
        assert eps >= 0.03


def _position_by_position(
    segment=lambda row, t: int(5 in row[:t]),
    place=lambda row, t: t,
    vector=lambda e, p, s: e + p + s,
    normed=lambda v, eps: (v - v.mean()) / (v.var() + eps) ** 0.5,
    last=lambda n, gain, bias, e, p, s: gain * n + bias,
):
    """An answer that goes through the positions, in which one thing may be another."""

    def answer(ids, E, P, S, gain, bias, eps):
        rows = []
        for row in ids.tolist():
            made = []
            for t, word in enumerate(row):
                parts = E[word], P[place(row, t)], S[segment(row, t)]
                made.append(last(normed(vector(*parts), eps), gain, bias, *parts))
            rows.append(made)
        return np.array(rows)

    return answer


def _mean_over(axis):
    def answer(ids, E, P, S, gain, bias, eps):
        x = torch.tensor(E[ids] + P[: ids.shape[1]] + S[_segments(ids)])
        dims = tuple(range(3)) if axis is None else axis
        var, mean = torch.var_mean(x, dims, correction=0, keepdim=True)
        return torch.tensor(gain) * (x - mean) / (var + eps).sqrt() + torch.tensor(bias)

    return answer


def _n(v, eps):
    return (v - v.mean()) / (v.var() + eps) ** 0.5


@pytest.mark.parametrize(
    ("id", "changed"),
    [
        ("right", {}),
        ("segments left out", {"segment": lambda row, t: 0}),
        ("segments left out", {"vector": lambda e, p, s: e + p}),
        ("places left out", {"vector": lambda e, p, s: e + s}),
        ("words alone", {"vector": lambda e, p, s: e}),
        ("places from 1", {"place": lambda row, t: t + 1}),
        ("places anew", {"place": lambda row, t: t - row.index(5) - 1 if 5 in row[:t] else t}),
        ("<sep> too early", {"segment": lambda row, t: int(5 in row[: t + 1])}),
        ("every <sep>", {"segment": lambda row, t: int(row[t] == 5)}),
        ("every <sep>", {"segment": lambda row, t: row[: t + 1].count(5) % 2}),
        ("every <sep>", {"segment": lambda row, t: int(5 in row[:t] and row[t] != 5)}),
        ("a third segment", {"segment": lambda row, t: row[: t + 1].count(5)}),
        ("segments swapped", {"segment": lambda row, t: int(5 not in row[:t])}),
        ("side by side", {"last": lambda n, gain, bias, e, p, s: np.concatenate([e, p, s])}),
        ("a mean", {"vector": lambda e, p, s: (e + p + s) / 3}),
        ("root of D", {"vector": lambda e, p, s: len(e) ** 0.5 * e + p + s}),
        ("not normalised", {"normed": lambda v, eps: v}),
        ("not normalised", {"last": lambda n, gain, bias, e, p, s: e + p + s}),
        ("D - 1", {"normed": lambda v, eps: (v - v.mean()) / (v.var(ddof=1) + eps) ** 0.5}),
        ("eps outside the root", {"normed": lambda v, eps: (v - v.mean()) / (v.std() + eps)}),
        ("eps outside the root", {"normed": lambda v, eps: _n(v, 0)}),
        ("eps outside the root", {"normed": lambda v, eps: _n(v, 1e-5)}),
        ("gain and bias", {"last": lambda n, gain, bias, e, p, s: n}),
        ("gain and bias", {"last": lambda n, gain, bias, e, p, s: gain * n}),
        ("gain and bias", {"last": lambda n, gain, bias, e, p, s: n + bias}),
        ("gain and bias", {"last": lambda n, gain, bias, e, p, s: gain * (n + bias)}),
    ],
)
def test_a_mistake_at_a_position_is_told_as_such(id, changed):
    assert bert_input.judge(_position_by_position(**changed)).id == id


@pytest.mark.parametrize("axis", [(0,), (1,), (0, 1), (1, 2), None])
def test_a_norm_over_another_axis_is_told(axis):
    assert bert_input.judge(_mean_over(axis)).id == "another axis"
    assert bert_input.judge(_mean_over((2,))).id == "right"


def test_parts_that_are_normalised_one_by_one_are_told():
    def each(ids, E, P, S, gain, bias, eps):
        def normed(x):
            return torch.nn.functional.layer_norm(torch.tensor(x), (E.shape[1],), eps=eps).numpy()

        return gain * (normed(E[ids]) + normed(P[: ids.shape[1]]) + normed(S)[_segments(ids)]) + bias

    def words(ids, E, P, S, gain, bias, eps):
        e = torch.nn.functional.layer_norm(torch.tensor(E[ids]), (E.shape[1],), eps=eps).numpy()
        return gain * e + bias + P[: ids.shape[1]] + S[_segments(ids)]

    assert bert_input.judge(each).id == "each normed"
    assert bert_input.judge(words).id == "words normed"
