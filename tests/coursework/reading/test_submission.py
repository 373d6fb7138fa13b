"""Reading a submission: what is taken, and the reason for what is not. The broken kinds are in test_grader."""

import json
import os
import time

import pytest

from coursework.reading.submission import Cell, Unreadable, read

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="


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
    png = {"image/png": PNG + "\n", "text/plain": ["<Figure>"], "text/html": "<script>alert(1)</script>"}
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
    kinds = ["stream", "display_data", "display_data", "stream", "stream", "stream"]
    assert [output["output_type"] for output in kept] == kinds
    assert kept[1]["data"] == {"image/png": PNG, "text/plain": "<Figure>"}
    assert kept[1]["metadata"] == {"image/png": {"width": 648, "alt": "a  fall "}}
    assert kept[3]["text"] == "ValueError: no\n"
    assert "not written in base64" in kept[4]["text"]
    assert kept[5]["text"] == "x" * 10_000 + "\n… (40000 characters more are not shown)"
    assert "script" not in str(kept)


def test_what_no_file_can_hold_is_replaced(tmp_path):
    found = read(write(tmp_path / "s", [cell("x = '\ud800\0'", "\ud801")]), "a.ipynb")
    assert found.cells == [Cell("?", "code", "x = '?'")]


def test_the_only_notebook_is_taken_under_any_name(tmp_path):
    found = read(write(tmp_path / "s", [cell("x")], "Übung.ipynb"), "a.ipynb")
    assert "Übung.ipynb" in found.notes[0]


RELEASED = {"cells": [cell("x = 0", "one"), cell("Write your answer here.", "two", "markdown")]}


def aged(folder, name, cells, seconds):
    """A notebook that was changed so many seconds ago."""
    write(folder, cells, name)
    os.utime(folder / name, (time.time() - seconds,) * 2)


def test_of_two_notebooks_the_named_one(tmp_path):
    aged(tmp_path, "other.ipynb", [cell("x")], 0)
    aged(tmp_path, "a.ipynb", [cell("y")], 50)
    found = read(tmp_path, "a.ipynb")
    assert [c.source for c in found.cells] == ["y"]
    assert found.notes == ["there are 2 notebooks: 'a.ipynb' was taken, and not 'other.ipynb'"]


def test_of_others_the_one_changed_last_and_it_is_said(tmp_path):
    aged(tmp_path, "v2.ipynb", [cell("new")], 5)
    aged(tmp_path, "v1.ipynb", [cell("old")], 50)
    found = read(tmp_path, "a.ipynb")
    assert [c.source for c in found.cells] == ["new"]
    assert "'v2.ipynb' and not 'a.ipynb'" in found.notes[0]
    assert "and not 'v1.ipynb'" in found.notes[1]


@pytest.mark.parametrize("named", [RELEASED["cells"], [], None])
def test_an_untouched_or_broken_notebook_does_not_hide_the_work_beside_it(tmp_path, named):
    if named is None:
        (tmp_path / "a.ipynb").write_text("")
    else:
        aged(tmp_path, "a.ipynb", named, 0)
    aged(tmp_path, "a-Copy1.ipynb", [cell("x = 1", "one")], 50)
    found = read(tmp_path, "a.ipynb", RELEASED)
    assert [c.source for c in found.cells] == ["x = 1"]
    assert any("a-Copy1.ipynb" in note for note in found.notes)
    said = "'a.ipynb' was not taken: the file is empty" if named is None else "and not 'a.ipynb'"
    assert any(said in note for note in found.notes)


def test_cells_get_their_types_back(tmp_path):
    cells = [cell("x = 1", "one", "markdown"), cell("I saw it.", "two"), cell("z = 1", kind="raw")]
    found = read(write(tmp_path / "s", cells), "a.ipynb", RELEASED)
    assert [c.kind for c in found.cells] == ["code", "markdown", "markdown"]
    assert found.notes == [
        "the cell 'one' had become a text cell: it was read as a code cell",
        "the cell 'two' had become a code cell: it was read as a text cell",
    ]


def test_pasted_pictures_are_kept(tmp_path):
    pasted = {"attachments": {"p.png": {"image/png": PNG}, "q.svg": {"image/svg+xml": "<svg onload=x>"}}}
    found = read(write(tmp_path / "s", [cell("![p](attachment:p.png)", kind="markdown") | pasted]), "a.ipynb")
    assert found.cells[0].pictures == {"p.png": f"data:image/png;base64,{PNG}"}


def test_the_same_bytes_have_the_same_digest(tmp_path):
    one, two = (read(write(tmp_path / name, [cell("x")]), "a.ipynb") for name in "pq")
    assert one.digest == two.digest
    assert one.digest != read(write(tmp_path / "r", [cell("y")]), "a.ipynb").digest


def test_a_picture_of_blanks_takes_no_time(tmp_path):
    data = {"image/png": " " * 5_000_000 + "!"}
    cells = [cell("x") | {"outputs": [{"output_type": "display_data", "data": data}]}]
    begin = time.monotonic()
    assert "not shown" in read(write(tmp_path / "s", cells), "a.ipynb").cells[0].outputs[0]["text"]
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
