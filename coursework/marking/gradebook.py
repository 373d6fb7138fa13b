"""nbgrader's side of a record: the entry in its gradebook, late penalties, and the notebook it makes feedback from."""

from __future__ import annotations

import contextlib
import shutil
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from coursework.making.course import Assignment, Course
from coursework.making.release import configuration
from coursework.marking.records import Records, write_json
from coursework.reading.submission import exchange_files
from coursework.showing import feedback

__all__ = ["Standing", "autograded", "enter", "penalise", "standings", "worth"]

PENALTIES = "AssignLatePenalties"  # nbgrader's step of autograde that counts them


@dataclass(frozen=True)
class Standing:
    """What the gradebook holds of one student; `there` tells whether anything was handed in and graded."""

    student: str
    largest: float
    there: bool = False
    points: float = 0.0
    by_machine: float = 0
    by_hand: float = 0.0
    late_penalty: float = 0.0
    to_be_marked: bool = False
    handed_in: str | None = None
    reason: str = "handed in nothing"


def enter(course: Course, assignment: Assignment, record: dict[str, Any]) -> list[str]:
    """Put a record into the gradebook and the autograded notebook; return what the teacher should know.

    Doing it twice changes nothing. What a person has marked stays, and is to be looked at again if the hand-in is
    another one. Feedback of what was entered before is removed: nbgrader would not make it anew.
    """
    student, name = record["student"], assignment.name
    records, notebook = Records(course.folder / "grades" / name), autograded(course, assignment, record)
    path = course.folder / "autograded" / student / name / f"{name}.ipynb"
    before = records.entered(student)
    if before and before["judged"] == record["judged"] and path.exists():
        return []
    write_json(path, notebook)
    for beside, content in exchange_files(course.folder / "submitted" / record["folder"] / name).items():
        (path.parent / beside).unlink(missing_ok=True)
        (path.parent / beside).write_bytes(content)
    same = before is not None and before["submission"] == record["submission"]
    said = _grades(course, assignment, record, same)
    penalise(course, name, [student])
    said += _stale(course, name, student)
    records.enter(record)
    return said


def _grades(course: Course, assignment: Assignment, record: dict[str, Any], same: bool) -> list[str]:
    """The grades of a record; `same` tells that this hand-in stands there already, judged some time before."""
    student, name, said = record["student"], assignment.name, []
    points = {mark["name"]: mark["points"] for mark in record["marks"]}
    with _gradebook(course) as book:
        book.update_or_create_student(student)
        book.update_or_create_submission(name, student, timestamp=record["handed_in"])
        for problem in assignment.problems:
            grade, new = book.find_grade(f"check-{problem.name}", name, name, student), points.get(problem.name, 0)
            by_hand = grade.manual_score is not None  # a person's word stands, and is looked at again
            grade.needs_manual_grade = by_hand and (grade.needs_manual_grade or not same or grade.auto_score != new)
            grade.auto_score, grade.cell.max_score = new, problem.points
        conclusion = book.find_grade(f"{assignment.experiment.name}-conclusion", name, name, student)
        written = feedback.written(record, f"{assignment.experiment.name}-conclusion")
        lost = written is None and bool(record["cells"])  # it may stand in a cell of another name
        if not same:
            by_hand = conclusion.manual_score is not None
            conclusion.needs_manual_grade = bool(written) or lost or by_hand
            if by_hand:
                said.append(f"the {conclusion.manual_score:g} by hand were for an earlier hand-in: mark it again")
        if not (written or lost):
            conclusion.auto_score = 0
        book.db.commit()
    return said


def penalise(course: Course, name: str, students: list[str] | None = None) -> list[str]:
    """Count nbgrader's late penalties of these students, or of all, as its autograde does; whose have changed.

    Due dates, extensions and marks by hand may be other ones than they were.
    """
    if not _counted(course):
        return []
    changed = []
    with _gradebook(course) as book:
        every = book.assignment_submissions(name) if students is None else None
        found = [book.find_submission(name, student) for student in students or ()] if every is None else every
        late = [
            (one.student.id, float(one.late_submission_penalty or 0))
            for one in found
            if one.late_submission_penalty or one.total_seconds_late > 0
        ]
    for student, before in late:
        _penalty(course, name, student)
        with _gradebook(course) as book:
            if float(book.find_submission(name, student).late_submission_penalty or 0) != before:
                changed.append(student)
                _stale(course, name, student)
    return changed


def _penalty(course: Course, name: str, student: str) -> None:
    """nbgrader's own step, with the teacher's configuration, and a plugin that lies in the course."""
    from nbformat.v4 import new_notebook
    from nbgrader.preprocessors import AssignLatePenalties

    ours = {"notebook": name, "assignment": name, "student": student, "db_url": course.database}
    with _importable(course):
        step = AssignLatePenalties(config=configuration(course.folder))
        step(new_notebook(), {"nbgrader": ours})


def worth(course: Course, name: str, record: dict[str, Any]) -> float:
    """The points by machine that a record would give, less the late penalty that it would get."""
    from nbgrader.api import MissingEntry
    from nbgrader.preprocessors import AssignLatePenalties
    from nbgrader.utils import parse_utc

    points, student, when = float(record["points"]), record["student"], parse_utc(record["handed_in"])
    with _gradebook(course) as book:
        due = book.find_assignment(name).duedate
        with contextlib.suppress(MissingEntry):
            due = due and book.find_submission(name, student).duedate
    late = (when - due).total_seconds() if when and due else 0
    if late <= 0 or not _counted(course):
        return points
    with _importable(course):
        step = AssignLatePenalties(config=configuration(course.folder))
        step.init_plugin()
        penalty = step.plugin_inst.late_submission_penalty(student, points, late) or 0
    return points - min(max(penalty, 0), points)


def standings(course: Course, assignment: Assignment) -> dict[str, Standing]:
    """What the gradebook holds of everybody it knows, those without a hand-in too.

    Raises:  ValueError if somebody's record is not in the gradebook, or another one
    """
    from nbgrader.api import MissingEntry

    name, found = assignment.name, {}
    records = {record["student"]: record for record in Records(course.folder / "grades" / name).all()}
    largest = float(sum(problem.points for problem in assignment.problems) + assignment.experiment.points)
    with _gradebook(course) as book:
        for student in sorted({one.id for one in book.students} | set(records)):
            try:
                submission = book.find_submission(name, student)
            except MissingEntry:
                submission = None
            if submission is None and student not in records:
                found[student] = Standing(student, largest)
                continue
            record = records.get(student, {"marks": None, "reason": "there is no record of how it was marked"})
            notebooks = submission.notebooks if submission else []
            grades = {grade.name: grade for notebook in notebooks for grade in notebook.grades}
            if not _agree(record["marks"], assignment, grades):
                raise ValueError(f"the marks of {student} are not in the gradebook yet: grade again")
            found[student] = _standing(student, submission, list(grades.values()), record)
    return found


def autograded(course: Course, assignment: Assignment, record: dict[str, Any]) -> dict[str, Any]:
    """The notebook with marks and reasons, from which nbgrader makes the feedback."""
    schemes = feedback.schemes(course, assignment, record["folder"])
    released = course.released(assignment.name, record["folder"])
    for cell in released["cells"]:
        cell["source"] = "".join(cell["source"])  # a file may hold a list of lines; nbgrader wants a text
    return feedback.judged(released, record, schemes)


def _agree(marks: list[dict[str, Any]] | None, assignment: Assignment, grades: dict[str, Any]) -> bool:
    """Whether the points by machine are those of a record; what is not in it has none."""
    if marks is None:
        return True
    points = {mark["name"]: mark["points"] for mark in marks}
    checks = [(grades.get(f"check-{problem.name}"), points.get(problem.name, 0)) for problem in assignment.problems]
    return all(grade is not None and grade.auto_score == new for grade, new in checks)


def _standing(student: str, submission: Any, grades: list[Any], record: dict[str, Any]) -> Standing:
    """What a person gave stands in the place of what the machine gave, and is counted as by hand."""
    machine = sum((grade.auto_score or 0.0 for grade in grades if grade.manual_score is None), 0.0)
    penalty = float(submission.late_submission_penalty or 0)
    return Standing(
        student,
        submission.max_score,
        there=True,
        points=max(0.0, submission.score - penalty),
        by_machine=int(machine) if machine == int(machine) else machine,
        by_hand=submission.score - machine,
        late_penalty=penalty,
        to_be_marked=any(grade.needs_manual_grade for grade in grades),
        handed_in=str(submission.timestamp) if submission.timestamp else None,
        reason=record["reason"],
    )


def _stale(course: Course, name: str, student: str) -> list[str]:
    """Remove the feedback that was made of something else; released pages cannot be reached."""
    folder = course.folder / "feedback" / student / name
    if not folder.is_dir():
        return []
    shutil.rmtree(folder)
    return ["the feedback was made of an earlier mark and is removed: generate it and release it again"]


def _counted(course: Course) -> bool:
    """Whether this course counts late penalties when nbgrader's own autograde is run."""
    steps = configuration(course.folder).Autograde.get("autograde_preprocessors", [PENALTIES])
    return any(PENALTIES in str(step) for step in steps)


@contextlib.contextmanager
def _gradebook(course: Course) -> Iterator[Any]:
    from nbgrader.api import Gradebook
    from sqlalchemy.exc import SAWarning

    with Gradebook(course.database) as book, warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)  # nbgrader's own way of adding a submission
        yield book


@contextlib.contextmanager
def _importable(course: Course) -> Iterator[None]:
    """The course's folder is looked through for a plugin of the teacher's, as it is when nbgrader runs there."""
    sys.path.insert(0, str(course.folder))
    try:
        yield
    finally:
        sys.path.remove(str(course.folder))
