"""What a secret draws of a family: a form of each table, and constants. Templates are filled with them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np

__all__ = ["Form", "Table", "Variant", "number"]

PLACE = re.compile(r"«([\w.]+)»")
DIGITS = 12  # of a constant in a template


class Form(SimpleNamespace):
    """A row of a table of forms: words and code as templates, functions for the oracle.

    Two fields have a meaning of their own: `mistakes` are known in this form alone, and `other` is the name of the form
    that it is taken for; left out, it is the next one of the table.
    """


Table = Mapping[str, Form]


class Variant:
    """One form of each table and the constants: `variant.wiring` is a form, `variant.share` a number."""

    def __init__(self, tables: Mapping[str, Table], drawn: Mapping[str, Any]):
        self._tables, self._drawn = tables, dict(drawn)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name not in self._drawn:
            raise AttributeError(f"nothing named {name!r} is drawn")
        return self._tables[name][self._drawn[name]] if name in self._tables else self._drawn[name]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Variant) and self._drawn == other._drawn

    __hash__ = None  # type: ignore[assignment]

    def fill(self, template: str) -> str:
        """The template with each «place» filled: «constant», «table.field», «table.name», «table.other.field».

        What is filled in may have places of its own.

        Raises:  ValueError for a place that nothing fills
        """
        while PLACE.search(template):
            template = PLACE.sub(lambda place: self._filled(place[1]), template)
        return template

    def number(self, place: str) -> float:
        """The number that fills «place»."""
        return float(self.fill(f"«{place}»"))

    def but(self, **changes: Any) -> Variant:
        """The same with other forms, by their names, and other constants; templates are filled with what was drawn."""
        filled = {}
        for name, value in changes.items():
            filled[name] = self.fill(value) if isinstance(value, str) else value
            if isinstance(self._drawn.get(name), int | float):
                filled[name] = type(self._drawn[name])(filled[name])
            if name in self._tables and filled[name] not in self._tables[name]:
                raise ValueError(f"{name} must be one of {', '.join(self._tables[name])}, got {filled[name]!r}")
        return Variant(self._tables, self._drawn | filled)

    def names(self) -> list[str]:
        """Everything that is drawn, by name."""
        return list(self._drawn)

    def _filled(self, place: str) -> str:
        first, *fields = place.split(".")
        if first not in self._drawn:
            raise ValueError(f"«{place}»: nothing named {first!r} is drawn")
        value, table = self._drawn[first], self._tables.get(first, {})
        for field in fields:
            form, others = table.get(value), list(table)
            if field == "name" and form is not None:
                continue
            if field == "other" and form is not None and not hasattr(form, "other"):
                value = others[(others.index(value) + 1) % len(others)]
            elif isinstance(getattr(form, field, None), str | int | float):
                value = getattr(form, field)
            else:
                raise ValueError(f"«{place}»: no text or number named {field!r}")
        return f"{value:.{DIGITS}g}" if isinstance(value, float) else str(value)


def number(rng: np.random.Generator, *ranges: range, per: int = 1) -> float:
    """One of the integers of the ranges, divided by `per`; what lies between two ranges is left out."""
    return float(rng.choice(np.concatenate(ranges))) / per
