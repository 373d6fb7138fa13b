"""The notebook that a person reads: the released one with the student's cells, and marks with reasons as outputs."""

from __future__ import annotations

import re
from typing import Any

__all__ = ["judged", "written"]

STUB = "Write your answer here."
TAG = re.compile(r"<(?=[A-Za-z/!?])")
OWN = "Outputs of the student's cells are as they were handed in; they have not been computed again."


def judged(released: dict[str, Any], record: dict[str, Any]) -> dict[str, Any]:
    """The released notebook of an assignment with what a record holds of a submission.

    A student's cell stands in its place, one that was added stands where it was added. nbgrader reads a number that is
    the result of a cell as its points, so only the checks have results.
    """
    known = {cell["metadata"]["nbgrader"]["grade_id"]: cell for cell in released["cells"]}
    handed_in, added = _placed(record["cells"], set(known))
    marks = {f"check-{mark['name']}": mark for mark in record["marks"]}
    cells = [*added.get("", [])]
    for name, cell in known.items():
        ours, own = cell["metadata"]["nbgrader"], handed_in.get(name, [])
        if ours["solution"]:
            cell["source"] = "\n\n".join(_shown(part) for part in own)
            if cell["cell_type"] == "code":
                cell["outputs"] = [output for part in own for output in part["outputs"]]
        elif ours["grade"]:
            cell["outputs"] = _said(marks.get(name), record["reason"])
        cells += [cell, *added.get(name, [])]
    notes = [*record["notes"], OWN] if handed_in else record["notes"]
    if notes:
        cells.append(_code("noticed", "# What was noticed while grading", [_stream("\n".join(notes))]))
    return released | {"cells": cells}


def written(record: dict[str, Any], name: str) -> str | None:
    """What a student wrote into a cell of text, "" if nothing, None if the cell is not there."""
    found = [cell["source"] for cell in record["cells"] if cell["id"] == name]
    return "\n\n".join(found).replace(STUB, "").strip() if found else None


def _placed(cells: list[dict[str, Any]], known: set[str]) -> tuple[dict[str, list], dict[str, list]]:
    """The cells of a submission by the released cell that they are, and by the one that they were added behind."""
    handed_in: dict[str, list] = {}
    added: dict[str, list] = {}
    place = ""
    for k, cell in enumerate(cells):
        if cell["id"] in known:
            place = cell["id"]
            handed_in.setdefault(place, []).append(cell)
        elif cell["kind"] == "code":
            added.setdefault(place, []).append(_code(f"added-{k}", cell["source"], cell["outputs"]))
        else:
            text = {"cell_type": "markdown", "id": f"added-{k}", "metadata": {}, "source": _shown(cell)}
            added.setdefault(place, []).append(text)
    return handed_in, added


def _shown(cell: dict[str, Any]) -> str:
    """The source of a cell; in a text, markup is shown and not obeyed: nbgrader's pages would run a script of it."""
    return str(cell["source"]) if cell["kind"] == "code" else TAG.sub("< ", cell["source"])


def _said(mark: dict[str, Any] | None, reason: str) -> list[dict[str, Any]]:
    if mark is None:
        lines, points = [reason], 0
    else:
        points = mark["points"]
        lines = [f"{points} of {mark['largest']} points"]
        lines += [f"{p['name']}: {p['points']} of {p['largest']}, {p['why']}" for p in mark["parts"]]
    data = {"text/plain": str(points)}
    result = {"output_type": "execute_result", "execution_count": None, "metadata": {}, "data": data}
    return [_stream("\n".join(lines)), result]


def _stream(text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": "stdout", "text": text + "\n"}


def _code(name: str, source: str, outputs: list[dict[str, Any]]) -> dict[str, Any]:
    cell: dict[str, Any] = {"cell_type": "code", "id": name, "metadata": {}, "execution_count": None}
    return cell | {"source": source, "outputs": outputs}
