"""Records on disk: one JSON file a student in `grades/<assignment>/`, each there whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any

__all__ = ["Records", "digest", "write_whole"]


class Records:
    """The records of one assignment."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def find(self, student: str) -> dict[str, Any] | None:
        """A record that has been kept; None if there is none, or none that can be read."""
        try:
            return dict(json.loads(self._path(student).read_text(encoding="utf8")))
        except (FileNotFoundError, ValueError):
            return None

    def all(self) -> list[dict[str, Any]]:
        """Every record, by the names of their files."""
        return [json.loads(path.read_text(encoding="utf8")) for path in sorted(self.folder.glob("*.json"))]

    def begin(self, student: str, version: str) -> int:
        """Note that judging this version is begun; return how often it was, without coming to an end, before now."""
        tries = self._path(student).with_suffix(".tries")
        tries.parent.mkdir(parents=True, exist_ok=True)
        with tries.open("a+", encoding="utf8") as file:
            file.seek(0)
            before = file.read().split().count(version)
            file.write(version + "\n")
        return before

    def keep(self, record: dict[str, Any]) -> None:
        """Write the record of a student, and end what `begin` has begun."""
        path = self._path(record["student"])
        write_whole(path, record)
        with (self.folder / "log").open("a", encoding="utf8") as log:
            log.write(f"{record['student']} {record['version']}\n")
        path.with_suffix(".tries").unlink(missing_ok=True)

    def _path(self, student: str) -> Path:
        return self.folder / f"{student}.json"


def digest(*words: str) -> str:
    """A short digest of a list of words."""
    return hashlib.sha256("\0".join(words).encode()).hexdigest()[:32]


def write_whole(path: Path, value: Any) -> None:
    """A JSON file that is there whole or not at all, kill and power cut included."""
    path.parent.mkdir(parents=True, exist_ok=True)
    number, fresh = tempfile.mkstemp(dir=path.parent, prefix=".fresh-")
    with os.fdopen(number, "w", encoding="utf8") as file:
        json.dump(value, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    os.replace(fresh, path)
