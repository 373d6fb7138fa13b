"""A table that a chapter computes: set as a table in a notebook and on the site, aligned text elsewhere."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from seqlib.evidence import rounded

__all__ = ["Table", "table"]


class Table:
    """Rows of text under a head; the first column is read from the left, the others from the right."""

    def __init__(self, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        self.head, self.rows = tuple(head), [tuple(row) for row in rows]

    def __repr__(self) -> str:
        widths = [max(map(len, column)) for column in zip(self.head, *self.rows, strict=True)]
        return "\n".join(
            "  ".join(
                entry.rjust(width) if k else entry.ljust(width)
                for k, (entry, width) in enumerate(zip(line, widths, strict=True))
            ).rstrip()
            for line in (self.head, *self.rows)
        )

    def _repr_markdown_(self) -> str:
        rule = (":--", *["--:"] * (len(self.head) - 1))
        # a bar would end the cell, and <unk> would be an element that no browser shows
        said = [
            [re.sub(r"\||<(?=[a-zA-Z/!?])", r"\\\g<0>", entry) for entry in line]
            for line in (self.head, rule, *self.rows)
        ]
        return "\n".join(f"| {' | '.join(line)} |" for line in said)


def table(head: Sequence[str], rows: Mapping[str, Sequence[float | str]], *, digits: int = 2) -> Table:
    """A table with a name for each row, and its numbers with so many significant digits; text stays as it is.

    `head` has a title for the names, and one for each column of numbers.

    Raises:  ValueError naming the row that has more entries or fewer than the head
    """
    said = []
    for name, entries in rows.items():
        if len(entries) != len(head) - 1:
            raise ValueError(f"row {name!r} must have {len(head) - 1} entries, as the head has, got {len(entries)}")
        said.append((name, *(v if isinstance(v, str) else f"{rounded(v, digits):g}" for v in entries)))
    return Table(head, said)
