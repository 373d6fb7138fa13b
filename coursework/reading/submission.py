"""Reads a submitted notebook, whatever it is: what cannot be read says why, and harms nothing."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from coursework.reading.files import Unreadable, choices, contents
from coursework.reading.formats import old_cells
from coursework.showing import clean
from coursework.showing.budget import Budget
from coursework.showing.clean import line, text

__all__ = ["Cell", "Submission", "Unreadable", "exchange_files", "handed_in", "read"]

PARTS = 200_000  # lists and tables in a file, each of which costs the reader a hundred times its bytes
NAMES = {"code": "a code cell", "markdown": "a text cell"}


@dataclass(frozen=True)
class Cell:
    """A cell: its id (nbgrader's, or else its own), kind and source; outputs and pictures that can harm nobody."""

    id: str
    kind: str
    source: str
    outputs: list[dict[str, Any]] = field(default_factory=list)
    pictures: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Submission:
    """The cells of a submitted notebook in their order, and what was noticed."""

    cells: list[Cell]
    notes: list[str] = field(default_factory=list)
    digest: str = ""


def read(folder: Path, name: str, released: dict[str, Any] | None = None) -> Submission:
    """Read a student's notebook: `name`, or what else there is that can be meant by it; what was taken is noted.

    With the `released` notebook, cells that it knows get the type they had in it, as nbgrader does, and of several
    notebooks one is taken in which something was done.

    Raises:  Unreadable with the reason, and what can be done
    """
    known = kinds(released) if released else {}
    if folder.is_symlink() or not folder.is_dir():
        raise Unreadable("the submission is no folder")
    found = choices(folder, name)
    if not found:
        beside = " (what begins with ._ is of macOS, and holds no work)" if any(folder.glob("._*.ipynb")) else ""
        raise Unreadable(f"there is no notebook; {name} was expected{beside}")
    tried, failed = [], []
    for path in found:
        try:
            tried.append((path, *_notebook(path)))
        except Unreadable as error:
            failed.append(f"{line(path.relative_to(folder), 80)!r} was not taken: {error}")
            reason = error
    if not tried:
        raise Unreadable("; ".join(failed)) if len(failed) > 1 else reason
    path, cells, notes, data = next((one for one in tried if _worked(one[1], released)), tried[0])
    notes += failed
    called = path.relative_to(folder)
    if str(called) != name:
        notes.append(f"the notebook is called {line(called, 80)!r} and not {name!r}; it was taken all the same")
    if others := ", ".join(repr(line(one[0].relative_to(folder), 80)) for one in tried if one[0] != path):
        notes.append(f"there are {len(found)} notebooks: {line(called, 80)!r} was taken, and not {others}")
    for number, cell in enumerate(cells):
        kind = known.get(cell.id, cell.kind)
        if kind != cell.kind:
            notes.append(f"the cell {line(cell.id, 80)!r} had become {NAMES[cell.kind]}: it was read as {NAMES[kind]}")
            cells[number] = replace(cell, kind=kind)
    twice = [name for name, n in Counter(cell.id for cell in cells if cell.id).items() if n > 1]
    notes += [f"there are two cells {line(name, 80)!r}: both were run, the later definition counts" for name in twice]
    return Submission(cells, notes, hashlib.sha256(data).hexdigest())


def kinds(released: dict[str, Any]) -> dict[str, str]:
    """Whether a cell of the released notebook is code or text, by its name."""
    cells = [_cell(cell, Budget()) for cell in released["cells"]]
    return {cell.id: cell.kind for cell in cells if cell.id}


def _worked(cells: list[Cell], released: dict[str, Any] | None) -> bool:
    """Whether something was done in a notebook: its sources are not those of the released one alone."""
    if released is None:
        return bool(cells)
    given = {text(cell.get("source", "")).strip() for cell in released["cells"]}
    return any(cell.source.strip() and cell.source.strip() not in given for cell in cells)


def _notebook(path: Path) -> tuple[list[Cell], list[str], bytes]:
    """The cells of a file, notes on it, and its bytes."""
    data = contents(path)
    if not data.strip():
        raise Unreadable("the file is empty: ask for it again")
    if data.count(b"{") + data.count(b"[") > PARTS or data.count(b",") > 10 * PARTS:
        raise Unreadable(f"the file holds more than {PARTS} cells, outputs and the like: ask for one without outputs")
    try:
        notebook = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"the file is no notebook: it is not JSON ({type(error).__name__})") from None
    cells, notes, budget = notebook.get("cells") if isinstance(notebook, dict) else None, [], Budget()
    if isinstance(notebook, dict) and cells is None and isinstance(notebook.get("worksheets"), list):
        cells = [cell for sheet in notebook["worksheets"] if isinstance(sheet, dict) for cell in old_cells(sheet)]
        notes.append("the notebook is of the old format 3; it was read all the same")
    if not isinstance(cells, list):
        raise Unreadable("the file is no notebook: it has no cells")
    try:
        read_cells = [_cell(cell, budget) for cell in cells if isinstance(cell, dict)]
    except RecursionError:
        raise Unreadable("the file is no notebook: its cells are nested too deeply") from None
    return read_cells, notes + ([said] if (said := budget.note()) else []), data


def exchange_files(folder: Path) -> dict[str, bytes]:
    """What nbgrader's exchange puts beside a submission, and wants beside its feedback again."""
    found = {}
    for name in ("timestamp.txt", "submission_secret.txt"):
        with contextlib.suppress(Unreadable):
            found[name] = contents(folder / name)[:1000]
    return found


def handed_in(folder: Path) -> str | None:
    """When it was handed in, as nbgrader's `timestamp.txt` beside the notebook says; None if that is no time."""
    from nbgrader.utils import parse_utc

    if folder.is_symlink():
        return None
    try:
        return str(parse_utc(contents(folder / "timestamp.txt")[:100].decode("utf8").strip()))
    except (Unreadable, ValueError, TypeError, OverflowError):
        return None


def _cell(cell: dict[str, Any], budget: Budget) -> Cell:
    metadata = cell.get("metadata")
    ours = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    name = ours.get("grade_id") if isinstance(ours, dict) else None
    kind = "code" if cell.get("cell_type") == "code" else "markdown"
    outputs = cell.get("outputs") if kind == "code" else None
    shown = []
    for number, output in enumerate(outputs if isinstance(outputs, list) else []):
        if isinstance(output, dict) and budget.output(number) and (harmless := clean.output(output, budget)):
            shown.append(harmless)
    pasted = clean.pictures(cell.get("attachments")) if kind != "code" else {}
    pasted = {called: data for called, data in pasted.items() if budget.picture(data)}
    return Cell(text(name or cell.get("id") or ""), kind, text(cell.get("source", "")), shown, pasted)
