"""The practice of chapter 14: the best guess at a chosen word that is shown, kept or replaced, nobody knows which."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from seqlib.exercises.checker import Exercise

__all__ = ["guess_shown"]

_RNG = np.random.default_rng(1764)
Array = np.ndarray
Shares = tuple[float, float, float]


def _shown(V: int, ids: list[int], shares: Shares) -> tuple[Array, Array, Shares]:
    """Guesses of the readers of the others, and what they are shown: `V` stands for <mask>."""
    guess = _RNG.dirichlet(np.full(V, 1.5), len(ids)).round(3)
    guess[:, -1] += 1 - guess.sum(1)
    return guess, np.array(ids), shares


def _by_channel(channel: Callable[[Array, int, Shares], Array]) -> Callable[..., Array]:
    """guess · channel, divided by its sum, where a word is shown; `channel` of True at that word, V, shares."""
    return _at_shown(lambda guess, own, shares: _share(guess * channel(own, guess.shape[1], shares)))


def _share(p: Array) -> Array:
    return p / p.sum(-1, keepdims=True)


def _at_shown(formula: Callable[[Array, Array, Shares], Array]) -> Callable[..., Array]:
    """The guess as it is where <mask> is shown, and otherwise made of it and of which word is shown."""

    def answer(guess: Array, shown: Array, shares: Shares) -> Array:
        own = shown[:, None] == np.arange(guess.shape[1])
        return np.where(shown[:, None] == guess.shape[1], guess, formula(guess, own, shares))

    return answer


_shown_right = _by_channel(lambda own, V, s: s[1] / V + s[2] * own)


def _everywhere(guess: Array, shown: Array, shares: Shares) -> Array:
    """<mask> told apart by nothing but its channel m, and not normalised there."""
    own = shown[:, None] == np.arange(guess.shape[1])
    hidden = shown[:, None] == guess.shape[1]
    return guess * np.where(hidden, shares[0], shares[1] / guess.shape[1] + shares[2] * own)


guess_shown = Exercise(
    "guess_shown",
    _shown_right,
    [
        _shown(5, [2, 5, 0, 4], (0.8, 0.1, 0.1)),
        _shown(3, [0, 1, 3], (0.3, 0.5, 0.2)),
        _shown(4, [3, 1, 4, 2], (0.1, 0.2, 0.7)),
    ],
    wrong={
        "treated as hidden": (
            lambda guess, shown, shares: guess,
            "You did not use what is shown. A word that is shown may have been kept.",
        ),
        "believed": (
            (
                _at_shown(lambda guess, own, s: own * 1.0),
                _by_channel(lambda own, V, s: s[2] * own),
            ),
            "You believe the word that is shown. It may stand there by chance: r/V for every word.",
        ),
        "chance alone": (
            _by_channel(lambda own, V, s: np.where(own, s[1], s[1] + s[2])),
            "You favour every word but the one that is shown. k is added at that one.",
        ),
        "a mixture": (
            (
                _at_shown(lambda guess, own, s: (s[2] * own + s[1] * guess) / (s[1] + s[2])),
                _at_shown(lambda guess, own, s: s[2] * own + (1 - s[2]) * guess),
            ),
            "You mixed the guess with the word that is shown, as if it had been kept with the probability k/(r + k) "
            "whatever the others say. By Bayes' rule the guess is multiplied by r/V + k [w = shown].",
        ),
        "without the guess": (
            (
                _at_shown(lambda guess, own, s: (s[1] / guess.shape[1] + s[2] * own) / (s[1] + s[2])),
                _at_shown(lambda guess, own, s: s[1] / guess.shape[1] + s[2] * own),
            ),
            "That is what the channel says alone. Multiply the guess by it.",
        ),
        "not normalised": (
            (
                _at_shown(lambda guess, own, s: guess * (s[1] / guess.shape[1] + s[2] * own)),
                _everywhere,
            ),
            "Your rows do not add up to 1. Divide each by its sum.",
        ),
        "sum of all": (
            _at_shown(lambda guess, own, s: (p := guess * (s[1] / guess.shape[1] + s[2] * own)) / p.sum()),
            "You divided by the sum of the whole array. Every row has a sum of its own.",
        ),
        "r for r/V": (
            _by_channel(lambda own, V, s: s[1] + s[2] * own),
            "You used r for each word. r is shared among V words: r/V.",
        ),
        "never itself": (
            (
                _by_channel(lambda own, V, s: np.where(own, s[2], s[1] / (V - 1))),
                _by_channel(lambda own, V, s: np.where(own, s[2], s[1] / V)),
            ),
            "A word may be replaced by itself: r/V belongs to the shown word as well, beside k.",
        ),
        "shares swapped": (
            _by_channel(lambda own, V, s: s[2] / V + s[1] * own),
            "The shares are swapped: they are hidden, replaced, kept, in this order.",
        ),
        "hidden for kept": (
            _by_channel(lambda own, V, s: s[1] / V + s[0] * own),
            "You took the share of the hidden words for that of the kept ones.",
        ),
        "one share less": (
            (
                _by_channel(lambda own, V, s: s[1] / V + (1 - s[1]) * own),
                _by_channel(lambda own, V, s: s[1] / V + (s[0] + s[2]) * own),
            ),
            "A word that is shown was not hidden. k is the last share, not all but r.",
        ),
        "<mask> left out": (
            lambda guess, shown, shares: _share(
                guess
                * (
                    shares[1] / guess.shape[1]
                    + shares[2] * (shown[:, None] % guess.shape[1] == np.arange(guess.shape[1]))
                )
            ),
            "Where <mask> is shown, which is V, nothing is shown: the guess stays as it is.",
        ),
        "channel squared": (
            _by_channel(lambda own, V, s: (s[1] / V + s[2] * own) ** 2),
            "The word that is shown counts once.",
        ),
        "uniform where hidden": (
            lambda guess, shown, shares: np.where(
                shown[:, None] == guess.shape[1], 1 / guess.shape[1], _shown_right(guess, shown, shares)
            ),
            "Where <mask> is shown the others still say something: the guess stays as it is.",
        ),
    },
    prompt="Return an array of shape (B, V) and run the cell again.",
)
