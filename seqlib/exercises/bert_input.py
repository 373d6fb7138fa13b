"""The practice of chapter 14: what goes into the encoder, a sum of three embeddings that is normalised."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from seqlib.exercises.checker import Exercise

__all__ = ["bert_input"]

_RNG = np.random.default_rng(1607)
Array = np.ndarray
CLS, SEP = 4, 5


def _case(B: int, T: int, D: int, V: int, ends: list[int | None], eps: float, more: int = 0) -> tuple[Any, ...]:
    """Texts <cls> … <sep> … <sep>, the first sentence ends at `ends`; of one sentence where that is None."""
    ids = _RNG.integers(7, V, (B, T))
    ids[:, 0], ids[:, -1] = CLS, SEP
    for row, end in zip(ids, ends, strict=True):
        if end is not None:
            row[end] = SEP
    tables = [_RNG.uniform(-1, 1, size).round(2) for size in ((V, D), (T + more, D), (2, D))]
    return ids, *tables, _RNG.uniform(0.5, 2, D).round(2), _RNG.uniform(-1, 1, D).round(2), eps


def _segments(ids: Array, shift: int = 1) -> Array:
    """1 behind the first <sep>; with `shift` 0 at it as well."""
    seen = (ids == SEP).cumsum(1)
    return np.minimum(np.concatenate([0 * seen[:, :shift], seen[:, : seen.shape[1] - shift]], 1), 1)


def _sum(ids: Array, E: Array, P: Array, S: Array) -> Array:
    return E[ids] + P[: ids.shape[1]] + S[_segments(ids)]


def _norm(x: Array, eps: float, axis: Any = -1, ddof: int = 0) -> Array:
    return (x - x.mean(axis, keepdims=True)) / np.sqrt(x.var(axis, keepdims=True, ddof=ddof) + eps)


def _vectors(made: Callable[..., Array]) -> Callable[..., Array]:
    """Other vectors, normalised as they should be."""
    return lambda ids, E, P, S, gain, bias, eps: gain * _norm(made(ids, E, P, S), eps) + bias


def _normed(norm: Callable[[Array, float], Array]) -> Callable[..., Array]:
    """The right vectors, normalised otherwise."""
    return lambda ids, E, P, S, gain, bias, eps: gain * norm(_sum(ids, E, P, S), eps) + bias


def _over(axis: Any) -> Callable[..., Array]:
    return _normed(lambda x, eps: _norm(x, eps, axis))


def _of_segments(segments: Callable[[Array], Array]) -> Callable[..., Array]:
    return _vectors(lambda ids, E, P, S: E[ids] + P[: ids.shape[1]] + S[segments(ids)])


def _padded_places(ids: Array, E: Array, P: Array, S: Array) -> Array:
    return E[ids] + P[1 : ids.shape[1] + 1] + S[_segments(ids)]


def _again(ids: Array) -> Array:
    """Positions that are counted anew behind the first <sep>: (B, T)."""
    t = np.arange(ids.shape[1])
    return np.where(_segments(ids) == 1, t - (ids == SEP).argmax(1)[:, None] - 1, t)


bert_input = Exercise(
    "bert_input",
    lambda ids, E, P, S, gain, bias, eps: gain * _norm(_sum(ids, E, P, S), eps) + bias,
    [
        _case(2, 7, 4, 12, [3, 4], 0.1, more=3),
        _case(4, 6, 6, 10, [2, None, 1, 4], 0.03, more=1),
        _case(5, 5, 5, 9, [2, 2, None, 3, 1], 0.2, more=2),
    ],
    wrong={
        "segments left out": (
            (
                _vectors(lambda ids, E, P, S: E[ids] + P[: ids.shape[1]]),
                _vectors(lambda ids, E, P, S: E[ids] + P[: ids.shape[1]] + S[0]),
            ),
            "The segments are left out, or all 0: what stands behind the first <sep> gets the second row of S.",
        ),
        "places left out": (
            _vectors(lambda ids, E, P, S: E[ids] + S[_segments(ids)]),
            "The positions are left out: without them a sentence is a bag of words.",
        ),
        "words alone": (
            _vectors(lambda ids, E, P, S: E[ids]),
            "Those are the words alone. Add where they stand, and in which sentence.",
        ),
        "places from 1": (
            _vectors(_padded_places),
            "You count positions from 1. The first one, <cls>, gets the row 0 of P.",
        ),
        "places anew": (
            _vectors(lambda ids, E, P, S: E[ids] + P[_again(ids)] + S[_segments(ids)]),
            "You count positions anew in the second sentence. They go on; the segments tell the sentences apart.",
        ),
        "<sep> too early": (
            _of_segments(lambda ids: _segments(ids, 0)),
            "Your first <sep> is in the second segment already. It ends the first one.",
        ),
        "every <sep>": (
            (
                _of_segments(lambda ids: (ids == SEP).astype(int)),
                _of_segments(lambda ids: (ids == SEP).cumsum(1) % 2),
                _of_segments(lambda ids: np.where((ids == SEP).cumsum(1) - (ids == SEP) == 1, 1, 0) * (ids != SEP)),
            ),
            "Every <sep> belongs to the sentence that it ends: the first to segment 0, the last of two to segment 1.",
        ),
        "a third segment": (
            _of_segments(lambda ids: (ids == SEP).cumsum(1)),
            "You counted each <sep> that is seen, itself included, which asks for a third row of S. There are two.",
        ),
        "segments swapped": (
            _of_segments(lambda ids: 1 - _segments(ids)),
            "The segments are swapped: up to the first <sep> they are 0.",
        ),
        "side by side": (
            lambda ids, E, P, S, gain, bias, eps: np.concatenate(
                [E[ids], np.broadcast_to(P[: ids.shape[1]], E[ids].shape), S[_segments(ids)]], -1
            ),
            "You laid the three side by side. They are added: D features, not 3 D.",
        ),
        "a mean": (
            _vectors(lambda ids, E, P, S: _sum(ids, E, P, S) / 3),
            "That is the mean of the three. They are added.",
        ),
        "root of D": (
            _vectors(lambda ids, E, P, S: _sum(ids, E, P, S) + (E.shape[1] ** 0.5 - 1) * E[ids]),
            "You multiplied E by √D, as in 2017. BERT does not.",
        ),
        "each normed": (
            lambda ids, E, P, S, gain, bias, eps: (
                gain * (_norm(E[ids], eps) + _norm(P[: ids.shape[1]], eps) + _norm(S[_segments(ids)], eps)) + bias
            ),
            "You normalised each of the three. It is their sum that is normalised.",
        ),
        "words normed": (
            lambda ids, E, P, S, gain, bias, eps: (
                gain * _norm(E[ids], eps) + bias + P[: ids.shape[1]] + S[_segments(ids)]
            ),
            "You normalised the words, and added the rest afterwards. Add all three first.",
        ),
        "not normalised": (
            (
                lambda ids, E, P, S, gain, bias, eps: _sum(ids, E, P, S),
                lambda ids, E, P, S, gain, bias, eps: gain * _sum(ids, E, P, S) + bias,
            ),
            "That is the sum. Normalise it.",
        ),
        "another axis": (
            tuple(map(_over, (0, 1, (0, 1), (1, 2), None))),
            "Your mean and variance run over another axis. Each position is normalised by its own features.",
        ),
        "D - 1": (
            _normed(lambda x, eps: _norm(x, eps, ddof=1)),
            "Your variance is divided by D − 1. Here it is the mean of the squares, over D.",
        ),
        "eps outside the root": (
            (
                _normed(lambda x, eps: (x - x.mean(-1, keepdims=True)) / (x.std(-1, keepdims=True) + eps)),
                _normed(lambda x, eps: _norm(x, 0.0)),
                _normed(lambda x, eps: _norm(x, 1e-5)),
            ),
            "eps is an argument: add it to the variance, inside the root.",
        ),
        "gain and bias": (
            (
                lambda ids, E, P, S, gain, bias, eps: _norm(_sum(ids, E, P, S), eps),
                lambda ids, E, P, S, gain, bias, eps: gain * _norm(_sum(ids, E, P, S), eps),
                lambda ids, E, P, S, gain, bias, eps: _norm(_sum(ids, E, P, S), eps) + bias,
                lambda ids, E, P, S, gain, bias, eps: gain * (_norm(_sum(ids, E, P, S), eps) + bias),
            ),
            "What is normalised is multiplied by the gain; then the bias is added.",
        ),
    },
    prompt="Return an array of shape (B, T, D) and run the cell again.",
)
