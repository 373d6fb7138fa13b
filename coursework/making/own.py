"""A folder of problems of your own, begun as a copy of a small one that is right."""

from __future__ import annotations

import shutil
from pathlib import Path

__all__ = ["TEMPLATE", "begin"]

TEMPLATE = Path(__file__).resolve().parents[1] / "template"


def begin(folder: Path) -> None:
    """Write a notebook, a problem and an experiment into a new folder.

    Raises:  FileExistsError if there is such a folder already
    """
    if folder.exists():
        raise FileExistsError(f"{folder} is there already: name a new folder, or try what it holds")
    shutil.copytree(TEMPLATE, folder, ignore=shutil.ignore_patterns("__pycache__", "ruff.toml", ".*"))
