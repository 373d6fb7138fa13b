"""What Unicode CLDR says in English and in Somali: dates, units, countries, languages, and where it is wrong.

There is no `Task` here; `seqlib.tasks.translation` makes one of it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from seqlib.arguments import check_choice

__all__ = ["Dates", "Name", "Unit", "dates", "faults", "names", "two_units", "units"]

FILE = Path(__file__).with_name("cldr.json")
LOCALES = ("en", "en_GB", "so")
KINDS: Mapping[str, str] = {"countries": "territories", "languages": "languages"}
NO_NUMBER, NO_SPACE, SAME_WORDS, SPELLINGS = "no number", "no space", "U dhashay", "two spellings"


class Dates(NamedTuple):
    """How one locale writes dates: formats by style, months from January on, days from Monday on.

    In a format, EEEE is the day of the week, d and dd the day, M and MM the number of the month, MMM and MMMM its short
    and its full name, y and yy the year in full and its last two digits; all else stands for itself.
    """

    formats: dict[str, str]
    months: dict[str, list[str]]
    days: list[str]


class Unit(NamedTuple):
    """A unit in both languages, for one of it or for more, {0} where the amount stands; `fault` if one is known."""

    key: str
    number: str
    english: str
    somali: str
    fault: str


class Name(NamedTuple):
    """A country or a language in both languages, with its code; `fault` if one is known."""

    key: str
    english: str
    somali: str
    fault: str


def dates(locale: str) -> Dates:
    """How dates are written in "en", "en_GB" or "so".

    Raises:  ValueError naming locale
    Source:  Unicode CLDR 47, the Gregorian calendar
    """
    stored = _read()["dates"][check_choice("locale", locale, LOCALES)]
    months = {width: list(words) for width, words in stored["months"]["format"].items()}
    return Dates(dict(stored["formats"]), months, list(stored["days"]))


def two_units(locale: str) -> str:
    """How two amounts are joined, {0} and {1} where they stand: 3 days, 2 hours in "en", 3 maalmood iyo 2 … in "so".

    Raises:  ValueError naming locale
    Source:  Unicode CLDR 47, the list pattern of units
    """
    return str(_read()["two units"][check_choice("locale", locale, ("en", "so"))])


def units() -> list[Unit]:
    """All units that have a long name in both languages, each for "one" and for "other", any other number.

    The Somali of some has a fault: "no number", where it leaves out the amount, as "metrik koob" does for 1 metric cup,
    or "no space", where the amount runs into the word.

    Source:  Unicode CLDR 47
    """
    found = []
    for key, forms in _read()["units"].items():
        for number, (english, somali) in forms.items():
            fault = "" if "{0}" in somali else NO_NUMBER
            if somali.startswith("{0}") and not somali.startswith("{0} "):
                fault = NO_SPACE
            found.append(Unit(key, number, english, somali, fault))
    return found


def names(kind: str) -> list[Name]:
    """The names of "countries" (territories and regions), or of "languages", in both languages.

    Many languages have the same name in both, because CLDR has no Somali one. A fault is marked "U dhashay" where a
    name begins with these two words, as those of languages do which have nothing else in common.

    Raises:  ValueError naming kind
    Source:  Unicode CLDR 47
    """
    stored = _read()[KINDS[check_choice("kind", kind, KINDS)]]
    return [
        Name(key, english, somali, SAME_WORDS if somali.startswith(SAME_WORDS) else "")
        for key, (english, somali) in stored.items()
    ]


def faults() -> list[Name]:
    """All that is marked as a fault, in one list; also the months that CLDR spells in two ways.

    A month has one name in a date and another standing alone: Janaayo, and Jannaayo. Nothing else than the spelling
    differs, and both are given, with a stroke between them.

    Source:  Unicode CLDR 47
    """
    stored = _read()["dates"]
    months = zip(
        stored["en"]["months"]["format"]["wide"],
        *(stored["so"]["months"][context]["wide"] for context in ("format", "stand-alone")),
        strict=True,
    )
    spelled = [Name("month", word, f"{one} / {two}", SPELLINGS) for word, one, two in months if one != two]
    marked = [Name(unit.key, unit.english, unit.somali, unit.fault) for unit in units() if unit.fault]
    return [*spelled, *marked, *(name for kind in KINDS for name in names(kind) if name.fault)]


@cache
def _read() -> dict[str, Any]:
    stored: dict[str, Any] = json.loads(FILE.read_text(encoding="utf8"))
    return stored
