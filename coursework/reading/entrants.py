"""Who has handed in an assignment: the folders in `submitted/`, and a name for each that no other has."""

from __future__ import annotations

import hashlib
import os
import unicodedata
from pathlib import Path

from coursework.making.course import Course
from coursework.making.roster import Roster
from coursework.showing import clean

__all__ = ["Entrants"]


class Entrants:
    """The folders of those who handed in, as nbgrader lays them out: submitted/<student>/<assignment>/.

    `students` maps the name of a folder to the name that stands in records, pages and tables; nearly always these are
    the same. `notes` are of each student by name; `astray` says of others what lies in their folders instead.
    """

    def __init__(self, course: Course, name: str) -> None:
        self.students: dict[str, str] = {}
        self.notes: dict[str, list[str]] = {}
        self.astray: dict[str, str] = {}
        handed = course.folder / "submitted"
        entries = sorted(os.scandir(handed), key=lambda entry: entry.name) if handed.is_dir() else []
        folders = [entry.name for entry in entries if os.path.lexists(Path(entry.path) / name)]
        self._name(course, folders)
        for entry in entries:
            found = None if entry.name in self.students else _astray(Path(entry.path), name)
            if found and not entry.name.startswith("."):
                self.astray[clean.name(entry.name)[0]] = found

    def _name(self, course: Course, folders: list[str]) -> None:
        """Give each folder a name. Of names that look alike one stays as it is: that of a student who is known."""
        on_roster = Roster.of(course).students
        known = {path.stem for path in (course.folder / "grades").glob("*/*.json")}
        alike: dict[str, list[str]] = {}
        for folder in folders:
            alike.setdefault(_looks(clean.name(folder)[0]), []).append(folder)
        taken, listed = set(alike), {_looks(name): name for name in on_roster if clean.name(name)[1]}
        for looks, same in alike.items():
            first, *others = sorted(same, key=lambda f: (f not in on_roster, not clean.name(f)[1], f not in known, f))
            self.students[first], could = clean.name(first)
            self.notes[self.students[first]] = [] if could else [_unusual(first)]
            if first not in on_roster and looks in listed:  # capitals, or an archive that takes letters apart
                self.students[first] = listed[looks]
                said = f"the roster spells the name of this folder, {clean.line(first, 100)}, otherwise"
                self.notes[listed[looks]] = [f"{said}: it was taken for {listed[looks]}"]
            for folder in others:
                digest = hashlib.sha256(folder.encode("utf8", "surrogateescape")).hexdigest()
                ways = (f"{clean.name(folder)[0][:60]}-{digest[:length]}" for length in range(8, 65, 8))
                student = next(way for way in ways if _looks(way) not in taken)
                taken.add(_looks(student))
                self.students[folder] = student
                said = f"the name of this folder, {clean.line(folder, 100)}, looks like another's, {first}"
                self.notes[student] = [f"{said}: {student} stands for it"]


def _looks(name: str) -> str:
    """What names have in common that a person, or another file system, cannot tell apart."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def _unusual(folder: str) -> str:
    shown = clean.line(folder.encode("utf8", "backslashreplace").decode("utf8"), 100)
    return f"the name of this folder, {shown}, cannot stand everywhere: it is spelt otherwise here"


def _astray(folder: Path, name: str) -> str | None:
    """What in `submitted/` may be a hand-in of this assignment and lies where none is looked for."""
    where = f"submitted/{clean.line(folder.name, 60)}"
    if not folder.is_dir() or folder.is_symlink():
        return f"{where} is no folder of a student: move it to submitted/STUDENT/{name}/"
    for entry in sorted(os.listdir(folder)):
        stem = entry.rsplit(".", 1)[0] if entry.lower().endswith(".ipynb") else entry
        if _letters(stem) == _letters(name):
            return f"{where} has {clean.line(entry, 60)!r} and no folder {name}: move the notebook into {where}/{name}/"
    return None


def _letters(text: str) -> str:
    return "".join(c for c in _looks(text) if c.isalnum())
