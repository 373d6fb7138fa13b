"""Records on disk: one JSON file a student in `grades/<assignment>/`, each there whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any

__all__ = ["Records", "digest", "write_json", "write_text"]


class Records:
    """The records of one assignment."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def find(self, student: str) -> dict[str, Any] | None:
        """A record that has been kept; None if there is none, or none that can be read."""
        return _json(self._path(student))

    def all(self) -> list[dict[str, Any]]:
        """The records that count, by the names of their students."""
        found = [self.counting(path.stem) for path in sorted(self.folder.glob("*.json"))]
        return [record for record in found if record]

    def begin(self, student: str, version: str) -> int:
        """Note that judging this version is begun; return how often it was, without coming to an end, before now."""
        tries = self._path(student).with_suffix(".tries")
        tries.parent.mkdir(parents=True, exist_ok=True)
        with tries.open("a+", encoding="utf8") as file:
            file.seek(0)
            before = file.read().split().count(version)
            file.write(version + "\n")
        return before

    def forget(self, student: str) -> None:
        """What was begun has failed for a reason that is not the submission's: it does not count."""
        self._path(student).with_suffix(".tries").unlink(missing_ok=True)

    def keep(self, record: dict[str, Any]) -> None:
        """Write the record of a student, and end what `begin` has begun. That of another hand-in is put aside."""
        student = record["student"]
        before = self.find(student)
        if before and before.get("submission", record["submission"]) != record["submission"]:
            write_json(self._earlier(student) / f"{before['submission']}.json", before)
        (self._earlier(student) / f"{record['submission']}.json").unlink(missing_ok=True)
        write_json(self._path(student), record)
        with (self.folder / "log").open("a", encoding="utf8") as log:
            log.write(f"{student} {record['version']}\n")
        self.forget(student)

    def earlier(self, student: str) -> list[dict[str, Any]]:
        """The records of other hand-ins, before the last."""
        return [json.loads(path.read_text(encoding="utf8")) for path in sorted(self._earlier(student).glob("*.json"))]

    def renew(self, record: dict[str, Any]) -> None:
        """Write the record of an earlier hand-in again."""
        write_json(self._earlier(record["student"]) / f"{record['submission']}.json", record)

    def counting(self, student: str) -> dict[str, Any] | None:
        """The record that counts, which is the last one or the best, as it was entered into the gradebook."""
        entered = self.entered(student)
        found = [record for record in [self.find(student), *self.earlier(student)] if record]
        same = [record for record in found if entered and record.get("submission") == entered["submission"]]
        return next(iter(same or found), None)

    def enter(self, record: dict[str, Any]) -> None:
        """Note that this record is in the gradebook."""
        kept = {key: record[key] for key in ("judged", "submission", "points")}
        write_json(self.folder / "entered" / f"{record['student']}.json", kept)

    def entered(self, student: str) -> dict[str, Any] | None:
        """Which judgement, of which submission, and its points that are in the gradebook; None if none are."""
        return _json(self.folder / "entered" / f"{student}.json")

    @property
    def settings(self) -> dict[str, Any]:
        """How this assignment was graded the last time."""
        return _json(self.folder / "settings") or {}

    @settings.setter
    def settings(self, value: dict[str, Any]) -> None:
        write_json(self.folder / "settings", value)

    def _path(self, student: str) -> Path:
        return self.folder / f"{student}.json"

    def _earlier(self, student: str) -> Path:
        return self.folder / "earlier" / student


def _json(path: Path) -> dict[str, Any] | None:
    try:
        return dict(json.loads(path.read_text(encoding="utf8")))
    except (FileNotFoundError, ValueError):
        return None


def digest(*words: str) -> str:
    """A short digest of a list of words."""
    return hashlib.sha256("\0".join(words).encode()).hexdigest()[:32]


def write_json(path: Path, value: Any) -> None:
    """A JSON file that is there whole or not at all, kill and power cut included."""
    path.parent.mkdir(parents=True, exist_ok=True)
    said = json.dumps(value, ensure_ascii=False, indent=1)
    write_text(path, said.encode("utf8", "backslashreplace").decode("utf8"))  # a folder's name may be no text


def write_text(path: Path, text: str) -> None:
    """A text file that is there whole or not at all."""
    number, fresh = tempfile.mkstemp(dir=path.parent, prefix=".fresh-")
    try:
        with os.fdopen(number, "w", encoding="utf8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, path)
    except BaseException:
        Path(fresh).unlink(missing_ok=True)
        raise
