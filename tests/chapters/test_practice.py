"""Untouched stubs get an invitation; the solutions behind the click pass their checkers."""

import importlib
import re

from seqlib.exercises.checker import Exercise

FEWEST_EXERCISES = 4
FEWEST_MISTAKES = 3


def exercises(chapter):
    """The exercises of the chapter's module, by name."""
    module = importlib.import_module(f"seqlib.exercises.{chapter.topic}")
    return {name: value for name, value in vars(module).items() if isinstance(value, Exercise)}


def test_every_exercise_is_in_the_chapter_and_knows_mistakes(chapter):
    found = exercises(chapter)
    assert len(found) >= FEWEST_EXERCISES
    called = re.findall(r"^practice\.(\w+)\((\w+)\)$", chapter.code, flags=re.M)
    assert {name for name, _ in called} == set(found)
    assert all(name == function for name, function in called)
    for name, exercise in found.items():
        assert exercise.name == name
        assert len(exercise.wrong) >= FEWEST_MISTAKES, name
        for _, why in exercise.wrong.values():
            assert len(why.split()) >= 4, f"{name}: {why!r} does not say why"


def test_untouched_stubs_are_invited(chapter):
    for name in exercises(chapter):
        assert re.search(rf"^✎ {name}: not written yet", chapter.printed, flags=re.M), name


def test_solutions_pass(chapter, capsys):
    found = exercises(chapter)
    assert len(chapter.solutions) == len(found)
    setting = {}
    exec(chapter.source(chapter.code_cells[0]), setting)
    for solution in chapter.solutions:
        names = re.findall(r"^def (\w+)\(", solution, flags=re.M)
        exec(solution, setting)
        result = found[names[-1]](setting[names[-1]])
        assert result.status == "right", result.message
    assert capsys.readouterr().out.count("✓") == len(found)
