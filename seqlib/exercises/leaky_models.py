"""The models of chapter 7's exercise on leaks: of each is known which words its answers depend on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

__all__ = ["Model", "at", "centred", "faint", "model", "one_row", "past", "rounded", "single", "unless_last", "when"]

Model = Callable[[Any], np.ndarray]
Mixed = Callable[[np.ndarray, np.ndarray], np.ndarray]

_RNG = np.random.default_rng(72)


def model(name: str, V: int, mixed: Mixed) -> Model:
    """A model of V words, (B, T) -> (B, T, V), from `mixed(table, x)`, with a table of numbers for each word (V, V).

    The model raises ValueError for words that there are not, and for arrays of another shape.
    """
    table, bias = _RNG.normal(size=(V, V)), _RNG.normal(size=V)

    def model(x: Any) -> np.ndarray:
        words = np.asarray(x)
        if words.ndim != 2 or words.dtype.kind not in "iu":
            raise ValueError(f"the model takes whole numbers of shape (B, T), got {words.dtype} of shape {words.shape}")
        if words.size and not 0 <= words.min() <= words.max() < V:
            raise ValueError(f"the words are 0 to {V - 1}, got {words.min()} to {words.max()}")
        return bias + mixed(table, words)

    model.__name__ = model.__qualname__ = name
    return model


def shifted(x: np.ndarray, by: int) -> np.ndarray:
    """Places of x moved by so many steps; where nothing stands, always the same, -1, which is no word."""
    out = np.full_like(x, -1)
    by = max(-x.shape[1], min(by, x.shape[1]))
    out[:, max(-by, 0) : x.shape[1] - max(by, 0)] = x[:, max(by, 0) : x.shape[1] - max(-by, 0)]
    return out


def at(by: int, scores: slice = slice(None)) -> Mixed:
    """Answer i, or these of its scores, from word i + by alone."""

    def mixed(table: np.ndarray, x: np.ndarray) -> np.ndarray:
        out = np.zeros((*x.shape, len(table)))
        out[..., scores] = table[shifted(x, by), scores]
        return out

    return mixed


def past(table: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Answer i from words 0 to i."""
    return table[x].cumsum(1)


def rounded(table: np.ndarray, x: np.ndarray) -> np.ndarray:
    """The same, as the sum of all words minus that of the later ones, whose rounding depends on all."""
    numbers = 30 * table[x] / 7
    return numbers.sum(1, keepdims=True) - (numbers[:, ::-1].cumsum(1)[:, ::-1] - numbers)


def single(table: np.ndarray, x: np.ndarray) -> np.ndarray:
    """The same in float32, as networks compute."""
    numbers = (table[x] / 7).astype(np.float32)
    return (numbers.sum(1, keepdims=True) - (numbers[:, ::-1].cumsum(1)[:, ::-1] - numbers)).astype(float)


def when(hidden: int, by: float = 1.0) -> Mixed:
    """From words 0 to i; the last score is moved `by` so much if the next word is `hidden`."""

    def mixed(table: np.ndarray, x: np.ndarray) -> np.ndarray:
        out = past(table, x)
        out[..., -1] += by * (shifted(x, 1) == hidden)
        return out

    return mixed


def faint(size: float, sure: float = 0.0) -> Mixed:
    """From word i, whose own score is `sure` if that is not 0; the first is `size` lower unless word 1 comes next."""

    def mixed(table: np.ndarray, x: np.ndarray) -> np.ndarray:
        words = np.eye(len(table))
        return (sure * words[x] if sure else table[x]) - size * (shifted(x, 1) != 1)[..., None] * words[0]

    return mixed


def centred(table: np.ndarray, x: np.ndarray) -> np.ndarray:
    """From all words; the scores of a step add up to 0."""
    scores = table[x].cumsum(1) + table[x][:, ::-1].cumsum(1)[:, ::-1]
    return scores - scores.mean(-1, keepdims=True)


def one_row(row: int) -> Mixed:
    """From word i + 1, in sequences that begin with word `row`; the others are answered without a look at the rest."""
    return lambda table, x: at(1)(table, x) * (x[:, :1] == row)[..., None]


def unless_last(table: np.ndarray, x: np.ndarray) -> np.ndarray:
    """From word i + 1, if another one follows it."""
    return at(1)(table, x) * (np.arange(x.shape[1]) < x.shape[1] - 2)[:, None]
