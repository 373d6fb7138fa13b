"""The practice of chapter 14: the gradient of a table that is used twice, where words go in and where they come out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from seqlib.exercises.checker import Exercise

__all__ = ["tied_gradient"]

_RNG = np.random.default_rng(1706)
Array = np.ndarray


def _case(B: int, T: int, V: int, D: int, counts: list[int]) -> tuple[Array, ...]:
    """A table, ids that come again, the gradient at the input, and what the head reads, with words asked for."""
    ids, words = _RNG.integers(V - 1, size=(2, B, T))  # the last word does not occur
    chosen = np.zeros((B, T), dtype=bool)
    for row, n in zip(chosen, counts, strict=True):
        row[_RNG.permutation(T)[:n]] = True
    dx, h = _RNG.uniform(-1, 1, (2, B, T, D)).round(2)
    return _RNG.uniform(-1, 1, (V, D)).round(2), ids, dx / 4, h, words, chosen


def _softmax(scores: Array, axis: int = -1) -> Array:
    p = np.exp(scores - scores.max(axis, keepdims=True))
    q: Array = p / p.sum(axis, keepdims=True)
    return q


def _one_hot(words: Array, V: int) -> Array:
    return (words[..., None] == np.arange(V)) * 1.0


def _scored(E: Array, h: Array, words: Array, chosen: Array) -> Array:
    """The gradient with respect to the scores, before it is divided: 0 where nothing is asked, (B, T, V)."""
    return (_softmax(h @ E.T) - _one_hot(words, len(E))) * chosen[..., None]


def _out(do: Array, h: Array) -> Array:
    g: Array = np.einsum("btv,btd->vd", do, h)
    return g


def _in(E: Array, ids: Array, dx: Array) -> Array:
    """The rows that were looked up, each time they were: (V, D)."""
    g: Array = np.einsum("btv,btd->vd", _one_hot(ids, len(E)), dx)
    return g


def _right(E: Array, ids: Array, dx: Array, h: Array, words: Array, chosen: Array) -> Array:
    return _in(E, ids, dx) + _out(_scored(E, h, words, chosen), h) / chosen.sum()


def _entered(entered: Callable[[Array, Array, Array, Array], Any]) -> Callable[..., Any]:
    """The right part of the output, and another one of the input, of E, ids, dx and chosen."""
    return lambda E, ids, dx, h, words, chosen: (
        entered(E, ids, dx, chosen) + _out(_scored(E, h, words, chosen), h) / chosen.sum()
    )


def _left(left: Callable[[Array, Array, Array, Array], Any]) -> Callable[..., Any]:
    """The right part of the input, and another one of the output, of E, h, words and chosen."""
    return lambda E, ids, dx, h, words, chosen: _in(E, ids, dx) + left(E, h, words, chosen)


def _scores(do: Callable[[Array, Array, Array], Array]) -> Callable[..., Any]:
    """Another gradient at the chosen positions, of E, h and words; divided by their number."""
    return _left(lambda E, h, words, chosen: _out(do(E, h, words) * chosen[..., None], h) / chosen.sum())


def _once(E: Array, ids: Array, dx: Array, start: Array) -> Array:
    """`start[ids] += dx`, which adds but the last of several."""
    made = start.copy()
    made[ids] += dx
    return made


def _written(E: Array, ids: Array, dx: Array, start: Array) -> Array:
    made = start.copy()
    made[ids] = dx
    return made


def _of_output(E: Array, h: Array, words: Array, chosen: Array) -> Array:
    return _out(_scored(E, h, words, chosen), h) / chosen.sum()


tied_gradient = Exercise(
    "tied_gradient",
    _right,
    [_case(2, 4, 5, 3, [1, 3]), _case(3, 3, 4, 3, [2, 0, 2]), _case(2, 6, 3, 4, [2, 3])],
    wrong={
        "input alone": (
            lambda E, ids, dx, h, words, chosen: _in(E, ids, dx),
            "That is what comes from the input. The head multiplies by the same table: add what comes from there.",
        ),
        "output alone": (
            lambda E, ids, dx, h, words, chosen: _of_output(E, h, words, chosen),
            "That is what comes from the head. The words that went in were rows of the same table: add dx there.",
        ),
        "repeated ids lost": (
            (
                _entered(lambda E, ids, dx, chosen: _once(E, ids, dx, np.zeros(E.shape))),
                lambda E, ids, dx, h, words, chosen: _once(E, ids, dx, _of_output(E, h, words, chosen)),
            ),
            "With dE[ids], = or +=, only the last of several stays where a word stands twice. Use np.add.at.",
        ),
        "written over": (
            lambda E, ids, dx, h, words, chosen: _written(E, ids, dx, _of_output(E, h, words, chosen)),
            "dE[ids] = dx writes over what came from the head. Add, for every time that a word stands there.",
        ),
        "mean of repeated ids": (
            _entered(
                lambda E, ids, dx, chosen: (
                    _in(E, ids, dx) / np.maximum(np.bincount(ids.ravel(), minlength=len(E)), 1)[:, None]
                )
            ),
            "You took the mean over the times that a word stands there. Gradients are added up.",
        ),
        "input at chosen words": (
            (
                _entered(lambda E, ids, dx, chosen: _in(E, ids, dx * chosen[..., None])),
                _entered(lambda E, ids, dx, chosen: _in(E, ids, dx * ~chosen[..., None])),
            ),
            "Every word that goes in was looked up, chosen or not. Leave out none.",
        ),
        "words for ids": (
            lambda E, ids, dx, h, words, chosen: _in(E, words, dx) + _of_output(E, h, words, chosen),
            "You added dx to the rows of the words that are asked for. What was looked up are the rows `ids`.",
        ),
        "ids for words": (
            lambda E, ids, dx, h, words, chosen: _in(E, ids, dx) + _of_output(E, h, ids, chosen),
            "The right answers are `words`; `ids` is what is read.",
        ),
        "all positions": (
            (
                _left(lambda E, h, words, chosen: _out(_scored(E, h, words, chosen | True), h) / chosen.size),
                _left(lambda E, h, words, chosen: _out(_scored(E, h, words, chosen | True), h) / chosen.sum()),
                _left(lambda E, h, words, chosen: _out(_scored(E, h, words, chosen | True), h)),
            ),
            "Your loss is one at all positions. Only the chosen ones are asked for.",
        ),
        "divided by all": (
            _left(lambda E, h, words, chosen: _out(_scored(E, h, words, chosen), h) / chosen.size),
            "You divided by the number of all positions. Divide by that of the chosen ones.",
        ),
        "per text": (
            (
                _left(lambda E, h, words, chosen: _out(_scored(E, h, words, chosen), h) / len(chosen)),
                _left(
                    lambda E, h, words, chosen: (
                        _out(_scored(E, h, words, chosen) / np.maximum(chosen.sum(1), 1)[:, None, None], h)
                        / len(chosen)
                    )
                ),
            ),
            "You divided by the number of texts, or of chosen words in each. The mean is over all chosen words.",
        ),
        "sum": (
            _left(lambda E, h, words, chosen: _out(_scored(E, h, words, chosen), h)),
            "Your loss is a sum. It is a mean: divide by the number of chosen words.",
        ),
        "everything divided": (
            (
                lambda E, ids, dx, h, words, chosen: (
                    (_in(E, ids, dx) + _out(_scored(E, h, words, chosen), h)) / chosen.sum()
                ),
                lambda E, ids, dx, h, words, chosen: _right(E, ids, dx / chosen.sum(), h, words, chosen),
            ),
            "You divided dx, too. It is the gradient of the mean already.",
        ),
        "mean of both": (
            lambda *given: _right(*given) / 2,
            "You took the mean of both parts. They are added.",
        ),
        "difference": (
            lambda E, ids, dx, h, words, chosen: _in(E, ids, dx) - _of_output(E, h, words, chosen),
            "A sign is wrong. The gradient with respect to a score is p − [w = the word].",
        ),
        "no softmax": (
            (
                _scores(lambda E, h, words: h @ E.T - _one_hot(words, len(E))),
                _scores(lambda E, h, words: -_one_hot(words, len(E))),
                _scores(lambda E, h, words: _softmax(h @ E.T)),
                _scores(lambda E, h, words: -_one_hot(words, len(E)) / _softmax(h @ E.T)),
                _scores(lambda E, h, words: (_softmax(h @ E.T) - 1) * _one_hot(words, len(E))),
            ),
            "The gradient with respect to the scores is p − [w = the word], in all V of them: p is their softmax.",
        ),
        "another axis": (
            (
                _scores(lambda E, h, words: _softmax(h @ E.T, 1) - _one_hot(words, len(E))),
                _scores(lambda E, h, words: _softmax(h @ E.T, 0) - _one_hot(words, len(E))),
            ),
            "Your softmax does not run over the words, the last axis of the scores.",
        ),
        "transposed": (
            lambda *given: _right(*given).T,
            "That is (D, V). E is (V, D), and so is its gradient.",
        ),
        "both apart": (
            lambda E, ids, dx, h, words, chosen: (_in(E, ids, dx), _of_output(E, h, words, chosen)),
            "Those are the two parts. It is one table: return their sum.",
        ),
    },
    prompt="Return an array of shape (V, D) and run the cell again.",
)
