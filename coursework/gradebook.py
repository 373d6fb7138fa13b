"""nbgrader's side of a record: the entry in its gradebook, and the notebook from which it makes the feedback."""

from __future__ import annotations

import warnings
from typing import Any

from coursework import feedback
from coursework.course import Assignment, Course
from coursework.records import write_whole
from coursework.submission import exchange_files

__all__ = ["autograded", "enter"]


def enter(course: Course, assignment: Assignment, handed: str, record: dict[str, Any]) -> None:
    """Put a record into the gradebook and the autograded notebook. Doing it twice changes nothing."""
    from nbgrader.api import Gradebook
    from sqlalchemy.exc import SAWarning

    student, name, experiment = record["student"], assignment.name, f"{assignment.experiment.name}-conclusion"
    folder = course.folder / "autograded" / student / name
    done = folder / ".version"
    if done.exists() and done.read_text(encoding="utf8") == record["version"]:
        return
    write_whole(folder / f"{name}.ipynb", autograded(course, assignment, record))
    for beside, content in exchange_files(course.folder / "submitted" / handed / name).items():
        (folder / beside).unlink(missing_ok=True)
        (folder / beside).write_bytes(content)
    points = {f"check-{mark['name']}": mark["points"] for mark in record["marks"]}
    with Gradebook(course.database) as book, warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)  # nbgrader's own way of adding a submission
        book.update_or_create_student(student)
        book.update_or_create_submission(name, student, timestamp=record["handed_in"])
        for problem in assignment.problems:
            grade = book.find_grade(f"check-{problem.name}", name, name, student)
            grade.auto_score = points.get(f"check-{problem.name}", 0)
            grade.needs_manual_grade = grade.manual_score is not None  # a person's word stands, and is looked at again
        conclusion = book.find_grade(experiment, name, name, student)
        written = feedback.written(record, experiment)
        lost = written is None and bool(record["cells"])  # it may stand in a cell of another name
        conclusion.needs_manual_grade = bool(written) or lost
        if not conclusion.needs_manual_grade:
            conclusion.auto_score = 0
        book.db.commit()
    done.write_text(record["version"], encoding="utf8")


def autograded(course: Course, assignment: Assignment, record: dict[str, Any]) -> dict[str, Any]:
    """The notebook with marks and reasons, from which nbgrader makes the feedback."""
    return feedback.judged(course.released(assignment.name, record["student"]), record)
