"""The measurements decide a verdict: every combination of arms, both bounds, and the lines that are printed."""

import dataclasses
import itertools

import numpy as np
import pytest

from seqlib.evidence import Measure, above, below, between, claim, hypothesis, outside, verdict

HIGH, LOW, MIXED = [0.8, 0.9, 0.7, 0.7, 0.75], [0.1, 0.2, 0.1, 0.15, 0.1], [0.8, 0.9, 0.1, 0.2, 0.5]
VALUES = {"supported": HIGH, "refuted": LOW, "undecided": MIXED}


def gain(values, **more):
    return Measure("gain", values, supports=above(0.6), refutes=below(0.3), unit="nats", **more)


@pytest.mark.parametrize("outcome", VALUES)
def test_a_measure_is_decided_by_its_seeds(outcome):
    assert gain(VALUES[outcome]).outcome == outcome


@pytest.mark.parametrize(
    ("values", "outcome"),
    [
        ([0.7] * 4 + [0.5], "undecided"),  # 4 of 5: a fair coin does that in 3 of 16
        ([0.7] * 7 + [0.5], "supported"),  # 7 of 8
        ([0.7] * 6 + [0.5] * 2, "undecided"),
        ([0.6] * 5, "undecided"),  # on the bound is not above it
        ([np.inf] * 5, "supported"),  # a run that diverged is above everything
    ],
)
def test_the_sign_test_asks_for_enough_seeds(values, outcome):
    assert gain(values).outcome == outcome


def test_every_combination_of_arms():
    for arms in itertools.product(VALUES, repeat=3):
        found, outcomes = verdict({f"arm {i}": [gain(VALUES[arm])] for i, arm in enumerate(arms)})
        assert tuple(outcomes.values()) == arms
        if len(set(arms)) == 1:
            assert found == {"supported": "supported", "refuted": "not supported", "undecided": "undecided"}[arms[0]]
        elif {"supported", "refuted"} <= set(arms):
            assert found == "supported with conditions"
        else:
            assert found == "undecided"


def test_an_arm_needs_all_its_measures_and_falls_with_one():
    for (one, a), (two, b) in itertools.product(VALUES.items(), repeat=2):
        _, outcomes = verdict({"arm": [gain(a), gain(b)]})
        both = {one, two}
        wanted = "refuted" if "refuted" in both else "undecided" if "undecided" in both else "supported"
        assert outcomes == {"arm": wanted}


def swapped(measure):
    return dataclasses.replace(measure, supports=measure.refutes, refutes=measure.supports)


def test_swapped_bounds_give_the_opposite_verdict():
    opposite = {"supported": "not supported", "not supported": "supported", "undecided": "undecided"}
    for values in VALUES.values():
        before, _ = verdict({"arm": [gain(values)]})
        after, _ = verdict({"arm": [swapped(gain(values))]})
        assert after == opposite[before]


def test_swapped_measures_change_the_verdict():
    network = Measure("network", LOW, supports=below(0.3), refutes=above(0.6))
    assert verdict({"window": [gain(HIGH)], "network": [network]})[0] == "supported"
    exchanged = dataclasses.replace(network, values=HIGH)
    assert verdict({"window": [gain(LOW)], "network": [exchanged]})[0] == "not supported"


@pytest.mark.parametrize(
    ("bound", "inside", "out"),
    [
        (above(1), [1.1, np.inf], [1.0, -np.inf]),
        (below(1), [0.9, -np.inf], [1.0, np.inf]),
        (between(1, 2), [1.5], [1.0, 2.0, 0.0, np.inf]),
        (outside(1, 2), [0.9, 2.1, np.inf, -np.inf], [1.0, 1.5, 2.0]),
    ],
)
def test_what_lies_in_a_bound(bound, inside, out):
    assert bound.met(np.array(inside)) == len(inside)
    assert bound.met(np.array(out)) == 0


def test_what_is_printed(capsys):
    claim(
        "some-claim",
        {
            "small T": [gain(HIGH), Measure("time", MIXED, supports=between(0, 1), refutes=outside(0, 2), digits=0)],
            "large T": [gain(LOW, digits=1)],
            "default start": [gain(MIXED)],
        },
    )
    hypothesis("it gains", [gain(HIGH)])
    assert capsys.readouterr().out == (
        "⚖ some-claim: supported with conditions\n"
        "  supported: small T. gain: 0.75 [0.7, 0.9] nats, above 0.6 in 5 of 5 seeds; "
        "time: between 0 and 1 in 5 of 5 seeds\n"
        "  refuted: large T. gain: 0.1 [0.1, 0.2] nats, below 0.3 in 5 of 5 seeds\n"
        "  undecided: default start. gain: 0.5 [0.1, 0.9] nats, "
        "above 0.6 in 2 of 5 seeds and below 0.3 in 2 of 5 seeds\n"
        "◇ it gains: held\n"
        "  gain: 0.75 [0.7, 0.9] nats, above 0.6 in 5 of 5 seeds\n"
    )


@pytest.mark.parametrize(("values", "word"), [(HIGH, "held"), (LOW, "did not hold"), (MIXED, "undecided")])
def test_a_hypothesis_may_fail(values, word, capsys):
    hypothesis("it gains", [gain(values)])
    assert capsys.readouterr().out.startswith(f"◇ it gains: {word}\n")


BAD = {
    "four seeds": (lambda: gain([1.0] * 4), ValueError, "at least 5 seeds, got 4"),
    "NaN": (lambda: gain([1, 2, np.nan, 4, 5]), ValueError, "seed 2 gave NaN"),
    "a matrix": (lambda: gain(np.ones((5, 5))), ValueError, "must have shape"),
    "overlapping bounds": (lambda: Measure("x", HIGH, above(0), below(1)), ValueError, "must exclude each other"),
    "the same bound twice": (lambda: Measure("x", HIGH, above(0), above(1)), ValueError, "must exclude each other"),
    "a number for a bound": (lambda: Measure("x", HIGH, 0.5, below(0)), TypeError, "supports must be a bound"),
    "bounds the wrong way round": (lambda: between(2, 1), ValueError, "high must be greater than 2"),
    "digits": (lambda: gain(HIGH, digits=-1), ValueError, "digits must be at least 0"),
    "no arm": (lambda: claim("x", {}), ValueError, "at least one condition"),
    "an empty arm": (lambda: claim("x", {"a": []}), TypeError, r"arms\['a'\]"),
    "a measure without a list": (lambda: claim("x", {"a": gain(HIGH)}), TypeError, r"arms\['a'\]"),
    "a typed verdict": (lambda: claim("x", "supported"), ValueError, "arms must map"),
    "no id": (lambda: claim("", {"a": [gain(HIGH)]}), TypeError, "id must be"),
    "no text": (lambda: hypothesis("", [gain(HIGH)]), TypeError, "text must be"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_named(case):
    call, error, message = BAD[case]
    with pytest.raises(error, match=message):
        call()
