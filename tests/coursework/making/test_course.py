"""A course of a secret: complete, repeatable, another for another secret, and no solution in what is released."""

import filecmp
import json
import shutil
import subprocess
import sys

import nbformat
import pytest
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient

from coursework.making.course import Course, make


def files(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_the_same_secret_gives_the_same_bytes(fresh, first, tmp_path):
    again = make(fresh.secret, first.template.parent, tmp_path / "again")
    assert files(again.folder) == files(fresh.folder)
    for name in files(again.folder):
        assert filecmp.cmp(again.folder / name, fresh.folder / name, shallow=False), name


def test_another_secret_gives_another_course(assignment):
    one, other = (assignment.notebook(secret) for secret in ("autumn 2026", "spring 2027"))
    for problem in [*assignment.problems, assignment.experiment]:
        said = [
            ["".join(c["source"]) for c in book["cells"] if problem.name in c["metadata"]["nbgrader"]["grade_id"]]
            for book in (one, other)
        ]
        assert said[0] != said[1], problem.name


def test_what_is_released_has_no_solution_and_no_placeholder(assignment, course):
    path = course.folder / "release" / assignment.name / f"{assignment.name}.ipynb"
    text = path.read_text(encoding="utf8")
    for word in ("SOLUTION", "MARK SCHEME", "«", "»", course.secret):
        assert word not in text
    for problem in assignment.problems:
        body = problem.solutions(problem.variant(course.secret))[0].split("BEGIN SOLUTION")[1]
        longest = max(body.splitlines(), key=len).strip()
        assert json.dumps(longest)[1:-1] not in text
        assert f'check(\\"{problem.name}\\", {problem.name})' in text
    points = [c["metadata"]["nbgrader"].get("points", 0) for c in json.loads(text)["cells"]]
    assert sum(points) == sum(p.points for p in assignment.problems) + assignment.experiment.points


FEW = """
import dataclasses
import numpy as np
from seqlib import training

def _few(*arguments, fit=getattr(training.fit, "whole", training.fit), **options):
    steps = options["steps"]
    history = fit(*arguments, **options | {"steps": 8})
    return dataclasses.replace(history, loss=np.resize(history.loss, steps))

_few.whole = _few.__kwdefaults__["fit"]
training.fit = _few
"""


@pytest.fixture(scope="module")
def kernel():
    """A kernel for all notebooks: to start it, and to import torch in it, takes longer than they do."""
    manager = KernelManager()
    manager.start_kernel()
    yield manager
    manager.shutdown_kernel(now=True)


def test_the_source_runs_and_passes_its_own_checks(assignment, course, kernel, pytestconfig):
    """Every line of it, the experiment's too: its trainings have 8 steps, but all in the weekly run.

    It begins in its own folder, without anything that the one before has named.
    """
    folder = course.folder / "source" / assignment.name
    notebook = nbformat.read(folder / f"{assignment.name}.ipynb", as_version=4)
    if pytestconfig.getoption("secrets", 5) <= 5 and "training" in str(notebook):
        notebook.cells.insert(0, nbformat.v4.new_code_cell(FEW))
    notebook.cells.insert(0, nbformat.v4.new_code_cell(f"%reset -f\n%cd -q {folder}"))
    client = NotebookClient(notebook, km=kernel, timeout=300)
    client.execute()
    client.kc.stop_channels()
    said = "".join(o.get("text", "") for cell in notebook.cells for o in cell.get("outputs", []))
    assert "✗" not in said
    assert said.count("✓") == sum(len(problem.parts) for problem in assignment.problems)


def test_the_course_stands_on_its_own(course, tmp_path):
    """It may be moved, and has its own copy of the families."""
    moved = Course(tmp_path / "moved")
    shutil.copytree(course.folder, moved.folder)
    assert list(moved.assignments) == list(course.assignments)
    for path in (moved.folder / "families").rglob("*.py"):
        path.write_text("raise RuntimeError('the copy is read')\n")
    with pytest.raises(RuntimeError, match="the copy is read"):
        _ = moved.assignments
    assert len(course.assignments["01_sequences"].problems) == 3
    assert not list(course.folder.rglob("__pycache__"))


def test_a_course_of_an_earlier_version_says_why_it_is_not_graded(own):
    for path in (own.folder / "families").rglob("*.py"):
        path.write_text("from seqlib.coursework.problem import Problem\n")
    with pytest.raises(ValueError, match="earlier version of this book: grade the course with"):
        _ = own.assignments


def test_a_folder_of_families_of_ones_own(alone, first, fresh, tmp_path):
    others = [name for name in fresh.assignments if name != first.name]
    command = [
        sys.executable,
        "-m",
        "coursework",
        "make",
        "--families",
        str(alone),
        "--course",
        str(tmp_path / "course"),
    ]
    subprocess.run(command, check=True, capture_output=True, input=fresh.secret, text=True)
    wanted = [name for name in files(fresh.folder) if not any(other in name for other in others)]
    assert any(first.name in name for name in wanted)
    assert files(tmp_path / "course") == wanted


def test_bad_input_is_said_in_one_sentence(first, alone, tmp_path):
    with pytest.raises(ValueError, match="secret"):
        make(" ", first.template.parent, tmp_path / "course")
    with pytest.raises(FileNotFoundError, match="no assignments"):
        make("a secret of the tests", tmp_path, tmp_path / "course")
    for name in ("", "a b", "../a", "ä", "a\nb"):
        with pytest.raises(ValueError, match="name must be of letters"):
            make("a secret of the tests", alone, tmp_path / "course", name=name)
    command = [sys.executable, "-m", "coursework", "grade", "nothing", "--course", str(tmp_path / "course")]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())
