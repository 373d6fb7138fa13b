"""What takes too long for a page, measured once by a script, and read by the page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

__all__ = ["stored"]


def stored(name: str, folder: str | Path = "measured") -> dict[str, Any]:
    """Return the record of a measurement: its values, and all that is needed to judge them and to get them again.

    `name`: chapter and measurement, as in "04_ten_times". `folder` is seen from where the chapters lie.

    Raises:  FileNotFoundError naming the file, and where chapters must be run
    """
    path = Path(folder) / f"{name}.json"
    if not path.is_file():
        raise FileNotFoundError(f"no measurement {path}: run the chapter in its own folder, with `{folder}` beside it")
    record: dict[str, Any] = json.loads(path.read_text(encoding="utf8"))
    return record
