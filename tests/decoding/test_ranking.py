"""The score of finished hypotheses: formulas by hand, limits, what it leaves alone."""

import numpy as np
import pytest

from seqlib.decoding import coverage_penalty, length_normalisation
from seqlib.decoding.ranking import Ranking


def test_the_formulas_by_hand():
    np.testing.assert_allclose(length_normalisation([1, 7, 13], 1.0), [1, 2, 3])
    np.testing.assert_allclose(length_normalisation([1, 7, 13], 0.5), [1, 2**0.5, 3**0.5])
    np.testing.assert_allclose(length_normalisation([0, 1, 4], 1.0, "length"), [1, 1, 4])
    np.testing.assert_allclose(length_normalisation([4, 9], 0.5, "length"), [2, 3])
    np.testing.assert_array_equal(length_normalisation([0, 1, 100], 0.0), [1, 1, 1])
    sums = [[0.5, 2.0, 0.25], [1.0, 1.0, 5.0], [0.1, 0.0, 1.0]]
    np.testing.assert_allclose(coverage_penalty(sums, 2.0), [2 * np.log(0.125), 0, -np.inf])
    mask = np.array([[True, True, False], [True] * 3, [True, False, True]])
    np.testing.assert_allclose(coverage_penalty(sums, 1.0, mask), [np.log(0.5), 0, np.log(0.1)])
    np.testing.assert_array_equal(coverage_penalty(sums, 0.0), [0, 0, 0])
    np.testing.assert_array_equal(coverage_penalty(np.zeros((2, 0)), 1.0), [0, 0])


@pytest.mark.parametrize("norm", ["gnmt", "length"])
@pytest.mark.parametrize("alpha", [0.0, 0.3, 1.0, 2.5])
def test_no_continuation_is_better_than_hoped_and_one_may_be_as_good(alpha, norm):
    ranking = Ranking.checked(alpha, norm, 0.7, 12)
    rng = np.random.default_rng(0)
    totals, lengths = -rng.exponential(3, size=200), rng.integers(1, 12, size=200)
    hope = ranking.hope(totals, lengths)
    for n in range(1, 13):
        later = lengths < n
        sums = rng.uniform(0, 2, size=(200, 3)), np.ones((200, 3), dtype=bool)
        fallen = ranking.score(totals - rng.exponential(0.1, size=200), np.full(200, n), sums)
        assert (fallen <= hope)[later].all()
    covered = np.ones((200, 3)), np.ones((200, 3), dtype=bool)
    np.testing.assert_allclose(ranking.score(totals, np.full(200, 12), covered), hope)


BAD = [
    (lambda: length_normalisation([-1], 1.0), ValueError, "lengths must be at least 0"),
    (lambda: length_normalisation([1.5], 1.0), TypeError, "lengths must hold integers"),
    (lambda: length_normalisation([1], -1.0), ValueError, "alpha must be at least 0"),
    (lambda: length_normalisation([1], 1.0, "bleu"), ValueError, "norm must be one of 'gnmt', 'length'"),
    (lambda: coverage_penalty([[1.0]], -1.0), ValueError, "beta must be at least 0"),
    (lambda: coverage_penalty([1.0], 1.0), ValueError, r"attention must have shape \(M, S\)"),
    (lambda: coverage_penalty([[-1.0]], 1.0), ValueError, r"attention must be at least 0, but one is -1\.0"),
    (lambda: coverage_penalty([[1.0]], 1.0, [[1]]), ValueError, r"mask must be boolean with shape \(1, 1\), got int64"),
    (lambda: coverage_penalty([[1.0]], 1.0, [[True, True]]), ValueError, r"mask must be boolean with shape \(1, 1\)"),
]


@pytest.mark.parametrize(("call", "error", "message"), BAD, ids=[message for *_, message in BAD])
def test_bad_arguments_are_named(call, error, message):
    with pytest.raises(error, match=message):
        call()
