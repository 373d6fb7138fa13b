"""The page of feedback that a student gets: one HTML file, which opens from the disk, without a network or a script."""

from __future__ import annotations

import re
from html import escape, unescape
from string import Template
from typing import Any

from nbconvert.exporters import Exporter
from nbformat import NotebookNode

from coursework.showing.feedback import SCHEME
from coursework.showing.markdown import html, is_harmless

__all__ = ["FeedbackPage"]

PAGE = Template("""\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title>
<style>
:root { color-scheme: light; }
body { max-width: 50rem; margin: 0 auto; padding: 1rem; font: 1rem/1.5 system-ui, sans-serif; }
body { color: #1b1b1b; background: #fff; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; padding: .6rem; background: #f3f4f6; font-size: .9rem; }
p, li, td, th { overflow-wrap: anywhere; }
math[display] { margin: .6rem 0; }
img { max-width: 100%; height: auto; }
table { border-collapse: collapse; } td, th { border: 1px solid #767676; padding: .2rem .6rem; text-align: left; }
a { color: #0b4f9c; }
section { border: 1px solid #767676; border-left-width: .4rem; padding: 0 .8rem .6rem; margin: 1rem 0; }
.wait { background: #fff3c4; padding: .4rem .6rem; } .comment { background: #e8f1fb; padding: .1rem .6rem; }
</style>
</head>
<body>
<main>
<h1>$title</h1>
$summary
<h2>Marks</h2>
$marks
<h2>Your notebook</h2>
$cells
</main>
</body>
</html>
""")
WAIT = "not yet marked by a person"


class FeedbackPage(Exporter):
    """Writes a marked notebook as a page, for nbgrader's generate_feedback. The mark scheme is left out."""

    export_from_notebook = "Feedback"
    output_mimetype = "text/html"

    def _file_extension_default(self) -> str:
        return ".html"

    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, resources: Any | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """The page of a notebook, after nbgrader has put its grades into it."""
        nb, resources = super().from_notebook_node(nb, resources, **kw)
        ours = resources["nbgrader"]
        cells = [cell for cell in nb.cells if not cell.get("metadata", {}).get(SCHEME)]
        waiting = _waiting(ours)
        graded = [cell.metadata.nbgrader for cell in cells if cell.metadata.get("nbgrader", {}).get("grade")]
        for grade in graded:
            grade["waits"] = grade.grade_id in waiting
        written = PAGE.substitute(
            title=escape(f"Feedback on {ours['notebook']}"),
            summary=_summary(ours, graded),
            marks=_marks(graded),
            cells="\n".join(map(_cell, cells)),
        )
        return written, resources


def _waiting(ours: dict[str, Any]) -> set[str]:
    """The cells that a person has still to mark, as the gradebook says."""
    from nbgrader.api import Gradebook

    with Gradebook(ours["db_url"]) as book:
        submission = book.find_submission_notebook(ours["notebook"], ours["assignment"], ours["student"])
        return {str(grade.name) for grade in submission.grades if grade.needs_manual_grade}


def _number(points: object) -> str:
    return f"{float(str(points or 0)):g}"


def _summary(ours: dict[str, Any], graded: list[Any]) -> str:
    so_far = " so far" if any(grade["waits"] for grade in graded) else ""
    lines = [
        f"{escape(str(ours['student']))}: {_number(ours['score'])} of {_number(ours['max_score'])} points{so_far}."
    ]
    if ours.get("late_penalty"):
        lines.append(f"{_number(ours['late_penalty'])} points have been taken off because it was handed in late.")
    said = "".join(f"<p>{line}</p>\n" for line in lines)
    names = ", ".join(escape(_called(grade.grade_id)) for grade in graded if grade["waits"])
    more = "These marks are not final: what a person has to mark counts 0 until then."
    return said + (f'<p class="wait"><strong>{names}: {WAIT}.</strong> {more}</p>\n' if names else "")


def _marks(graded: list[Any]) -> str:
    rows = []
    for grade in graded:
        points = f"{_number(grade.score)} of {_number(grade.points)}" + (f", {WAIT}" if grade["waits"] else "")
        link = f'<a href="#{_anchor(grade.grade_id)}">{escape(_called(grade.grade_id))}</a>'
        rows.append(f"<tr><td>{link}</td><td>{points}</td></tr>")
    head = '<thead><tr><th scope="col">part</th><th scope="col">points</th></tr></thead>'
    return f"<table>{head}<tbody>{''.join(rows)}</tbody></table>"


def _cell(cell: NotebookNode) -> str:
    ours = cell.metadata.get("nbgrader", {})
    text = f"<pre><code>{escape(cell.source)}</code></pre>" if cell.cell_type == "code" else _text(cell.source)
    parts = [text, *(_output(output) for output in cell.get("outputs", []))]
    if ours.get("comment"):
        parts.append(f'<div class="comment"><p><strong>Comment:</strong></p>{_text(ours["comment"])}</div>')
    inside = "\n".join(filter(None, parts))
    if not ours.get("grade"):
        return inside
    head = f"{escape(_called(ours.grade_id))}: {_number(ours.score)} of {_number(ours.points)} points"
    wait = f'<p class="wait">{WAIT[0].upper()}{WAIT[1:]}.</p>\n' if ours["waits"] else ""
    return f'<section><h3 id="{_anchor(ours.grade_id)}">{head}</h3>\n{wait}{inside}\n</section>'


def _text(source: str) -> str:
    """A text; a student's has been cleaned when it was marked, any other is cleaned now."""
    written = source if is_harmless(source) else html(source)
    return re.sub(r"&#\d+;", lambda number: escape(unescape(number[0])), written)


def _output(output: NotebookNode) -> str:
    if output.output_type == "stream":
        return f"<pre>{escape(output.text)}</pre>"
    if output.output_type != "display_data":  # the result of a check is its number of points
        return ""
    for form in ("image/png", "image/jpeg"):
        if form in output.data and re.fullmatch(r"[A-Za-z0-9+/=\s]*", output.data[form]):
            said = output.get("metadata", {}).get(form, {}).get("alt") or "A picture that your code drew."
            return f'<p><img alt="{escape(str(said))}" src="data:{form};base64,{output.data[form]}"></p>'
    return f"<pre>{escape(output.data.get('text/plain', ''))}</pre>"


def _called(name: str) -> str:
    return name.removeprefix("check-")


def _anchor(name: str) -> str:
    return re.sub(r"[^\w-]", "-", name)
