"""The practice of chapter 16 as the page has it: every exercise from one module, and mistakes that answer something."""

import pytest

from seqlib.exercises import linear_recurrence as practice
from seqlib.exercises.checker import _Raised


@pytest.mark.parametrize("name", practice.__all__)
def test_the_page_gets_every_exercise_from_one_module(name):
    assert getattr(practice, name).name == name


@pytest.mark.parametrize("name", practice.__all__)
def test_no_usual_mistake_stops_on_every_case(name):
    for id, outcomes in getattr(practice, name)._wrong:
        assert not all(isinstance(outcome, _Raised) for outcome in outcomes), id
