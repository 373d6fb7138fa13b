"""The first screen is made from the record of the chapters and from their notebooks."""

import importlib
from pathlib import Path

import pytest
from docutils import nodes

TEXT = {"cell_type": "markdown", "source": ["practice.prose(prose)"]}
CODE = [
    {"cell_type": "code", "source": [line]}
    for line in ("x = 1", "def a(): ...\npractice.a(a)", "practice.other(a)", "def b(): ...\npractice.b(b)")
]
READY = {"title": "One", "file": "01_a", "question": "What?", "cpu": 7}
PARTS = [
    {"part": "I: Begun", "chapters": [READY, {"title": "Two"}]},
    {"part": "II: Later", "chapters": [{"title": "Three"}]},
]


@pytest.fixture
def screen(monkeypatch):
    """The extension, with a record of three chapters, one of which is written."""
    monkeypatch.syspath_prepend(str(Path(__file__).resolve().parents[2] / "book/_ext"))
    module = importlib.import_module("first_screen")
    monkeypatch.setattr(module, "cells", lambda name: [TEXT, *CODE])
    monkeypatch.setattr(module, "reading_minutes", lambda notebook: 30)
    monkeypatch.setattr(module, "records", lambda: PARTS)
    monkeypatch.setattr(module, "chapters", lambda: [(1, READY)])
    monkeypatch.setattr(module.Made, "noted", lambda self: None)
    return module


def test_the_exercises_are_those_that_check_what_they_name(screen):
    assert screen.exercises([TEXT, *CODE]) == ["a", "b"]


def test_a_part_has_a_card_for_each_chapter(screen):
    begun, later = screen.Parts.run(object.__new__(screen.Parts))
    assert (begun["ids"], begun[0].astext()) == (["part-1"], "Part I: Begun")
    assert begun[1].astext() == "1 chapter · 30 minutes to read"
    one, two = begun.findall(nodes.list_item)
    assert [p.astext() for p in one] == ["1 · One", "What?", "30 minutes · 7 s to run · 2 exercises"]
    assert next(one.findall(screen.addnodes.pending_xref))["reftarget"] == "/chapters/01_a"
    assert one["classes"] == ["chapter-card"]
    assert [p.astext() for p in two] == ["2 · Two", "to come"]
    assert two["classes"] == ["chapter-card", "to-come"]
    assert (later["ids"], later[1].astext()) == (["part-2"], "to come")
    (three,) = later.findall(nodes.list_item)
    assert [p.astext() for p in three] == ["3 · Three"]


def test_one_begins_with_the_first_chapter(screen):
    (paragraph,) = screen.Start.run(object.__new__(screen.Start))
    assert paragraph.astext() == "Start with chapter 1 One · 30 minutes"
    assert paragraph["classes"] == ["start"]
    assert next(paragraph.findall(screen.addnodes.pending_xref))["reftarget"] == "/chapters/01_a"
