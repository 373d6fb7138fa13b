"""confirm() and claim() print one stable line when true and raise when false; the interval is Student's."""

import numpy as np
import pytest

from seqlib.evidence import EvidenceError, Measure, claim, confirm, interval, student_quantile

# Student's t, p = 0.975 unless said: Abramowitz & Stegun 1964, table 26.10 (three decimals)
TABLE = [(1, 12.706), (2, 4.303), (3, 3.182), (4, 2.776), (9, 2.262), (29, 2.045), (120, 1.980)]


@pytest.mark.parametrize(("df", "t"), TABLE)
def test_quantile_equals_the_printed_table(df, t):
    assert student_quantile(0.975, df) == pytest.approx(t, abs=5.1e-4)


def test_quantile_has_the_closed_forms_of_one_and_two_degrees():
    for p in (0.6, 0.9, 0.975, 0.9995):
        assert student_quantile(p, 1) == pytest.approx(np.tan(np.pi * (p - 0.5)), rel=1e-9)
        assert student_quantile(p, 2) == pytest.approx((2 * p - 1) / np.sqrt(2 * p * (1 - p)), rel=1e-9)


def test_interval_by_hand():
    got = interval([1.0, 2.0, 3.0])
    assert got.mean == 2
    assert got.n == 3
    assert got.high - 2 == pytest.approx(4.30265273 / np.sqrt(3), rel=1e-8)
    assert got.low == pytest.approx(4 - got.high)
    assert interval([5, 5, 5]) == (5, 5, 5, 3)
    assert interval([1.0, 2.0, 3.0], level=0.5).high < got.high


def test_interval_covers_the_mean_as_often_as_it_says():
    rng, hits = np.random.default_rng(0), 0
    for _ in range(2000):
        low, high = interval(rng.normal(size=4))[1:3]
        hits += low < 0 < high
    assert 0.935 < hits / 2000 < 0.965


def test_confirm_prints_one_line(capsys):
    assert confirm("eq-a", np.ones((2, 3)), np.ones((2, 3)) + 1e-12) is None
    confirm("eq-b", 1.0, 1.0, tol=1e-6)
    confirm("eq-c", np.zeros(4), 0.0)
    assert capsys.readouterr().out == (
        "✓ eq-a: both sides agree to 1e-10 (6 numbers)\n"
        "✓ eq-b: both sides agree to 1e-06 (1 number)\n"
        "✓ eq-c: both sides agree to 1e-10 (4 numbers)\n"
    )


FALSE = {
    "differs": (np.ones(3), np.array([1, 1, 1 + 1e-9]), {}, r"differ by 1e-09 at \(2,\)"),
    "sign": (-1.0, 1.0, {}, "differ by 2"),
    "shape": (np.ones(3), np.ones((3, 1)), {}, r"shape \(3,\), the right side \(3, 1\)"),
    "NaN on both sides": (np.nan, np.nan, {}, "NaN or infinite"),
    "infinite on both sides": (np.inf, np.inf, {}, "NaN or infinite"),
    "empty": (np.ones(0), np.ones(0), {}, "nothing to compare"),
    "outside own tol": (1.0, 1.2, {"tol": 0.1}, "differ"),
    "below, not above": (np.array([1.0, -5.0]), np.array([1.0, 5.0]), {}, "differ by 10"),
}


@pytest.mark.filterwarnings("ignore:invalid value")
@pytest.mark.parametrize("case", FALSE)
def test_a_false_equation_raises_and_prints_nothing(case, capsys):
    lhs, rhs, options, message = FALSE[case]
    with pytest.raises(EvidenceError, match=message):
        confirm("eq-false", lhs, rhs, **options)
    assert capsys.readouterr().out == ""
    assert issubclass(EvidenceError, AssertionError)


def test_tolerance_is_relative_for_large_numbers_and_absolute_for_small():
    confirm("eq-large", 1e12 + 1, 1e12)
    confirm("eq-small", 1e-11, 0.0)
    with pytest.raises(EvidenceError):
        confirm("eq-small", 1e-9, 0.0)


def test_claim_prints_one_line(capsys):
    loss = Measure("loss", [1.0, 1.1, 0.9], below=2, unit="nats")
    claim("some-claim", "supported", [loss])
    claim("other", "supported with conditions", [Measure("x", [3, 4, 5, 4], above=1, digits=1)], condition="if small")
    claim("third", "not supported", [loss, Measure("gap", [[5.0], [5.0], [6.0]], above=2, below=9)])
    assert capsys.readouterr().out.splitlines() == [
        "⚖ some-claim: supported. loss: below 2 nats (95 % interval, 3 seeds)",
        "⚖ other: supported with conditions (if small). x: 4.0 [2.7, 5.3], above 1 (95 % interval, 4 seeds)",
        "⚖ third: not supported. loss: below 2 nats (95 % interval, 3 seeds); "
        "gap: above 2 and below 9 (95 % interval, 3 seeds)",
    ]


@pytest.mark.parametrize(
    "measure",
    [
        Measure("wrong side", [1.0, 1.1, 0.9], above=2),
        Measure("wrong side", [3.0, 3.1, 2.9], below=2),
        Measure("interval reaches over", [1.0, 2.0, 3.0], above=0),
        Measure("interval reaches over", [-1.0, -2.0, -3.0], below=0),
        Measure("only one bound holds", [1.0, 1.1, 0.9], above=0, below=1),
    ],
)
def test_a_false_claim_raises_and_prints_nothing(measure, capsys):
    with pytest.raises(EvidenceError, match=measure.what):
        claim("some-claim", "supported", [Measure("true", [1, 1, 1], above=0), measure])
    assert capsys.readouterr().out == ""


GOOD = Measure("loss", [1.0, 1.1, 0.9], below=2)
BAD = {
    "two seeds": (
        lambda: claim("c", "supported", [Measure("loss", [1, 1], below=2)]),
        ValueError,
        "must have at least 3 seeds, got 2",
    ),
    "no bound": (lambda: claim("c", "supported", [Measure("l", [1, 1, 1])]), ValueError, "must have a bound"),
    "NaN": (lambda: claim("c", "supported", [Measure("l", [1, 1, np.nan], below=2)]), ValueError, "must be finite"),
    "verdict": (lambda: claim("c", "true", [GOOD]), ValueError, "verdict must be one of 'supported'"),
    "no measure": (lambda: claim("c", "supported", []), ValueError, "measures must be a list"),
    "bare measure": (lambda: claim("c", "supported", GOOD), ValueError, "measures must be a list"),
    "no condition": (lambda: claim("c", "supported with conditions", [GOOD]), ValueError, "condition must be given"),
    "condition": (lambda: claim("c", "supported", [GOOD], condition="if"), ValueError, "condition must be given"),
    "id": (lambda: claim("", "supported", [GOOD]), TypeError, "id must be"),
    "label": (lambda: confirm("", 1, 1), TypeError, "label must be"),
    "label is a number": (lambda: confirm(1, 1, 1), TypeError, "label must be"),
    "tol": (lambda: confirm("eq", 1, 1, tol=-1), ValueError, "tol must be at least 0"),
    "text": (lambda: confirm("eq", "a", 1), TypeError, "lhs must hold real numbers"),
    "one value": (lambda: interval([1.0]), ValueError, "values must hold at least 2"),
    "matrix": (lambda: interval(np.ones((2, 2))), ValueError, "values must have shape"),
    "level": (lambda: interval([1, 2], level=1.0), ValueError, "level must be at most"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_named(case):
    call, error, message = BAD[case]
    with pytest.raises(error, match=message):
        call()
