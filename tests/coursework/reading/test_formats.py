"""Notebooks of nbformat 3."""

import json

import pytest

from coursework.reading.formats import old_cells
from coursework.reading.submission import read

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="


def test_format_3_is_read(tmp_path):
    picture = {"output_type": "pyout", "png": PNG, "text": "15"}
    old = [
        {"cell_type": "heading", "level": 1, "source": ["Title"]},
        {"cell_type": "code", "input": ["x = 1"], "outputs": [picture, {"output_type": "stream", "text": "said"}]},
        {"cell_type": "markdown", "source": "text", "metadata": {"nbgrader": {"grade_id": "two"}}},
    ]
    (tmp_path / "a.ipynb").write_text(json.dumps({"worksheets": [{"cells": old}], "nbformat": 3}))
    found = read(tmp_path, "a.ipynb")
    assert [(c.id, c.kind, c.source) for c in found.cells] == [
        ("", "markdown", "## Title"),
        ("", "code", "x = 1"),
        ("two", "markdown", "text"),
    ]
    assert found.cells[1].outputs[0]["data"] == {"image/png": PNG, "text/plain": "15"}
    assert found.cells[1].outputs[1]["text"] == "said"
    assert "format 3" in found.notes[0]


@pytest.mark.parametrize("sheet", [{}, {"cells": 3}, {"cells": [3, None]}, {"cells": [{"outputs": 3}]}])
def test_a_broken_worksheet_has_no_cells_or_empty_ones(sheet):
    assert all(cell["source"] == "" and cell["outputs"] == [] for cell in old_cells(sheet))


def test_an_error_is_told():
    found = old_cells(
        {"cells": [{"cell_type": "code", "outputs": [{"output_type": "pyerr", "ename": "E", "evalue": "no"}]}]}
    )
    assert found[0]["outputs"][0]["output_type"] == "error"
