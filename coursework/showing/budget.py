"""How much of one notebook a page shows to a person. What is more is cut, and the page says so; marks count it all."""

from __future__ import annotations

from collections import Counter

from coursework.showing.picture import pixels

__all__ = ["Budget"]

CELL = 10_000  # characters of a text or code cell
OUTPUT = 10_000  # characters of an output
TEXT = 60_000  # characters of the cells that a student added
PRINTED = 400_000  # characters of all its outputs
CELLS = 300  # that a student added
OUTPUTS = 50  # of a cell
PICTURES = 60
BYTES = 16 << 20  # of all pictures
PIXELS = 128_000_000  # of all pictures: a browser unpacks each to four bytes


class Budget:
    """What is left to be shown of one notebook, and a count of what was cut."""

    def __init__(self) -> None:
        self.left = Counter(text=TEXT, printed=PRINTED, cells=CELLS, pictures=PICTURES, bytes=BYTES, pixels=PIXELS)
        self.cut: Counter[str] = Counter()

    def source(self, text: str, *, added: bool) -> str:
        """The source of a cell, as much of it as is shown. What was `added` takes no room from what was asked for."""
        return self._cut(text, min(CELL, self.left["text"]) if added else CELL, "text" * added, "text and code")

    def printed(self, text: str) -> str:
        """The text of an output, as much of it as is shown."""
        return self._cut(text, min(OUTPUT, self.left["printed"]), "printed", "printed text")

    def cell(self) -> bool:
        """Whether one more added cell is shown: not where there is no room for its text."""
        if self.left["text"] <= 0:
            self.left["cells"] = 0
        return self._one("cells", 1, "cells")

    def output(self, number: int) -> bool:
        """Whether the output of this number in its cell is shown."""
        self.cut["outputs"] += number >= OUTPUTS
        return number < OUTPUTS

    def picture(self, packed: str) -> bool:
        """Whether one more picture is shown."""
        sizes = {"pictures": 1, "bytes": len(packed), "pixels": pixels(packed)}
        return all(self._one(purse, size, "pictures") for purse, size in sizes.items())

    def note(self) -> str | None:
        """What was cut, in a sentence; None if everything is shown."""
        said = [f"{n} {what}" for what, n in self.cut.items() if n]
        return f"not all is shown here, though all counts; left out: {', '.join(said)}" if said else None

    def _cut(self, text: str, most: int, purse: str, what: str) -> str:
        shown = text[: max(0, most)]
        self.left[purse] -= len(shown)
        if len(shown) == len(text):
            return text
        more = len(text) - len(shown)
        self.cut[f"characters of {what}"] += more
        return f"{shown}\n… ({more} characters more are not shown)"

    def _one(self, purse: str, size: int, what: str) -> bool:
        if self.left[purse] < size:
            self.cut[what] += 1
            return False
        self.left[purse] -= size
        return True
