"""The counts of chapter 10: one step of Kneser–Ney against seqlib's own, continuation counts against a text."""

import itertools

import numpy as np
import pytest

from seqlib.exercises.language_models_counts import continuation, kneser_ney
from seqlib.reference import kneser_ney as reference


def _pairs(text, V):
    pairs = np.zeros((V, V), dtype=int)
    np.add.at(pairs, (text[:-1], text[1:]), 1)
    return pairs


def test_a_step_from_order_one_to_two_is_that_of_the_reference():
    text = np.random.default_rng(1).integers(0, 5, 80)
    model = reference.fit(text, 2, 5, discounts=np.full((2, 3), 0.3))
    lower = np.exp(model.log_probs([]))
    for h, counts in enumerate(_pairs(text, 5)):
        np.testing.assert_allclose(kneser_ney.expected(counts, 0.3, lower), np.exp(model.log_probs([h])))


def test_the_lowest_order_of_the_reference_rests_on_continuation_counts():
    text = np.random.default_rng(2).integers(0, 5, 80)
    D = 1e-9  # next to nothing is taken away, so what is left are the continuation counts
    found = np.exp(reference.fit(text, 2, 5, discounts=np.full((2, 3), D)).log_probs([]))
    np.testing.assert_allclose(continuation.expected(_pairs(text, 5)), found, atol=1e-7)


def test_continuation_counts_the_pairs_of_a_text():
    text = np.random.default_rng(0).integers(0, 4, 30)
    different = {(int(u), int(w)) for u, w in itertools.pairwise(text)}
    found = [sum(w == k for _, w in different) / len(different) for k in range(4)]
    np.testing.assert_allclose(continuation.expected(_pairs(text, 4)), found)


@pytest.mark.parametrize("case", kneser_ney.cases)
def test_counts_are_whole_numbers_so_that_who_writes_into_a_copy_is_cut(case):
    counts, D, _ = case
    copy = counts.copy()
    copy[:] = np.maximum(counts - D, 0)
    assert counts.dtype.kind == "i"
    assert not np.allclose(copy, np.maximum(counts - D, 0))
