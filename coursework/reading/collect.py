"""Archives of hand-ins as Moodle and Canvas give them, sorted into submitted/: a plugin of nbgrader's zip_collect."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict
from pathlib import Path
from typing import Any

from nbgrader.plugins import FileNameCollectorPlugin

from coursework.showing import clean

__all__ = ["Collector"]

MOODLE = re.compile(r"(?P<who>.+)_(?P<number>\d+)_assignsubmission_file(_(?P<file>.*))?")
CANVAS = re.compile(r"(?P<who>[^_]+)_(LATE_)?(?P<number>\d+)_\d+_(?P<file>.+)")
AGAIN = re.compile(r"(-\d+| ?\(\d+\))$")  # what Canvas and browsers add to the name of a second file


class Collector(FileNameCollectorPlugin):
    """Finds the student in the path of a hand-in: by the roster of the course, else by what the path says.

    Nobody is left out: what names no student of the roster goes into a folder of its own, and a warning says which.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.taken: dict[str, set[str]] = defaultdict(set)
        self.students: dict[str, dict[str, str]] = {}
        self.assignment, self.top = "", Path()
        if self.parent is not None:
            self.assignment = self.parent.coursedir.assignment_id
            self.top = Path(self.parent._format_collect_path(self.parent.extracted_directory))
            roster = Path(self.parent.coursedir.root) / "roster.json"
            if roster.is_file():
                self.students = json.loads(roster.read_text(encoding="utf8"))["students"]

    def collect(self, submitted_file: str) -> dict[str, str] | None:
        """The student and the name of one file; None for what is no notebook."""
        path = Path(submitted_file)
        places = path.relative_to(self.top).parts if path.is_relative_to(self.top) else path.parts[-2:]
        if path.suffix.casefold() not in self.valid_ext or path.name.startswith("._") or "__MACOSX" in places:
            return None
        student, known = self.whose(places)
        if not known and self.students:
            self.log.warning("%s is not on the roster: look at the folder submitted/%s", places[-1], student)
        return {"student_id": student, "file_id": self.named(student, places[-1])}

    def whose(self, places: tuple[str, ...]) -> tuple[str, bool]:
        """The student of a path, and whether the roster knows them."""
        for place in places:
            for form in (MOODLE, CANVAS):
                found = form.fullmatch(place)
                if found:
                    owner = self._by_number(found["number"]) if form is CANVAS else self._by_name(found["who"])
                    return (owner, True) if owner else (clean.name(f"{found['who']}_{found['number']}")[0], False)
        for place in places:
            for said in (place, Path(place).stem):
                if said in self.students:
                    return said, True
        for place in places:
            begins = [student for student in self.students if place.startswith(f"{student}_")]
            if begins:
                return max(begins, key=len), True
        return clean.name(places[-2] if len(places) > 1 else Path(places[-1]).stem)[0], False

    def named(self, student: str, file: str) -> str:
        """The name of a file among the others of its student: that of the assignment, if it is a form of it."""
        for form in (MOODLE, CANVAS):
            found = form.fullmatch(file)
            if found and found["file"]:
                file = found["file"]
        stem = Path(file).stem
        if AGAIN.sub("", stem).casefold() == self.assignment.casefold():
            stem = self.assignment
        name, k = stem, 1
        while name in self.taken[student]:
            k += 1
            name = f"{stem} ({k})"
        self.taken[student].add(name)
        return f"{name}.ipynb"

    def _by_number(self, number: str) -> str | None:
        """The only student with this number of Canvas."""
        found = [student for student, of in self.students.items() if number in (of.get("canvas"), student)]
        return found[0] if len(found) == 1 else None

    def _by_name(self, who: str) -> str | None:
        """The only student of this name, in whatever order and form."""
        found = [
            student
            for student, of in self.students.items()
            if _words(who) in (_words(f"{of.get('first', '')} {of.get('last', '')}"), _words(of.get("name", "")))
        ]
        return found[0] if len(found) == 1 else None


def _words(name: str) -> list[str]:
    return sorted(unicodedata.normalize("NFC", name).casefold().replace(",", " ").split())
