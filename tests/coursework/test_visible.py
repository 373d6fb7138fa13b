"""The check of a released notebook: it says what is wrong, and holds no oracle."""

import numpy as np
import pytest

from coursework import CheckFailed, check
from coursework.problem import run_source


def function(source, name):
    space = {"np": np}
    exec(source, space)
    return space[name]


def test_right_and_wrong_answers_are_told(problem, course, capsys):
    variant = problem.variant(course.secret)
    found = course.folder.glob("release/*/checks.json")
    folder = next(path.parent for path in found if f'"{problem.name}"' in path.read_text())
    for source in problem.solutions(variant):
        check(problem.name, function(source, problem.name), folder=folder)
        said = capsys.readouterr().out.splitlines()
        assert [line[0] for line in said] == ["✓"] * len(problem.parts)
    for wrong in problem.wrongs(variant):
        with np.errstate(all="ignore"), pytest.raises(CheckFailed, match="not yet right"):
            check(problem.name, function(wrong.source, problem.name), folder=folder)
        assert wrong.message in capsys.readouterr().out


def test_a_difference_is_shown_with_both_numbers(problem, course, capsys):
    folder = next(p.parent for p in course.folder.glob("release/*/checks.json") if f'"{problem.name}"' in p.read_text())
    right = function(problem.solutions(problem.variant(course.secret))[0], problem.name)

    def off(value):
        return [off(v) for v in value] if isinstance(value, list | tuple) else np.multiply(value, 1.7)

    with pytest.raises(CheckFailed):
        check(problem.name, lambda *arguments: off(right(*arguments)), folder=folder)
    said = capsys.readouterr().out
    assert " is " in said
    assert "needed" in said
    assert "for the arguments" in said
    with pytest.raises(CheckFailed):
        check(problem.name, lambda *arguments: print(end=""), folder=folder)
    assert "print shows a value, return gives it back" in capsys.readouterr().out


def test_a_stub_is_told_too(first, course, capsys):
    name = first.problems[0].name

    def stub(*arguments):
        raise NotImplementedError

    with pytest.raises(CheckFailed):
        check(name, stub, folder=course.folder / "release" / first.name)
    assert "not written yet" in capsys.readouterr().out


def test_bad_input_names_the_argument(first, course, tmp_path):
    folder = course.folder / "release" / first.name
    with pytest.raises(TypeError, match="function"):
        check(first.problems[0].name, 3, folder=folder)
    with pytest.raises(ValueError, match="name"):
        check("nothing", print, folder=folder)
    with pytest.raises(FileNotFoundError, match=r"checks\.json"):
        check("nothing", print, folder=tmp_path)


def test_data_holds_no_code(course):
    for path in course.folder.glob("release/*/checks.json"):
        text = path.read_text()
        assert "def " not in text
        assert "SOLUTION" not in text
    assert run_source("def f(x):\n    return x", "f", [(1,)])[0].value == 1
