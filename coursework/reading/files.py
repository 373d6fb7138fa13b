"""The files of a submission: which of them can be the notebook, and their bytes, read without trusting the folder."""

from __future__ import annotations

import itertools
import os
import stat
from pathlib import Path

__all__ = ["Unreadable", "choices", "contents"]

LARGEST = 20 << 20  # bytes
MOST = 1000  # entries of a folder that are looked at
TRIED = 5  # notebooks


class Unreadable(Exception):
    """A submission that holds no notebook; the message is the reason."""


def choices(folder: Path, name: str) -> list[Path]:
    """The notebooks of a folder that can be meant by `name`, the likeliest first.

    That is `name`, then the one changed last. Where none lies in the folder itself, those one folder down count, as
    when a whole folder was handed in, and at the very last what Jupyter keeps in .ipynb_checkpoints.
    """
    found = _notebooks(folder)
    below = [] if found else [place for place in _entries(folder) if place.is_dir(follow_symlinks=False)]
    for hidden in (False, True):
        for place in below if not found else []:
            if (place.name == ".ipynb_checkpoints") if hidden else not place.name.startswith((".", "__MACOSX")):
                found += _notebooks(Path(place.path))
    return sorted(found, key=lambda path: (path.name != name, -_changed(path), path.name))[:TRIED]


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(itertools.islice(entries, MOST))
    except OSError:
        return []


def _notebooks(folder: Path) -> list[Path]:
    """What is called a notebook here, without the ._ files that macOS puts beside each file."""
    names = [entry.name for entry in _entries(folder)]
    return [folder / name for name in names if name.lower().endswith(".ipynb") and not name.startswith(".")]


def _changed(path: Path) -> float:
    try:
        return path.lstat().st_mtime
    except OSError:
        return 0.0


def contents(path: Path) -> bytes:
    """The content of a regular file that is no link."""
    try:
        number = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        what = "it is a link to elsewhere" if path.is_symlink() else error.strerror
        raise Unreadable(f"the file cannot be read: {what}") from None
    try:
        state = os.fstat(number)
        if not stat.S_ISREG(state.st_mode):
            raise Unreadable("the file cannot be read: it is no regular file")
        if state.st_size > LARGEST:
            raise Unreadable(f"the file is larger than {LARGEST >> 20} MB")
        with os.fdopen(number, "rb", closefd=False) as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        raise Unreadable(f"the file cannot be read: {error.strerror}") from None
    finally:
        os.close(number)
