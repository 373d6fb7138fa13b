"""What holds of every practice exercise of the book."""

import importlib
import pkgutil

import numpy as np
import pytest
import torch

import seqlib.exercises
from seqlib.exercises.checker import Exercise

MODULES = [m.name for m in pkgutil.iter_modules(seqlib.exercises.__path__, "seqlib.exercises.")]
EXERCISES = {
    id(value): (f"{module.rpartition('.')[2]}.{value.name}", value)
    for module in reversed(MODULES)
    for value in vars(importlib.import_module(module)).values()
    if isinstance(value, Exercise)
}
every = pytest.mark.parametrize(
    "exercise", [e for _, e in EXERCISES.values()], ids=[name for name, _ in EXERCISES.values()]
)


def mapped(form, value):
    """A result with every number and array of it in another form."""
    if isinstance(value, list | tuple):
        return type(value)(mapped(form, item) for item in value)
    if isinstance(value, np.ndarray) and value.dtype == bool:
        return value  # no number stands for True
    return form(value)


@every
def test_six_usual_mistakes_are_told_apart(exercise):
    assert len(exercise.wrong) >= 6
    for id, (functions, reason) in exercise.wrong.items():
        for function in functions:
            result = exercise.judge(function)
            assert (result.status, result.id, result.message) == ("wrong", id, reason)
    assert len({reason for _, reason in exercise.wrong.values()}) == len(exercise.wrong)


@every
@pytest.mark.parametrize(
    "form",
    [
        np.asarray,
        np.float32,
        lambda x: np.asarray(x).tolist(),
        lambda x: torch.tensor(x, dtype=torch.float64, requires_grad=True),
        lambda x: torch.tensor(x, dtype=torch.float32),
        lambda x: np.asarray(np.float32(x)).tolist(),
    ],
    ids=["array", "float32", "list", "tensor", "tensor of float32", "list of float32"],
)
def test_the_right_answer_is_right_in_every_form(exercise, form):
    if isinstance(exercise.expected(*exercise.cases[0]), bool):
        return  # no number stands for True: see test_leaks.py
    result = exercise.judge(lambda *arguments: mapped(form, exercise.expected(*arguments)))
    assert result.status == "right", result.message


@every
def test_float32_on_the_way_is_no_mistake(exercise):
    def low(value):
        if isinstance(value, list):
            return [low(item) for item in value]
        real = isinstance(value, np.ndarray) and value.dtype == float
        return value.astype(np.float32).astype(float) if real else value

    result = exercise.judge(lambda *arguments: exercise.expected(*map(low, arguments)))
    assert result.status == "right", result.message


@every
def test_a_number_a_little_off_is_wrong(exercise):
    for factor in (1.001, 0.999):
        off = exercise.judge(lambda *given, factor=factor: mapped(lambda x: factor * x, exercise.expected(*given)))
        assert off.status == "wrong" or isinstance(exercise.expected(*exercise.cases[0]), int)
    assert exercise.judge(lambda *given: mapped(lambda x: x + 1.0, [exercise.expected(*given)])[0]).status == "wrong"


@every
def test_an_untouched_stub_is_invited_and_a_print_is_told(exercise, capsys):
    def stub(*arguments): ...

    def printing(*arguments):
        print(exercise.expected(*arguments))

    assert exercise(stub).status == "empty"
    assert capsys.readouterr().out.startswith(f"✎ {exercise.name}: not written yet. ")
    result = exercise.judge(printing)
    assert (result.status, result.id) == ("wrong", "no-return")
    assert exercise(exercise.expected).status == "right"
    assert capsys.readouterr().out.endswith(f"✓ {exercise.name}: right.\n")


@every
def test_another_wrong_answer_is_shown_a_case(exercise):
    result = exercise.judge(lambda *arguments: -17.0)
    assert (result.status, result.id) == ("wrong", "other")
    assert "-17" in result.message
    assert "for the arguments" in result.message
