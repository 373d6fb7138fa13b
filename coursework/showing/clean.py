"""What comes from a student is made harmless here, before a terminal, a table, a file name or a page shows it."""

from __future__ import annotations

import contextlib
import hashlib
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from coursework.showing import picture
from coursework.showing.budget import Budget

__all__ = ["line", "markdown", "name", "output", "pictures", "printed", "text"]

LONGEST = 80  # characters of a student's folder name
ALLOWED = set("_.-@+,()' ")  # beside letters and digits; what HTML, URLs, CSV and all file systems can bear
LEADING = set("_(")  # a leading = + - @ begins a formula in a table, a leading . hides a folder
MOST = 20  # attachments of a cell
WIDEST = 4000  # to which a picture is drawn
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def line(said: object, most: int = 200) -> str:
    """One line of at most `most` characters that a terminal, a file and a page can show."""
    whole = str(said)
    shown = "".join(c if c.isprintable() else " " for c in whole[:most])
    return shown if len(whole) <= most else shown[: most - 1] + "…"


def name(folder: str) -> tuple[str, bool]:
    """A student's folder name as it may stand in a path, a page and a table, and whether it could already.

    A name that could not is spelt with _ and ends in a few digits of its own, so that two of them stay apart.
    """
    good = bool(folder) and len(folder) <= LONGEST and len(folder.encode("utf8", "backslashreplace")) <= 2 * LONGEST
    good = good and (folder[0].isalnum() or folder[0] in LEADING) and folder[-1] not in " ."
    good = good and all(map(_allowed, folder))
    if good:
        return folder, True
    digest = hashlib.sha256(folder.encode("utf8", "backslashreplace")).hexdigest()[:8]
    spelt = "".join(c if c.isascii() and _allowed(c) else "_" for c in folder[:40]).strip(" .+-@=,")
    return f"{spelt or '_'}-{digest}", False


def _allowed(c: str) -> bool:
    return c.isalnum() or c in ALLOWED or unicodedata.category(c) in ("Mn", "Mc")


def text(value: object) -> str:
    """A text of a notebook, which may be a list of lines, without what no file can hold."""
    whole = "".join(map(str, value)) if isinstance(value, list) else str(value)
    return whole.encode("utf8", "replace").decode("utf8").replace("\0", "")


def markdown(source: str, shown: Mapping[str, str] | None = None) -> str:
    """A text cell in which nothing acts and nothing is fetched when a person opens it: HTML of an allow-list.

    `shown` are the `pictures` that were pasted into it. Needs the packages of `.[grading]`.
    """
    from coursework.showing import markdown as page

    return page.html(source, shown)


def pictures(attachments: object) -> dict[str, str]:
    """The data URI of each attachment of a cell that is a picture."""
    found: dict[str, str] = {}
    for called, data in list(attachments.items())[:MOST] if isinstance(attachments, dict) else []:
        for form in picture.FORMS:
            with contextlib.suppress(ValueError):
                if isinstance(data, dict) and form in data:
                    found[str(called)] = f"data:{form};base64,{picture.checked(form, text(data[form]))}"
    return found


def output(given: dict[str, Any], budget: Budget | None = None) -> dict[str, Any] | None:
    """Text and pictures of an output; scripts and markup are left out, for a person will open this in a browser."""
    budget = budget or Budget()
    kind, data = given.get("output_type"), given.get("data")
    if kind == "stream":
        return _stream(budget.printed(printed(text(given.get("text", "")))))
    if kind == "error":
        said = f"{text(given.get('ename', ''))}: {text(given.get('evalue', ''))}"
        return _stream(budget.printed(printed(said)) + "\n")
    if not isinstance(data, dict):
        return None
    seen, described = {}, _described(given.get("metadata"))
    for form in (form for form in picture.FORMS if form in data):
        try:
            seen[form] = picture.checked(form, text(data[form]))
        except ValueError as error:
            return _stream(f"(A picture is not shown: {error}.)\n")
        if not budget.picture(seen[form]):
            return _stream("(A picture is not shown: there are too many.)\n")
    if "text/plain" in data:
        seen["text/plain"] = budget.printed(printed(text(data["text/plain"])))
    return {"output_type": "display_data", "metadata": described, "data": seen} if seen else None


def printed(said: str) -> str:
    """What a terminal would show of a printed text: no colours, and of a progress bar the last state."""
    lines = (COLOUR.sub("", line) for line in said.split("\n"))
    last = ([part for part in line.split("\r") if part] for line in lines)
    return "\n".join("".join(c if c.isprintable() or c == "\t" else "�" for c in (p[-1] if p else "")) for p in last)


def _stream(said: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": "stdout", "text": said}


def _described(metadata: object) -> dict[str, Any]:
    """How large each picture is to be drawn, and what it shows in words; nothing else of the metadata of an output."""
    of = {form: metadata.get(form) for form in picture.FORMS} if isinstance(metadata, dict) else {}
    kept: dict[str, Any] = {}
    for form, said in of.items():
        if isinstance(said, dict):
            sides = {side: said.get(side) for side in ("width", "height")}
            kept[form] = {side: n for side, n in sides.items() if type(n) is int and 0 < n <= WIDEST}
            if isinstance(said.get("alt"), str):
                kept[form]["alt"] = re.sub(r"[<>&\"']", " ", line(text(said["alt"]), 1000))
    return kept
