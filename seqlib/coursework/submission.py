"""Reads a submitted notebook, whatever it is: what cannot be read says why, and harms nothing."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["Submission", "Unreadable", "exchange_files", "handed_in", "read"]

LARGEST = 20 << 20  # bytes


class Unreadable(Exception):
    """A submission that holds no notebook; the message is the reason."""


@dataclass(frozen=True)
class Submission:
    """The code of a submitted notebook in its order, the text of its cells by nbgrader id, and what was noticed."""

    code: list[str]
    cells: dict[str, str]
    notes: list[str] = field(default_factory=list)
    digest: str = ""


def read(folder: Path, name: str) -> Submission:
    """Read `name` from a student's folder, or the only notebook there is.

    Raises:  Unreadable with the reason
    """
    notes = []
    if folder.is_symlink() or not folder.is_dir():
        raise Unreadable("the submission is no folder")
    found = sorted(entry.name for entry in os.scandir(folder) if entry.name.endswith(".ipynb"))
    if name in found:
        chosen = name
    elif len(found) == 1:
        chosen = found[0]
        notes.append(f"the notebook is called {chosen!r} and not {name!r}; it was taken all the same")
    elif found:
        raise Unreadable(f"there are {len(found)} notebooks, and none is called {name}")
    else:
        raise Unreadable(f"there is no notebook; {name} was expected")
    data = _bytes(folder / chosen)
    if not data.strip():
        raise Unreadable("the file is empty")
    try:
        notebook = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"the file is no notebook: it is not JSON ({type(error).__name__})") from None
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list):
        raise Unreadable("the file is no notebook: it has no cells")
    return _collect(cells, notes, hashlib.sha256(data).hexdigest())


def exchange_files(folder: Path) -> dict[str, bytes]:
    """What nbgrader's exchange puts beside a submission, and wants beside its feedback again."""
    found = {}
    for name in ("timestamp.txt", "submission_secret.txt"):
        with contextlib.suppress(Unreadable):
            found[name] = _bytes(folder / name)[:1000]
    return found


def handed_in(folder: Path) -> str | None:
    """When it was handed in, as nbgrader's `timestamp.txt` beside the notebook says; None if that is no time."""
    from nbgrader.utils import parse_utc

    if folder.is_symlink():
        return None
    try:
        return str(parse_utc(_bytes(folder / "timestamp.txt")[:100].decode("utf8").strip()))
    except (Unreadable, ValueError, TypeError, OverflowError):
        return None


def _bytes(path: Path) -> bytes:
    """The content of a regular file that is no link."""
    try:
        number = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        what = "a link to elsewhere" if path.is_symlink() else error.strerror
        raise Unreadable(f"the file cannot be read: {what}") from None
    with os.fdopen(number, "rb") as file:
        state = os.fstat(number)
        if not stat.S_ISREG(state.st_mode):
            raise Unreadable("the file cannot be read: it is no regular file")
        if state.st_size > LARGEST:
            raise Unreadable(f"the file is larger than {LARGEST >> 20} MB")
        return file.read(LARGEST + 1)


def _collect(cells: list, notes: list[str], digest: str) -> Submission:
    code: list[str] = []
    by_id: dict[str, str] = {}
    for cell in cells:
        if not isinstance(cell, dict):
            continue
        source = cell.get("source", "")
        source = "".join(map(str, source)) if isinstance(source, list) else str(source)
        source = source.encode("utf8", "replace").decode("utf8").replace("\0", "")
        if cell.get("cell_type") == "code":
            code.append(source)
        metadata = cell.get("metadata")
        ours = metadata.get("nbgrader") if isinstance(metadata, dict) else None
        grade_id = str(ours.get("grade_id", "")) if isinstance(ours, dict) else ""
        if grade_id in by_id:
            notes.append(f"there are two cells {grade_id!r}: both were run, the later definition counts")
            by_id[grade_id] += "\n\n" + source
        elif grade_id:
            by_id[grade_id] = source
    return Submission(code, by_id, notes, digest)
