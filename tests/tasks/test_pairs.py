"""Pairs: the batch of two sentences by hand, and what is said of one that is wrong."""

import numpy as np
import pytest

from seqlib.tasks.pairs import check_pairs, paired
from seqlib.text import BOS, EOS, PAD

SIZES = {"vocab_size": 9, "n_out": 7}


def test_two_sentences_by_hand():
    (source, lengths, previous), y, mask = paired([[4, 5, 6], [8]], [[4], [5, 6]])
    assert source.tolist() == [[4, 5, 6], [8, PAD, PAD]]
    assert lengths.tolist() == [3, 1]
    assert previous.tolist() == [[BOS, 4, PAD], [BOS, 5, 6]]
    assert y.tolist() == [[4, EOS, PAD], [5, 6, EOS]]
    assert mask.tolist() == [[True, True, False], [True, True, True]]
    assert {part.dtype for part in (source, lengths, previous, y)} == {np.dtype(np.int64)}


def test_what_is_right_passes_and_says_what_is_real():
    inputs, _, mask = paired([[4, 5, 6], [8]], [[4], [5, 6]])
    assert (check_pairs("Odd", inputs, (2, 3), **SIZES) == mask).all()


def test_a_sentence_without_words_is_translated_by_eos_alone():
    (_, _, previous), y, mask = paired([[4]], [[]])
    assert (previous.tolist(), y.tolist(), mask.tolist()) == ([[BOS]], [[EOS]], [[True]])


SOURCE, LENGTHS, PREVIOUS = np.array([[4, 5, 6], [8, 0, 0]]), np.array([3, 1]), np.array([[1, 4, 0], [1, 5, 6]])


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ([SOURCE, LENGTHS, PREVIOUS], "inputs of Odd must be a tuple .source, lengths, previous., got list"),
        ((SOURCE, LENGTHS), "inputs of Odd must be a tuple .source, lengths, previous., got 2 of them"),
        ((SOURCE + 1.0, LENGTHS, PREVIOUS), "source of Odd must hold integer ids"),
        ((SOURCE + 1, LENGTHS, PREVIOUS), "source of Odd must hold ids from 0 to 8"),
        ((SOURCE[:1], LENGTHS, PREVIOUS), r"source of Odd must have shape \(2, S\)"),
        ((SOURCE, [3, 0], PREVIOUS), "lengths of Odd must be at least 1 and at most 3"),
        ((SOURCE, [3, 4], PREVIOUS), "lengths of Odd must be at least 1 and at most 3"),
        ((SOURCE, [3], PREVIOUS), r"lengths of Odd must have shape \(2\)"),
        ((SOURCE, [2, 1], PREVIOUS), "source of Odd must be PAD behind its length"),
        ((SOURCE, LENGTHS, PREVIOUS + 1), "previous of Odd must hold ids from 0 to 6"),
        ((SOURCE, LENGTHS, PREVIOUS[:, 1:]), r"previous of Odd must have shape \(2, 3\)"),
        ((SOURCE, LENGTHS, PREVIOUS[::-1] + np.array([[0], [1]])), "previous of Odd must begin with BOS, which row 1"),
    ],
)
def test_a_wrong_input_is_named(inputs, message):
    with pytest.raises((ValueError, TypeError), match=message):
        check_pairs("Odd", inputs, (2, 3), **SIZES)


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: paired([[4]], [[4], [5]]), "targets must be as many as sources, 1, got 2"),
        (lambda: paired([], []), "sequences must hold at least one"),
        (lambda: paired([["a"]], [[4]]), "sequences must hold numbers"),
    ],
)
def test_bad_input_is_named(call, name):
    with pytest.raises((ValueError, TypeError), match=name):
        call()
