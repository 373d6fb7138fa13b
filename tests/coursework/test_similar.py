"""What is alike is found in spite of new names and another order; what is usual, or was given out, is not."""

import csv
import json
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from coursework.assignment import PROBLEMS, keep
from coursework.course import Course
from coursework.fingerprints import fingerprints
from coursework.similar import report
from coursework.similar_page import write
from coursework.submission import Cell

sys.path.insert(0, str(Path(__file__).parent))
import classmates

SOURCE = '''\
def gap(W, x):
    """The largest difference."""
    best = 0
    lowest = np.min(W @ x, axis=0)  # of each column of them all
    highest = np.max(W @ x, axis=0)
    for k in range(len(lowest)):
        best = max(best, abs(highest[k] - lowest[k]) * 0.37)
    return best
'''
COPIED = """\
def gap(matrix, v):
    # written by myself
    top = np.max(matrix @ v, axis=0)
    bottom = np.min((matrix @ v), axis = 0)
    r = 0
    for i in range( len(bottom) ):
        r = max(r,
                abs(top[i] - bottom[i]) * 0.52)
    return r
"""
OTHER = """\
def gap(W, x):
    products = (W[:, None] * x.T[None]).sum(-1)
    return 0.37 * (products.max(0) - products.min(0)).max()
"""


@pytest.fixture
def light(first, tmp_path):
    """A course of the first assignment, as far as hand-ins are compared: without a gradebook, made in no time."""
    keep([first], PROBLEMS, tmp_path / "families")
    (tmp_path / "secret").write_text("a secret of the tests\n")
    notebook = first.notebook("a secret of the tests")
    for cell in notebook["cells"]:
        cell["source"] = "" if cell["metadata"]["nbgrader"]["solution"] else cell["source"]
    (tmp_path / "release" / first.name).mkdir(parents=True)
    (tmp_path / "release" / first.name / f"{first.name}.ipynb").write_text(json.dumps(notebook))
    return Course(tmp_path)


def code(source):
    return set(fingerprints([Cell("", "code", source)]))


def hand_in(course, name, student, notebook):
    folder = course.folder / "submitted" / student / name
    folder.mkdir(parents=True)
    (folder / f"{name}.ipynb").write_text(json.dumps(notebook))


def with_cells(released, *sources, kind="code"):
    return released | {"cells": [*released["cells"], *({"cell_type": kind, "source": text} for text in sources)]}


def test_names_order_comments_layout_and_numbers_do_not_matter():
    ours, copied, other = code(SOURCE), code(COPIED), code(OTHER)
    assert len(ours & copied) >= 0.45 * len(copied)
    assert len(ours & other) <= 0.1 * len(other)
    assert code(SOURCE.replace("0.37", "12.5").replace("  #", "#").replace("best", "worst")) == ours
    assert code("(a + b) * (value[c] ** other)") == code("a+b * value[c]**other") != set()
    assert code("import os\n") == code("x = y\n") == set()


def test_a_comment_that_was_taken_along_is_seen():
    alike = code("a = 1  # the third gate is forgotten here") & code("# The third gate is forgotten, here!\nother = 2")
    assert len(alike) == 3


def test_places_are_the_lines_of_the_pieces():
    found = fingerprints([Cell("", "markdown", "x"), Cell("", "code", "\n\nvalue = np.exp(-other) ** 3.5 + 7\n")])
    assert {(place.cell, place.first, place.last) for place in found.values()} == {(1, 2, 2)}


def test_a_class_of_200_with_20_copies(light, first):
    """The two right sources and the usual mistakes, each in a hand of its own, and copies in disguise."""
    name, released = first.name, light.released(first.name, "student")
    rng = np.random.default_rng(7)
    made, pairs = classmates.classmates(first, light.secret, released, rng, students=200, whole=10, partly=10)
    for k, notebook in enumerate(made):
        hand_in(light, name, f"{k:03d}", notebook)
    begin = time.process_time()
    found = report(light, name)
    write(found, light.folder / "similar")
    assert time.process_time() - begin < 30
    listed = [tuple(sorted(map(int, pair.students))) for pair in found.pairs]
    assert found.students == 200
    assert len(pairs & set(listed[:20])) >= 19
    assert pairs <= set(listed)
    assert all(pair.pieces for pair in found.pairs[:30])
    assert found.pairs[0].share > 0.4


def test_two_are_enough_and_what_was_given_out_or_is_usual_counts_nothing(light, first):
    name, released = first.name, light.released(first.name, "student")
    right = {p.name: p.solutions(p.variant(light.secret))[0] for p in first.problems}
    for student in ("blank", "blank too"):
        hand_in(light, name, student, released)
    for student in ("right", "right too"):
        hand_in(light, name, student, classmates.solved(released, right))
    assert report(light, name).pairs == []
    hand_in(light, name, "copied", with_cells(released, COPIED))
    hand_in(light, name, "copies", with_cells(released, SOURCE))
    (pair,) = report(light, name).pairs
    assert pair.students == ("copied", "copies")
    (piece,) = pair.pieces
    assert piece.cells[0].source == COPIED
    assert {2, 3, 7} <= piece.lines[0]
    assert 1 not in piece.lines[0]
    with pytest.raises(ValueError, match=f"one of {name}.*'99_none'"):
        report(light, "99_none")


def test_texts_are_compared_by_their_words(light, first):
    name, released = first.name, light.released(first.name, "student")
    text = "I expected the small model to lose, but its loss fell to the floor within a hundred steps."
    hand_in(light, name, "a", with_cells(released, text, kind="markdown"))
    hand_in(light, name, "b", with_cells(released, "Well: " + text.replace(",", " –").upper(), kind="markdown"))
    (pair,) = report(light, name).pairs
    assert pair.shared == pytest.approx(15 * np.log2((2 + 4) / 2))
    hand_in(light, name, "c", with_cells(released, "I did not see what I had expected to see.", kind="markdown"))
    (pair,) = report(light, name).pairs
    assert pair.students == ("a", "b")


def test_what_is_too_long_is_cut():
    assert not fingerprints([Cell("", "code", "x" * 19_997 + " = y * z + w")])
    many = fingerprints([Cell("", "code", f"x{k} = y.a{k} * z + w") for k in range(20_000)])
    assert max(place.cell for place in many.values()) < 10_000


def test_the_command_says_where_to_look(light, first, capsys, monkeypatch):
    from coursework import __main__ as command

    for student in ("ana", "ben"):
        hand_in(light, first.name, student, with_cells(light.released(first.name, student), SOURCE))
    place = str(light.folder)
    monkeypatch.setattr("sys.argv", ["coursework", "similar", first.name, "--course", place])
    assert command.main() == 0
    said = capsys.readouterr().out
    assert said.startswith("2 hand-ins were compared")
    assert "no verdict" in said
    assert "ana,ben" in (light.folder / "similar" / f"{first.name}.csv").read_text()


def test_hostile_hand_ins_cost_seconds_and_act_nowhere(light, first):
    name, released = first.name, light.released(first.name, "student")
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)> = 1 + 2 + 3 + 4 # \x1b[31m"
    bombs = ["(" * 10**6, "-" * 10**6, "'''" * 10**6, '"' * 10**6, "x = 1\n" * 10**6, "\\\n" * 10**6, "9" * 10**6]
    for student in ("=1+1", "<b onmouseover=alert(3)>"):
        hand_in(light, name, student, with_cells(released, evil, SOURCE, *bombs))
    hand_in(light, name, "many", with_cells(released, *["x = y + z * 3"] * 20_000))
    hand_in(light, name, "list", [1, 2])
    begin = time.process_time()
    found = report(light, name)
    page, table = write(found, light.folder / "similar")
    assert time.process_time() - begin < 15
    assert [said.split(":")[0] for said in found.left_out] == ["list"]
    shown = page.read_text()
    assert "<script" not in shown
    assert "<img" not in shown
    assert "<b " not in shown
    assert "\x1b" not in shown
    assert "no verdict" in shown
    assert page.stat().st_size < 10**6
    assert page.parent.stat().st_mode & 0o077 == 0
    rows = list(csv.reader(table.read_text().splitlines()))
    assert len(rows) == 1 + len(found.pairs) > 1
    assert not any(cell[0] in "=+-@" for row in rows for cell in row)
