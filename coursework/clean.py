"""What comes from a student is made harmless here, before a terminal, a table, a file name or a page shows it."""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from typing import Any

__all__ = ["line", "markdown", "name", "output", "text"]

LONGEST = 80  # characters of a student's folder name
ALLOWED = set("_.-@+,()' ")  # beside letters and digits; what HTML, URLs, CSV and all file systems can bear
LEADING = set("_(")  # a leading = + - @ begins a formula in a table, a leading . hides a folder
SHOWN = 10_000  # characters of a text output that a person gets to see
PICTURES = ("image/png", "image/jpeg")
BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")


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


def markdown(source: str) -> str:
    """A text cell of a student's, in which nothing acts and nothing is fetched when a person opens it."""
    return "".join(c if c.isalnum() or c in " \n.,:;" else f"&#{ord(c)};" for c in source)


def output(given: dict[str, Any]) -> dict[str, Any] | None:
    """Text and pictures of an output; scripts and markup are left out, for a person will open this in a browser."""
    kind, data = given.get("output_type"), given.get("data")
    if kind == "stream":
        return {"output_type": "stream", "name": "stdout", "text": text(given.get("text", ""))[:SHOWN]}
    if kind == "error":
        said = f"{text(given.get('ename', ''))}: {text(given.get('evalue', ''))}"
        return {"output_type": "stream", "name": "stdout", "text": said[:SHOWN] + "\n"}
    if not isinstance(data, dict):
        return None
    seen = {form: "".join(text(data[form]).split()) for form in PICTURES if form in data}
    seen = {form: picture for form, picture in seen.items() if _picture(picture)}
    seen |= {"text/plain": text(data["text/plain"])[:SHOWN]} if "text/plain" in data else {}
    described = _described(given.get("metadata"))
    return {"output_type": "display_data", "metadata": described, "data": seen} if seen else None


def _picture(written: str) -> bool:
    try:
        return bool(BASE64.fullmatch(written)) and bool(base64.b64decode(written, validate=True))
    except ValueError:
        return False


def _described(metadata: object) -> dict[str, Any]:
    """How large each picture is to be drawn, and what it shows in words; nothing else of the metadata of an output."""
    of = {form: metadata.get(form) for form in PICTURES} if isinstance(metadata, dict) else {}
    kept: dict[str, Any] = {}
    for form, said in of.items():
        if isinstance(said, dict):
            kept[form] = {side: said[side] for side in ("width", "height") if isinstance(said.get(side), int)}
            if isinstance(said.get("alt"), str):
                kept[form]["alt"] = re.sub(r"[<>&\"']", " ", text(said["alt"])[:SHOWN])
    return kept
