"""The beam of chapter 11: step by step it is a search by hand, and as wide as all there is, it finds the best."""

import itertools

import numpy as np
import pytest

from seqlib.exercises.encoder_decoder_beam import beam_step, rank

V, EOS, T = 3, 0, 4


@pytest.fixture
def table():
    """log P(next | last), (V, V); EOS follows EOS for sure."""
    p = np.random.default_rng(3).dirichlet(np.ones(V), V)
    return np.log(p)


def _score(table, words):
    """log P of a sequence after the symbol 1, up to its first EOS."""
    total, last = 0.0, 1
    for word in words:
        total += table[last, word]
        if word == EOS:
            break
        last = word
    return total


def _search(table, K):
    """T steps of the exercise; empty places of the beam have a score that nobody misses."""
    words, scores = [(1,)] * K, np.append(0.0, np.full(K - 1, -1e6))
    for _ in range(T):
        last = np.array([w[-1] for w in words])
        parents, tokens, scores = beam_step.expected(scores, table[last], last == EOS, EOS)
        words = [(*words[p], int(v)) for p, v in zip(parents, tokens, strict=True)]
    return [w[1:] for w in words], scores


def test_as_wide_as_all_there_is_it_is_the_exhaustive_search(table):
    every = {}
    for words in itertools.product(range(V), repeat=T):
        end = words.index(EOS) if EOS in words else T
        every[words[:end] + (EOS,) * (T - end)] = _score(table, words)
    best = sorted(every, key=every.get, reverse=True)
    found, scores = _search(table, 60)
    assert found[: len(best)] == best
    np.testing.assert_allclose(scores[: len(best)], [every[words] for words in best])
    assert (scores[len(best) :] < -1e5).all()


def test_a_width_of_one_is_greedy(table):
    (found,), (score,) = _search(table, 1)
    last, words = 1, []
    for _ in range(T):
        last = EOS if last == EOS else int(table[last].argmax())
        words.append(last)
    assert list(found) == words
    assert score == pytest.approx(_score(table, words))


@pytest.mark.parametrize("case", beam_step.cases)
def test_no_two_candidates_of_a_case_are_equal_or_nearly(case):
    scores, log_p, finished, eos = case
    totals = [
        s if done else s + log_p[k, v]
        for k, (s, done) in enumerate(zip(scores, finished, strict=True))
        for v in range(log_p.shape[1])
        if not done or v == eos
    ]
    best = sorted(totals)[-len(scores) - 1 :]
    assert np.diff(best).min() > 0.05
    np.testing.assert_allclose(beam_step.expected(*case)[2], best[:0:-1])


def test_finished_ones_stay_in_some_cases_and_fall_out_in_others():
    stays = set()
    for scores, log_p, finished, eos in beam_step.cases:
        parents = beam_step.expected(scores, log_p, finished, eos)[0]
        stays |= {bool(k in parents) for k in np.flatnonzero(finished)}
        assert all(np.sum(parents == k) <= 1 for k in np.flatnonzero(finished))
    assert stays == {True, False}


@pytest.mark.parametrize(("log_p", "lengths", "alpha"), rank.cases)
def test_ranks_are_by_the_sum_over_the_power_of_the_length(log_p, lengths, alpha):
    scores = []
    for row, n in zip(log_p.tolist(), lengths.tolist(), strict=True):
        scores.append(sum(row[:n]) * n**-alpha)
    order = rank.expected(log_p, lengths, alpha)
    assert [scores[i] for i in order] == sorted(scores, reverse=True)
    assert np.diff(sorted(scores)).min() > 0.005
    assert log_p.shape[1] > lengths.max()
