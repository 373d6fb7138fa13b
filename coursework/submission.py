"""Reads a submitted notebook, whatever it is: what cannot be read says why, and harms nothing."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import stat
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

__all__ = ["Cell", "Submission", "Unreadable", "exchange_files", "handed_in", "read"]

LARGEST = 20 << 20  # bytes
SHOWN = 10_000  # characters of a text output that a person gets to see
PICTURES = ("image/png", "image/jpeg")
BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")


class Unreadable(Exception):
    """A submission that holds no notebook; the message is the reason."""


@dataclass(frozen=True)
class Cell:
    """A cell: its id (nbgrader's, or else its own), kind and source, and its outputs as far as they can harm nobody."""

    id: str
    kind: str
    source: str
    outputs: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Submission:
    """The cells of a submitted notebook in their order, and what was noticed."""

    cells: list[Cell]
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
    try:
        read_cells = [_cell(cell) for cell in cells if isinstance(cell, dict)]
    except RecursionError:
        raise Unreadable("the file is no notebook: its cells are nested too deeply") from None
    twice = [name for name, n in Counter(cell.id for cell in read_cells if cell.id).items() if n > 1]
    notes += [f"there are two cells {name!r}: both were run, the later definition counts" for name in twice]
    return Submission(read_cells, notes, hashlib.sha256(data).hexdigest())


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


def _cell(cell: dict[str, Any]) -> Cell:
    metadata = cell.get("metadata")
    ours = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    name = ours.get("grade_id") if isinstance(ours, dict) else None
    kind = "code" if cell.get("cell_type") == "code" else "markdown"
    outputs = cell.get("outputs") if kind == "code" else None
    shown = [_shown(output) for output in outputs if isinstance(output, dict)] if isinstance(outputs, list) else []
    return Cell(_text(name or cell.get("id") or ""), kind, _text(cell.get("source", "")), [o for o in shown if o][:50])


def _shown(output: dict[str, Any]) -> dict[str, Any] | None:
    """Text and pictures of an output; scripts and markup are left out, for a person will open this in a browser."""
    kind, data = output.get("output_type"), output.get("data")
    if kind == "stream":
        return {"output_type": "stream", "name": "stdout", "text": _text(output.get("text", ""))[:SHOWN]}
    if kind == "error":
        said = f"{_text(output.get('ename', ''))}: {_text(output.get('evalue', ''))}"
        return {"output_type": "stream", "name": "stdout", "text": said[:SHOWN] + "\n"}
    if not isinstance(data, dict):
        return None
    seen = {form: "".join(_text(data[form]).split()) for form in PICTURES if form in data}
    seen = {form: picture for form, picture in seen.items() if BASE64.fullmatch(picture)}
    seen |= {"text/plain": _text(data["text/plain"])[:SHOWN]} if "text/plain" in data else {}
    return (
        {"output_type": "display_data", "metadata": _described(output.get("metadata")), "data": seen} if seen else None
    )


def _described(metadata: object) -> dict[str, Any]:
    """How large each picture is to be drawn, and what it shows in words; nothing else of the metadata of an output."""
    of = {form: metadata.get(form) for form in PICTURES} if isinstance(metadata, dict) else {}
    kept: dict[str, Any] = {}
    for form, said in of.items():
        if isinstance(said, dict):
            kept[form] = {side: said[side] for side in ("width", "height") if isinstance(said.get(side), int)}
            if isinstance(said.get("alt"), str):
                kept[form]["alt"] = re.sub(r"[<>&\"']", " ", _text(said["alt"])[:SHOWN])
    return kept


def _text(value: object) -> str:
    """A text of a notebook, which may be a list of lines, without what no file can hold."""
    text = "".join(map(str, value)) if isinstance(value, list) else str(value)
    return text.encode("utf8", "replace").decode("utf8").replace("\0", "")
