"""Grades a class: every submission ends with a mark and a reason, none is lost, none harms another.

A record of each grading is written first, whole or not at all; then it goes into nbgrader's gradebook and into a
notebook in `autograded/`, from which nbgrader makes the feedback. Both steps may be interrupted and done again: a
submission that has its record is not judged a second time.
"""

from __future__ import annotations

import csv
import fcntl
import hashlib
import json
import os
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from coursework import feedback, sandbox
from coursework.course import Assignment, Course
from coursework.judge import judge
from coursework.submission import Submission, Unreadable, exchange_files, handed_in, read

__all__ = ["export", "grade", "judged_notebook"]

TRIES = 3  # of one submission that ends the grader with itself, which it can where nothing isolates it


def grade(
    course: Course,
    name: str,
    *,
    jobs: int = 2,
    limits: sandbox.Limits = sandbox.USUAL,
    say: Callable[[str], None] = print,
) -> list[dict[str, Any]]:
    """Grade every submission of an assignment; return the records.

    Raises:  ValueError for an unknown assignment; BlockingIOError if another grader is at work; RuntimeError at the
             end if somebody could not be entered, into a gradebook that is locked for instance: grade again then
    """
    assignment, records, left = _assignment(course, name), [], []
    with _alone(course):
        students = _students(course, name)
        say(f"{name}: {len(students)} submissions, isolation: {sandbox.isolation()}")
        pool = ThreadPoolExecutor(jobs)
        try:
            waiting = {pool.submit(_recorded, course, assignment, student, limits): student for student in students}
            for done in as_completed(waiting):
                student = waiting[done]
                try:
                    record = done.result()
                    _publish(course, assignment, student, record)
                except Exception as error:  # one submission must not stop the others
                    left.append(f"{_printable(student)} ({type(error).__name__}: {error})")
                    continue
                records.append(record)
                say(f"{record['student']}: {record['points']} of {record['largest']}, {record['reason']}")
        finally:
            pool.shutdown(cancel_futures=True)  # whoever presses Ctrl-C waits for those under way, not for the class
    if left:
        raise RuntimeError(f"not entered, grade again: {'; '.join(left)}")
    return sorted(records, key=lambda record: str(record["student"]))


def judged_notebook(course: Course, name: str, student: str, limits: sandbox.Limits = sandbox.USUAL) -> dict[str, Any]:
    """The notebook of one submission with its marks as outputs, judged if it has not been.

    Raises:  ValueError for an unknown assignment
    """
    assignment = _assignment(course, name)
    return _autograded(course, assignment, _recorded(course, assignment, student, limits))


def export(course: Course, name: str, path: Path) -> None:
    """Write the marks of an assignment as CSV, what a person has marked in the gradebook included.

    A row a submission: student, points (a late penalty of the gradebook taken off) of largest, how much of them is by
    machine and by hand, whether a person has still to mark the conclusion, when it was handed in, and the reason.

    Raises:  ValueError for an unknown assignment, or if somebody's marks are not in the gradebook yet
    """
    from nbgrader.api import Gradebook, MissingEntry

    assignment = _assignment(course, name)
    fields = ["student", "points", "largest", "by_machine", "by_hand", "to_be_marked"]
    with Gradebook(course.database) as book, path.open("w", newline="", encoding="utf8") as file:
        writer = csv.DictWriter(file, [*fields, "handed_in", "reason"])
        writer.writeheader()
        for kept in sorted((course.folder / "grades" / name).glob("*.json")):
            record = json.loads(kept.read_text(encoding="utf8"))
            try:
                submission = book.find_submission(name, record["student"])
            except MissingEntry:
                raise ValueError(
                    f"the marks of {record['student']} are not in the gradebook yet: grade again"
                ) from None
            written = book.find_grade(f"{assignment.experiment.name}-conclusion", name, name, record["student"])
            total = max(0.0, submission.score - submission.late_submission_penalty)
            by_machine = sum(mark["points"] for mark in record["marks"])
            values = [record["student"], total, submission.max_score, by_machine, written.score]
            row = dict(zip(fields, [*values, "yes" if written.needs_manual_grade else "no"], strict=True))
            writer.writerow(row | {"handed_in": submission.timestamp or "", "reason": record["reason"]})


def _assignment(course: Course, name: str) -> Assignment:
    known = course.assignments
    if name not in known:
        raise ValueError(f"assignment must be one of {', '.join(known)}, got {name!r}")
    return known[name]


@contextmanager
def _alone(course: Course) -> Iterator[None]:
    """One grader at a time for a course; the lock ends with the process."""
    with open(course.folder / ".grading", "w", encoding="utf8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield


def _students(course: Course, name: str) -> list[str]:
    """Who has handed in anything, as nbgrader lays it out: submitted/<student>/<assignment>/."""
    handed = course.folder / "submitted"
    if not handed.is_dir():
        return []
    return sorted(entry.name for entry in handed.iterdir() if os.path.lexists(entry / name))


def _recorded(course: Course, assignment: Assignment, student: str, limits: sandbox.Limits) -> dict[str, Any]:
    """The record of a submission: the one there is, if it is of these very bytes, else a new one."""
    path = course.folder / "grades" / assignment.name / f"{_printable(student)}.json"
    begin = time.monotonic()
    folder = course.folder / "submitted" / student / assignment.name
    trouble, submission = None, Submission([])
    try:
        if folder.parent.is_symlink():
            raise Unreadable("the submission is a link to elsewhere")
        submission = read(folder, f"{assignment.name}.ipynb", course.released(assignment.name, student))
    except Unreadable as error:
        trouble = str(error)
    version = _digest(submission.digest, trouble or "", course.secret, assignment.name)
    found = _record(path)
    if found and found.get("version") == version:
        return found
    tries = path.with_suffix(".tries")
    if _tried(tries, version) >= TRIES:
        trouble = f"the grader was ended {TRIES} times while it judged this submission: a person has to look"
    record = _judged(course, assignment, submission, trouble, limits)
    record |= {"student": _printable(student), "version": version, "seconds": round(time.monotonic() - begin, 2)}
    record["handed_in"] = None if folder.parent.is_symlink() else handed_in(folder)
    _write_whole(path, record)
    with (path.parent / "log").open("a", encoding="utf8") as log:
        log.write(f"{record['student']} {version}\n")
    tries.unlink(missing_ok=True)
    return record


def _tried(tries: Path, version: str) -> int:
    """How often judging this version has been begun, without coming to an end, before now."""
    tries.parent.mkdir(parents=True, exist_ok=True)
    with tries.open("a+", encoding="utf8") as file:
        file.seek(0)
        before = file.read().split().count(version)
        file.write(version + "\n")
    return before


def _record(path: Path) -> dict[str, Any] | None:
    """A record that has been kept; None if there is none, or none that can be read."""
    try:
        return dict(json.loads(path.read_text(encoding="utf8")))
    except (FileNotFoundError, ValueError):
        return None


def _printable(student: str) -> str:
    """The name of a student's folder; bytes in it that are no text are spelt out."""
    return student.encode("utf8", "backslashreplace").decode("utf8")


def _judged(
    course: Course, assignment: Assignment, submission: Submission, trouble: str | None, limits: sandbox.Limits
) -> dict[str, Any]:
    largest = sum(problem.points for problem in assignment.problems)
    record: dict[str, Any] = {"points": 0, "largest": largest, "marks": [], "notes": submission.notes}
    record["cells"] = [asdict(cell) for cell in submission.cells]
    if trouble:
        return record | {"reason": trouble}
    cells = [cell for cell in submission.cells if cell.kind == "code"]
    code = [cell.source for cell in cells if cell.id != assignment.experiment.name]
    unmarked = [cell.source for cell in cells if cell.id == assignment.experiment.name]
    try:
        marks, notes = judge(code, assignment.problems, course.secret, limits, unmarked=unmarked)
    except Exception as error:  # the judge itself must not lose a submission
        return record | {"reason": f"grading failed, a person has to look: {type(error).__name__}: {error}"[:300]}
    points = sum(mark.points for mark in marks)
    notes = [*submission.notes, *notes]
    known = {problem.name for problem in assignment.problems}
    if not known & {cell.id for cell in submission.cells}:
        notes.insert(0, "no cell of this assignment is in the notebook; is it another one's?")
    missed = [f"{m.name} ({p['name']}): {p['why']}" for m in marks for p in m.parts if p["why"] != "right"]
    reason = "; ".join(missed) if missed else "all right"
    return record | {"points": points, "marks": [mark.as_dict() for mark in marks], "notes": notes, "reason": reason}


def _publish(course: Course, assignment: Assignment, handed: str, record: dict[str, Any]) -> None:
    """Put a record into the gradebook and the autograded notebook. Doing it twice changes nothing."""
    from nbgrader.api import Gradebook
    from sqlalchemy.exc import SAWarning

    student, name, experiment = record["student"], assignment.name, f"{assignment.experiment.name}-conclusion"
    folder = course.folder / "autograded" / student / name
    done = folder / ".version"
    if done.exists() and done.read_text(encoding="utf8") == record["version"]:
        return
    _write_whole(folder / f"{name}.ipynb", _autograded(course, assignment, record))
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


def _autograded(course: Course, assignment: Assignment, record: dict[str, Any]) -> dict[str, Any]:
    """The notebook with marks and reasons, from which nbgrader makes the feedback."""
    student = record["student"]
    schemes = feedback.schemes(course, assignment, student)
    return feedback.judged(course.released(assignment.name, student), record, schemes)


def _digest(*words: str) -> str:
    return hashlib.sha256("\0".join(words).encode()).hexdigest()[:32]


def _write_whole(path: Path, value: Any) -> None:
    """A JSON file that is there whole or not at all, kill and power cut included."""
    path.parent.mkdir(parents=True, exist_ok=True)
    number, fresh = tempfile.mkstemp(dir=path.parent, prefix=".fresh-")
    with os.fdopen(number, "w", encoding="utf8") as file:
        json.dump(value, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    os.replace(fresh, path)
