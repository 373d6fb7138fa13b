"""The notebook that a person reads: the released one with the student's cells, and marks with reasons as outputs."""

from __future__ import annotations

import functools
import re
from typing import Any

from coursework.making.course import Assignment, Course
from coursework.making.release import configuration
from coursework.showing import clean
from coursework.showing.budget import Budget

__all__ = ["SCHEME", "judged", "schemes", "written"]

STUB = "Write your answer here."
OWN = "Outputs of the student's cells are as they were handed in; they have not been computed again."
SCHEME = "mark-scheme"  # the id of a cell for the one who marks; pages for students leave it out
MARKED_BY = re.compile(r"=== BEGIN MARK SCHEME ===\n(.*?)\n?=== END MARK SCHEME ===", re.DOTALL)
PAGE = "coursework.showing.page.FeedbackPage"
NOTES = 100


def judged(released: dict[str, Any], record: dict[str, Any], schemes: dict[str, str] | None = None) -> dict[str, Any]:
    """The released notebook of an assignment with what a record holds of a submission.

    A student's cell stands in its place, one that was added stands where it was added, and `schemes` stand before the
    cells that they are for. nbgrader reads a number that is the result of a cell as its points, so only the checks have
    results. Very long work is cut, and the last cell says so.
    """
    known = {cell["metadata"]["nbgrader"]["grade_id"]: cell for cell in released["cells"]}
    budget = Budget()
    handed_in, added = _placed(record["cells"], known, budget)
    marks = {f"check-{mark['name']}": mark for mark in record["marks"]}
    cells = [*added.get("", [])]
    for name, cell in known.items():
        cell["source"] = "".join(cell["source"])
        ours, own = cell["metadata"]["nbgrader"], handed_in.get(name, [])
        if ours["solution"]:
            _fill(cell, own, budget)
        elif cell["cell_type"] == "markdown":
            cell["source"] = _set(cell["source"])
        elif ours["grade"]:
            cell["outputs"] = _said(marks.get(name), record["reason"])
        if name in (schemes or {}):
            cells.append(_scheme(name, (schemes or {})[name]))
        cells += [cell, *added.get(name, [])]
    notes = [clean.line(note, 300) for note in record["notes"][:NOTES]]
    if len(record["notes"]) > NOTES:
        notes.append(f"… and {len(record['notes']) - NOTES} more")
    notes += [budget.note() or ""] + ([OWN] if handed_in else [])
    if notes := [note for note in notes if note]:
        cells.append(_code("noticed", "# What was noticed while grading", [_stream("\n".join(notes))]))
    return released | {"cells": cells}


def schemes(course: Course, assignment: Assignment, student: str) -> dict[str, str]:
    """The mark schemes of a student's notebook, by the name of the cell that they are for.

    None in a course whose nbgrader_config.py does not name our page of feedback: another one would show them.
    """
    if configuration(course.folder).GenerateFeedback.get("exporter_class") != PAGE:
        return {}
    found = {}
    for cell in assignment.notebook(course.secret_of(student))["cells"]:
        if part := MARKED_BY.search("".join(cell["source"])):
            found[cell["metadata"]["nbgrader"]["grade_id"]] = part[1]
    return found


def written(record: dict[str, Any], name: str) -> str | None:
    """What a student wrote into a cell of text, "" if nothing, None if the cell is not there."""
    found = [cell["source"] for cell in record["cells"] if cell["id"] == name]
    return "\n\n".join(found).replace(STUB, "").strip() if found else None


def _placed(
    cells: list[dict[str, Any]], known: dict[str, Any], budget: Budget
) -> tuple[dict[str, list], dict[str, list]]:
    """The cells of a submission by the released cell that they are, and by the one that they were added behind."""
    handed_in: dict[str, list] = {}
    added: dict[str, list] = {}
    place = ""
    for k, cell in enumerate(cells):
        if cell["id"] in known:
            place = cell["id"]
            handed_in.setdefault(place, []).append(cell)
        elif budget.cell():
            added.setdefault(place, []).append(_added(f"added-{k}", cell, budget))
    return handed_in, added


def _added(name: str, cell: dict[str, Any], budget: Budget) -> dict[str, Any]:
    source = budget.source(cell["source"], added=True)
    if cell["kind"] == "code":
        return _code(name, _trimmed(source), cell["outputs"])
    shown = clean.markdown(source, cell.get("pictures"))
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": shown}


def _fill(cell: dict[str, Any], own: list[dict[str, Any]], budget: Budget) -> None:
    """Put a student's work into its released cell; a text that is still the released one stays as it is."""
    source = budget.source("\n\n".join(str(part["source"]) for part in own), added=False)
    if cell["cell_type"] == "code":
        cell["outputs"] = [output for part in own for output in part["outputs"]]
        cell["source"] = _trimmed(source)
    elif source.strip() != cell["source"].strip():
        pictures = {name: data for part in own for name, data in part.get("pictures", {}).items()}
        cell["source"] = clean.markdown(source, pictures) if source.strip() else ""


def _trimmed(source: str) -> str:
    """Code without blanks at the ends of lines, a few thousand of which hold a highlighter up for a minute."""
    return "\n".join(line.rstrip() for line in source.split("\n"))


def _scheme(name: str, text: str) -> dict[str, Any]:
    source = _set(f"**How this is marked** (students do not see it):\n\n{text}")
    return {"cell_type": "markdown", "id": f"{SCHEME}-{name}"[:64], "metadata": {SCHEME: True}, "source": source}


@functools.lru_cache(maxsize=1000)  # a class has got the same
def _set(source: str) -> str:
    """A text of the teacher's with its formulas set; Formgrader would fetch from the network what sets them."""
    return clean.markdown(source)


def _said(mark: dict[str, Any] | None, reason: str) -> list[dict[str, Any]]:
    if mark is None:
        lines, points = [clean.line(reason, 1000)], 0
    else:
        points = mark["points"]
        lines = [f"{points} of {mark['largest']} points"]
        lines += [f"{p['name']}: {p['points']} of {p['largest']}, {clean.line(p['why'], 500)}" for p in mark["parts"]]
    data = {"text/plain": str(points)}
    result = {"output_type": "execute_result", "execution_count": None, "metadata": {}, "data": data}
    return [_stream("\n".join(lines)), result]


def _stream(text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": "stdout", "text": text + "\n"}


def _code(name: str, source: str, outputs: list[dict[str, Any]]) -> dict[str, Any]:
    cell: dict[str, Any] = {"cell_type": "code", "id": name, "metadata": {}, "execution_count": None}
    return cell | {"source": source, "outputs": outputs}
