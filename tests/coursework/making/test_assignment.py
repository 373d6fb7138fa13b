"""An assignment: its template and families are read from two folders, kept in one, and drawn by a secret."""

import json
import re

import pytest

from coursework.making.assignment import PROBLEMS, assignments, keep


def test_what_is_kept_is_read_again(first, tmp_path):
    found = assignments(first.template.parent)
    keep(found, PROBLEMS, tmp_path / "families")
    again = assignments(tmp_path / "families", tmp_path / "families")
    assert [a.name for a in again] == [a.name for a in found]
    for one, other in zip(found, again, strict=True):
        assert other.template.parent == tmp_path / "families"
        assert one.notebook("autumn 2026") == other.notebook("autumn 2026")


def test_one_is_read_without_the_others(first, tmp_path):
    """A class is graded although a problem of another assignment is being mended."""
    found = assignments(first.template.parent)[:3]
    keep(found, PROBLEMS, tmp_path / "families")
    for path in (tmp_path / "families" / found[2].name).glob("*.py"):
        path.write_text("half a prob")
    (one,) = assignments(tmp_path / "families", tmp_path / "families", found[1].name)
    assert one.name == found[1].name
    assert assignments(tmp_path / "families", tmp_path / "families", "99_none") == []


def test_a_notebook_without_families_is_said(first, tmp_path):
    with pytest.raises(FileNotFoundError, match=first.name):
        assignments(first.template.parent, tmp_path)


def test_every_graded_cell_has_its_points(assignment):
    notebook = assignment.notebook("autumn 2026")
    graded = [c["metadata"]["nbgrader"] for c in notebook["cells"] if c["metadata"]["nbgrader"]["grade"]]
    assert all(cell["points"] > 0 for cell in graded)
    assert len(graded) == len(assignment.problems) + 1
    assert "«" not in json.dumps(notebook, ensure_ascii=False)


def test_a_notebook_calls_what_its_problems_say(assignment):
    text = assignment.template.read_text(encoding="utf8")
    for family in [*assignment.problems, assignment.experiment]:
        said = set(family.text(family.variant("autumn 2026")))
        called = set(re.findall(rf"«{family.name}\.(\w+)»", text)) - {"points", "solution"}
        assert called == said, family.name
    places = [text.index(f"«{problem.name}.solution»") for problem in assignment.problems]
    assert places == sorted(places)


def test_a_family_is_one_short_file_and_a_class(first, tmp_path):
    for path in PROBLEMS.glob("*/*.py"):
        assert len(path.read_text(encoding="utf8").splitlines()) <= 150, path
    keep([first], PROBLEMS, tmp_path / "families")
    folder = tmp_path / "families" / first.name
    problem = folder / f"{first.problems[0].name}.py"
    problem.rename(folder / "renamed.py")
    with pytest.raises(ValueError, match="must hold one Problem or Experiment whose name is 'renamed'"):
        assignments(tmp_path / "families", tmp_path / "families")
    (folder / "renamed.py").write_text(
        "from coursework.problem import Problem\n\n\nclass Renamed(Problem):\n    name = 'renamed'\n"
    )
    with pytest.raises(ValueError, match="no cell with the grade_id renamed"):
        assignments(tmp_path / "families", tmp_path / "families")
