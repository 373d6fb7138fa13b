"""The interval of a median and the sign test, against enumeration, simulation and SciPy-free closed forms."""

import itertools

import numpy as np
import pytest

from seqlib.evidence import interval, rounded, sign_test


def test_sign_test_is_the_share_of_all_falls_of_n_coins():
    for n in range(1, 9):
        heads = np.array([sum(coins) for coins in itertools.product((0, 1), repeat=n)])
        for k in range(n + 1):
            assert sign_test(k, n) == pytest.approx((heads >= k).mean(), abs=1e-12)


def test_which_counts_are_below_one_in_twenty():
    enough = {n: next((k for k in range(n + 1) if sign_test(k, n) < 0.05), None) for n in range(3, 11)}
    assert enough == {3: None, 4: None, 5: 5, 6: 6, 7: 7, 8: 7, 9: 8, 10: 9}


def test_interval_by_hand():
    assert interval([3.0, 1.0, 2.0, 5.0, 4.0]) == (3, 1, 5, 5, 0.9375)
    median, low, high, n, level = interval(np.arange(9.0))
    assert (median, low, high, n) == (4, 1, 7, 9)
    assert level == pytest.approx(1 - 2 * 10 / 2**9)
    assert interval([1.0, 2.0])[:3] == (1.5, 1, 2)
    assert interval(np.arange(9.0), level=0.49)[1:3] == (3, 5)


def test_interval_works_along_the_first_axis():
    values = np.random.default_rng(0).normal(size=(7, 2, 3))
    both = interval(values)
    assert both.median.shape == (2, 3)
    for place in np.ndindex(2, 3):
        one = interval(values[(slice(None), *place)])
        assert (both.median[place], both.low[place], both.high[place]) == one[:3]


def test_an_infinite_value_is_an_extreme():
    assert interval([1.0, 2.0, 3.0, np.inf, np.inf])[:3] == (3, 1, np.inf)


@pytest.mark.parametrize("draw", ["normal", "exponential", "standard_cauchy"])
@pytest.mark.parametrize("n", [5, 9])
def test_interval_covers_the_median_as_often_as_it_says(draw, n):
    rng = np.random.default_rng(0)
    median = {"normal": 0.0, "exponential": np.log(2), "standard_cauchy": 0.0}[draw]
    found = interval(getattr(rng, draw)(size=(n, 4000)))
    covered = ((found.low < median) & (median < found.high)).mean()
    assert covered == pytest.approx(found.level, abs=0.015)


@pytest.mark.parametrize(
    ("value", "digits", "wanted"),
    [(0.012345, 3, 0.0123), (98765, 3, 98800), (-0.0996, 2, -0.1), (0.0, 3, 0.0), (np.float32(1.26), 2, 1.3)],
)
def test_a_number_is_rounded_to_its_first_digits(value, digits, wanted):
    found = rounded(value, digits)
    assert type(found) is float
    assert found == wanted


def test_three_digits_are_the_default_and_what_is_no_number_stays():
    assert rounded(1.23456) == 1.23
    assert rounded(np.inf) == np.inf
    assert np.isnan(rounded(np.nan))


BAD = {
    "no digits": (lambda: rounded(1.0, 0), ValueError, "digits must be at least 1"),
    "half a digit": (lambda: rounded(1.0, 1.5), TypeError, "digits"),
    "one value": (lambda: interval([1.0]), ValueError, "at least 2 seeds"),
    "a number": (lambda: interval(1.0), ValueError, "at least 2 seeds"),
    "NaN": (lambda: interval([1.0, np.nan]), ValueError, "NaN"),
    "level": (lambda: interval([1, 2], level=1.5), ValueError, "level must be at most"),
    "more heads than coins": (lambda: sign_test(4, 3), ValueError, "k must be at most 3"),
    "no coin": (lambda: sign_test(0, 0), ValueError, "n must be at least 1"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_named(case):
    call, error, message = BAD[case]
    with pytest.raises(error, match=message):
        call()
