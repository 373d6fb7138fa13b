"""What a mark depends on beside the submission: the versions of what runs it, and the families of the course."""

from __future__ import annotations

import hashlib
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import seqlib
from coursework.making.course import Course

__all__ = ["changes", "environment"]

PACKAGES = ("numpy", "torch", "ipython")


def environment(course: Course) -> dict[str, str]:
    """The versions of Python and packages; of sources that change without a version, a digest."""
    found = {"python": platform.python_version()} | {name: _version(name) for name in PACKAGES}
    found["seqlib"] = _sources(Path(seqlib.__file__).parent)
    here = Path(__file__).resolve().parents[1]
    found["coursework"] = _sources(here, leave_out=here / "problems")
    found["families"] = _sources(course.folder / "families")
    return found


def changes(before: dict[str, str], now: dict[str, str]) -> list[str]:
    """In words what is another one than it was."""
    names = [name for name in now if before.get(name) != now[name]]
    versions = {"python", *PACKAGES}
    return [f"{name} {before.get(name, 'unknown')} -> {now[name]}" if name in versions else name for name in names]


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"


def _sources(folder: Path, leave_out: Path | None = None) -> str:
    """A digest of the Python files in a folder, and of notebooks, by their places and contents."""
    whole = hashlib.sha256()
    for path in sorted([*folder.rglob("*.py"), *folder.rglob("*.ipynb")]):
        if leave_out is None or not path.is_relative_to(leave_out):
            whole.update(f"{path.relative_to(folder)}\0".encode() + path.read_bytes() + b"\0")
    return whole.hexdigest()[:12]
