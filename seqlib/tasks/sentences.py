"""English sentences and their Somali translations, made of parts, so that their alignment is known."""

from __future__ import annotations

import datetime
import itertools
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from seqlib.arguments import check_choice
from seqlib.tasks import cldr

__all__ = ["Sentence", "sentences"]

FIRST, LAST, EVERY = datetime.date(1970, 1, 1), datetime.date(2029, 12, 31), 5  # every fifth day, so all days of a week
AMOUNTS = range(1, 21)
STYLES = ("full", "long", "medium", "short")
FIELD = re.compile(r"EEEE|MMMM|MMM|MM|M|dd|d|yy|y")
TOKEN = re.compile(r"\w+|[^\w\s]")
DURATIONS = ("year", "month", "week", "day", "hour", "minute", "second")  # the longer first
SHAPES = ("square", "cubic")
VARIANT = re.compile(r"-(imperial|metric|scandinavian|troy)$|food")  # in the key of a unit named after another one
Part = tuple[str, str]  # what it is for, and its text


class Sentence(NamedTuple):
    """A sentence in both languages, as texts and as tokens; what it is about, and in which form.

    A token is a word, a digit or a punctuation mark; in names of countries and languages, a character. `roles` has for
    each token of source and target what it is for, such as "month", or nothing where it only separates. Sentences of
    one `concept` say the same, or nearly: all forms of one day, all amounts of one unit; a country and a language of
    the same name. `fault` if CLDR's Somali has one.
    """

    english: str
    somali: str
    source: tuple[str, ...]
    target: tuple[str, ...]
    roles: tuple[tuple[str, ...], tuple[str, ...]]
    kind: str
    concept: str
    form: str
    fault: str = ""

    @property
    def sure(self) -> frozenset[tuple[int, int]]:
        """The sure links: pairs (s, t) of a token of the source and the token of the target that translates it.

        Numbers are linked digit by digit, from the last one on; a part of one word with every word of its translation;
        the k-th comma with the k-th comma. A digit 0 that fills up, as in 07, is linked with no digit for sure, nor are
        words of parts that have several words in both languages, nor are marks that the other language does not write.

        Source:  Och & Ney 2003, for sure and possible links
        """
        return _links(self)[0]

    @property
    def possible(self) -> frozenset[tuple[int, int]]:
        """The possible links, sure ones among them: also the 0 that fills up with the number it stands before, every
        word of a part with every word of its translation, and each mark with every mark of its kind.
        """
        return _links(self)[1]


def sentences(kind: str) -> list[Sentence]:
    """All sentences of a kind.

        dates       every fifth day from 1970 to 2029, in four styles, from en and from en_GB: 8 forms of each
        durations   one or two of seven units, each 1 … 20 times
        quantities  1 … 20 of every other unit
        countries   names of countries, territories and regions, as characters
        languages   names of languages, as characters

    Raises:  ValueError naming kind
    Source:  Unicode CLDR 47
    """
    return list(_all(check_choice("kind", kind, MAKERS)))


@cache
def _all(kind: str) -> tuple[Sentence, ...]:
    return tuple(MAKERS[kind]())


def _dates() -> Iterator[Sentence]:
    formats = {
        (locale, style): _format(cldr.dates(locale).formats[style]) for locale in cldr.LOCALES for style in STYLES
    }
    for days in range(0, (LAST - FIRST).days + 1, EVERY):
        day = FIRST + datetime.timedelta(days)
        words = {locale: _fields(day, cldr.dates(locale)) for locale in cldr.LOCALES}
        sides = {key: _side([words[key[0]].get(field, ("", field)) for field in form]) for key, form in formats.items()}
        for style, english in itertools.product(STYLES, ("en", "en_GB")):
            yield _compose(sides[english, style], sides["so", style], "dates", day.isoformat(), f"{style} {english}")


def _format(text: str) -> list[str]:
    """The fields of a format, and what stands between them."""
    return [piece for piece in re.split(f"({FIELD.pattern})", text) if piece]


def _fields(day: datetime.date, how: cldr.Dates) -> dict[str, Part]:
    """What each field of a format stands for on that day."""
    return {
        "EEEE": ("weekday", how.days[day.weekday()]),
        "MMMM": ("month", how.months["wide"][day.month - 1]),
        "MMM": ("month", how.months["abbreviated"][day.month - 1]),
        "MM": ("month", f"{day.month:02d}"),
        "M": ("month", f"{day.month}"),
        "dd": ("day", f"{day.day:02d}"),
        "d": ("day", f"{day.day}"),
        "yy": ("year", f"{day.year % 100:02d}"),
        "y": ("year", f"{day.year}"),
    }


def _durations() -> Iterator[Sentence]:
    names = {(unit.key, unit.number): unit for unit in cldr.units()}
    joined = [cldr.two_units(locale).removeprefix("{0}").removesuffix("{1}") for locale in ("en", "so")]
    for pair in [*((unit,) for unit in DURATIONS), *itertools.combinations(DURATIONS, 2)]:
        for amounts in itertools.product(AMOUNTS, repeat=len(pair)):
            sides: list[list[Part]] = [[], []]
            for i, (word, n) in enumerate(zip(pair, amounts, strict=True)):
                unit = names["duration-" + word, "one" if n == 1 else "other"]
                for side, text, joint in zip(sides, (unit.english, unit.somali), joined, strict=True):
                    side += [*([("and", joint)] if i else []), *_amount(text, n, str(i))]
            concept = " ".join(f"{n} {word}" for n, word in zip(amounts, pair, strict=True))
            yield _compose(_side(sides[0]), _side(sides[1]), "durations", concept, " ".join(pair))


def _quantities() -> Iterator[Sentence]:
    for unit in cldr.units():
        if unit.key.startswith("duration-"):
            continue
        for n in AMOUNTS:
            if (n == 1) == (unit.number == "one"):
                source, target = map(_side, _shaped(_amount(unit.english, n), _amount(unit.somali, n)))
                concept = VARIANT.sub("", unit.key)
                yield _compose(source, target, "quantities", concept, f"{n} {unit.key}", unit.fault)


def _amount(text: str, n: int, place: str = "") -> list[Part]:
    """The parts of an amount of a unit, {0} replaced by n; `place` tells the parts of two amounts apart."""
    before, number, after = text.partition("{0}")
    parts = [("unit" + place, before), ("number" + place, str(n) if number else ""), ("unit" + place, after)]
    return [part for part in parts if part[1]]


def _shaped(english: list[Part], somali: list[Part]) -> tuple[list[Part], list[Part]]:
    """Divide "square feet" into its two parts, and "fiit jibaaran" too, whose first word is that of the feet."""
    words = [re.findall(r"\s*\S+", side[-1][1]) for side in (english, somali)]
    if len(words[0]) != 2 or words[0][0].strip() not in SHAPES:
        return english, somali
    shape, noun = words[0]
    return (
        [*english[:-1], ("shape", shape), ("unit", noun)],
        [*somali[:-1], ("unit", words[1][0]), ("shape", "".join(words[1][1:]))],
    )


def _names(kind: str) -> Iterator[Sentence]:
    english = {name.key: name.english for name in cldr.names(kind)}
    for name in cldr.names(kind):
        sides = [Side(text, tuple(text), ("name",) * len(text)) for text in (name.english, name.somali)]
        concept = english.get(name.key.partition("_")[0], name.english)  # British English with English
        yield _compose(sides[0], sides[1], kind, concept, name.key, name.fault)


MAKERS: Mapping[str, Callable[[], Iterator[Sentence]]] = {
    "dates": _dates,
    "durations": _durations,
    "quantities": _quantities,
    "countries": lambda: _names("countries"),
    "languages": lambda: _names("languages"),
}


class Side(NamedTuple):
    """A sentence in one language: its text, its tokens, and what each is for."""

    text: str
    tokens: tuple[str, ...]
    roles: tuple[str, ...]


def _side(parts: Sequence[Part]) -> Side:
    divided = [(role, _tokens(role, text)) for role, text in parts]
    tokens = tuple(token for _, words in divided for token in words)
    return Side("".join(text for _, text in parts), tokens, tuple(role for role, words in divided for _ in words))


def _tokens(role: str, text: str) -> list[str]:
    """The digits of a number, the words of a unit, words and marks of anything else."""
    if text.isdigit():
        return list(text)
    return text.split() if role.startswith("unit") or role == "shape" else TOKEN.findall(text)


def _compose(english: Side, somali: Side, kind: str, concept: str, form: str, fault: str = "") -> Sentence:
    roles = english.roles, somali.roles
    return Sentence(english.text, somali.text, english.tokens, somali.tokens, roles, kind, concept, form, fault)


def _links(sentence: Sentence) -> tuple[frozenset[tuple[int, int]], frozenset[tuple[int, int]]]:
    """Sure links, and possible ones."""
    places: list[dict[Part, list[int]]] = [defaultdict(list), defaultdict(list)]
    for side, tokens, roles in zip(places, (sentence.source, sentence.target), sentence.roles, strict=True):
        for i, (token, role) in enumerate(zip(tokens, roles, strict=True)):
            side[role, "" if role else token].append(i)
    sure: set[tuple[int, int]] = set()
    possible: set[tuple[int, int]] = set()
    for key, here in places[0].items():
        there = places[1].get(key, [])
        if sentence.source[here[0]].isdigit():
            sure |= set(zip(here[::-1], there[::-1], strict=False))
            possible |= {(here[0], t) for t in there[: -len(here)]}
            continue
        every = set(itertools.product(here, there))
        possible |= every
        if not key[0]:
            sure |= set(zip(here, there, strict=False))
        elif min(len(here), len(there)) == 1:
            sure |= every
    return frozenset(sure), frozenset(sure | possible)
