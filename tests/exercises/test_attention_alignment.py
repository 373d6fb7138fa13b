"""The alignment error rate of chapter 12: that of the package, link by link."""

import numpy as np
import pytest

from seqlib.exercises.attention_alignment import aer
from seqlib.metrics import alignment_error_rate


def _found(weights):
    return [{(row.index(max(row)), t) for t, row in enumerate(w.tolist())} for w in weights]


@pytest.mark.parametrize(("weights", "sure", "possible"), aer.cases)
def test_the_rate_is_that_of_the_package(weights, sure, possible):
    assert aer.expected(weights, sure, possible) == pytest.approx(
        alignment_error_rate(_found(weights), sure, possible), abs=1e-12
    )


@pytest.mark.parametrize(("weights", "sure", "possible"), aer.cases)
def test_cases_are_what_the_text_says(weights, sure, possible):
    for w, S, P in zip(weights, sure, possible, strict=True):
        assert S
        assert S < P
        assert all(i < w.shape[1] and t < w.shape[0] for i, t in P)
        np.testing.assert_allclose(w.sum(1), 1, atol=0.003)
        two = np.sort(w, 1)[:, -2:]
        assert (two[:, 1] - two[:, 0]).min() > 0.001


def test_a_rate_of_three_links_by_hand():
    w = np.array([[0.9, 0.1], [0.4, 0.6], [0.7, 0.3]])  # (0, 0), (1, 1), (0, 2)
    assert aer.expected([w], [{(0, 0), (0, 1)}], [{(0, 0), (0, 1), (1, 1)}]) == pytest.approx(1 - (1 + 2) / (3 + 2))
    assert aer.expected([w], [{(0, 0), (1, 1), (0, 2)}], [{(0, 0), (1, 1), (0, 2)}]) == 0


def _rate(found, sure, possible):
    return alignment_error_rate(found, sure, possible)


@pytest.mark.parametrize(
    ("id", "function"),
    [
        ("transposed", lambda w, S, P: _rate([{(t, i) for i, t in A} for A in _found(w)], S, P)),
        (
            "best of each column",
            lambda w, S, P: _rate([{(i, t) for t, i in A} for A in _found([x.T for x in w])], S, P),
        ),
        ("best of each column", lambda w, S, P: _rate(_found([x.T for x in w]), S, P)),
        ("agreement", lambda w, S, P: 1 - _rate(_found(w), S, P)),
        ("possible links are errors", lambda w, S, P: _rate(_found(w), S, S)),
        ("all possible links are sure", lambda w, S, P: _rate(_found(w), P, P)),
        ("all links", lambda w, S, P: _rate([x.T > -1 for x in w], S, P)),
        ("threshold", lambda w, S, P: _rate([x.T > 0.5 for x in w], S, P)),
        ("smallest", lambda w, S, P: _rate(_found([-x for x in w]), S, P)),
        ("from 1", lambda w, S, P: _rate([{(i + 1, t + 1) for i, t in A} for A in _found(w)], S, P)),
        (
            "mean over sentences",
            lambda *corpus: np.mean([_rate(_found([w]), [S], [P]) for w, S, P in zip(*corpus, strict=True)]),
        ),
        ("one sentence", lambda w, S, P: _rate(_found(w[:1]), S[:1], P[:1])),
        ("one sentence", lambda w, S, P: _rate(_found(w[-1:]), S[-1:], P[-1:])),
        (
            "sentences in one set",
            lambda w, S, P: _rate([set().union(*_found(w))], [set().union(*S)], [set().union(*P)]),
        ),
        ("percent", lambda w, S, P: 100 * _rate(_found(w), S, P)),
    ],
)
def test_a_mistake_made_with_the_package_is_told_as_such(id, function):
    assert aer.judge(function).id == id
