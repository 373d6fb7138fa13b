"""What holds of every practice exercise of the book."""

import importlib
import pkgutil

import pytest

import seqlib.exercises
from seqlib.exercises.checker import Exercise

EXERCISES = [
    value
    for module in pkgutil.iter_modules(seqlib.exercises.__path__, "seqlib.exercises.")
    for value in vars(importlib.import_module(module.name)).values()
    if isinstance(value, Exercise)
]


@pytest.mark.parametrize("exercise", EXERCISES, ids=[exercise.name for exercise in EXERCISES])
def test_six_usual_mistakes_are_told_apart(exercise):
    assert len(exercise.wrong) >= 6
    for id, (function, reason) in exercise.wrong.items():
        result = exercise.judge(function)
        assert (result.status, result.id) == ("wrong", id)
        assert reason in result.message
    assert len({reason for _, reason in exercise.wrong.values()}) == len(exercise.wrong)
    assert exercise.judge(exercise.expected).status == "right"
