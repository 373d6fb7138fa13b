"""Who takes the course: a list of Canvas, of Moodle or of one's own, beside the students whom nbgrader knows."""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from coursework.making.course import Course
from coursework.marking.records import write_json
from coursework.showing import clean

__all__ = ["Roster", "import_roster"]

# How each system heads its columns, in small letters, and what we call them. Canvas: the CSV that its gradebook
# exports; Moodle: the one of its participants or grades.
FORMS = {
    "canvas": {
        "student": "name", "id": "canvas", "sis user id": "number", "sis login id": "username", "section": "section",
    },
    "moodle": {
        "first name": "first", "last name": "last", "surname": "last", "id number": "number",
        "email address": "email", "username": "username",
    },
    "plain": {
        "student": "student", "username": "username", "login": "username", "id": "number", "email": "email",
        "name": "name", "first name": "first", "first_name": "first", "last name": "last", "last_name": "last",
        "id number": "number", "email address": "email",
    },
}  # fmt: skip
NEEDED = {"canvas": {"student", "id", "section"}, "moodle": {"first name", "email address"}, "plain": set()}
KEYS = ("student", "username", "number", "email", "canvas")  # the first of these that a file has names the folders
ASSIGNMENT = re.compile(r".* \(\d+\)")  # how Canvas heads the column of an assignment: its title, and its number
NOBODY = ("points possible", "student, test", "test student")  # rows of Canvas that are no students


@dataclass
class Roster:
    """The students by the names of their folders, each with what was imported of them, and Canvas' assignments."""

    students: dict[str, dict[str, str]] = field(default_factory=dict)
    canvas: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, course: Course) -> Roster:
        """What has been imported into a course; nobody if nothing was.

        Raises:  ValueError if the file is there and holds no roster
        """
        path = course.folder / "roster.json"
        try:
            kept = json.loads(path.read_text(encoding="utf8"))
            return cls(dict(kept["students"]), list(kept["canvas"]))
        except FileNotFoundError:
            return cls()
        except (ValueError, KeyError, TypeError):
            raise ValueError(f"{path} is no roster: remove it and import the list again") from None

    def keep(self, course: Course) -> None:
        """Write it into a course, whole or not at all."""
        write_json(course.folder / "roster.json", {"students": self.students, "canvas": self.canvas})


def import_roster(
    course: Course, path: Path, *, by: str | None = None, say: Callable[[str], None] = print
) -> list[str]:
    """Add the students of a CSV file to those of the course and of nbgrader's gradebook; return their names.

    The file is of Canvas (what its gradebook exports), of Moodle (its participants or grades), or a table of one's own
    with a column `student`; commas, semicolons or tabs part its columns. `by` is the head of the column that holds the
    names of the students' folders in submitted/; without it that is student, else the login, the number, the address.

    Raises:  ValueError saying which columns are needed and which are there; FileNotFoundError
    """
    said: list[str] = []
    rows = _rows(_text(path, said))
    if not rows:
        raise ValueError(f"{path} is empty: a first row of column names is needed, and a row for each student")
    heads = [head.strip() for head in rows[0]]
    key, named = _columns(path, heads, by)
    found: dict[str, dict[str, str]] = {}
    for number, row in enumerate(rows[1:], 2):
        values = [value.strip() for value in row] + [""] * (len(heads) - len(row))
        if not any(values) or clean.line(values[0]).strip().casefold() in NOBODY:
            continue
        student = values[key]
        if not student:
            said.append(f"row {number} has nothing in its column {heads[key]!r} and was left out: {row}")
        elif student in found:
            said.append(f"row {number}: {student} stands there twice; the first row counts")
        else:
            found[student] = {name: values[k] for k, name in named.items() if values[k]}
            if not clean.name(student)[1]:
                said.append(f"row {number}: {student!r} can be no folder; a hand-in of theirs is called otherwise")
    if not found:
        raise ValueError(f"{path} has no students: nothing stands in its column {heads[key]!r}")
    roster = Roster.of(course)
    fresh = found.keys() - roster.students.keys()
    for student, values_of in found.items():
        roster.students[student] = roster.students.get(student, {}) | values_of
    roster.canvas = [head for head in heads if ASSIGNMENT.fullmatch(head)] or roster.canvas
    _into_gradebook(course, found)
    roster.keep(course)
    say(f"{len(found)} students, {len(fresh)} of them new; the column {heads[key]!r} names their folders in submitted/")
    for sentence in said:
        say(clean.line(sentence))
    return list(found)


def _text(path: Path, said: list[str]) -> str:
    """A file as text: UTF-8 with or without its mark, UTF-16 with it, else as Windows writes it, which is told."""
    data = path.read_bytes()
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        said.append(f"{path.name} is not in UTF-8: it was read as Windows-1252 (Latin-1), so look at the names")
        return data.decode("cp1252", "replace")


def _rows(text: str) -> list[list[str]]:
    """The rows of a table, parted by what its first line has most of."""
    head = text.lstrip().split("\n", 1)[0]
    parted = max(",;\t", key=head.count)
    return list(csv.reader(io.StringIO(text.lstrip(), newline=""), delimiter=parted))


def _columns(path: Path, heads: list[str], by: str | None) -> tuple[int, dict[int, str]]:
    """The column of the folders' names, and what the columns that we know are."""
    small = [head.casefold() for head in heads]
    form = next(form for form, needed in NEEDED.items() if needed <= set(small))
    named = {k: FORMS[form][head] for k, head in enumerate(small) if head in FORMS[form]}
    if by is not None:
        if by.casefold() not in small:
            raise ValueError(f"by must be a column of {path}, got {by!r}; there are: {', '.join(heads)}")
        return small.index(by.casefold()), named
    for wanted in KEYS:
        for k, name in named.items():
            if name == wanted:
                return k, named
    raise ValueError(
        f"{path} has no column of names: it needs one called student, or those of Canvas (Student, ID, SIS Login ID, "
        f"Section) or of Moodle (First name, Email address), or say by which column; there are: {', '.join(heads)}"
    )


def _into_gradebook(course: Course, found: dict[str, dict[str, str]]) -> None:
    """nbgrader's own list of students, so that Formgrader shows them too."""
    from nbgrader.api import Gradebook

    ours = {"first": "first_name", "last": "last_name", "email": "email", "canvas": "lms_user_id"}
    with Gradebook(course.database) as book:
        for student, values in found.items():
            last, _, first = values.get("name", "").partition(", ")
            known: dict[str, Any] = {"last_name": last, "first_name": first} if first else {}
            known |= {ours[name]: value for name, value in values.items() if name in ours}
            book.update_or_create_student(student, **known)
