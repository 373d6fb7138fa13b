"""A variant for each student: what is drawn for whom, handed out as a folder and an archive, and known again."""

from __future__ import annotations

import functools
import hashlib
import json
import os
import shutil
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from coursework.making import place, release
from coursework.making.assignment import Assignment
from coursework.making.course import Course, drawn
from coursework.showing import clean
from coursework.visible import FILE

__all__ = ["hand_out", "remark"]

QUESTIONS = ".questions.json"  # which student was asked what, by digests of the cells
LAST = (1980, 1, 1, 0, 0, 0)  # the time of what is in an archive: the same students get the same bytes


def hand_out(
    course: Course, students: Iterable[str], names: Iterable[str] | None = None, *, jobs: int | None = None
) -> int:
    """Draw the variants of these students, of some assignments or all; those that are there already stay.

    `handout/ASSIGNMENT/STUDENT/` holds the notebook and its checks, and `handout/ASSIGNMENT/STUDENT.zip` the same.
    Return how many were drawn.

    Raises:  ValueError if all students have one variant, for an unknown assignment, and for names that no folder can
             have or that a file system may take for one
    """
    if not course.each:
        raise ValueError(f"{course.folder} has one variant for all, in release/: hand out that")
    everybody = list(dict.fromkeys(students))
    _told_apart(everybody)
    chosen = [course.assignment(name).name for name in (course.assignments if names is None else names)]
    missing = [(n, s) for n in chosen for s in everybody if not (course.folder / "handout" / n / s).is_dir()]
    workers = max(1, min(jobs or os.cpu_count() or 1, len(missing) // 8))
    shares = [missing[k::workers] for k in range(workers)]
    if workers == 1:
        _draw(course.folder, missing)
    else:
        with ProcessPoolExecutor(workers) as pool:
            list(pool.map(_draw, [course.folder] * workers, shares))
    for name in chosen:
        _index(course, name)
    return len(missing)


def remark(course: Course, name: str, student: str, cells: Sequence[Mapping[str, Any]]) -> str | None:
    """What is to be said of a hand-in whose questions are not those of this student; None if there is nothing.

    Each cell has an `id` and a `source`. The questions are read as they stand in the notebook: it is for mistakes, and
    the marks do not need it, since the answers to another variant are wrong.
    """
    if not course.each:
        return None
    path = course.folder / "handout" / name / QUESTIONS
    asked = json.loads(path.read_text(encoding="utf8")) if path.is_file() else {}
    found = Counter(owner for cell in cells for owner in asked.get(_digest(cell["id"], cell["source"]), []))
    most = max(found.values(), default=0)
    if most and found[student] < most:
        owners = [repr(owner) if owner else "release/" for owner in sorted(found) if found[owner] == most]
        return f"the questions are those of {' or '.join(owners[:3])}, and the marks are for those of {student!r}"
    if not (course.folder / "handout" / name / student).is_dir():
        return (
            f"nothing was handed out to {student!r}: name the folder as the roster does and grade again, or add the "
            f"student: python -m coursework handout {student}"
        )
    return None


def _told_apart(students: list[str]) -> None:
    for student in students:
        if not clean.name(student)[1] or student.endswith(".zip"):
            raise ValueError(f"student must be a name of letters, digits and . _ - @, got {student!r}")
    folded = Counter(student.casefold() for student in students)
    twice = [student for student in students if folded[student.casefold()] > 1]
    if twice:
        raise ValueError(f"students must have names that differ by more than capitals, got {', '.join(twice[:4])}")


def _draw(folder: Path, wanted: list[tuple[str, str]]) -> None:
    """The variants of one worker: each is there whole or not at all."""
    course = Course(folder)
    known = course.assignments
    with place.private(folder):
        for name, student in wanted:
            _write(course, known[name], student)


def _write(course: Course, assignment: Assignment, student: str) -> None:
    name, top = assignment.name, course.folder / "handout" / assignment.name
    source, checks = drawn(assignment, course.secret_of(student))
    files = {f"{name}.ipynb": release.released(source, name, course.folder), FILE: json.dumps(checks) + "\n"}
    top.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=".making-", dir=top))
    with zipfile.ZipFile(made / "zip", "w") as archive:
        for file, text in files.items():
            (made / file).write_text(text, encoding="utf8")
            info = zipfile.ZipInfo(f"{name}/{file}", LAST)
            info.external_attr = 0o644 << 16
            archive.writestr(info, text, zipfile.ZIP_DEFLATED)
    (made / "zip").replace(top / f"{student}.zip")
    shutil.rmtree(top / student, ignore_errors=True)
    made.chmod(0o777 & ~_umask())
    made.rename(top / student)


def _umask() -> int:
    now = os.umask(0o077)
    os.umask(now)
    return now


def _index(course: Course, name: str) -> None:
    """Write down whom each question was put to; "" is the variant in release/, which is for nobody."""
    top = course.folder / "handout" / name
    asked: dict[str, list[str]] = {}
    books = {path.parent.name: path for path in sorted(top.glob(f"[!.]*/{name}.ipynb"))}
    for owner, path in {"": course.folder / "release" / name / f"{name}.ipynb", **books}.items():
        for cell in json.loads(path.read_text(encoding="utf8"))["cells"]:
            ours = cell["metadata"]["nbgrader"]
            if cell["cell_type"] == "markdown" and not ours["solution"]:
                asked.setdefault(_digest(ours["grade_id"], "".join(cell["source"])), []).append(owner)
    telling = {digest: owners for digest, owners in asked.items() if len(owners) <= len(books)}
    with place.private(course.folder):
        (top / QUESTIONS).write_text(json.dumps(telling), encoding="utf8")


@functools.cache
def _digest(name: str, source: str) -> str:
    return hashlib.sha256(f"{name}\0{' '.join(source.split())}".encode("utf8", "replace")).hexdigest()[:16]
