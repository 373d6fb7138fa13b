"""Answers as students write them, in tests/exercises/students: right ones pass, wrong ones are told what is wrong."""

import importlib
import math
import pkgutil
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import torch

import seqlib.exercises
from seqlib.exercises.checker import Exercise
from seqlib.reference import bidirectional, losses, optim, rnn

ROOT = Path(__file__).resolve().parents[2]
CHAPTERS = sorted(Path(__file__).with_name("students").glob("*.py"))
UNTOLD = ("?", "exception")  # refused, without a word on which mistake it is


def answers(path):
    """(name of the exercise, "right" or the id of the mistake, source) of each answer in a file."""
    parts = re.split(r"^# (right|wrong: .+)\n", path.read_text(encoding="utf8"), flags=re.M)[1:]
    for said, source in zip(parts[::2], parts[1::2], strict=True):
        yield re.match(r"def (\w+)\(", source)[1], said.removeprefix("wrong: "), source


def exercise(chapter, name):
    return getattr(importlib.import_module(f"seqlib.exercises.{chapter}"), name)


def module_of(path):
    """The exercises that a file answers: leaks, of leaks.py, rare_leaks.py and rare_leaks_changes.py."""
    stem = path.stem.removeprefix("rare_")
    modules = [module.name for module in pkgutil.iter_modules(seqlib.exercises.__path__)]
    return max((name for name in modules if f"{stem}_".startswith(f"{name}_")), key=len)


ANSWERS = [(module_of(path), *answer) for path in CHAPTERS for answer in answers(path)]


@pytest.mark.parametrize(("chapter", "name", "said", "source"), ANSWERS, ids=[f"{a[0]}-{a[1]}-{a[2]}" for a in ANSWERS])
def test_an_answer_is_judged_as_it_should_be(chapter, name, said, source):
    space = {"np": np, "torch": torch, "math": math, "losses": losses, "optim": optim, "rnn": rnn}
    space["reverse"] = bidirectional.reverse  # a function of the page, which the practice may use
    exec(compile(source, name, "exec"), space)
    result = exercise(chapter, name).judge(space[name])
    if said == "right":
        assert result.status == "right", result.message
    else:
        assert (result.status, result.id) == ("wrong", "other" if said == "?" else said), result.message
        assert "got an array of shape" not in result.message


def test_there_are_enough_of_them_for_every_exercise():
    kinds = Counter(
        "right" if said == "right" else "told" if said not in UNTOLD else "untold" for *_, said, _ in ANSWERS
    )
    assert kinds["right"] >= 30
    wrong = kinds["told"] + kinds["untold"]
    assert wrong >= 60
    assert kinds["told"] >= 0.8 * wrong
    mine = {(chapter, name): [] for chapter, name, *_ in ANSWERS}
    for chapter, name, said, _ in ANSWERS:
        mine[chapter, name].append(said)
    for modules in pkgutil.iter_modules(seqlib.exercises.__path__):
        module = importlib.import_module(f"seqlib.exercises.{modules.name}")
        for name, value in vars(module).items():
            assert not isinstance(value, Exercise) or any(value is exercise(*key) for key in mine), (
                f"no answers to {name}"
            )
    for key, said in mine.items():
        assert said.count("right") >= 2, key
        assert len(set(said)) >= 5, key
