"""confirm() and confirm_bound(): the right equation passes; near misses, coincidences and zeros do not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from seqlib.evidence import EvidenceError, confirm, confirm_bound

OFF = {"twice": np.full((2, 3), 2.0)}


def test_one_line_is_printed(capsys):
    assert confirm("eq-a", np.ones((2, 3)), np.ones((2, 3)) + 1e-12, near=OFF) is None
    confirm("eq-b", 1.0, 1.0, near={"a sign": -1, "a half": 0.5}, tol=1e-6)
    confirm("eq-c", [2.0, 1.0], 2 * np.array([1, 0.5]), near={"a number for all": 2.0})
    assert capsys.readouterr().out == (
        "✓ eq-a: both sides agree to 1e-10; 1 near miss differs\n"
        "✓ eq-b: both sides agree to 1e-06; 2 near misses differ\n"
        "✓ eq-c: both sides agree to 1e-10; 1 near miss differs\n"
    )


FALSE = {
    "differs": (np.ones(3), np.array([1, 1, 1 + 1e-9]), {}, r"differ by 1e-09 at \(2,\): 1 and 1"),
    "sign": (-1.0, 1.0, {}, "differ by 2"),
    "shape": (np.ones(3), np.ones((3, 1)), {}, r"shape \(3,\), the right side \(3, 1\)"),
    "NaN on both sides": (np.nan, np.nan, {}, "NaN or infinite"),
    "infinite on both sides": (np.inf, np.inf, {}, "NaN or infinite"),
    "empty": (np.ones(0), np.ones(0), {}, "nothing to compare"),
    "outside own tol": (1.0, 1.2, {"tol": 0.1}, "differ"),
    "below, not above": (np.array([1.0, -5.0]), np.array([1.0, 5.0]), {}, "differ by 10"),
    "zero on both sides": (np.zeros(3), np.zeros(3), {}, "0 throughout"),
    "small numbers, compared to their own size": (1e-12, 2e-12, {}, "differ by 1e-12"),
}


@pytest.mark.parametrize("case", FALSE)
def test_false_equations_raise(case):
    lhs, rhs, options, message = FALSE[case]
    with pytest.raises(EvidenceError, match=message):
        confirm("eq-false", lhs, rhs, near={"far": 100.0}, **options)


NO_MISS = {
    "the same": ([1.0, 2.0], {}, "'x' agrees too"),
    "too close for the tolerance": ([1.0, 2.0 + 1e-4], {"tol": 1e-4}, "'x' agrees too"),
    "a rounding error away": ([1.0, 2.0 + 1e-7], {}, "'x' agrees too"),
    "another shape": (np.ones((2, 2)), {}, "the near miss 'x'"),
    "not finite": ([1.0, np.nan], {}, "near miss 'x' is NaN"),
}


@pytest.mark.parametrize("case", NO_MISS)
def test_a_near_miss_must_differ(case):
    miss, options, message = NO_MISS[case]
    with pytest.raises(EvidenceError, match=message):
        confirm("eq-x", [1.0, 2.0], [1.0, 2.0], near={"a real one": [2.0, 1.0], "x": miss}, **options)


ENTRIES = st.floats(-1e6, 1e6).filter(lambda v: v == 0 or abs(v) > 1e-6)


@given(arrays(np.float64, 4, elements=ENTRIES), arrays(np.float64, 4, elements=ENTRIES))
def test_what_differs_as_a_near_miss_fails_in_the_place_of_a_side(right, other):
    try:
        confirm("eq-x", right, right, near={"other": other})
    except EvidenceError:
        return
    for sides in ((right, other), (other, right)):
        with pytest.raises(EvidenceError):
            confirm("eq-x", *sides, near={"far": right + 1 + np.abs(other)})


def test_a_wrong_factor_is_seen_whatever_the_size():
    for size in (1e-30, 1.0, 1e30):
        confirm("eq-x", [size, 3 * size], [size, 3 * size], near={"a millionth more": [size, 3 * size * (1 + 1e-5)]})
        with pytest.raises(EvidenceError, match="differ"):
            confirm("eq-x", [size, 3 * size], [size, 3 * size * (1 + 1e-9)], near={"far": 0.0})


DRAWS = np.linspace(0, 1, 50)


def test_a_bound_prints_how_near_it_is_reached(capsys):
    confirm_bound("eq-a", DRAWS, np.ones(50), near={"a factor": 0.8})
    confirm_bound("eq-b", 0.95 * DRAWS, 1.0, near={"a factor": 0.8, "a half": 0.5})
    assert capsys.readouterr().out == (
        "✓ eq-a: left ≤ right in 50 draws, up to 1.00 of it; 1 near miss fails\n"
        "✓ eq-b: left ≤ right in 50 draws, up to 0.95 of it; 2 near misses fail\n"
    )


BROKEN = {
    "one draw exceeds it": (DRAWS + 0.01, 1.0, {"half": 0.5}, "exceeds the right"),
    "never near": (0.5 * DRAWS, 1.0, {"tenth": 0.1}, "no draw comes near the bound"),
    "a looser bound is no near miss": (
        DRAWS,
        1.0,
        {"tenth": 0.1, "loose": 1.5},
        "no draw exceeds the near miss 'loose'",
    ),
    "not finite": (np.full(50, np.nan), 1.0, {"tenth": 0.1}, "NaN"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_false_bounds_raise(case):
    lhs, rhs, near, message = BROKEN[case]
    with pytest.raises(EvidenceError, match=message):
        confirm_bound("eq-x", lhs, rhs, near=near)


BAD = {
    "label": (lambda: confirm("", 1, 1, near=OFF), TypeError, "label must be"),
    "no near miss": (lambda: confirm("eq-x", 1, 1, near={}), ValueError, "near must map"),
    "near misses without names": (lambda: confirm("eq-x", 1, 1, near=[2]), ValueError, "near must map"),
    "bound without near miss": (lambda: confirm_bound("eq-x", DRAWS, 1, near={}), ValueError, "near must map"),
    "text": (lambda: confirm("eq-x", "a", 1, near=OFF), TypeError, "left side must hold real numbers"),
    "tol": (lambda: confirm("eq-x", 1, 1, near=OFF, tol=-1), ValueError, "tol must be at least"),
    "a tolerance that lets anything pass": (lambda: confirm("eq-x", 1, 1, near=OFF, tol=1), ValueError, "tol must be"),
    "one draw": (lambda: confirm_bound("eq-x", 1.0, 1.0, near={"a": 0.5}), ValueError, "at least two draws"),
    "negative": (lambda: confirm_bound("eq-x", -DRAWS, 1.0, near={"a": 0.5}), ValueError, "must not be negative"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_named(case):
    call, error, message = BAD[case]
    with pytest.raises(error, match=message):
        call()
