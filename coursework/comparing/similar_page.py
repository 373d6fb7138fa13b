"""The page and the table of a report of what is alike, for a teacher."""

from __future__ import annotations

import csv
import os
from html import escape
from pathlib import Path

from coursework.comparing.similar import Pair, Piece, Report
from coursework.showing import clean

__all__ = ["write"]

LINES, WIDTH = 40, 160  # lines of a piece, characters of a line
ADVICE = (
    "This is a list of what to look at, and no verdict. Who works together, has the same source, or finds the only way "
    "there is, is alike too. Read both notebooks and talk to both people before you think anything of them. “Shared” "
    "says how rare the alike pieces are in this class: a piece that two of 200 have counts 6.7, one that all have "
    "counts nothing. “Of the smaller” is their share of all that is rare in the smaller of the two."
)
HEAD = """\
<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>
body {{ font: 16px/1.5 sans-serif; margin: 2rem; color: #111; background: #fff }}
table {{ border-collapse: collapse }} td, th {{ padding: .2rem .8rem; text-align: left; border-bottom: 1px solid #bbb }}
.two {{ display: grid; grid-template-columns: 1fr 1fr; gap: 1rem }}
pre {{ background: #f5f5f5; padding: .5rem; overflow-x: auto; margin: 0 }} mark {{ background: #ffe08a; color: #111 }}
</style></head><body><main>
"""


def write(found: Report, folder: Path) -> tuple[Path, Path]:
    """Write a report as a page and as CSV into a folder that only this user can read; return the two paths."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.chmod(folder, 0o700)
    page, table = folder / f"{found.name}.html", folder / f"{found.name}.csv"
    page.write_text(_page(found), encoding="utf8")
    with table.open("w", newline="", encoding="utf8") as file:
        writer = csv.writer(file)
        writer.writerow(["student", "other", "shared", "of_the_smaller"])
        for pair in found.pairs:
            writer.writerow([*(clean.name(s)[0] for s in pair.students), f"{pair.shared:.0f}", f"{pair.share:.2f}"])
    return page, table


def _page(found: Report) -> str:
    title = escape(f"{found.name}: what is alike")
    said = [HEAD.format(title=title), f"<h1>{title}</h1><p>{ADVICE}</p>"]
    said.append(f"<p>{found.students} hand-ins were compared; the {len(found.pairs)} most alike pairs are listed.</p>")
    if found.left_out:
        items = "".join(f"<li>{escape(clean.line(one))}</li>" for one in found.left_out)
        said.append(f"<p>Not compared, for they cannot be read:</p><ul>{items}</ul>")
    rows = "".join(_row(k, pair) for k, pair in enumerate(found.pairs))
    said.append(f"<table><tr><th>hand-in<th>and<th>shared<th>of the smaller</tr>{rows}</table>")
    said += [_section(k, pair) for k, pair in enumerate(found.pairs) if pair.pieces]
    return "\n".join([*said, "</main></body></html>\n"])


def _row(k: int, pair: Pair) -> str:
    one, two = (escape(clean.line(student)) for student in pair.students)
    one = f'<a href="#pair-{k}">{one}</a>' if pair.pieces else one
    return f"<tr><td>{one}<td>{two}<td>{pair.shared:.0f}<td>{pair.share:.0%}</tr>\n"


def _section(k: int, pair: Pair) -> str:
    one, two = (escape(clean.line(student)) for student in pair.students)
    shown = "".join(_piece(piece, (one, two)) for piece in pair.pieces)
    return f'<h2 id="pair-{k}">{one} and {two}: {pair.shared:.0f} shared, {pair.share:.0%} of the smaller</h2>{shown}'


def _piece(piece: Piece, students: tuple[str, str]) -> str:
    sides = []
    for student, cell, alike in zip(students, piece.cells, piece.lines, strict=True):
        where = escape(clean.line(cell.id or "a cell of their own", 60))
        label = f'aria-label="{where} of {student}"'
        sides.append(f'<div>{student}: {where}<pre tabindex="0" {label}>{_lines(cell.source, alike)}</pre></div>')
    return f'<h3>{piece.shared:.0f} shared</h3><div class="two">{"".join(sides)}</div>'


def _lines(source: str, alike: frozenset[int]) -> str:
    """The lines around the first alike one, the alike ones marked."""
    lines = source.split("\n")
    start = max(0, min(alike) - 3)
    shown = []
    for k, text in enumerate(lines[start : start + LINES], start):
        cut = escape(clean.line(text, WIDTH))
        shown.append(f"<mark>{cut}</mark>" if k in alike and text.strip() else cut)
    more = len(lines) - start - LINES
    return "\n".join([*shown, f"… and {more} lines more"] if more > 0 else shown)
