"""The practice of chapter 15: what an induction head, and the head below it, would guess."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from seqlib.exercises.checker import Exercise

__all__ = ["induction"]

_RNG = np.random.default_rng(1507)
Array = np.ndarray


def _case(B: int, T: int, V: int) -> tuple[Array, int]:
    return _RNG.integers(V, size=(B, T)), V


def _after(ids: Array) -> Array:
    """Where the token before s is the one at t: (B, t, s); nothing stands before position 0."""
    before = np.concatenate([np.full((len(ids), 1), -1), ids[:, :-1]], 1)
    same: Array = ids[:, :, None] == before[:, None]
    return same


def _before(ids: Array) -> Array:
    """Where the token after s is the one at t: (B, t, s); nothing stands behind the last position."""
    after = np.concatenate([ids[:, 1:], np.full((len(ids), 1), -1)], 1)
    same: Array = ids[:, :, None] == after[:, None]
    return same


def _causal(T: int) -> Array:
    return np.tri(T, dtype=bool)


def _weights(match: Array) -> Array:
    """Equal weights on all matches; 0 where there is none."""
    n = match.sum(-1, keepdims=True)
    w: Array = match / np.maximum(n, 1)
    return w


def _guess(
    match: Callable[[Array], Array],
    value: Callable[[Array], Array] = lambda ids: ids,
    weights: Callable[[Array], Array] = _weights,
    none: Callable[[int], float] = lambda V: 1 / V,
) -> Callable[[Array, int], Any]:
    """What is copied from where the match is, by these weights; `none` for each token where there is no match."""

    def answer(ids: Array, V: int) -> Any:
        found = match(ids)
        p = weights(found) @ np.eye(V)[value(ids)]
        return np.where(found.any(-1, keepdims=True), p, none(V))

    return answer


def _seen(ids: Array) -> Array:
    return _after(ids) & _causal(ids.shape[1])


def _only(match: Array, last: bool) -> Array:
    """Of several matches the last or the first."""
    n = match.cumsum(-1)
    return match & (n == (n[..., -1:] if last else 1))


def _counts(ids: Array, V: int) -> Array:
    n: Array = _seen(ids) @ np.eye(V)[ids]
    return n


def _favourite(ids: Array, V: int) -> Array:
    p = _guess(_seen)(ids, V)
    return np.where(_seen(ids).any(-1, keepdims=True), np.eye(V)[p.argmax(-1)], p)


def _all_texts(ids: Array, V: int) -> Array:
    """What came after a token in any text up to t."""
    n = np.stack([sum(row for row in (_seen_across(ids, b) @ np.eye(V)[ids])) for b in range(len(ids))])
    total = n.sum(-1, keepdims=True)
    return np.where(total > 0, n / np.maximum(total, 1), 1 / V)


def _seen_across(ids: Array, b: int) -> Array:
    """Matches of text b in every text: (texts, t, s)."""
    before = np.concatenate([np.full((len(ids), 1), -1), ids[:, :-1]], 1)
    found: Array = (ids[b][:, None] == before[:, None]) & _causal(ids.shape[1])
    return found


induction = Exercise(
    "induction",
    _guess(_seen),
    [_case(2, 9, 4), _case(3, 8, 3), _case(1, 12, 5), _case(2, 7, 7)],
    wrong={
        "the token itself": (
            (
                _guess(lambda ids: (ids[:, :, None] == ids[:, None]) & _causal(ids.shape[1])),
                _guess(lambda ids: (ids[:, :, None] == ids[:, None]) & np.tri(ids.shape[1], k=-1, dtype=bool)),
            ),
            "You look for the token x_t itself and copy it. Copy what came after it: the token before s is x_t.",
        ),
        "the token before": (
            (
                _guess(lambda ids: _before(ids) & np.tri(ids.shape[1], k=-1, dtype=bool)),
                _guess(lambda ids: _before(ids) & np.tri(ids.shape[1], k=-2, dtype=bool)),
            ),
            "You copy what stood before x_t. Copy what came after it.",
        ),
        "the future": (
            _guess(_after),
            "You look into the future: at t, only positions s ≤ t have been read.",
        ),
        "one step ahead": (
            _guess(lambda ids: _after(ids) & np.tri(ids.shape[1], k=1, dtype=bool)),
            "You look one position too far: what comes after x_t itself is what is to be guessed.",
        ),
        "not at t": (
            _guess(lambda ids: _after(ids) & np.tri(ids.shape[1], k=-1, dtype=bool)),
            "s = t may be looked at, too: where a token stands twice in succession, the second came after the first.",
        ),
        "the last alone": (
            _guess(lambda ids: _only(_seen(ids), True)),
            "You look at the last match alone. All of them have equal weights.",
        ),
        "the first alone": (
            _guess(lambda ids: _only(_seen(ids), False)),
            "You look at the first match alone. All of them have equal weights.",
        ),
        "zeros": (
            _guess(_seen, none=lambda V: 0.0),
            "Where x_t is new, yours has zeros. Nothing is known there: each of the V tokens gets 1 / V.",
        ),
        "NaN": (
            _guess(_seen, none=lambda V: np.nan),
            "Where x_t is new, you divide 0 by 0. Nothing is known there: each of the V tokens gets 1 / V.",
        ),
        "not divided": (
            (_counts, _guess(_seen, weights=lambda match: match * 1.0)),
            "Those are counts. Divide by how many matches there are, so that the weights add up to 1.",
        ),
        "divided by the texts' length": (
            (
                _guess(_seen, weights=lambda match: match / np.arange(1, match.shape[1] + 1)[:, None]),
                _guess(_seen, weights=lambda match: match / match.shape[1]),
            ),
            "You divided by the number of positions. Divide by that of the matches.",
        ),
        "favourite": (
            _favourite,
            "You give everything to the most frequent one. Each match has the same weight, so shares are left.",
        ),
        "smoothed": (
            (
                lambda ids, V: (_counts(ids, V) + 1) / (_counts(ids, V).sum(-1, keepdims=True) + V),
                lambda ids, V: (_counts(ids, V) + 1 / V) / (_counts(ids, V).sum(-1, keepdims=True) + 1),
            ),
            "You added something to each count. What follows is copied as it is; only where x_t is new, guess 1 / V.",
        ),
        "all texts": (
            _all_texts,
            "You look at the other texts of the batch as well. Each text stands alone.",
        ),
        "weights": (
            lambda ids, V: _weights(_seen(ids)),
            "Those are the weights of attention, (B, T, T). Add them up by what stands at each position: (B, T, V).",
        ),
    },
    prompt="Return an array of shape (B, T, V) and run the cell again.",
)
