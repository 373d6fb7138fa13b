"""What is drawn fills templates: forms by table and field, constants, and what a form is taken for."""

import numpy as np
import pytest

from coursework.variant import Form, Variant, number

TABLES = {
    "rule": {
        "first": Form(code="t >= «k»", other="blocks", weight=1),
        "last": Form(code="t < «n» - «k»", says="not «rule.other.name»", weight=0),
        "blocks": Form(code="t % «m» >= «k»"),
    }
}
DRAWN = Variant(TABLES, {"rule": "last", "k": 2, "n": "len(words)", "m": 0.1 + 0.2})


def test_places_are_filled_to_the_end():
    assert DRAWN.fill("scored = «rule.code»") == "scored = t < len(words) - 2"
    assert DRAWN.fill("«rule.name», «rule.weight»") == "last, 0"
    assert DRAWN.fill("«m»") == "0.3"
    assert DRAWN.number("k") == 2.0


def test_another_form_is_the_named_or_the_next():
    assert DRAWN.fill("«rule.says»") == "not blocks"
    assert DRAWN.fill("«rule.other.code»") == "t % 0.3 >= 2"
    assert DRAWN.but(rule="first").fill("«rule.other»") == "blocks"  # as it says itself
    assert DRAWN.but(rule="blocks").fill("«rule.other»") == "first"  # after the last comes the first
    assert DRAWN.fill("«rule.other.other.name»") == "first"


def test_forms_and_constants_are_attributes():
    assert DRAWN.rule is TABLES["rule"]["last"]
    assert (DRAWN.k, DRAWN.n) == (2, "len(words)")
    with pytest.raises(AttributeError, match="'x'"):
        _ = DRAWN.x


def test_but_changes_names_and_numbers():
    other = DRAWN.but(rule="«rule.other»", k="3", m=1)
    assert other.fill("«rule.code»") == "t % 1 >= 3"
    assert (other.k, type(other.m)) == (3, float)
    assert DRAWN.fill("«rule.name» «k»") == "last 2"
    assert DRAWN.but() == DRAWN
    assert other != DRAWN


def test_places_that_nothing_fills_are_named():
    for place in ("x", "x.code", "rule.colour", "k.code", "rule.code.name"):
        with pytest.raises(ValueError, match=f"«{place}»"):
            DRAWN.fill(f"«{place}»")
    with pytest.raises(ValueError, match="rule must be one of first, last, blocks, got 'middle'"):
        DRAWN.but(rule="middle")


def test_a_number_is_of_its_ranges():
    drawn = {number(np.random.default_rng(seed), range(1, 3), range(8, 10), per=10) for seed in range(60)}
    assert drawn == {0.1, 0.2, 0.8, 0.9}
