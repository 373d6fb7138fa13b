"""Ranks of chapter 11: by the sum over a power of the length."""

import numpy as np
import pytest

from seqlib.exercises.encoder_decoder_rank import rank


@pytest.mark.parametrize(("log_p", "lengths", "alpha"), rank.cases)
def test_ranks_are_by_the_sum_over_the_power_of_the_length(log_p, lengths, alpha):
    scores = []
    for row, n in zip(log_p.tolist(), lengths.tolist(), strict=True):
        scores.append(sum(row[:n]) * n**-alpha)
    order = rank.expected(log_p, lengths, alpha)
    assert [scores[i] for i in order] == sorted(scores, reverse=True)
    assert np.diff(sorted(scores)).min() > 0.02
    assert log_p.shape[1] > lengths.max()


def test_a_long_one_wins_by_its_length_alone():
    log_p = np.array([[-1.0, -1.0, -9.0, -9.0], [-0.6, -0.6, -0.6, -0.6]])
    assert rank.expected(log_p, np.array([2, 4]), 0.0).tolist() == [0, 1]
    assert rank.expected(log_p, np.array([2, 4]), 0.5).tolist() == [1, 0]


def test_numbers_from_1_are_told_as_such():
    assert rank.judge(lambda *given: rank.expected(*given) + 1).id == "numbered from 1"
    assert rank.judge(lambda *given: rank.expected(*given).argsort() + 1).id == "places"
    assert rank.judge(lambda *given: rank.expected(*given) - 1).id == "other"
