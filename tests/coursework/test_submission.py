"""Reading a submission: what is taken, and the reason for what is not. The broken kinds are in test_grader."""

import json
import time

import pytest

from coursework.submission import Cell, Unreadable, read


def write(folder, cells, name="a.ipynb"):
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(json.dumps({"cells": cells}))
    return folder


def cell(source, grade_id=None, kind="code"):
    return {"cell_type": kind, "source": source, "metadata": {"nbgrader": {"grade_id": grade_id}} if grade_id else {}}


def test_code_in_order_and_cells_by_id(tmp_path):
    cells = [cell(["a = 1\n", "b = 2"], "one"), cell("# text", "two", "markdown"), cell("c = 3"), "no cell", None]
    found = read(write(tmp_path / "s", cells), "a.ipynb")
    assert found.cells == [
        Cell("one", "code", "a = 1\nb = 2"),
        Cell("two", "markdown", "# text"),
        Cell("", "code", "c = 3"),
    ]
    assert found.notes == []


def test_a_cell_without_nbgrader_data_is_known_by_its_own_id(tmp_path):
    cells = [cell("x = 1") | {"id": "one"}, cell("y = 2", "two") | {"id": "other"}]
    assert [c.id for c in read(write(tmp_path / "s", cells), "a.ipynb").cells] == ["one", "two"]


def test_two_cells_of_a_name_are_noted(tmp_path):
    found = read(write(tmp_path / "s", [cell("x = 1", "one"), cell("x = 2", "one"), cell("y"), cell("z")]), "a.ipynb")
    assert found.notes == ["there are two cells 'one': both were run, the later definition counts"]


def test_text_and_pictures_of_outputs_are_kept_and_nothing_that_acts(tmp_path):
    """A person opens the graded notebook in a browser."""
    png = {"image/png": "iVBORw0KGgo=\n", "text/plain": ["<Figure>"], "text/html": "<script>alert(1)</script>"}
    size = {"x": "<b>", "width": 648, "alt": 'a "fall"'}
    outputs = [
        {"output_type": "stream", "name": "stderr", "text": ["loss ", "0.5"]},
        {"output_type": "display_data", "data": png, "metadata": {"image/png": size}},
        {"output_type": "execute_result", "data": {"text/plain": "15"}, "metadata": {}},
        {"output_type": "error", "ename": "ValueError", "evalue": "no", "traceback": ["<b>"]},
        {"output_type": "display_data", "data": {"image/svg+xml": "<svg onload='x'/>"}},
        {"output_type": "display_data", "data": {"image/png": "'><script>"}},
        {"output_type": "stream", "text": "x" * 50_000},
        "nonsense", {"output_type": "display_data", "data": 3}, {},
    ]  # fmt: skip
    kept = read(write(tmp_path / "s", [cell("x") | {"outputs": outputs}]), "a.ipynb").cells[0].outputs
    assert [output["output_type"] for output in kept] == ["stream", "display_data", "display_data", "stream", "stream"]
    assert kept[1]["data"] == {"image/png": "iVBORw0KGgo=", "text/plain": "<Figure>"}
    assert kept[1]["metadata"] == {"image/png": {"width": 648, "alt": "a  fall "}}
    assert kept[3]["text"] == "ValueError: no\n"
    assert len(kept[4]["text"]) == 10_000
    assert "script" not in str(kept)


def test_what_no_file_can_hold_is_replaced(tmp_path):
    found = read(write(tmp_path / "s", [cell("x = '\ud800\0'", "\ud801")]), "a.ipynb")
    assert found.cells == [Cell("?", "code", "x = '?'")]


def test_the_only_notebook_is_taken_under_any_name(tmp_path):
    found = read(write(tmp_path / "s", [cell("x")], "Übung.ipynb"), "a.ipynb")
    assert "Übung.ipynb" in found.notes[0]


def test_of_two_notebooks_the_named_one(tmp_path):
    write(tmp_path / "s", [cell("x")], "other.ipynb")
    assert [c.source for c in read(write(tmp_path / "s", [cell("y")]), "a.ipynb").cells] == ["y"]
    with pytest.raises(Unreadable, match="2 notebooks"):
        read(tmp_path / "s", "third.ipynb")


def test_the_same_bytes_have_the_same_digest(tmp_path):
    one, two = (read(write(tmp_path / name, [cell("x")]), "a.ipynb") for name in "pq")
    assert one.digest == two.digest
    assert one.digest != read(write(tmp_path / "r", [cell("y")]), "a.ipynb").digest


def test_a_picture_of_blanks_takes_no_time(tmp_path):
    data = {"image/png": " " * 5_000_000 + "!"}
    cells = [cell("x") | {"outputs": [{"output_type": "display_data", "data": data}]}]
    begin = time.monotonic()
    assert read(write(tmp_path / "s", cells), "a.ipynb").cells[0].outputs == []
    assert time.monotonic() - begin < 5


@pytest.mark.parametrize("depth", [100, *range(900, 1000, 5)])
def test_a_deeply_nested_cell_is_read_or_refused(tmp_path, depth):
    nested = json.dumps({"cells": [{"cell_type": "code", "source": "here"}]})
    (tmp_path / "a.ipynb").write_text(nested.replace('"here"', "[" * depth + "]" * depth))
    try:
        said = f"{len(read(tmp_path, 'a.ipynb').cells)} cell"
    except Unreadable as error:
        said = str(error)
    assert said == "1 cell" or "the file is no notebook" in said
