"""Grades a class: every submission ends with a mark and a reason, none is lost, none harms another.

A record of each grading is written first, whole or not at all; then it goes into nbgrader's gradebook and into a
notebook in `autograded/`, from which nbgrader makes the feedback. Both steps may be interrupted and done again: a
submission that has its record is not judged a second time.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from coursework import sandbox
from coursework.course import Assignment, Course
from coursework.gradebook import autograded, enter
from coursework.judge import judge
from coursework.records import Records, digest
from coursework.submission import Submission, Unreadable, handed_in, read

__all__ = ["grade", "judged_notebook"]

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
    assignment, records, left = course.assignment(name), [], []
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
                    enter(course, assignment, student, record)
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
    assignment = course.assignment(name)
    return autograded(course, assignment, _recorded(course, assignment, student, limits))


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
    records = Records(course.folder / "grades" / assignment.name)
    begin = time.monotonic()
    folder = course.folder / "submitted" / student / assignment.name
    trouble, submission = None, Submission([])
    try:
        if folder.parent.is_symlink():
            raise Unreadable("the submission is a link to elsewhere")
        submission = read(folder, f"{assignment.name}.ipynb")
    except Unreadable as error:
        trouble = str(error)
    version = digest(submission.digest, trouble or "", course.secret, assignment.name)
    found = records.find(_printable(student))
    if found and found.get("version") == version:
        return found
    if records.begin(_printable(student), version) >= TRIES:
        trouble = f"the grader was ended {TRIES} times while it judged this submission: a person has to look"
    record = _judged(course, assignment, submission, trouble, limits)
    record |= {"student": _printable(student), "version": version, "seconds": round(time.monotonic() - begin, 2)}
    record["handed_in"] = None if folder.parent.is_symlink() else handed_in(folder)
    records.keep(record)
    return record


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
