"""Which hand-ins are alike: pairs to look at, the alike pieces side by side. It is no verdict on anybody."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from coursework.comparing.fingerprints import Place, fingerprints
from coursework.making.course import Course
from coursework.problem import Problem
from coursework.reading.submission import Cell, Unreadable, read

__all__ = ["Pair", "Piece", "Report", "report"]

MORE = 4  # hand-ins are thought to be there without an alike one: so that two of two weigh something
DRAWN = 10  # students whose variants are looked at for usual answers; numbers do not matter, and forms are few
BLOCK = 4096  # fingerprints at a time
SHOWN, PIECES = 30, 6  # pairs of which the pieces are kept, pieces of a pair


@dataclass(frozen=True)
class Piece:
    """A cell of each of two hand-ins, by its id, with the numbers of the lines that are alike."""

    cells: tuple[Cell, Cell]
    lines: tuple[frozenset[int], frozenset[int]]
    shared: float


@dataclass(frozen=True)
class Pair:
    """Two hand-ins: how much is alike, in bits and as a share, and where."""

    students: tuple[str, str]
    shared: float
    share: float
    pieces: list[Piece] = field(default_factory=list)


@dataclass(frozen=True)
class Report:
    """The pairs of an assignment, the most alike ones first, and who could not be read."""

    name: str
    students: int
    pairs: list[Pair]
    left_out: list[str]


def report(course: Course, name: str, *, most: int = 200) -> Report:
    """The pairs of hand-ins of an assignment that share what is rare, the most alike first.

    The weight of a fingerprint is the logarithm of how rare it is in the class,

        w = log2((n + 4) / number of hand-ins that have it)        of n

    What was given out counts nothing, nor do right answers and usual mistakes that the families know. Of what a pair
    shares, that much is taken away as either of the two shares with a quarter of the class.

    Raises:  ValueError for an unknown assignment
    """
    problems = course.assignment(name).problems
    handed_in: dict[str, list[Cell]] = {}
    found: list[dict[int, Place]] = []
    left_out = []
    for student in _students(course, name):
        try:
            folder = course.folder / "submitted" / student / name
            if folder.parent.is_symlink():
                raise Unreadable("the submission is a link to elsewhere")
            released = course.released(name, student)
            cells = read(folder, f"{name}.ipynb", released).cells
        except Unreadable as error:
            left_out.append(f"{student}: {error}")
            continue
        given = fingerprints(_cells(released))
        handed_in[student] = cells
        found.append({number: place for number, place in fingerprints(cells).items() if number not in given})
    usual = _usual(problems, {course.secret_of(student) for student in list(handed_in)[:DRAWN]})
    found = [{f: place for f, place in one.items() if f not in usual} for one in found]
    weights = _weights(found)
    pairs: list[Pair] = []
    names = list(handed_in)
    for i, j, shared, share in _alike(found, weights)[:most]:
        two = handed_in[names[i]], handed_in[names[j]]
        pieces = _pieces(two, (found[i], found[j]), weights) if len(pairs) < SHOWN else []
        pairs.append(Pair((names[i], names[j]), shared, share, pieces))
    return Report(name, len(found), pairs, left_out)


def _students(course: Course, name: str) -> list[str]:
    handed = course.folder / "submitted"
    return sorted(e.name for e in handed.iterdir() if (e / name).is_dir()) if handed.is_dir() else []


def _cells(released: dict[str, Any]) -> list[Cell]:
    cells = released["cells"]
    return [Cell("", "code" if c["cell_type"] == "code" else "markdown", "".join(c["source"])) for c in cells]


def _usual(problems: list[Problem], secrets: set[str]) -> set[int]:
    """The fingerprints of the answers that the families know."""
    found: set[int] = set()
    for problem in problems:
        for variant in map(problem.variant, sorted(secrets)):
            sources = [*problem.solutions(variant), *(wrong.source for wrong in problem.wrongs(variant))]
            found |= set(fingerprints(Cell("", "code", source) for source in sources))
    return found


def _weights(found: list[dict[int, Place]]) -> dict[int, float]:
    """The weight of each fingerprint that two hand-ins have."""
    have = Counter(number for one in found for number in one)
    return {number: math.log2((len(found) + MORE) / n) for number, n in have.items() if n > 1}


def _alike(found: list[dict[int, Place]], weights: dict[int, float]) -> list[tuple[int, int, float, float]]:
    """Pairs of numbers with what they share beyond the usual, in bits and as a share, the most alike first."""
    n, single = len(found), math.log2(len(found) + MORE)
    if n < 2:
        return []
    shared = np.zeros((n, n))
    columns = list(weights)
    for start in range(0, len(columns), BLOCK):
        place = {number: k for k, number in enumerate(columns[start : start + BLOCK])}
        has = np.zeros((n, len(place)), dtype=np.float32)
        for i, one in enumerate(found):
            has[i, [place[number] for number in one if number in place]] = 1
        shared += (has * np.array([weights[number] for number in place], dtype=np.float32)) @ has.T
    own = np.array([sum(weights.get(number, single) for number in one) for one in found])
    others = ~np.eye(n, dtype=bool)
    usual = np.array([np.quantile(shared[i, others[i]], 0.75) for i in range(n)]) if n > 4 else np.zeros(n)
    beyond = np.maximum(shared - np.maximum(usual[:, None], usual), 0)
    share = beyond / np.maximum(np.minimum(own[:, None], own), 1e-9)
    first, second = np.triu_indices(n, 1)
    order = np.argsort(-beyond[first, second], kind="stable")
    pairs = [(int(first[k]), int(second[k])) for k in order if beyond[first[k], second[k]] > 0]
    return [(i, j, float(beyond[i, j]), min(1.0, float(share[i, j]))) for i, j in pairs]


def _pieces(
    cells: tuple[list[Cell], list[Cell]], found: tuple[dict[int, Place], dict[int, Place]], weights: dict[int, float]
) -> list[Piece]:
    """Which cells of the two hold what they share, the most of it first."""
    both: dict[tuple[int, int], tuple[set[int], set[int], list[float]]] = {}
    for number in found[0].keys() & found[1].keys():
        here, there = found[0][number], found[1][number]
        lines = both.setdefault((here.cell, there.cell), (set(), set(), []))
        lines[0].update(range(here.first, here.last + 1))
        lines[1].update(range(there.first, there.last + 1))
        lines[2].append(weights[number])
    made = [
        Piece((cells[0][a], cells[1][b]), (frozenset(one), frozenset(two)), math.fsum(bits))
        for (a, b), (one, two, bits) in both.items()
    ]
    return sorted(made, key=lambda piece: -piece.shared)[:PIECES]
