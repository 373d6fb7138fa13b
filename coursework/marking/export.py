"""The table of an assignment's marks for a university: of our own, or as Canvas and Moodle import it."""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from coursework.making.course import Assignment, Course
from coursework.making.roster import Roster
from coursework.marking.gradebook import Standing, standings
from coursework.marking.records import write_text
from coursework.reading.entrants import Entrants
from coursework.showing import clean

__all__ = ["FORMS", "export"]

# A spreadsheet takes a cell for a formula that begins so, at a semicolon too where this parts the columns.
FORMULA = re.compile(r"(^|[;\t\r\n])(\s*)(?=[=+\-@＝＋－＠\t\r])")


def export(
    course: Course,
    name: str,
    path: Path,
    form: str = "plain",
    *,
    column: str | None = None,
    say: Callable[[str], None] = print,
) -> None:
    """Write the marks of an assignment as CSV, with everyone who is on the roster or in the gradebook or has handed in.

    plain    a row a student: points (a late penalty of the gradebook taken off) of largest, how much of them is by
             machine and by hand, whether a person has still to mark something, when it was handed in, and the reason
    canvas   Student, ID, SIS User ID, SIS Login ID, Section, and the assignment; the row of Points Possible
    moodle   First name, Last name, Username, ID number, Email address, and the assignment

    In the last two who has handed in nothing has an empty cell, which changes nothing there. `column` is the head of
    the assignment's column, for Canvas "Title (number)"; it is known from a roster that Canvas' gradebook exported.

    Raises:  ValueError for an unknown assignment or form, or if somebody's marks are not in the gradebook yet
    Source:  Canvas: lib/gradebook_importer.rb of instructure/canvas-lms; Moodle: docs.moodle.org, Grade import
    """
    if form not in FORMS:
        raise ValueError(f"form must be one of {', '.join(FORMS)}, got {form!r}")
    assignment, roster = course.assignment(name), Roster.of(course)
    found = _everyone(course, assignment, roster)
    head = column or _head(name, roster, form)
    rows = FORMS[form](found, roster.students, head)
    table = io.StringIO(newline="")
    csv.writer(table).writerows([[_cell(value) for value in row] for row in rows])
    if path.exists() and not path.is_file():  # a pipe, or /dev/stdout
        path.write_text(table.getvalue(), encoding="utf8")
    else:
        write_text(Path(os.path.realpath(path)), table.getvalue())
    for sentence in _noticed(found, roster, form, head):
        say(sentence)


def _everyone(course: Course, assignment: Assignment, roster: Roster) -> list[Standing]:
    """Who is in the gradebook, on the roster, or has handed in something that is not graded yet."""
    found, handed = standings(course, assignment), Entrants(course, assignment.name)
    largest = float(sum(problem.points for problem in assignment.problems) + assignment.experiment.points)
    others = dict.fromkeys(roster.students, "handed in nothing") | handed.astray
    others |= dict.fromkeys(handed.students.values(), "handed in, and not graded yet: grade again")
    for student, reason in others.items():
        if student not in found or not found[student].there:
            found[student] = Standing(student, largest, reason=reason)
    return [found[student] for student in sorted(found)]


def _plain(found: list[Standing], known: dict[str, dict[str, str]], head: str) -> list[list[Any]]:
    fields = ["student", "points", "largest", "by_machine", "by_hand", "to_be_marked", "late_penalty", "handed_in"]
    rows: list[list[Any]] = [[*fields, "reason", *(["name", "email", "number"] if known else [])]]
    for one in found:
        row: list[Any] = [one.student, one.points, one.largest, one.by_machine, one.by_hand]
        row += ["yes" if one.to_be_marked else "no", one.late_penalty, one.handed_in or "", one.reason]
        of = known.get(one.student, {})
        rows.append(row + ([_full(of), of.get("email", ""), of.get("number", "")] if known else []))
    return rows


def _canvas(found: list[Standing], known: dict[str, dict[str, str]], head: str) -> list[list[Any]]:
    rows: list[list[Any]] = [["Student", "ID", "SIS User ID", "SIS Login ID", "Section", head]]
    rows.append(["    Points Possible", "", "", "", "", max((one.largest for one in found), default="")])
    for one in found:
        of = known.get(one.student, {})
        ids = [of.get("canvas", ""), of.get("number", ""), of.get("username", one.student), of.get("section", "")]
        rows.append([_full(of) or one.student, *ids, one.points if one.there else ""])
    return rows


def _moodle(found: list[Standing], known: dict[str, dict[str, str]], head: str) -> list[list[Any]]:
    rows: list[list[Any]] = [["First name", "Last name", "Username", "ID number", "Email address", head]]
    for one in found:
        of = known.get(one.student, {})
        last, _, first = of.get("name", "").partition(", ")
        names = [of.get("first", first), of.get("last", last if first else "")]
        ids = [of.get("username", one.student), of.get("number", ""), of.get("email", "")]
        rows.append([*names, *ids, one.points if one.there else ""])
    return rows


FORMS: dict[str, Callable[[list[Standing], dict[str, dict[str, str]], str], list[list[Any]]]] = {
    "plain": _plain,
    "canvas": _canvas,
    "moodle": _moodle,
}


def _cell(value: object) -> object:
    """A cell that a spreadsheet takes for a text; numbers stay numbers."""
    if isinstance(value, int | float):
        return value
    return FORMULA.sub(r"\1'\2", clean.line(value, 2000))


def _full(of: dict[str, str]) -> str:
    """The name of a person, as Canvas sorts it."""
    return of.get("name") or ", ".join(filter(None, [of.get("last"), of.get("first")]))


def _head(name: str, roster: Roster, form: str) -> str:
    """The head of the assignment's column, with Canvas' number if an exported gradebook gave it."""
    titles = {_letters(head.rsplit(" (", 1)[0]): head for head in roster.canvas}
    return titles.get(_letters(name), name) if form == "canvas" else name


def _letters(title: str) -> str:
    return re.sub(r"[\W_]+", "", title).casefold()


def _noticed(found: list[Standing], roster: Roster, form: str, head: str) -> list[str]:
    """What a teacher has to know before the table is handed on."""
    said = []
    if marking := [one.student for one in found if one.to_be_marked]:
        said.append(f"{len(marking)} have still to be marked by a person, in Formgrader: {_some(marking)}")
    if nothing := [one.student for one in found if not one.there]:
        said.append(f"{len(nothing)} handed in nothing: {_some(nothing)}")
    if roster.students and (strangers := [one.student for one in found if one.student not in roster.students]):
        said.append(f"{len(strangers)} are not on the roster: {_some(strangers)}")
    if form == "canvas" and not head.endswith(")"):
        said.append(
            f"Canvas will ask which of its assignments {head!r} is: give --column and the head of its column in "
            "Canvas' own export"
        )
    return said


def _some(names: list[str]) -> str:
    shown = ", ".join(clean.line(name, 60) for name in names[:10])
    return shown if len(names) <= 10 else f"{shown} and {len(names) - 10} more"
