"""The filtered distribution, against one that is computed symbol by symbol; its limits and ties; draws from it."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqlib.decoding import distribution
from seqlib.decoding.distribution import draw, log_prob, log_softmax

GRID = list(itertools.product([0.3, 1.0, 2.5], [None, 1, 2, 4, 9], [None, 1e-9, 0.3, 0.7, 0.95, 1.0]))


@pytest.mark.parametrize(("temperature", "top_k", "top_p"), GRID)
def test_equals_the_one_computed_symbol_by_symbol(temperature, top_k, top_p, filtered):
    rng = np.random.default_rng(1)
    for V in (1, 2, 5, 8):
        p = rng.dirichlet(np.full(V, 0.7), size=20)
        wanted = [filtered(row, temperature, top_k, top_p) for row in p]
        got = distribution(np.log(p), temperature, top_k, top_p)
        np.testing.assert_allclose(got, wanted, rtol=1e-10, atol=1e-14)
        assert ((got == 0) == (np.array(wanted) == 0)).all()
        np.testing.assert_allclose(got.sum(-1), 1, rtol=1e-14)
        assert np.array_equal(distribution(np.log(p[0]), temperature, top_k, top_p), got[0])  # one row alone


def test_the_order_matters_and_is_the_stated_one():
    """Numbers that each other order of the three would change."""
    p = np.array([0.4, 0.3, 0.2, 0.1])
    tempered = p**2 / (p**2).sum()  # .533, .3, .133, .033
    np.testing.assert_allclose(distribution(np.log(p), 0.5, top_p=0.8), [*tempered[:2] / tempered[:2].sum(), 0, 0])
    np.testing.assert_allclose(distribution(np.log(p), top_p=0.8), [*p[:3] / 0.9, 0])  # top-p first would keep three
    # of the three that top-k keeps, two have 7/9 > 0.75; of all four, they have 0.7 < 0.75
    np.testing.assert_allclose(distribution(np.log(p), top_k=3, top_p=0.75), [4 / 7, 3 / 7, 0, 0])


@given(st.lists(st.floats(-30, 30), min_size=1, max_size=9), st.floats(1e-3, 1), st.integers(1, 9))
@settings(max_examples=200)
def test_top_p_keeps_the_smallest_set(logits, top_p, top_k):
    """No smaller set has the probability, and none of the same size has more of it."""
    p = distribution(logits)
    kept = distribution(logits, top_p=top_p) > 0
    most = [0.0, *np.cumsum(np.sort(p)[::-1])]
    size = int(kept.sum())
    assert p[kept].sum() == pytest.approx(most[size], abs=1e-14)
    assert top_p == 1 or most[size] >= top_p - 2e-12
    assert top_p == 1 or most[size - 1] < top_p
    of_k = distribution(logits, top_k=top_k) > 0
    assert of_k.sum() == min(top_k, (p > 0).sum())
    assert p[of_k].sum() == pytest.approx(most[min(top_k, len(p))], abs=1e-14)


@pytest.mark.parametrize(
    ("p", "top_p", "size"),
    [
        ([0.5, 0.3, 0.2], 0.8, 2),  # reached, although exp(log 0.5) + exp(log 0.3) < 0.8
        ([0.5, 0.3, 0.2], 0.8 + 1e-9, 3),
        ([0.5, 0.3, 0.2], 0.5, 1),
        ([0.1] * 10, 0.3, 3),  # 0.1 + 0.1 + 0.1 > 0.3, and sums of others < 0.3
        ([0.1] * 10, 0.7, 7),
        ([0.1] * 10, 1.0, 10),  # their sum is rounded to less than 1
        ([1 - 3e-17, 1e-17, 2e-17], 1.0, 3),  # and to 1 before all are in it
    ],
)
def test_sums_that_are_rounded(p, top_p, size):
    assert (distribution(np.log(p), top_p=top_p) > 0).sum() == size


def test_of_equal_ones_the_first_stay():
    z = [1.0, 2.0, 1.0, 2.0, 1.0]
    assert np.flatnonzero(distribution(z, top_k=1)).tolist() == [1]
    assert np.flatnonzero(distribution(z, top_k=3)).tolist() == [0, 1, 3]
    assert np.flatnonzero(distribution([0.0] * 8, top_p=0.5)).tolist() == [0, 1, 2, 3]
    assert distribution(z, 0).tolist() == [0, 1, 0, 0, 0]
    assert distribution(z, 1e-9).tolist() == [0, 0.5, 0, 0.5, 0]  # a tie is none for a temperature above 0


@pytest.mark.parametrize("tiny", [0, 5e-324, 1e-300, 1e-12])
@pytest.mark.parametrize("scale", [1, 1e-6, 1e300])
def test_a_tiny_temperature_is_the_most_probable_symbol(tiny, scale):
    z = np.array([[0.3, -2.0, 1.7, -np.inf], [5.0, 4.0, -np.inf, 4.9]]) * scale
    assert distribution(z, tiny).tolist() == [[0, 0, 1, 0], [1, 0, 0, 0]]


def test_a_huge_temperature_is_uniform_over_what_is_possible():
    np.testing.assert_allclose(distribution([3.0, -np.inf, 0.0, -700.0], 1e308), [1 / 3, 0, 1 / 3, 1 / 3])


def test_what_is_impossible_stays_impossible():
    lone = [-np.inf, -np.inf, -3.0]
    for options in ({}, {"temperature": 7}, {"temperature": 0}, {"top_k": 2}, {"top_p": 0.9}, {"top_p": 1.0}):
        assert distribution(lone, **options).tolist() == [0, 0, 1]
    np.testing.assert_allclose(distribution([0, 0, -np.inf], top_k=3), [0.5, 0.5, 0])


def test_a_constant_more_changes_nothing():
    z = np.random.default_rng(0).normal(size=(3, 6))
    for options in ({}, {"temperature": 0.4}, {"top_k": 2, "top_p": 0.6}):
        np.testing.assert_allclose(distribution(z + 1e4, **options), distribution(z, **options), rtol=1e-10)


def test_draws_are_where_the_sums_pass():
    p = np.array([0.0, 0.25, 0.0, 0.5, 0.25, 0.0])
    u = np.array([0.0, 0.2499, 0.25, 0.7499, 0.75, np.nextafter(1, 0)])
    assert draw(np.tile(p, (6, 1)), u).tolist() == [1, 1, 3, 3, 4, 4]
    short = np.array([0.1] * 10 + [0.0] * 3)  # whose sum is rounded to below 1
    assert np.cumsum(short)[-1] < 1
    assert draw(short[None], np.array([np.nextafter(1, 0)])).tolist() == [9]


def test_log_softmax_is_exact():
    from fractions import Fraction
    from math import exp, fsum, log

    z = np.random.default_rng(3).normal(size=(40, 7)) * 9
    for row, got in zip(z, log_softmax("logits", z), strict=True):
        wanted = [v - max(row) - log(fsum(exp(float(Fraction(u) - Fraction(max(row)))) for u in row)) for v in row]
        np.testing.assert_allclose(got, wanted, rtol=0, atol=1e-13)
    assert log_softmax("logits", [1e308, -1e308, 0]).tolist() == [0, -np.inf, -1e308]
    assert log_softmax("logits", np.float32([0, 0])).dtype == np.float64


def test_one_symbol_of_each_row():
    rng = np.random.default_rng(4)
    z, ids = rng.normal(size=(40, 7)) * 9, rng.integers(0, 7, 40)
    z[3, ids[3]] = -np.inf
    before = z.copy()
    np.testing.assert_array_equal(log_prob("logits", z, ids), log_softmax("logits", z)[range(40), ids])
    np.testing.assert_array_equal(z, before)
    assert log_prob("logits", [[1e308, -1e308, 0]], np.array([1])).tolist() == [-np.inf]
    with pytest.raises(ValueError, match=r"but logits\[1, 0\] is nan"):
        log_prob("logits", [[0, 1], [NAN, 0]], np.array([0, 0]))


NAN, INF = float("nan"), float("inf")
BAD = [
    (([0, NAN],), ValueError, r"log_probs must be finite, or -inf for what is impossible, but log_probs\[1\] is nan"),
    (([[0, 1], [INF, 0]],), ValueError, r"but log_probs\[1, 0\] is inf"),
    (([[0, 1], [-INF, -INF]],), ValueError, "log_probs must leave at least one symbol possible"),
    (([],), ValueError, r"log_probs must have at least one symbol along the last axis, got shape \(0,\)"),
    ((3.0,), ValueError, r"log_probs must have at least one symbol along the last axis, got shape \(\)"),
    ((["a"],), TypeError, "log_probs must hold real numbers, got dtype <U1"),
    (([1j],), TypeError, "log_probs must hold real numbers, got dtype complex128"),
    (([0.0], -1), ValueError, "temperature must be at least 0, got -1"),
    (([0.0], NAN), ValueError, "temperature must be finite, got nan"),
    (([0.0], INF), ValueError, "temperature must be finite, got inf"),
    (([0.0], "hot"), TypeError, "temperature must be a real number, got str"),
    (([0.0], 1, 0), ValueError, "top_k must be at least 1, got 0"),
    (([0.0], 1, 1.0), TypeError, "top_k must be an integer, got float"),
    (([0.0], 1, None, 0), ValueError, "top_p must be greater than 0, got 0"),
    (([0.0], 1, None, 1.1), ValueError, r"top_p must be at most 1, got 1\.1"),
    (([0.0], 1, None, NAN), ValueError, "top_p must be finite, got nan"),
]


@pytest.mark.parametrize(("arguments", "error", "message"), BAD, ids=[message for *_, message in BAD])
def test_bad_arguments_are_named(arguments, error, message):
    with pytest.raises(error, match=message):
        distribution(*arguments)
