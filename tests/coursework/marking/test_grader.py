"""A class with every kind of submission: all get a mark and a reason, none an undeserved point, nothing is harmed."""

import csv
import json
import socket
import time
from pathlib import Path

import pytest

from coursework.marking.export import export
from coursework.marking.grader import grade
from coursework.reading.submission import handed_in
from coursework.running.sandbox import Limits, isolation
from coursework.showing import clean

FAST = Limits(seconds=1)


@pytest.fixture(scope="module")
def graded(course, first, kinds):
    """The records of the first assignment, the sentences said, and the seconds it took."""
    assignment = first
    said, begin = [], time.monotonic()
    with socket.create_server(("127.0.0.1", 0)) as server:
        for kind in kinds.KINDS:
            kinds.hand_in(course, assignment, kind, kind.name, server.getsockname()[1])
        conclude(course.folder / "submitted/right" / assignment.name, assignment)
        before = snapshot(course.folder)
        records = grade(course, assignment.name, jobs=4, limits=FAST, say=said.append)  # many only wait
    return {r["student"]: r for r in records}, said, time.monotonic() - begin, before, assignment


def conclude(folder: Path, assignment):
    """Write a conclusion into a submission, and when it was collected."""
    path = folder / f"{assignment.name}.ipynb"
    notebook = json.loads(path.read_text())
    for cell in notebook["cells"]:
        if cell["metadata"]["nbgrader"]["grade_id"] == f"{assignment.experiment.name}-conclusion":
            cell["source"] = "I expected a fall at the distance, and saw it."
    path.write_text(json.dumps(notebook))
    (folder / "timestamp.txt").write_text("2026-11-24 09:30:00 CET\n")


def snapshot(folder: Path):
    """What must not change: everything but what the grader writes."""
    kept = ("source", "release", "submitted", "secret", "families", "nbgrader_config.py")
    files = [f for name in kept for f in [folder / name, *(folder / name).rglob("*")]]
    return {f: (f.lstat().st_size, f.lstat().st_mtime_ns) for f in files if not f.is_dir()}


def test_every_submission_has_its_mark_and_a_reason(graded, kind):
    records, *_ = graded
    record = records[clean.name(kind.student or kind.name)[0]]
    assert record["largest"] == 15
    assert kind.trouble(record) is None


def test_nothing_outside_has_changed(graded, course):
    *_, before, _ = graded
    assert snapshot(course.folder) == before
    for path in ("/tmp/from-a-student", "/etc/from-a-student", Path.home() / "from-a-student"):
        assert not Path(path).exists()


def test_an_experiment_costs_the_grader_no_time_and_is_shown_as_it_was_handed_in(graded, course):
    records, *_, assignment = graded
    record = records["worked-through"]
    assert record["notes"] == []
    assert record["seconds"] < 10
    path = course.folder / "autograded/worked-through" / assignment.name / f"{assignment.name}.ipynb"
    cells = {cell["id"]: cell for cell in json.loads(path.read_text())["cells"]}
    assert cells[assignment.experiment.name]["outputs"][0]["text"] == "my figure\n"
    assert any("tried = sum" in "".join(cell["source"]) for cell in cells.values())


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


def test_marks_can_be_imported_elsewhere_with_what_a_person_gave(graded, course, tmp_path):
    """One conclusion is marked by hand, as Formgrader does; it counts, also after the grader has run again."""
    from nbgrader.api import Gradebook

    records, *_, assignment = graded
    place = (f"{assignment.experiment.name}-conclusion", assignment.name, assignment.name, "right")
    with Gradebook(course.database) as book:
        found = book.find_grade(*place)
        assert found.needs_manual_grade
        found.manual_score, found.needs_manual_grade = 4.5, False
        book.db.commit()
    grade(course, assignment.name, limits=FAST, say=lambda text: None)
    export(course, assignment.name, tmp_path / "marks.csv")
    with (tmp_path / "marks.csv").open(newline="", encoding="utf8") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    assert sorted(rows) == sorted(records)
    assert all(row["reason"] for row in rows.values())
    assert rows["right"]["points"] == "19.5"
    assert (rows["right"]["by_machine"], rows["right"]["by_hand"], rows["right"]["to_be_marked"]) == ("15", "4.5", "no")
    assert rows["right"]["largest"] == "21.0"
    assert (rows["blank"]["points"], rows["blank"]["to_be_marked"]) == ("0.0", "no")
    assert rows["right"]["handed_in"] == "2026-11-24 08:30:00"
    assert rows["blank"]["handed_in"] == ""


def test_a_folder_whose_name_is_no_text_is_graded_too(own, first, kinds):
    odd = "jos\udce9"
    kinds.hand_in(own, first, kinds.KINDS[0], odd, 9)
    (record,) = grade(own, first.name, limits=FAST, say=str.encode)
    assert record["points"] == 15
    assert clean.name(record["student"]) == (record["student"], True)
    assert any("jos\\udce9" in note for note in record["notes"])
    export(own, first.name, own.folder / "marks.csv", say=str)
    assert "\njos" in (own.folder / "marks.csv").read_text()


def test_one_who_cannot_be_entered_stops_nobody_else_and_is_entered_later(own, first, kinds, monkeypatch):
    from coursework.marking import grader

    for student in "abc":
        kinds.hand_in(own, first, kinds.KINDS[0], student, 9)
    publish = grader.enter

    def locked(course, assignment, record):
        if record["student"] == "b":
            raise OSError("database is locked")
        return publish(course, assignment, record)

    monkeypatch.setattr(grader, "enter", locked)
    with pytest.raises(RuntimeError, match=r"grade again: b \(OSError: database is locked\)"):
        grade(own, first.name, limits=FAST, say=str)
    with pytest.raises(ValueError, match="marks of b are not in the gradebook"):
        export(own, first.name, own.folder / "marks.csv")
    monkeypatch.undo()
    (own.folder / "grades" / first.name / "c.json").write_text("half a rec")
    records = grade(own, first.name, limits=FAST, say=str)
    assert [record["points"] for record in records] == [15, 15, 15]
    export(own, first.name, own.folder / "marks.csv")


def test_the_time_of_handing_in_is_read_or_left_out(tmp_path):
    stamp = tmp_path / "timestamp.txt"
    assert handed_in(tmp_path) is None
    for said in ("", "nonsense", "9" * 90, "2026-11-24 08:30:00 99999999999", "\x00"):
        stamp.write_text(said)
        assert handed_in(tmp_path) is None, said
    stamp.write_text("2026-11-24 10:30:00.5 CET\n")
    assert handed_in(tmp_path) == "2026-11-24 09:30:00.500000"
