"""The practice of chapter 14: the loss, which is asked for at the chosen words alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from seqlib.exercises.checker import Exercise

__all__ = ["masked_loss"]

_RNG = np.random.default_rng(2811)
Array = np.ndarray


def _scored(B: int, T: int, V: int, counts: list[int], high: float = 0.0) -> tuple[Array, Array, Array]:
    """Scores, words, and so many words chosen in each text."""
    chosen = np.zeros((B, T), dtype=bool)
    for row, n in zip(chosen, counts, strict=True):
        row[_RNG.permutation(T)[:n]] = True
    return _RNG.integers(-24, 25, (B, T, V)) / 8 + high, _RNG.integers(V, size=(B, T)), chosen


def _losses(scores: Array, words: Array, axis: int | tuple[int, ...] = -1) -> Array:
    """-log p of the right word at every position: (B, T)."""
    shifted = scores - scores.max(axis, keepdims=True)
    logs = shifted - np.log(np.exp(shifted).sum(axis, keepdims=True))
    return -np.take_along_axis(logs, words[..., None], -1)[..., 0]


def _loss(scores: Array, words: Array, chosen: Array) -> Any:
    return _losses(scores, words)[chosen].mean()


def _of(value: Callable[[Array, Array], Any]) -> Callable[[Array, Array, Array], Any]:
    """Something else made of the losses of all positions, and of which are chosen."""
    return lambda scores, words, chosen: value(_losses(scores, words), chosen)


def _each(losses: Array, chosen: Array) -> Array:
    """The sum of each text."""
    return (losses * chosen).sum(1)


def _large(scores: Array, words: Array) -> Array:
    """The probability of the right word, of exponentials that may overflow."""
    p = np.exp(scores)
    return np.take_along_axis(p / p.sum(-1, keepdims=True), words[..., None], -1)[..., 0]


def _right_score(scores: Array, words: Array) -> Array:
    return np.take_along_axis(scores, words[..., None], -1)[..., 0]


masked_loss = Exercise(
    "masked_loss",
    _loss,
    [
        _scored(3, 4, 5, [1, 3, 2]),
        _scored(2, 6, 4, [0, 4]),  # a text of which nothing is asked
        _scored(2, 5, 3, [2, 1], high=1000.0),
        _scored(4, 4, 4, [1, 2, 2, 1]),
    ],
    wrong={
        "all positions": (
            _of(lambda losses, chosen: losses.mean()),
            "That is the mean over all positions. A word that stands there to be read is not asked for.",
        ),
        "divided by all": (
            _of(lambda losses, chosen: (losses * chosen).mean()),
            "You divided by the number of all positions. Divide by that of the chosen ones.",
        ),
        "mean of means": (
            (
                _of(lambda losses, chosen: (_each(losses, chosen) / chosen.sum(1)).mean()),
                _of(lambda losses, chosen: np.nanmean(_each(losses, chosen) / chosen.sum(1))),
                _of(lambda losses, chosen: (_each(losses, chosen) / np.maximum(chosen.sum(1), 1)).mean()),
            ),
            "That is a mean of the texts' means. Then a word counts for less where more are chosen: take one mean over "
            "all chosen words.",
        ),
        "per text": (
            _of(lambda losses, chosen: _each(losses, chosen).mean()),
            "You divided by the number of texts. Divide by that of the chosen words.",
        ),
        "sum": (
            _of(lambda losses, chosen: losses[chosen].sum()),
            "That is the sum. Divide by the number of chosen words.",
        ),
        "the others": (
            _of(lambda losses, chosen: losses[~chosen].mean()),
            "That is the loss at the words that were not chosen.",
        ),
        "not added up": (
            (_of(lambda losses, chosen: losses[chosen]), _of(lambda losses, chosen: losses * chosen)),
            "Those are the losses of single positions. Return their mean over the chosen ones, a number.",
        ),
        "sign": (
            _of(lambda losses, chosen: -losses[chosen].mean()),
            "The sign is wrong: a loss is −log p, and never below 0.",
        ),
        "overflow": (
            (
                lambda scores, words, chosen: -np.log(_large(scores, words))[chosen].mean(),
                lambda scores, words, chosen: (np.log(np.exp(scores).sum(-1)) - _right_score(scores, words))[
                    chosen
                ].mean(),
            ),
            "Right for small scores. At scores about 1000 exp overflows: subtract the largest first.",
        ),
        "another axis": (
            tuple(
                lambda scores, words, chosen, axis=axis: _losses(scores, words, axis)[chosen].mean()
                for axis in (0, 1, (1, 2), (0, 1, 2))
            ),
            "Your softmax does not run over the words. At each position the probabilities of the V words add up to 1.",
        ),
        "no softmax": (
            (
                lambda scores, words, chosen: -_right_score(scores, words)[chosen].mean(),
                lambda scores, words, chosen: -np.log(_right_score(scores, words))[chosen].mean(),
            ),
            "You took scores for log-probabilities, or for probabilities. They go through a softmax first.",
        ),
        "probabilities": (
            (
                _of(lambda losses, chosen: np.exp(-losses)[chosen].mean()),
                _of(lambda losses, chosen: 1 - np.exp(-losses)[chosen].mean()),
            ),
            "The logarithm is missing: that is a mean of probabilities.",
        ),
        "log of the mean": (
            _of(lambda losses, chosen: -np.log(np.exp(-losses)[chosen].mean())),
            "That is −log of the mean probability. Take the logarithm of each first, then the mean.",
        ),
        "bits": (
            _of(lambda losses, chosen: losses[chosen].mean() / np.log(2)),
            "That is in bits. The loss is in nats: the natural logarithm.",
        ),
        "perplexity": (
            _of(lambda losses, chosen: np.exp(losses[chosen].mean())),
            "That is the perplexity. The loss is its logarithm.",
        ),
        "scores set to 0": (
            (
                lambda scores, words, chosen: _losses(scores * chosen[..., None], words).mean(),
                lambda scores, words, chosen: _losses(scores * chosen[..., None], words).sum() / chosen.sum(),
            ),
            "You set the scores to 0 where nothing is asked. Equal scores still have a loss, ln V: leave these "
            "positions out of the mean.",
        ),
    },
    prompt="Return a number and run the cell again.",
)
