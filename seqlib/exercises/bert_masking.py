"""The practice of chapter 14: which words are asked for, and what is read in their place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from seqlib.exercises.checker import Exercise

__all__ = ["hide_words"]

_RNG = np.random.default_rng(2810)
MASK, FIRST = 6, 7  # ids below FIRST are special
Array = np.ndarray
Read = tuple[Array, Array]


def _text(B: int, T: int, V: int, kept: int) -> tuple[Array, Array, Array, Array]:
    """B texts of T words, framed and padded, with draws near 0.15 and fates near 0.8 and 0.9, none of them there.

    In text `kept` a word is chosen and replaced by itself.
    """
    ids = _RNG.integers(FIRST, V, (B, T + 3))
    ids[:, 0], ids[:, -2], ids[:, -1] = 4, 5, 0
    draws = _RNG.integers(0, 30, ids.shape) / 100 + 0.005
    fates = _RNG.choice([0.025, 0.085, 0.455, 0.735, 0.825, 0.855, 0.885, 0.915, 0.945, 0.985], ids.shape)
    others = _RNG.integers(FIRST, V, ids.shape)
    draws[kept, 2], fates[kept, 2], others[kept, 2] = 0.055, 0.855, ids[kept, 2]
    return ids, draws, fates, others


def _chosen(ids: Array, draws: Array) -> Array:
    return (draws < 0.15) & (ids >= FIRST)


def _fate(ids: Array, fates: Array, others: Array) -> Array:
    """What each word would become if it were chosen."""
    return np.where(fates < 0.8, MASK, np.where(fates < 0.9, others, ids))


def _hidden(ids: Array, draws: Array, fates: Array, others: Array) -> Read:
    chosen = _chosen(ids, draws)
    return np.where(chosen, _fate(ids, fates, others), ids), chosen


def _becomes(fate: Callable[[Array, Array, Array], Array]) -> Callable[..., Read]:
    """Chosen words become something else, made of ids, fates and others."""

    def answer(ids: Array, draws: Array, fates: Array, others: Array) -> Read:
        chosen = _chosen(ids, draws)
        return np.where(chosen, fate(ids, fates, others), ids), chosen

    return answer


def _picked(choose: Callable[[Array, Array], Array]) -> Callable[..., Read]:
    """Other words are chosen."""

    def answer(ids: Array, draws: Array, fates: Array, others: Array) -> Read:
        chosen = choose(ids, draws)
        return np.where(chosen, _fate(ids, fates, others), ids), chosen

    return answer


def _asked(ask: Callable[..., Any]) -> Callable[..., tuple[Array, Any]]:
    """The right reading, and something else asked for: of what is read, ids, fates and what was chosen."""

    def answer(ids: Array, draws: Array, fates: Array, others: Array) -> tuple[Array, Any]:
        read, chosen = _hidden(ids, draws, fates, others)
        return read, ask(read, ids, fates, chosen)

    return answer


hide_words = Exercise(
    "hide_words",
    _hidden,
    [_text(2, 9, 14, 0), _text(3, 8, 30, 2), _text(1, 12, 11, 0)],
    wrong={
        "special ids chosen": (
            _picked(lambda ids, draws: draws < 0.15),
            "You chose among all ids. Those below 7 are no words: <cls>, <sep> and padding are never chosen.",
        ),
        "7 is no word": (
            _picked(lambda ids, draws: (draws < 0.15) & (ids > FIRST)),
            "Words begin at 7: that one is a word, too.",
        ),
        "above the share": (
            _picked(lambda ids, draws: (draws > 0.15) & (ids >= FIRST)),
            "You chose the words whose draw is above 0.15. It is below that a word is chosen.",
        ),
        "hidden alone": (
            _asked(lambda read, ids, fates, chosen: read == MASK),
            "You ask for the hidden words alone. All chosen words are asked for: the replaced and the kept ones, too.",
        ),
        "what differs": (
            _asked(lambda read, ids, fates, chosen: read != ids),
            "You ask for what has changed. A word that was kept, or replaced by itself, was chosen as well.",
        ),
        "kept not asked": (
            _asked(lambda read, ids, fates, chosen: chosen & (fates < 0.9)),
            "You do not ask for the words that were kept. They were chosen: only they make a shown word worth a guess.",
        ),
        "not chosen": (
            _asked(lambda read, ids, fates, chosen: ~chosen),
            "Yours is True where a word was not chosen. Turn it over.",
        ),
        "labels": (
            (
                _asked(lambda read, ids, fates, chosen: np.where(chosen, ids, -100)),
                _asked(lambda read, ids, fates, chosen: np.where(chosen, ids, -1)),
                _asked(lambda read, ids, fates, chosen: np.where(chosen, ids, 0)),
                _asked(lambda read, ids, fates, chosen: ids),
            ),
            "The second array says where a word was chosen, True or False; yours holds the words themselves.",
        ),
        "all hidden": (
            _becomes(lambda ids, fates, others: np.full(ids.shape, MASK)),
            "You hid every chosen word. A fate of 0.8 or more leaves a word in its place.",
        ),
        "replaced never": (
            _becomes(lambda ids, fates, others: np.where(fates < 0.8, MASK, ids)),
            "You never replace a word. That happens to fates from 0.8 to 0.9, not to those below 0.1.",
        ),
        "kept never": (
            _becomes(lambda ids, fates, others: np.where(fates < 0.8, MASK, others)),
            "You never keep a word. A fate of 0.9 or more does.",
        ),
        "tenths overlap": (
            (
                _becomes(lambda ids, fates, others: np.where(fates < 0.1, others, np.where(fates < 0.8, MASK, ids))),
                _becomes(
                    lambda ids, fates, others: np.where(
                        fates < 0.1, others, np.where(fates < 0.2, ids, np.where(fates < 0.8, MASK, ids))
                    )
                ),
            ),
            "You replaced at fates below 0.1, where words are hidden. Replaced is what lies from 0.8 to 0.9.",
        ),
        "kept for replaced": (
            _becomes(lambda ids, fates, others: np.where(fates < 0.8, MASK, np.where(fates < 0.9, ids, others))),
            "Replaced and kept are swapped: from 0.8 to 0.9 a word is replaced, from 0.9 on kept.",
        ),
        "hidden for replaced": (
            _becomes(lambda ids, fates, others: np.where(fates < 0.8, others, np.where(fates < 0.9, MASK, ids))),
            "Hidden and replaced are swapped: below 0.8 a word is hidden.",
        ),
        "hidden above": (
            (
                _becomes(lambda ids, fates, others: np.where(fates > 0.8, MASK, ids)),
                _becomes(lambda ids, fates, others: np.where(fates > 0.2, MASK, np.where(fates > 0.1, others, ids))),
            ),
            "You hid the high fates. A word is hidden if its fate is below 0.8.",
        ),
        "one draw for both": (
            lambda ids, draws, fates, others: (
                np.where(_chosen(ids, draws), _fate(ids, draws / 0.15, others), ids),
                _chosen(ids, draws),
            ),
            "You used the draw again for what becomes of a word. That is said by its fate.",
        ),
        "hidden without being chosen": (
            (
                lambda ids, draws, fates, others: (
                    np.where(ids >= FIRST, _fate(ids, fates, others), ids),
                    _chosen(ids, draws),
                ),
                lambda ids, draws, fates, others: (_fate(ids, fates, others), _chosen(ids, draws)),
            ),
            "You changed words that were not chosen. Only chosen words have a fate.",
        ),
        "order": (
            lambda *given: _hidden(*given)[::-1],
            "They are in another order. What is read comes first, then where words were chosen.",
        ),
        "read alone": (
            lambda *given: _hidden(*given)[0],
            "That is what is read. Return beside it where words were chosen: a kept word cannot be told from it.",
        ),
        "as it was": (
            lambda ids, draws, fates, others: (ids, _chosen(ids, draws)),
            "What is read is as it was given. Hide, replace or keep the chosen words.",
        ),
    },
    prompt="Return two arrays (B, T), ids and True or False, and run the cell again.",
)
