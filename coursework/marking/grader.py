"""Grades a class: every submission ends with a mark and a reason, none is lost, none harms another.

A record of each grading is written first, whole or not at all; then it goes into nbgrader's gradebook and into a
notebook in `autograded/`, from which nbgrader makes the feedback. Both steps may be interrupted and done again: a
submission that has its record is not judged a second time.
"""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from coursework.making.course import Course
from coursework.marking.gradebook import autograded, enter, penalise
from coursework.marking.marker import Marker
from coursework.marking.rehearsal import Broken, rehearse
from coursework.running import sandbox

__all__ = ["grade", "judged_notebook"]

_REHEARSED: dict[Path, dict[str, str]] = {}  # the courses for which this process knows that a right answer is right


def grade(
    course: Course,
    name: str,
    *,
    jobs: int = 2,
    limits: sandbox.Limits | None = None,
    unsafe: bool = False,
    again: Sequence[str] | None = None,
    best: bool | None = None,
    say: Callable[[str], None] = print,
) -> list[dict[str, Any]]:
    """Grade every submission of an assignment; return the records that count.

    What has been marked stays, unless the submission, the environment, the families or the limits are other ones.
    `again` names students, by their folders, who are judged anew all the same; () means everybody. `best` counts the
    best of a student's hand-ins that have ever been graded, late penalties considered, instead of the last. Limits
    and `best` that are None are as in the last time. Without a sandbox nobody is graded, but if `unsafe`.

    Raises:  ValueError for an unknown assignment or student; BlockingIOError if another grader is at work; Broken if a
             right answer is not given its points here; RuntimeError at the end if somebody could not be entered, into
             a gradebook that is locked for instance: grade again then
    """
    with _alone(course):
        marker, records, left = Marker(course, name, limits, best), [], []
        anew = _chosen(marker.students, again)
        sandbox.isolation(unsafe=unsafe)
        most = f"{marker.limits.seconds:g} s for a call, {marker.limits.memory >> 20} MB of memory"
        counts = f"{len(marker.students)} submissions, the {'best' if marker.best else 'last'} of each student counts"
        say(f"{name}: {counts}; {sandbox.described()}, {most}")
        for astray in marker.astray.values():
            say(f"not graded: {astray}")
        if marker.students:
            rehearse(course, marker.assignment, next(iter(marker.students)), marker.limits)
            marker.settle()
        pool = ThreadPoolExecutor(jobs)
        try:
            waiting = {pool.submit(marker.record, folder, folder in anew): folder for folder in marker.students}
            for done in as_completed(waiting):
                student = marker.students[waiting[done]]
                try:
                    record = done.result()
                    said = [*marker.remarks(record), *enter(course, marker.assignment, record)]
                except Broken:
                    raise
                except Exception as error:  # one submission must not stop the others
                    left.append(f"{student} ({type(error).__name__}: {error})")
                    continue
                records.append(record)
                say("; ".join([f"{student}: {record['points']} of {record['largest']}, {record['reason']}", *said]))
        finally:
            pool.shutdown(cancel_futures=True)  # whoever presses Ctrl-C waits for those under way, not for the class
        for student in penalise(course, name):
            say(f"{student}: another late penalty than before; feedback of it is to be generated again")
    if why := sorted({what for of in marker.changed.values() for what in of}):
        say(f"{len(marker.changed)} were judged anew: {', '.join(why)}")
    if left:
        raise RuntimeError(f"not entered, grade again: {'; '.join(left)}")
    return sorted(records, key=lambda record: str(record["student"]))


def judged_notebook(
    course: Course, name: str, student: str, limits: sandbox.Limits | None = None, *, unsafe: bool = False
) -> dict[str, Any]:
    """The notebook of one submission with its marks as outputs, judged if it has not been: nbgrader's autograde.

    Raises:  ValueError for an unknown assignment; BlockingIOError if a grader is at work; Broken as `grade` does
    """
    with _alone(course):
        sandbox.isolation(unsafe=unsafe)
        marker = Marker(course, name, limits)
        if student not in marker.students:
            raise ValueError(f"{student} has handed in nothing that is called {name}")
        if _REHEARSED.get(course.folder) != marker.environment:
            rehearse(course, marker.assignment, student, marker.limits)
            _REHEARSED[course.folder] = marker.environment
        record = marker.record(student)
        marker.records.enter(record | {"judged": ""})  # by nbgrader, in a moment; `grade` looks at it again
        return autograded(course, marker.assignment, record)


def _chosen(students: dict[str, str], again: Sequence[str] | None) -> set[str]:
    """The folders of those who are to be judged anew, () meaning everybody."""
    if again is None:
        return set()
    unknown = [name for name in again if name not in students and name not in students.values()]
    if unknown:
        raise ValueError(f"again: nobody handed in as {', '.join(map(repr, unknown))}; see submitted/ for the names")
    return {folder for folder, student in students.items() if not again or folder in again or student in again}


@contextmanager
def _alone(course: Course) -> Iterator[None]:
    """One grader at a time for a course; the lock ends with the process."""
    with open(course.folder / ".grading", "w", encoding="utf8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BlockingIOError("another grader is at work on this course: wait until it has ended") from None
        yield
