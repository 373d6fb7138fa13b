"""Reading a submission: what is taken, and the reason for what is not. The broken kinds are in test_grader."""

import json

import pytest

from seqlib.coursework.submission import Unreadable, read


def write(folder, cells, name="a.ipynb"):
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(json.dumps({"cells": cells}))
    return folder


def cell(source, grade_id=None, kind="code"):
    return {"cell_type": kind, "source": source, "metadata": {"nbgrader": {"grade_id": grade_id}} if grade_id else {}}


def test_code_in_order_and_cells_by_id(tmp_path):
    cells = [cell(["a = 1\n", "b = 2"], "one"), cell("# text", "two", "markdown"), cell("c = 3"), "no cell", None]
    found = read(write(tmp_path / "s", cells), "a.ipynb")
    assert found.code == ["a = 1\nb = 2", "c = 3"]
    assert found.cells == {"one": "a = 1\nb = 2", "two": "# text"}
    assert found.notes == []


def test_duplicates_are_noted_and_joined(tmp_path):
    found = read(write(tmp_path / "s", [cell("x = 1", "one"), cell("x = 2", "one")]), "a.ipynb")
    assert "two cells" in found.notes[0]
    assert found.cells["one"] == "x = 1\n\nx = 2"


def test_the_only_notebook_is_taken_under_any_name(tmp_path):
    found = read(write(tmp_path / "s", [cell("x")], "Übung.ipynb"), "a.ipynb")
    assert "Übung.ipynb" in found.notes[0]


def test_of_two_notebooks_the_named_one(tmp_path):
    write(tmp_path / "s", [cell("x")], "other.ipynb")
    assert read(write(tmp_path / "s", [cell("y")]), "a.ipynb").code == ["y"]
    with pytest.raises(Unreadable, match="2 notebooks"):
        read(tmp_path / "s", "third.ipynb")


def test_the_same_bytes_have_the_same_digest(tmp_path):
    one, two = (read(write(tmp_path / name, [cell("x")]), "a.ipynb") for name in "pq")
    assert one.digest == two.digest
    assert one.digest != read(write(tmp_path / "r", [cell("y")]), "a.ipynb").digest
