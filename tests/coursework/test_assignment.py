"""An assignment: its template and families are read from two folders, kept in one, and drawn by a secret."""

import json

import pytest

from coursework.assignment import PROBLEMS, assignments, keep


def test_what_is_kept_is_read_again(first, tmp_path):
    found = assignments(first.template.parent)
    keep(found, PROBLEMS, tmp_path / "families")
    again = assignments(tmp_path / "families", tmp_path / "families")
    assert [a.name for a in again] == [a.name for a in found]
    for one, other in zip(found, again, strict=True):
        assert other.template.parent == tmp_path / "families"
        assert one.notebook("autumn 2026") == other.notebook("autumn 2026")


def test_a_notebook_without_families_is_said(first, tmp_path):
    with pytest.raises(FileNotFoundError, match=first.name):
        assignments(first.template.parent, tmp_path)


def test_every_graded_cell_has_its_points(assignment):
    notebook = assignment.notebook("autumn 2026")
    graded = [c["metadata"]["nbgrader"] for c in notebook["cells"] if c["metadata"]["nbgrader"]["grade"]]
    assert all(cell["points"] > 0 for cell in graded)
    assert len(graded) == len(assignment.problems) + 1
    assert "«" not in json.dumps(notebook, ensure_ascii=False)
