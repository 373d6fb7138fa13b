"""Before a class is marked, and whenever a mark looks like our fault, a right answer is marked as a student's is."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from coursework.making.course import Assignment, Course
from coursework.marking.judge import judge
from coursework.running import protection, sandbox
from coursework.running.isolation import environment
from coursework.showing import clean

__all__ = ["Broken", "doubtful", "rehearse"]

LOOK = """\
import importlib.util
if importlib.util.find_spec({0!r}) is None:
    raise ModuleNotFoundError("there is no {0}")
"""
PACKAGES = ("numpy", "torch", "seqlib")  # what students are told to install
BLANK = "not written yet"
ENDED = "the code ended the process"  # as no limit of ours does it
PAUSE = 0.5  # seconds
ROOM = 64 << 20  # bytes that have to be free on a disk


class Broken(RuntimeError):
    """This installation gives a right answer no full mark; the message says what failed and what to do."""


def rehearse(course: Course, assignment: Assignment, student: str, limits: sandbox.Limits) -> None:
    """Mark the first right source of every problem as if this student had handed them in.

    What fails is tried once more, for a moment's lack of time or room is no broken installation.

    Raises:  Broken if that is not worth all points
    """
    failed = _failed(course, assignment, student, limits)
    if failed:
        time.sleep(PAUSE)
        failed = _failed(course, assignment, student, limits)
    if failed:
        raise Broken(_message(assignment, failed, course))


def _failed(course: Course, assignment: Assignment, student: str, limits: sandbox.Limits) -> str | None:
    """What failed in one rehearsal; None if nothing did."""
    secret = course.secret_of(student)
    right = {problem.name: problem.solutions(problem.variant(secret))[0] for problem in assignment.problems}
    cells = [cell for cell in course.released(assignment.name, student)["cells"] if cell["cell_type"] == "code"]
    names = [cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in cells]
    code = [
        right.get(name, "".join(cell["source"]))
        for name, cell in zip(names, cells, strict=True)
        if name != assignment.experiment.name
    ]
    try:
        marks, notes = judge([*code, *map(LOOK.format, PACKAGES)], assignment.problems, secret, limits)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    missing = [note for note in notes if "ModuleNotFoundError" in note or "ImportError" in note]
    parts = [(mark.name, part) for mark in marks for part in mark.parts]
    lost = [f"{name} ({part['name']}): {part['why']}" for name, part in parts if part["points"] < part["largest"]]
    return "; ".join([*missing, *lost][:4] + notes[:2]) if missing or lost else None


def doubtful(record: dict[str, Any]) -> bool:
    """Whether a submission got nothing, or lost something, for a reason that could be ours and not the student's."""
    if record["trouble"]:
        return False
    parts = [part for mark in record["marks"] for part in mark["parts"]]
    said = " ".join([*record["notes"], *(part["why"] for part in parts)])
    if any(word in said for word in ("ModuleNotFoundError", "ImportError", "OSError", "MemoryError", ENDED)):
        return True
    return record["points"] == 0 and not (parts and all(part["why"] == BLANK for part in parts))


def _message(assignment: Assignment, what: str, course: Course) -> str:
    """What failed, and what to do about it, as far as can be seen from here."""
    advice = [_room(path) for path in dict.fromkeys((Path(tempfile.gettempdir()), course.folder))]
    missing = _missing()
    found = [*filter(None, advice)] or [
        "see that numpy, torch and seqlib are installed for this Python (make env makes an environment that has them), "
        "then grade again; if it was the time that is too short on this machine, give --seconds a larger number"
    ]
    return (
        f"a right answer of {assignment.name} does not get its points on this machine, so marking stops here, and no "
        f"mark was made of it. What failed: {what}{missing}. What to do: {'; '.join(found)}"
    )


def _missing() -> str:
    """What the sandbox says where those packages are imported in it, if that is not nothing."""
    with contextlib.suppress(OSError, subprocess.SubprocessError), protection.filtered() as (command, files):
        tried = [*command, sys.executable, "-P", "-c", f"import {', '.join(PACKAGES)}"]
        done = subprocess.run(
            tried, capture_output=True, pass_fds=files, env=environment(), text=True, errors="replace", timeout=60
        )
        if done.returncode:
            return f" ({clean.line((done.stderr.splitlines() or ['python does not start'])[-1])})"
    return ""


def _room(folder: Path) -> str | None:
    free = shutil.disk_usage(folder).free
    return f"{folder} has only {free >> 20} MB free: make room" if free < ROOM else None
