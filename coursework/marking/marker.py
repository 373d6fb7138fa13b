"""Makes the record of a submission: reads it, judges it, sees that its mark is sure, and says which hand-in counts."""

from __future__ import annotations

import json
import os
import time
import uuid
from dataclasses import asdict
from typing import Any

from coursework.making.course import Course
from coursework.making.handout import remark
from coursework.marking.environment import changes, environment
from coursework.marking.gradebook import worth
from coursework.marking.judge import judge
from coursework.marking.records import Records, digest
from coursework.marking.rehearsal import doubtful, rehearse
from coursework.reading.entrants import Entrants
from coursework.reading.submission import Submission, Unreadable, handed_in, read
from coursework.running import sandbox
from coursework.showing import clean

__all__ = ["Marker"]

FAILED = "grading failed, a person has to look"
NOTES = 50  # on the reading of a submission
TRIES = 3  # of one submission that ends the grader with itself, which it can where nothing isolates it


class Marker:
    """Makes the records of one assignment: by what limits, what is judged anew, and which hand-in counts."""

    def __init__(
        self, course: Course, name: str, limits: sandbox.Limits | None = None, best: bool | None = None
    ) -> None:
        self.course, self.assignment = course, course.assignment(name)
        self.records = Records(course.folder / "grades" / name)
        entrants = Entrants(course, name)
        self.students, self.astray, self._named = entrants.students, entrants.astray, entrants.notes
        before = self.records.settings
        self.limits = limits or sandbox.Limits(**before.get("limits", {}))
        self.best = bool(before.get("best")) if best is None else best
        self.environment = environment(course)
        self.changed: dict[str, list[str]] = {}

    def settle(self) -> None:
        """Keep how this assignment is graded, for the next time, and for nbgrader's autograde."""
        limits = {key: value for key, value in asdict(self.limits).items() if value != getattr(sandbox.USUAL, key)}
        now = {"limits": limits, "best": self.best}
        if now != self.records.settings:
            self.records.settings = now

    def record(self, folder: str, anew: bool = False) -> dict[str, Any]:
        """The record of a student that counts: of the last hand-in, or of the best."""
        last = self._last(folder, anew)
        if not self.best:
            return last
        found = [last, *(self._earlier(folder, record, anew) for record in self.records.earlier(last["student"]))]
        if len(found) == 1:
            return last
        name = self.assignment.name
        found.sort(key=lambda record: record["handed_in"] or "", reverse=True)  # of equal ones the latest counts
        return max(found, key=lambda record: (worth(self.course, name, record), record is last))

    def remarks(self, record: dict[str, Any]) -> list[str]:
        """What else is to be said of a record that counts."""
        last, before = self.records.find(record["student"]), self.records.entered(record["student"])
        said = []
        if before and before.get("points", record["points"]) != record["points"]:
            said.append(f"it was {before['points']}")
        if last and last["submission"] != record["submission"]:
            said.append(f"the hand-in of {record['handed_in'] or 'an unknown time'} counts, and not the last")
        return said

    def _last(self, folder: str, anew: bool) -> dict[str, Any]:
        """The record of what lies in a folder; one that ends the grader, in reading too, is given up after a while."""
        student, found = self.students[folder], self.records.find(self.students[folder])
        place = self.course.folder / "submitted" / folder / self.assignment.name
        states = [path.lstat() for path in (place, *sorted(place.glob("*")))]
        seen = digest(*(f"{state.st_size} {state.st_mtime_ns}" for state in states))
        if found and found.get("given_up") == seen and not anew:
            return found
        given_up = self.records.begin(student, seen) >= TRIES
        try:
            record = self._found(folder, anew, seen if given_up else None)
        except Exception:  # ours, and not the submission's
            self.records.forget(student)
            raise
        self.records.forget(student)
        return record

    def _found(self, folder: str, anew: bool, given_up: str | None) -> dict[str, Any]:
        """The record of what lies in a folder: the one there is, if it is of these very bytes, else a new one."""
        place = self.course.folder / "submitted" / folder / self.assignment.name
        trouble, submission = None, Submission([])
        try:
            if given_up:
                raise Unreadable(f"the grader was ended {TRIES} times by this submission: a person has to look")
            if place.parent.is_symlink():
                raise Unreadable("the submission is a link to elsewhere")
            submission = read(
                place, f"{self.assignment.name}.ipynb", self.course.released(self.assignment.name, folder)
            )
        except Unreadable as error:
            trouble = str(error)
        when = None if place.parent.is_symlink() else handed_in(place)
        notes = [*self._named[self.students[folder]], *submission.notes]
        if when is None and os.path.lexists(place / "timestamp.txt"):
            notes.append(
                "timestamp.txt holds no time that can be read: nobody knows when this was handed in, or if late"
            )
        cells = [asdict(cell) for cell in submission.cells]
        whose = remark(self.course, self.assignment.name, folder, cells)
        notes += [whose] if whose else []
        student = self.students[folder]
        record: dict[str, Any] = {"student": student, "folder": folder, "handed_in": when, "noted": notes[:NOTES]}
        record |= {"submission": digest(submission.digest, trouble or "", when or ""), "trouble": trouble}
        record |= {"cells": cells, "whose": whose}
        version, found = self._version(record), self.records.find(student)
        failed = found is not None and found["reason"].startswith(FAILED)  # by a fault of ours, mended perhaps
        if found and found.get("version") == version and not anew and not failed:
            return found
        if found and found.get("submission") == record["submission"]:
            why = changes(found.get("environment", {}), self.environment) or ["limits or notes"]
            asked = ["grading had failed" if failed else "as asked for"]
            self.changed[folder] = asked if found.get("version") == version else why
        judged = self._sure(record) | ({"given_up": given_up} if given_up else {})
        self.records.keep(judged)
        return judged

    def _earlier(self, folder: str, record: dict[str, Any], anew: bool) -> dict[str, Any]:
        """The record of an earlier hand-in, judged anew by its cells if it has to be."""
        if record["version"] == self._version(record) and not anew:
            return record
        record = self._sure(record)
        self.records.renew(record)
        return record

    def _version(self, record: dict[str, Any]) -> str:
        """What a mark depends on; another version is judged anew."""
        rest = {"environment": self.environment, "limits": asdict(self.limits), "noted": record["noted"]}
        secret = self.course.secret_of(record["folder"])
        return digest(record["submission"], secret, self.assignment.name, json.dumps(rest, sort_keys=True))

    def _sure(self, record: dict[str, Any]) -> dict[str, Any]:
        """Judge; before a mark stands that may be our fault, see that a right answer still gets its points here."""
        if record["trouble"]:
            return self._judged(record)
        judged = self._judged(record)
        if doubtful(judged):
            rehearse(self.course, self.assignment, record["folder"], self.limits)
            if judged["reason"].startswith(FAILED):
                judged = self._judged(record)
        return judged

    def _judged(self, record: dict[str, Any]) -> dict[str, Any]:
        begin, name = time.monotonic(), self.assignment.experiment.name
        largest = sum(problem.points for problem in self.assignment.problems)
        record = record | {"version": self._version(record), "environment": self.environment}
        record["judged"] = uuid.uuid4().hex
        record |= {"points": 0, "largest": largest, "marks": [], "notes": record["noted"], "seconds": 0.0}
        if record["trouble"]:
            return record | {"reason": record["trouble"]}
        cells = [cell for cell in record["cells"] if cell["kind"] == "code"]
        code = [cell["source"] for cell in cells if cell["id"] != name]
        unmarked = [cell["source"] for cell in cells if cell["id"] == name]
        secret = self.course.secret_of(record["folder"])
        try:
            marks, notes = judge(code, self.assignment.problems, secret, self.limits, unmarked=unmarked)
        except Exception as error:  # the judge itself must not lose a submission
            said = clean.line(f"{FAILED}: {type(error).__name__}: {error}", 300)
            return record | {"reason": said, "seconds": round(time.monotonic() - begin, 2)}
        notes = [*record["noted"], *notes]
        if not {problem.name for problem in self.assignment.problems} & {cell["id"] for cell in record["cells"]}:
            notes.insert(0, "no cell of this assignment is in the notebook; is it another one's?")
        lost = [(mark.name, part) for mark in marks for part in mark.parts if part["points"] < part["largest"]]
        losses = [f"{name} ({part['name']}): {part['why']}" for name, part in lost]
        reason = "; ".join(filter(None, [record.get("whose"), *losses])) or "all right"
        record |= {"points": sum(mark.points for mark in marks), "marks": [mark.as_dict() for mark in marks]}
        return record | {"notes": notes, "reason": reason, "seconds": round(time.monotonic() - begin, 2)}
