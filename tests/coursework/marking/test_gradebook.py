"""Records, gradebook, feedback and table agree: after another hand-in, a mended problem, a penalty, a mark by hand."""

import csv
import json
import os
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from coursework.marking.export import export
from coursework.marking.grader import grade
from coursework.marking.records import Records
from coursework.running.sandbox import Limits

FAST = Limits(seconds=2)
RIGHT, HALF, BLANK = 0, 1, 2


def hand_in(course, first, kinds, kind, student, when=None, conclusion=None):
    """Hand in a kind of notebook in the place of what was there."""
    folder = course.folder / "submitted" / student / first.name
    shutil.rmtree(folder, ignore_errors=True)
    kinds.hand_in(course, first, kinds.KINDS[kind], student, 9)
    if when:
        (folder / "timestamp.txt").write_text(when)
    if conclusion:
        path = folder / f"{first.name}.ipynb"
        notebook = json.loads(path.read_text())
        for cell in notebook["cells"]:
            if cell["metadata"]["nbgrader"]["grade_id"] == f"{first.experiment.name}-conclusion":
                cell["source"] = conclusion
        path.write_text(json.dumps(notebook))


def graded(course, first, **options):
    """Grade; return the records by student and what was said."""
    said = []
    records = grade(course, first.name, limits=FAST, say=said.append, **options)
    return {record["student"]: record for record in records}, "\n".join(said)


def row(course, first, student):
    export(course, first.name, course.folder / "table.csv", say=str)
    with (course.folder / "table.csv").open(newline="", encoding="utf8") as file:
        return next(row for row in csv.DictReader(file) if row["student"] == student)


def mark_by_hand(course, first, student, points):
    place = (f"{first.experiment.name}-conclusion", first.name, first.name, student)
    with Gradebook(course.database) as book:
        found = book.find_grade(*place)
        found.manual_score, found.needs_manual_grade = points, False
        book.db.commit()


def agree(course, first, student, points):
    """Whether all that is kept of a student has these points by machine."""
    record = Records(course.folder / "grades" / first.name).counting(student)
    path = course.folder / "autograded" / student / first.name / f"{first.name}.ipynb"
    results = [
        output["data"]["text/plain"]
        for cell in json.loads(path.read_text())["cells"]
        for output in cell.get("outputs", [])
        if output["output_type"] == "execute_result"
    ]
    with Gradebook(course.database) as book:
        found = book.find_submission(first.name, student).code_score
    assert [record["points"], sum(map(int, results)), found] == [points] * 3
    assert float(row(course, first, student)["by_machine"]) == points


def test_a_mark_by_hand_is_to_be_looked_at_again_after_another_hand_in(own, first, kinds):
    hand_in(own, first, kinds, RIGHT, "amina", conclusion="I saw a fall.")
    graded(own, first)
    mark_by_hand(own, first, "amina", 4.5)
    assert row(own, first, "amina")["to_be_marked"] == "no"
    _, said = graded(own, first)
    assert row(own, first, "amina")["to_be_marked"] == "no"
    hand_in(own, first, kinds, BLANK, "amina")
    _, said = graded(own, first)
    assert "the 4.5 by hand were for an earlier hand-in" in said
    assert row(own, first, "amina")["to_be_marked"] == "yes"
    agree(own, first, "amina", 0)


def test_judging_the_same_hand_in_anew_leaves_what_a_person_has_marked(own, first, kinds):
    hand_in(own, first, kinds, RIGHT, "amina", conclusion="I saw a fall.")
    graded(own, first)
    mark_by_hand(own, first, "amina", 4.5)
    before = Records(own.folder / "grades" / first.name).find("amina")
    grade(own, first.name, limits=Limits(seconds=3), say=str)
    assert Records(own.folder / "grades" / first.name).find("amina")["version"] != before["version"]
    assert row(own, first, "amina")["to_be_marked"] == "no"
    assert row(own, first, "amina")["points"] == "19.5"


def test_a_mended_problem_changes_record_gradebook_notebook_table_and_feedback(own, first, kinds):
    for student in ("amina", "ben"):
        hand_in(own, first, kinds, HALF, student)
    graded(own, first)
    agree(own, first, "amina", 5)
    page = own.folder / "feedback" / "amina" / first.name / f"{first.name}.html"
    page.parent.mkdir(parents=True)
    page.write_text("5 of 15")
    problem = first.problems[0]  # the one that is right
    family, part = own.folder / "families" / first.name / f"{problem.name}.py", problem.parts[0]
    before = family.read_text()
    assert before.count(f'Part("{part.name}", {part.points}') == 1
    family.write_text(before.replace(f'Part("{part.name}", {part.points}', f'Part("{part.name}", {part.points + 2}'))
    _, said = graded(own, first)
    assert "2 were judged anew: families" in said
    assert "it was 5" in said
    assert not page.exists()
    assert "generate it and release it again" in said
    agree(own, first, "amina", 7)
    assert row(own, first, "amina")["largest"] == "23.0"


def test_again_judges_whom_it_names(own, first, kinds):
    for student in ("amina", "ben"):
        hand_in(own, first, kinds, HALF, student)
    graded(own, first)
    log = own.folder / "grades" / first.name / "log"
    graded(own, first)
    assert len(log.read_text().splitlines()) == 2
    assert "judged anew: as asked for" in graded(own, first, again=["ben"])[1]
    assert [line.split()[0] for line in log.read_text().splitlines()[2:]] == ["ben"]
    graded(own, first, again=())
    assert sorted(line.split()[0] for line in log.read_text().splitlines()[3:]) == ["amina", "ben"]
    with pytest.raises(ValueError, match="nobody handed in as 'cem'"):
        graded(own, first, again=["cem"])


def test_what_was_judged_wrongly_is_right_everywhere_after_again(own, first, kinds, monkeypatch):
    """Also where nothing that a version knows of has changed."""
    from coursework.marking import marker

    real = marker.judge

    def wrongly(*arguments, **options):
        marks, notes = real(*arguments, **options)
        for mark in marks:
            mark.points, mark.parts = 0, [part | {"points": 0, "why": "not written yet"} for part in mark.parts]
        return marks, notes

    hand_in(own, first, kinds, RIGHT, "amina")
    monkeypatch.setattr(marker, "judge", wrongly)
    graded(own, first)
    agree(own, first, "amina", 0)
    monkeypatch.undo()
    graded(own, first)
    agree(own, first, "amina", 0)
    graded(own, first, again=["amina"])
    agree(own, first, "amina", 15)


def test_the_last_hand_in_counts_or_the_best_by_choice(own, first, kinds):
    hand_in(own, first, kinds, RIGHT, "amina", "2026-11-20 10:00:00 UTC")
    graded(own, first)
    hand_in(own, first, kinds, HALF, "amina", "2026-11-21 10:00:00 UTC")
    graded(own, first)
    agree(own, first, "amina", 5)
    log = own.folder / "grades" / first.name / "log"
    before = log.read_text()
    records, said = graded(own, first, best=True)
    assert "the best of each student counts" in said
    assert records["amina"]["handed_in"] == "2026-11-20 10:00:00"
    assert "the hand-in of 2026-11-20 10:00:00 counts, and not the last" in said
    agree(own, first, "amina", 15)
    records, said = graded(own, first)  # as the last time
    agree(own, first, "amina", 15)
    graded(own, first, best=False)
    agree(own, first, "amina", 5)
    assert log.read_text() == before


def test_the_best_is_the_best_after_late_penalties(own, first, kinds):
    late(own, first)
    hand_in(own, first, kinds, HALF, "amina", "2026-11-20 10:00:00 UTC")
    graded(own, first)
    hand_in(own, first, kinds, RIGHT, "amina", "2026-11-23 10:00:00 UTC")
    graded(own, first, best=True)
    agree(own, first, "amina", 5)
    assert row(own, first, "amina")["points"] == "5.0"


def late(course, first):
    """A due date, and a plugin of the teacher's that takes a point for each hour."""
    (course.folder / "per_hour.py").write_text(
        "from nbgrader.plugins import BasePlugin\n\n\n"
        "class PerHour(BasePlugin):\n"
        "    def late_submission_penalty(self, student_id, score, total_seconds_late):\n"
        "        return total_seconds_late / 3600\n"
    )
    with (course.folder / "nbgrader_config.py").open("a") as file:
        file.write("\nimport sys\nsys.path.append(c.CourseDirectory.root)\n")
        file.write('c.AssignLatePenalties.plugin_class = "per_hour.PerHour"\n')
    with Gradebook(course.database) as book:
        book.update_or_create_assignment(first.name, duedate="2026-11-22 10:00:00 UTC")


def penalty(course, first, student):
    with Gradebook(course.database) as book:
        return book.find_submission(first.name, student).late_submission_penalty


def autograde(course, first):
    nbgrader = Path(sys.executable).with_name("nbgrader")
    command = [nbgrader, "autograde", first.name, "--force"]
    done = subprocess.run(command, cwd=course.folder, env=os.environ, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr


def test_late_penalties_and_extensions_count_the_same_through_grade_and_autograde(own, first, kinds):
    late(own, first)
    hand_in(own, first, kinds, RIGHT, "early", "2026-11-22 09:00:00 UTC")
    hand_in(own, first, kinds, RIGHT, "late", "2026-11-22 13:00:00 UTC")
    hand_in(own, first, kinds, HALF, "very-late", "2026-11-23 10:00:00 UTC")
    students = ("early", "late", "very-late")
    graded(own, first)
    ours = [penalty(own, first, student) for student in students]
    assert ours == [0, 3, 5]  # never more than the score
    assert row(own, first, "late")["points"] == "12.0"
    assert row(own, first, "late")["late_penalty"] == "3.0"
    page = own.folder / "feedback" / "late" / first.name / f"{first.name}.html"
    page.parent.mkdir(parents=True)
    page.write_text("12 of 21")
    with Gradebook(own.database) as book:
        book.grant_extension(first.name, "late", hours=2)
    graded(own, first)
    assert penalty(own, first, "late") == 1
    assert not page.exists()
    autograde(own, first)
    assert [penalty(own, first, student) for student in students] == [0, 1, 5]
    hand_in(own, first, kinds, RIGHT, "late", "2026-11-22 11:30:00 UTC")
    graded(own, first)
    assert penalty(own, first, "late") == 0
    assert datetime.fromisoformat(row(own, first, "late")["handed_in"]).hour == 11


def test_a_course_that_counts_no_penalties_counts_none(own, first, kinds):
    late(own, first)
    with (own.folder / "nbgrader_config.py").open("a") as file:
        file.write("c.Autograde.autograde_preprocessors = ['coursework.marking.preprocessor.Judge']\n")
    hand_in(own, first, kinds, RIGHT, "late", "2026-11-22 13:00:00 UTC")
    graded(own, first)
    assert penalty(own, first, "late") == 0
