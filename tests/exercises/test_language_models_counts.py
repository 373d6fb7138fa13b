"""The counting practice of chapter 10: continuation counts are those of the pairs of a text."""

import itertools

import numpy as np

from seqlib.exercises import language_models_counts as practice


def test_continuation_counts_the_pairs_of_a_text():
    text = np.random.default_rng(0).integers(0, 4, 30)
    pairs = np.zeros((4, 4), dtype=int)
    np.add.at(pairs, (text[:-1], text[1:]), 1)
    different = {(int(u), int(w)) for u, w in itertools.pairwise(text)}
    found = [sum(w == k for _, w in different) / len(different) for k in range(4)]
    np.testing.assert_allclose(practice.continuation.expected(pairs), found)
