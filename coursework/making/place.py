"""The folder of a course: whether one may be written there, how it takes its place, and who can read it."""

from __future__ import annotations

import contextlib
import filecmp
import hashlib
import json
import os
import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

__all__ = ["MARKER", "WORK", "about", "above", "config", "free", "mark", "private", "take"]

MARKER = "course.json"  # says that `make` wrote the folder, and what the course is
MAKING = ".making-"  # begins the name of a folder in which a course is being made
WORK = ("downloaded", "submitted", "autograded", "grades", "feedback")  # of students, and about them
CONFIG = "nbgrader_config.py"
USUAL = os.umask(0o077)  # what this user's files are like, if nothing else is said
os.umask(USUAL)
ELSE = "nothing in it was touched; name a new folder with --course"


def about(folder: Path) -> dict[str, Any]:
    """What `make` wrote down of a course: its name, and whether each student has a variant; {} if it made none."""
    path = folder / MARKER
    return dict(json.loads(path.read_text(encoding="utf8"))) if path.is_file() else {}


def mark(folder: Path, name: str, each: bool, given: str) -> None:
    """Write down what the course is; `given` is the configuration that it was made with."""
    kept = {"made_by": "coursework", "name": name, "each": each, "config": _digest(given)}
    (folder / MARKER).write_text(json.dumps(kept, indent=1) + "\n", encoding="utf8")


def config(folder: Path) -> str | None:
    """The nbgrader_config.py of a course if somebody has changed it since it was made."""
    path = folder / CONFIG
    text = path.read_text(encoding="utf8") if path.is_file() else None
    return None if text is None or _digest(text) == about(folder).get("config") else text


def free(folder: Path, secret: str, name: str, each: bool) -> None:
    """See that a course may be written there: into a new or empty folder, or over the same course without work.

    Raises:  FileExistsError with what the folder holds, and what to do
    """
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise FileExistsError(f"{folder} is no folder: name a new one with --course")
    for work in WORK:
        if os.path.lexists(folder / work) and (not (folder / work).is_dir() or any((folder / work).iterdir())):
            raise FileExistsError(f"{folder / work} holds work of students: {ELSE}")
    there = sorted(path.name for path in folder.iterdir()) if folder.exists() else []
    if all(name.startswith(MAKING) for name in there):
        return
    known = about(folder)
    if known.get("made_by") != "coursework":
        raise FileExistsError(f"{folder} holds {', '.join(there[:3])}, and `make` did not write it: {ELSE}")
    kept = folder / "secret"
    if kept.is_file() and kept.read_text(encoding="utf8").rstrip("\n") != secret:
        raise FileExistsError(
            f"{folder} holds a course of another secret, which students may have by now: {ELSE}, or give that secret"
        )
    if (known["name"], known["each"]) != (name, each):
        has = "a variant for each student" if known["each"] else "one variant for all"
        raise FileExistsError(f"{folder} holds the course {known['name']} with {has}: {ELSE}")


def above(folder: Path) -> None:
    """Make the folders above, as this user makes any folder: release/ is reached through them."""
    before = os.umask(USUAL)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
    finally:
        os.umask(before)


def take(made: Path, folder: Path) -> None:
    """Put a new course in its place, file by file; other files in the folder stay.

    Where the same was released before, the gradebook stays too: the roster and the dates in it may be the teacher's.
    """
    if (folder / "release").is_dir():
        if _same(made / "release", folder / "release") and _same(made / "families", folder / "families"):
            return
        shutil.rmtree(folder / "handout", ignore_errors=True)
        warnings.warn(
            f"what is released in {folder} is another than before: hand it out again, and import the roster again",
            stacklevel=3,
        )
    names = sorted((path.name for path in made.iterdir()), key=lambda name: (name != "secret", name == "release"))
    (made / MARKER).replace(folder / MARKER)  # first: what a kill leaves half done may be made again
    for name in names:
        if name in WORK:
            (folder / name).mkdir(exist_ok=True)
            (folder / name).chmod(0o700)
        elif name != MARKER:
            if (folder / name).is_dir():
                shutil.rmtree(folder / name)
            (made / name).replace(folder / name)
    folder.chmod(folder.stat().st_mode & 0o7070 | 0o711)  # release/ can be reached, and nothing else read


@contextlib.contextmanager
def private(folder: Path | None = None) -> Iterator[None]:
    """What is written meanwhile can be read by nobody else; in a course that its group may write, by the group."""
    group = folder is not None and folder.is_dir() and folder.stat().st_mode & 0o020
    before = os.umask(0o007 if group else 0o077)
    try:
        yield
    finally:
        os.umask(before)


def _same(one: Path, other: Path) -> bool:
    """Whether two folders hold the same files."""
    files = [sorted(str(path.relative_to(top)) for path in top.rglob("*") if path.is_file()) for top in (one, other)]
    return files[0] == files[1] and not any(filecmp.cmpfiles(one, other, files[0], shallow=False)[1:])


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf8")).hexdigest()
