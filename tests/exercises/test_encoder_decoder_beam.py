"""The beam of chapter 11: step by step it is a search by hand, and as wide as all there is, it finds the best."""

import itertools

import numpy as np
import pytest

from seqlib.decoding import beam
from seqlib.exercises.encoder_decoder_beam import beam_step

V, EOS, T = 3, 0, 4


@pytest.fixture
def table():
    """log P(next | last), (V, V)."""
    return np.log(np.random.default_rng(3).dirichlet(np.ones(V), V))


def _score(table, words):
    """log P of a sequence after the symbol 1."""
    return sum(table[last, word] for last, word in itertools.pairwise([1, *words]))


def _search(table, width):
    """T steps of the exercise: what ends leaves the beam. Every hypothesis that ended or was cut, the best first."""
    words, scores, done = [(1,)], np.zeros(1), {}
    for _ in range(T):
        if not words:
            break
        last = np.array([w[-1] for w in words])
        chosen = beam_step.expected(scores, table[last], EOS, width)
        kept = [(*words[p], int(v)) for p, v in zip(*chosen[:2], strict=True)]
        done |= {w[1:]: s for w, s, ended in zip(kept, *chosen[2:], strict=True) if ended}
        words = [w for w, ended in zip(kept, chosen[3], strict=True) if not ended]
        scores = chosen[2][~chosen[3]]
    done |= {w[1:]: s for w, s in zip(words, scores, strict=True)}
    return sorted(done, key=done.get, reverse=True), sorted(done.values(), reverse=True)


def test_as_wide_as_all_there_is_it_is_the_exhaustive_search(table):
    every = {}
    for words in itertools.product(range(V), repeat=T):
        end = words.index(EOS) + 1 if EOS in words else T
        every[words[:end]] = _score(table, words[:end])
    found, scores = _search(table, 60)
    assert set(found) == set(every)
    np.testing.assert_allclose(scores, sorted(every.values(), reverse=True))
    np.testing.assert_allclose(scores, [every[words] for words in found])
    assert np.exp(scores).sum() == pytest.approx(1)


def test_a_width_of_one_is_greedy_to_the_first_end(table):
    chosen = beam_step.expected(np.zeros(1), table[[1]], EOS, 1)
    assert chosen[1] == [table[1].argmax()]
    np.testing.assert_array_equal(chosen[3], [table[1].argmax() == EOS])


@pytest.mark.parametrize("case", beam_step.cases)
def test_no_two_candidates_of_a_case_are_equal_or_nearly(case):
    scores, log_p, eos, width = case
    totals = {(k, v): scores[k] + log_p[k, v] for k, v in np.ndindex(log_p.shape)}
    best = sorted(totals, key=totals.get, reverse=True)[: width + 1]
    assert np.diff([-totals[pair] for pair in best]).min() > 0.05
    parents, tokens, kept, ended = beam_step.expected(*case)
    assert list(zip(parents, tokens, strict=True)) == best[:width]
    np.testing.assert_allclose(kept, [totals[pair] for pair in best[:width]])
    assert ended.tolist() == [v == eos for _, v in best[:width]]


def test_cases_have_one_hypothesis_fewer_and_more_than_the_width_and_ends():
    sizes = {np.sign(len(scores) - width) for scores, _, _, width in beam_step.cases}
    assert sizes == {-1, 1}
    assert any(len(scores) == 1 for scores, *_ in beam_step.cases)
    assert any(beam_step.expected(*case)[3].any() for case in beam_step.cases)


@pytest.mark.parametrize("width", [1, 2, 3, 5])
def test_a_search_step_by_step_finds_what_the_decoder_of_the_package_finds(table, width):
    class Model:
        def step(self, tokens, state=None):
            return table[np.asarray(tokens)], np.asarray(tokens)

    _, scores = _search(table, width)
    best = beam(Model(), [1], width=width, max_length=T, eos=EOS)
    assert best.normalised == pytest.approx(scores[:1])


def _continued(totals, eos, width):
    flat = np.argsort(-totals, axis=None)[:width]
    return flat // totals.shape[1], flat % totals.shape[1], totals.ravel()[flat], flat % totals.shape[1] == eos


def test_scores_along_the_symbols_are_told_from_what_stops_for_another_reason():
    assert beam_step.judge(lambda s, p, eos, width: _continued(s + p, eos, width)).id == "scores along the symbols"
    one = beam_step.judge(lambda s, p, eos, width: _continued(s.item() + p, eos, width))  # right for one hypothesis
    assert (one.id, "ValueError" in one.message) == ("exception", True)


def test_continuations_of_the_best_hypothesis_alone_are_told_wherever_it_stands():
    scores, log_p = np.array([-1.5, -0.5, -0.9]), np.log([[0.2, 0.8], [0.6, 0.4], [0.9, 0.1]])
    parents, tokens, kept, ended = beam_step.wrong["best hypothesis alone"][0][0](scores, log_p, 1, 2)
    assert (parents.tolist(), tokens.tolist(), ended.tolist()) == ([1, 1], [0, 1], [False, True])
    np.testing.assert_allclose(kept, -0.5 + np.log([0.6, 0.4]))
    mine = beam_step.judge(
        lambda s, p, eos, width: _continued(np.where(s[:, None] == s.max(), s[:, None] + p, -99), eos, width)
    )
    assert mine.id == "best hypothesis alone"
