"""Perplexity and bits: the same however a text is cut and padded; and the usual mistakes, which are not."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqlib.metrics import bits_per_byte, bits_per_character, bits_per_symbol, mean_loss, perplexity

LOSSES = st.lists(st.floats(0, 20), min_size=1, max_size=40).map(np.array)
CUTS = st.lists(st.integers(1, 9), min_size=1, max_size=40)
EVERY = (mean_loss, perplexity, bits_per_symbol)


def chunks(losses, sizes):
    """The losses in pieces of the given sizes, the last one shorter."""
    ends = np.cumsum(sizes)
    return [piece for piece in np.split(losses, ends[ends < len(losses)]) if len(piece)]


def padded(pieces, filler):
    """The pieces as rows that are equally long, and which positions are real."""
    longest = max(map(len, pieces)) + 2
    mask = np.arange(longest) < np.array([len(piece) for piece in pieces])[:, None]
    rows = np.full(mask.shape, filler)
    rows[mask] = np.concatenate(pieces)
    return rows, mask


@given(LOSSES)
def test_the_definitions(losses):
    """A text whose symbols have the probabilities p: the inverse of their geometric mean, and -log2 p."""
    p = np.exp(-losses)
    assert perplexity(losses) == pytest.approx(math.prod(x ** (-1 / len(p)) for x in p), rel=1e-9)
    assert bits_per_symbol(losses) == pytest.approx(sum(-math.log2(x) for x in p) / len(p), abs=1e-9)
    assert mean_loss(losses) == pytest.approx(math.log(perplexity(losses)), abs=1e-9)
    assert 2 ** bits_per_symbol(losses) == pytest.approx(perplexity(losses), rel=1e-9)


def test_of_equally_likely_symbols_it_is_their_number():
    assert perplexity(np.full((3, 4), np.log(27))) == pytest.approx(27)
    assert bits_per_symbol(np.full(5, np.log(32))) == pytest.approx(5)
    assert perplexity([0.0]) == 1


@given(LOSSES, CUTS, st.sampled_from([0.0, 3.0, -1.0, np.nan, np.inf]))
def test_batches_chunks_and_padding_change_nothing(losses, sizes, filler):
    pieces = chunks(losses, sizes)
    means, counts = np.array([piece.mean() for piece in pieces]), np.array([len(piece) for piece in pieces])
    rows, mask = padded(pieces, filler)
    for metric in EVERY:
        expected = metric(losses)
        assert metric(means, counts=counts) == pytest.approx(expected, rel=1e-11)
        assert metric(rows, mask=mask) == pytest.approx(expected, rel=1e-11)
        assert metric(np.append(means, filler), counts=np.append(counts, 0)) == pytest.approx(expected, rel=1e-11)
    for metric in (bits_per_character, bits_per_byte):
        expected = metric(losses, "für")
        assert metric(means, "für", counts=counts) == pytest.approx(expected, rel=1e-11)
        assert metric(rows, "für", mask=mask) == pytest.approx(expected, rel=1e-11)


@given(st.integers(2, 6), st.integers(1, 6), st.integers(0, 2**32 - 1))
def test_the_mean_of_exponentials_is_larger_and_depends_on_the_batches(batches, size, seed):
    """A usual mistake: exp of each batch's loss, then the mean."""
    losses = np.random.default_rng(seed).uniform(0, 5, batches * size)
    means = losses.reshape(batches, size).mean(1)
    assert np.exp(means).mean() > perplexity(losses)
    if size > 1:
        assert np.exp(means).mean() < np.exp(losses).mean()  # the smaller the batches, the larger it is


def test_usual_mistakes_by_number():
    losses = np.array([[1.0, 3.0, 2.0], [4.0, 0.0, 0.0]])
    mask = np.array([[True, True, True], [True, False, False]])
    assert perplexity(losses, mask=mask) == pytest.approx(np.exp(10 / 4))
    by_rows = np.array([2.0, 4.0])
    assert perplexity(by_rows, counts=[3, 1]) == pytest.approx(np.exp(10 / 4))
    padding_counted = np.exp(losses.mean())
    rows_weighted_alike = np.exp(by_rows.mean())
    mean_of_exp = np.exp(by_rows).mean()
    assert padding_counted < perplexity(losses, mask=mask) < rows_weighted_alike < mean_of_exp


def test_another_tokeniser_has_another_perplexity_and_the_same_bits_per_character():
    """Four characters of 1 bit each, or the same text as two tokens of 2 bits each."""
    text = "abba"
    characters, pairs = np.full(4, np.log(2)), np.full(2, np.log(4))
    assert perplexity(characters) == pytest.approx(2)
    assert perplexity(pairs) == pytest.approx(4)
    assert bits_per_symbol(pairs) == pytest.approx(2 * bits_per_symbol(characters))
    for metric in (bits_per_character, bits_per_byte):
        assert metric(characters, text) == pytest.approx(1)
        assert metric(pairs, text) == pytest.approx(1)


def test_a_byte_is_not_a_character():
    losses = np.full(3, 2 * np.log(2))
    assert bits_per_character(losses, "für") == pytest.approx(2)
    assert bits_per_byte(losses, "für") == pytest.approx(6 / 4)
    assert bits_per_character(losses, "読む人") == pytest.approx(2)
    assert bits_per_byte(losses, "読む人") == pytest.approx(6 / 9)


def test_what_has_probability_0_costs_without_end():
    assert perplexity([0.5, np.inf]) == np.inf
    assert bits_per_symbol([np.inf]) == np.inf
    assert perplexity([0.5, np.inf], mask=np.array([True, False])) == pytest.approx(np.exp(0.5))
    assert perplexity([1e4]) == np.inf  # too large for a number, and no warning


def test_rounding_of_float32_is_no_mistake():
    assert perplexity(np.array([-1e-7, 1e-7], dtype=np.float32)) == pytest.approx(1)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: perplexity([-0.5, -1.0]), "losses must be -log p of what came, at least 0, but one is -1.0"),
        (lambda: perplexity([0.5, np.nan]), "losses must be .* one is NaN"),
        (lambda: perplexity(["a"]), "losses must"),
        (lambda: perplexity([1 + 1j]), "losses must hold real numbers"),
        (lambda: perplexity([]), "losses must keep a symbol"),
        (lambda: perplexity([1.0], mask=np.array([False])), "mask or counts must keep a symbol"),
        (lambda: perplexity([1.0], counts=[0]), "mask or counts must keep a symbol"),
        (lambda: perplexity([1.0, 2.0], mask=np.array([1, 0])), "mask must be boolean"),
        (lambda: perplexity([1.0, 2.0], mask=np.array([True])), "mask must have shape"),
        (lambda: perplexity([1.0, 2.0], counts=[1]), "counts must have shape"),
        (lambda: perplexity([1.0, 2.0], counts=[1, -1]), "counts must not be negative"),
        (lambda: perplexity([1.0, 2.0], counts=[1.0, 2.0]), "counts must hold integers"),
        (lambda: perplexity([1.0], counts=np.array([True])), "counts must hold integers"),
        (lambda: perplexity([1.0], counts=[1], mask=np.array([True])), "mask and counts must not"),
        (lambda: bits_per_character([1.0], ""), "text must have"),
        (lambda: bits_per_character([1.0], ["a"]), "text must be a string"),
        (lambda: bits_per_byte([1.0], b"a"), "text must be a string"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises((ValueError, TypeError), match=message):
        call()
