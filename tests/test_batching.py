"""Padding, masks, buckets."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqlib.batching import Batch, bucketed, continuations, mask_from_lengths, pad

SEQUENCES = st.lists(st.lists(st.integers(1, 9), max_size=7), min_size=1, max_size=9)


@given(SEQUENCES)
def test_padding_keeps_every_sequence(sequences):
    padded, lengths = pad(sequences, value=0)
    mask = mask_from_lengths(lengths)
    assert padded.shape == mask.shape
    for row, real, sequence in zip(padded, mask, sequences, strict=True):
        assert row[real].tolist() == sequence
        assert (row[~real] == 0).all()


def test_vectors_are_padded_in_time():
    padded, lengths = pad([np.ones((2, 3)), np.zeros((4, 3))], value=-1)
    assert padded.shape == (2, 4, 3)
    assert lengths.tolist() == [2, 4]
    assert (padded[0, 2:] == -1).all()


@pytest.mark.parametrize(
    ("sequences", "value"),
    [([[1.5], [1, 2]], np.nan), ([[1], [2, 3]], -1), ([[1], [2, 3]], 0.0), ([[0.5], []], 0.1), ([[], []], 7)],
)
def test_the_filler_is_what_was_asked_for(sequences, value):
    padded, lengths = pad(sequences, value)
    filling = padded[~mask_from_lengths(lengths)]
    assert np.array_equal(filling, np.full(len(filling), value), equal_nan=True)


def test_mask_has_the_wanted_width():
    assert mask_from_lengths([0, 2], T=3).tolist() == [[False] * 3, [True, True, False]]
    assert mask_from_lengths([]).shape == (0, 0)


@given(SEQUENCES, st.integers(1, 4), st.booleans())
def test_buckets_hold_every_sequence_once(sequences, size, shuffled):
    rng = np.random.default_rng(0) if shuffled else None
    seen = []
    for indices, padded, lengths in bucketed(sequences, size, rng):
        assert 1 <= len(indices) <= size
        for i, row, n in zip(indices, padded, lengths, strict=True):
            assert row[:n].tolist() == sequences[i]
        seen += list(indices)
    assert sorted(seen) == list(range(len(sequences)))


def test_buckets_pad_little():
    sequences = [[1] * n for n in np.random.default_rng(0).integers(1, 50, 200)]
    padded = sum(array.size for _, array, _ in bucketed(sequences, 10))
    assert padded < 1.2 * sum(map(len, sequences))


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: pad([]), "sequences"),
        (lambda: pad([1, 2]), "sequences"),
        (lambda: pad([["a"]]), "sequences"),
        (lambda: pad(5), "sequences"),
        (lambda: pad([[[1], [2, 3]]]), "sequences"),
        (lambda: pad([[1, 2], [3]], value=0.5), "value"),
        (lambda: pad([[1, 2], [3]], value=float("nan")), "value"),
        (lambda: pad([[True], [False, True]], value=-1), "value"),
        (lambda: pad([[1, 2], [3]], value="0"), "value"),
        (lambda: pad([[1, 2], [3]], value=[0, 0]), "value"),
        (lambda: pad([np.ones((2, 3)), np.ones((2, 2))]), "sequences"),
        (lambda: mask_from_lengths([-1]), "lengths"),
        (lambda: mask_from_lengths([4], T=3), "lengths"),
        (lambda: mask_from_lengths([1.5]), "lengths"),
        (lambda: mask_from_lengths([[1]]), "lengths"),
        (lambda: mask_from_lengths([1], T=-1), "T must"),
        (lambda: list(bucketed([[1]], 0)), "batch_size"),
        (lambda: list(bucketed(3, 1)), "sequences"),
        (lambda: list(bucketed([[1]], 1, 5)), "rng"),
    ],
)
def test_bad_input_is_named(call, name):
    with pytest.raises((ValueError, TypeError), match=name):
        call()


def test_losses_are_of_the_words_that_count():
    log_p = np.log(np.random.default_rng(0).dirichlet(np.ones(5), (2, 3)))
    y, mask = np.array([[0, 4, 2], [3, 3, 1]]), np.array([[True, True, False], [False, False, True]])
    found = Batch((None,), y, mask).losses(log_p)
    np.testing.assert_allclose(found, [-log_p[0, 0, 0] - log_p[0, 1, 4], -log_p[1, 2, 1]])


def test_what_has_probability_0_and_does_not_count_costs_nothing():
    with np.errstate(divide="ignore"):
        log_p = np.log([[[1.0, 0.0], [0.0, 1.0]]])
    assert Batch((None,), np.array([[0, 0]]), np.array([[True, False]])).losses(log_p).tolist() == [0.0]
    assert Batch((None,), np.array([[0, 0]]), np.array([[True, True]])).losses(log_p).tolist() == [np.inf]


@pytest.mark.parametrize("shape", [(2, 3), (2, 4, 5), (3, 3, 5)])
def test_losses_need_words_for_every_position(shape):
    y = np.zeros((2, 3), int)
    with pytest.raises(ValueError, match=r"log_p must be \(2, 3\) and words"):
        Batch((None,), y, y == 0).losses(np.zeros(shape))


def test_every_word_but_the_first_is_asked_for_once_and_nothing_is_seen_of_it():
    ids, lengths = np.array([[5, 6, 7, 8], [9, 4, 0, 0], [3, 0, 0, 0]]), [4, 2, 1]
    found = continuations(ids, lengths)
    seen = [(x.tolist(), y[mask].item()) for b in found for x, y, mask in zip(b.inputs[0], b.y, b.mask, strict=True)]
    assert seen == [([5], 6), ([9], 4), ([5, 6], 7), ([5, 6, 7], 8)]
    assert all(np.flatnonzero(row).tolist() == [t - 1] for t, b in enumerate(found, 1) for row in b.mask)
    assert all(b.y.shape == b.mask.shape == b.inputs[0].shape for b in found)


def test_texts_of_one_word_ask_for_nothing():
    assert continuations(np.array([[5, 0]]), [1]) == []


@pytest.mark.parametrize(
    ("ids", "lengths", "said"),
    [([1, 2], [2], "ids must be"), ([[1, 2]], [3], "lengths"), ([[1, 2]], [2, 1], "lengths must hold one length")],
)
def test_continuations_name_what_is_wrong(ids, lengths, said):
    with pytest.raises(ValueError, match=said):
        continuations(np.array(ids), lengths)
