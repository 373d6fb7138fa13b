"""What is left of code and text when names, order, comments and layout are taken away: fingerprints with places."""

from __future__ import annotations

import builtins
import hashlib
import keyword
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from coursework.reading.submission import Cell

__all__ = ["Place", "fingerprints"]

GRAM, WINDOW = 12, 6  # tokens: every match of GRAM + WINDOW - 1 tokens is found, none shorter than GRAM
SHINGLE = 4  # words
SHORTEST = 6  # tokens of a statement that says something by itself
MOST_OF_A_CELL, MOST_OF_ALL = 20_000, 200_000  # characters; what is longer is cut
TOKEN = re.compile(
    r"""(?P<comment>\#[^\n]*)|(?P<string>\"{3}(?:.*?\"{3}|.*)|'{3}(?:.*?'{3}|.*)
    |"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?)
    |(?P<number>\d[\w.]*)|(?P<name>[^\W\d]\w*)|(?P<newline>\n)|(?P<joined>\\\n)|(?P<mark>\*\*=?|[<>=!]=|[^\w\s])""",
    re.DOTALL | re.VERBOSE,
)
WORD = re.compile(r"[^\W_]+")
KEPT = frozenset(dir(builtins)) | frozenset(keyword.kwlist)
PLAIN = ("0", "1", "2")  # other numbers are drawn by the secret, or are a matter of taste


@dataclass(frozen=True)
class Place:
    """Where a fingerprint was found: the number of the cell, its first and last line (from 0)."""

    cell: int
    first: int
    last: int


def fingerprints(cells: Iterable[Cell]) -> dict[int, Place]:
    """The fingerprints of a notebook, each with the place at which it was found first.

    Code: every statement for itself, which an order does not change; and runs of tokens, of which winnowing keeps some.
    Variables are numbered, numbers and texts lose their value, round brackets are left out. Text, comments and
    docstrings: runs of four words. A notebook is read up to 200,000 characters, a cell up to 20,000.

    Source:  Schleimer, Wilkerson & Aiken 2003, section 3 (winnowing)
    """
    found: dict[int, Place] = {}
    left = MOST_OF_ALL
    for k, cell in enumerate(cells):
        source = cell.source[: min(MOST_OF_A_CELL, left)]
        left -= len(source)
        for number, first, last in _of_code(source) if cell.kind == "code" else _of_text([(source, 0)]):
            found.setdefault(number, Place(k, first, last))
    return found


@dataclass(frozen=True)
class _Token:
    kind: str  # "name" of a variable, or "other"
    text: str
    line: int


def _of_code(source: str) -> Iterator[tuple[int, int, int]]:
    statements, said = _statements(source)
    for statement in statements:
        if len(statement) >= SHORTEST:
            yield _number("statement", *_numbered(statement)), statement[0].line, statement[-1].line
    tokens = [token for statement in statements for token in statement]
    words = ["N" if token.kind == "name" else token.text for token in tokens]
    grams = [_number("run", *words[i : i + GRAM]) for i in range(len(words) - GRAM + 1)]
    for i in _winnowed(grams):
        yield grams[i], tokens[i].line, tokens[i + GRAM - 1].line
    yield from _of_text(said)


def _statements(source: str) -> tuple[list[list[_Token]], list[tuple[str, int]]]:
    """The logical lines as tokens, and what is said in comments and docstrings, with the lines."""
    statements: list[list[_Token]] = [[]]
    said: list[tuple[str, int]] = []
    depth, line, before = 0, 0, ""
    for match in TOKEN.finditer(source):
        kind, text = str(match.lastgroup), match[0]
        if kind == "newline" and depth <= 0:
            statements.append([])
        elif kind == "comment" or (kind == "string" and not statements[-1] and text[:3] in ('"""', "'''")):
            said.append((text, line))
        elif kind not in ("newline", "joined"):
            depth += (text in "([{") - (text in ")]}")
            if text not in "();":
                statements[-1].append(
                    _token(kind, text, line, before, depth, source[match.end() : match.end() + 9].lstrip()[:2])
                )
            elif text == ";" and depth <= 0:
                statements.append([])
            before = text
        line += text.count("\n")
    return [statement for statement in statements if statement], said


def _token(kind: str, text: str, line: int, before: str, depth: int, after: str) -> _Token:
    if kind == "number":
        return _Token("other", text if text in PLAIN else "0.0", line)
    if kind == "string":
        return _Token("other", "''", line)
    argument = depth > 0 and after[:1] == "=" and after != "=="  # axis=0
    renamed = kind == "name" and text not in KEPT and before != "." and not argument
    return _Token("name" if renamed else "other", text, line)


def _numbered(statement: list[_Token]) -> list[str]:
    """Variables by the order in which a statement names them."""
    numbers: dict[str, str] = {}
    return [numbers.setdefault(t.text, f"N{len(numbers)}") if t.kind == "name" else t.text for t in statement]


def _winnowed(grams: list[int]) -> Iterator[int]:
    """Of each window the place of the smallest number, the last one if there are several."""
    kept = -1
    for start in range(max(1, len(grams) - WINDOW + 1) if grams else 0):
        window = grams[start : start + WINDOW]
        place = start + max(i for i, gram in enumerate(window) if gram == min(window))
        if place != kept:
            yield place
        kept = place


def _of_text(said: list[tuple[str, int]]) -> Iterator[tuple[int, int, int]]:
    words = []
    for text, line in said:
        at, seen = line, 0
        for match in WORD.finditer(text):
            at, seen = at + text.count("\n", seen, match.start()), match.start()
            words.append((match[0].casefold(), at))
    for i in range(len(words) - SHINGLE + 1):
        piece = words[i : i + SHINGLE]
        yield _number("words", *(word for word, _ in piece)), piece[0][1], piece[-1][1]


def _number(*words: str) -> int:
    return int.from_bytes(hashlib.blake2b("\0".join(words).encode("utf8", "replace"), digest_size=8).digest())
