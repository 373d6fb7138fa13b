"""The practice of chapter 15: a text is cut into tokens by merges that have been learnt."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from seqlib.exercises.checker import Exercise

__all__ = ["apply_merges"]

Array = np.ndarray
Row = list[int]


def _merged(row: Row, a: int, b: int, new: int) -> Row:
    """Every a b from left to right, in one pass."""
    out, i = [], 0
    while i < len(row):
        both = row[i : i + 2] == [a, b]
        out.append(new if both else row[i])
        i += 1 + both
    return out


def _by_rank(ids: Array, merges: Array, V: int) -> Array:
    row = [int(i) for i in ids]
    for rank, (a, b) in enumerate(merges.tolist()):
        row = _merged(row, a, b, V + rank)
    return np.array(row, dtype=int)


def _ranked(merges: Array) -> dict[tuple[int, ...], int]:
    return {tuple(pair): rank for rank, pair in enumerate(merges.tolist())}


def _by_place(ids: Array, merges: Array, V: int) -> Array:
    """The leftmost pair that can be merged, whatever its rank."""
    row, rank = [int(i) for i in ids], _ranked(merges)
    while True:
        found = next((i for i, pair in enumerate(pairwise(row)) if pair in rank), None)
        if found is None:
            return np.array(row, dtype=int)
        row[found : found + 2] = [V + rank[row[found], row[found + 1]]]


def _in_one_pass(ids: Array, merges: Array, V: int) -> Array:
    """From left to right, once: what was made is not merged again."""
    row, rank, out, i = [int(i) for i in ids], _ranked(merges), [], 0
    while i < len(row):
        pair = tuple(row[i : i + 2])
        out.append(V + rank[pair] if pair in rank else row[i])
        i += 1 + (pair in rank)
    return np.array(out, dtype=int)


def _spelt(merges: Array, V: int) -> dict[int, Row]:
    """What every token is made of."""
    made = {i: [i] for i in range(V)}
    for rank, (a, b) in enumerate(merges.tolist()):
        made[V + rank] = made[a] + made[b]
    return made


def _longest(ids: Array, merges: Array, V: int) -> Array:
    """The longest token that fits, from left to right."""
    row, made, out, i = [int(i) for i in ids], _spelt(merges, V), [], 0
    while i < len(row):
        fits = [token for token, spelt in made.items() if row[i : i + len(spelt)] == spelt]
        out.append(max(fits, key=lambda token: len(made[token])))
        i += len(made[out[-1]])
    return np.array(out, dtype=int)


def _passes(one: Callable[[Row, int, int, int], Row], order: Callable[[list[Any]], list[Any]] = list) -> Any:
    """Rank by rank, with another pass or in another order."""

    def answer(ids: Array, merges: Array, V: int) -> Array:
        row = [int(i) for i in ids]
        for rank, (a, b) in order(list(enumerate(merges.tolist()))):
            row = one(row, a, b, V + rank)
        return np.array(row, dtype=int)

    return answer


def _one_place(row: Row, a: int, b: int, new: int) -> Row:
    for i in range(len(row) - 1):
        if row[i : i + 2] == [a, b]:
            return [*row[:i], new, *row[i + 2 :]]
    return row


def _from_the_right(row: Row, a: int, b: int, new: int) -> Row:
    return _merged(row[::-1], b, a, new)[::-1]


def _second_stays(row: Row, a: int, b: int, new: int) -> Row:
    return [new if row[i : i + 2] == [a, b] else row[i] for i in range(len(row))]


def _best_alone(ids: Array, merges: Array, V: int) -> Array:
    """The pair of lowest rank that stands there, and no other."""
    row, rank = [int(i) for i in ids], _ranked(merges)
    best = min((pair for pair in pairwise(row) if pair in rank), key=lambda pair: rank[pair], default=None)
    return np.array(row if best is None else _merged(row, *best, V + rank[best]), dtype=int)


def _rank_for_id(ids: Array, merges: Array, V: int) -> Array:
    made = _by_rank(ids, merges, V)
    return np.where(made >= V, made - V, made)


def _of_symbols(ids: Array, merges: Array, V: int) -> Array:
    """Merges of two symbols alone."""
    row = [int(i) for i in ids]
    for rank, (a, b) in enumerate(merges.tolist()):
        row = _merged(row, a, b, V + rank) if max(a, b) < V else row
    return np.array(row, dtype=int)


apply_merges = Exercise(
    "apply_merges",
    _by_rank,
    [
        (np.array([0, 1, 1, 2, 0, 0, 2]), np.array([[0, 0], [1, 1], [2, 1], [3, 3]]), 3),
        (np.array([0, 1, 0, 0, 1, 1, 0, 0, 0, 1]), np.array([[1, 1], [0, 0], [1, 0], [3, 2], [1, 3]]), 2),
        (np.array([1]), np.array([[0, 2], [3, 3]]), 4),
        (np.array([0, 0, 2, 1, 1, 3, 2, 0, 1]), np.array([[0, 1], [3, 2], [1, 2], [4, 4], [5, 0]]), 4),
    ],
    wrong={
        "by place": (
            _by_place,
            "You merge whatever stands leftmost. Merges are made by rank: the one learnt first comes first, wherever "
            "it stands.",
        ),
        "one pass": (
            (_in_one_pass, _best_alone),
            "You stop too early. What a merge has made can be merged again, until no merge fits.",
        ),
        "longest first": (
            _longest,
            "You take the longest token that fits. BPE makes its merges in the order in which they were learnt, and "
            "that may come to other tokens.",
        ),
        "last learnt first": (
            _passes(_merged, lambda ranks: ranks[::-1]),
            "You begin with the last merge. The one that was learnt first, row 0, comes first.",
        ),
        "one place": (
            _passes(_one_place),
            "You make every merge in one place alone. Make it wherever the pair stands.",
        ),
        "merged from the right": (
            _passes(_from_the_right),
            "You merge from the right. In 2 2 2 the first two are merged, from left to right.",
        ),
        "second stays": (
            _passes(_second_stays),
            "The second token of the pair still stands there. After a merge go on behind it.",
        ),
        "symbols alone": (
            _of_symbols,
            "You merge symbols alone. A row of merges may name tokens that were made before: V is that of row 0.",
        ),
        "rank for id": (
            _rank_for_id,
            "You put the number of the row. Row r makes the token V + r: smaller ids are symbols.",
        ),
        "nothing merged": (
            lambda ids, merges, V: ids,
            "No pair at all is merged.",
        ),
        "one id further": (
            lambda ids, merges, V: np.where((r := _by_rank(ids, merges, V)) >= V, r + 1, r),
            "You are one off: the merge in row 0 makes the token V, for the symbols are 0 to V − 1.",
        ),
        "how many": (
            lambda ids, merges, V: len(_by_rank(ids, merges, V)),
            "That is how many tokens there are. Return the tokens.",
        ),
    },
    prompt="Return an array of ids, and run the cell again.",
)
