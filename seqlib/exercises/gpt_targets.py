"""The practice of chapter 15: which token every position of a text is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from seqlib.exercises.checker import Exercise

__all__ = ["next_tokens"]

_RNG = np.random.default_rng(1501)
Array = np.ndarray


def _case(T: int, V: int, lengths: list[int]) -> tuple[Array, Array]:
    """Texts of these lengths, in which any id may be a token, 0 too, and any may stand in the padding."""
    return _RNG.integers(V, size=(len(lengths), T)), np.array(lengths)


def _asked(ids: Array, lengths: Array, less: int = 1, columns: int = 1) -> Array:
    return np.arange(ids.shape[1] - columns) < lengths[:, None] - less


def _right(ids: Array, lengths: Array) -> tuple[Array, Array, Array]:
    return ids[:, :-1], ids[:, 1:], _asked(ids, lengths)


def _pair(x: Callable[[Array], Array], y: Callable[[Array], Array]) -> Callable[..., Any]:
    """Other ids are read, or asked for, with as many columns as they have."""

    def answer(ids: Array, lengths: Array) -> Any:
        read = x(ids)
        return read, y(ids), np.arange(read.shape[1]) < lengths[: len(read), None] - 1

    return answer


def _where(ask: Callable[[Array, Array], Array]) -> Callable[..., Any]:
    """The right ids, asked for elsewhere."""
    return lambda ids, lengths: (ids[:, :-1], ids[:, 1:], ask(ids, lengths))


next_tokens = Exercise(
    "next_tokens",
    _right,
    [_case(6, 4, [6, 3, 5]), _case(7, 9, [2, 7]), _case(5, 4, [1, 4, 5, 3, 2])],
    wrong={
        "not shifted": (
            (
                _pair(lambda ids: ids[:, :-1], lambda ids: ids[:, :-1]),
                _pair(lambda ids: ids, lambda ids: ids),
                _pair(lambda ids: ids[:, 1:], lambda ids: ids[:, 1:]),
            ),
            "You ask for the token that is read. It is already there to be copied: ask for the one after it.",
        ),
        "backwards": (
            _pair(lambda ids: ids[:, 1:], lambda ids: ids[:, :-1]),
            "You read a token and ask for the one before it. Shift the other way.",
        ),
        "shifted by two": (
            (
                _pair(lambda ids: ids[:, :-2], lambda ids: ids[:, 2:]),
                _pair(lambda ids: ids[:, 1:-1], lambda ids: ids[:, 2:]),
            ),
            "A token is lost: asked for is the token right after the one that is read, from the first pair on.",
        ),
        "around the corner": (
            (
                _pair(lambda ids: ids, lambda ids: np.roll(ids, -1, 1)),
                lambda ids, lengths: (ids, np.roll(ids, -1, 1), _asked(ids, lengths, 0, 0)),
            ),
            "With np.roll the last position is asked for the first token. Nothing comes after it: cut it off.",
        ),
        "along the texts": (
            (
                _pair(lambda ids: ids[:-1], lambda ids: ids[1:]),
                lambda ids, lengths: (ids[:-1], ids[1:], np.arange(ids.shape[1]) < lengths[1:, None]),
            ),
            "You shifted from text to text. Positions lie along the second axis: ids[:, 1:].",
        ),
        "padding asked": (
            (
                _where(lambda ids, lengths: _asked(ids, lengths, 0)),
                _where(lambda ids, lengths: _asked(ids, lengths, -1)),
            ),
            "You are one off: of the L tokens of a text, L − 1 are asked for. The last one is not followed by any.",
        ),
        "everything asked": (
            _where(lambda ids, lengths: _asked(ids, lengths) | True),
            "Padding is not asked for: a text of L tokens has L − 1 that come after another one.",
        ),
        "one too few": (
            _where(lambda ids, lengths: _asked(ids, lengths, 2)),
            "You leave out the last token of each text. It is asked for as well, by the one before it.",
        ),
        "0 as padding": (
            (
                _where(lambda ids, lengths: ids[:, 1:] != 0),
                _where(lambda ids, lengths: ids[:, :-1] != 0),
                _where(lambda ids, lengths: (ids[:, 1:] != 0) & _asked(ids, lengths)),
            ),
            "You took 0 for padding. Here 0 is a token like any other: where a text ends is said by `lengths`.",
        ),
        "not asked": (
            _where(lambda ids, lengths: ~_asked(ids, lengths)),
            "Yours is True where nothing is asked. Turn it over.",
        ),
        "asked left out": (
            lambda ids, lengths: (ids[:, :-1], ids[:, 1:]),
            "Return a third array: True where a token is asked for, False in the padding.",
        ),
        "last token alone": (
            _where(lambda ids, lengths: np.arange(ids.shape[1] - 1) == lengths[:, None] - 2),
            "You ask for the last token alone. Every token but the first is asked for, all at once.",
        ),
    },
    prompt="Return three arrays (B, T − 1), the last of True and False, and run the cell again.",
)
