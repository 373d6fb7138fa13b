"""A class with every kind of submission: all get a mark and a reason, none an undeserved point, nothing is harmed."""

import json
import socket
import time
from pathlib import Path

import pytest

from seqlib.coursework.grader import export, grade
from seqlib.coursework.sandbox import Limits, isolation

FAST = Limits(seconds=2)


@pytest.fixture(scope="module")
def graded(course, first, kinds):
    """The records of the first assignment, the sentences said, and the seconds it took."""
    assignment = first
    said, begin = [], time.monotonic()
    with socket.create_server(("127.0.0.1", 0)) as server:
        for kind in kinds.KINDS:
            kinds.hand_in(course, assignment, kind, kind.name, server.getsockname()[1])
        before = snapshot(course.folder)
        records = grade(course, assignment.name, limits=FAST, say=said.append)
    return {r["student"]: r for r in records}, said, time.monotonic() - begin, before, assignment


def snapshot(folder: Path):
    """What must not change: everything but what the grader writes."""
    kept = ("source", "release", "submitted", "secret", "course.json", "nbgrader_config.py")
    files = [f for name in kept for f in [folder / name, *(folder / name).rglob("*")]]
    return {f: (f.lstat().st_size, f.lstat().st_mtime_ns) for f in files if not f.is_dir()}


def test_every_submission_has_its_mark_and_a_reason(graded, kind):
    records, *_ = graded
    record = records[kind.name]
    assert record["reason"]
    assert not record["reason"].startswith("grading failed")
    assert record["largest"] == 15
    if kind.mark == "all":
        assert record["points"] == record["largest"], record
    elif kind.mark == "none":
        assert record["points"] == 0, record
    else:
        assert 0 <= record["points"] <= record["largest"]


def test_nothing_outside_has_changed(graded, course):
    *_, before, _ = graded
    assert snapshot(course.folder) == before
    for path in ("/tmp/from-a-student", "/etc/from-a-student", Path.home() / "from-a-student"):
        assert not Path(path).exists()


def test_half_right_gets_half(graded):
    assert 0 < graded[0]["half-right"]["points"] < 15


def test_isolation_is_there_where_it_can_be(graded):
    assert isolation() in graded[1][0]


def test_the_gradebook_and_the_feedback_know_everyone(graded, course):
    from nbgrader.api import Gradebook

    records, *_, assignment = graded
    with Gradebook(course.database) as book:
        for student, record in records.items():
            assert book.find_submission(assignment.name, student).score == record["points"], student
            path = course.folder / "autograded" / student / assignment.name / f"{assignment.name}.ipynb"
            assert json.loads(path.read_text())["cells"]


def test_a_second_run_judges_nobody_again(graded, course):
    *_, assignment = graded
    log = course.folder / "grades" / assignment.name / "log"
    before = log.read_text()
    begin = time.monotonic()
    again = grade(course, assignment.name, limits=FAST, say=lambda text: None)
    assert time.monotonic() - begin < 10
    assert {r["student"]: r for r in again} == graded[0]
    assert log.read_text() == before


def test_marks_can_be_imported_elsewhere(graded, course, tmp_path):
    *_, assignment = graded
    export(course, assignment.name, tmp_path / "marks.csv")
    lines = (tmp_path / "marks.csv").read_text().splitlines()
    assert lines[0] == "student,points,largest,reason,seconds"
    assert len(lines) == 1 + len(graded[0])
