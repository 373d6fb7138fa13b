"""The practice of chapter 11: the loss of padded translations, in which the end is a token like the others."""

from __future__ import annotations

import numpy as np

from seqlib.exercises.checker import Exercise

__all__ = ["sequence_loss"]

_RNG = np.random.default_rng(2014)


def _case(eos: int, *rows: list[int], V: int) -> tuple[np.ndarray, np.ndarray, int]:
    """Logits (B, T, V) and targets, each row filled up with eos."""
    T = max(map(len, rows)) + 1
    y = np.array([row + [eos] * (T - len(row)) for row in rows])
    return _RNG.normal(0, 1.5, (*y.shape, V)).round(2), y, eos


def _log_softmax(logits: np.ndarray, axis: int | tuple[int, ...] | None = -1) -> np.ndarray:
    return logits - np.log(np.exp(logits).sum(axis, keepdims=True))


def _picked(scores: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.take_along_axis(scores, y[..., None], -1)[..., 0]


def _surprises(logits: np.ndarray, y: np.ndarray) -> np.ndarray:
    return -_picked(_log_softmax(logits), y)


def _counts(y: np.ndarray, eos: int) -> np.ndarray:
    """True up to the first EOS of each row, and at it."""
    ended = np.cumsum(y == eos, 1)
    return ended - (y == eos) == 0


def _loss(logits: np.ndarray, y: np.ndarray, eos: int) -> float:
    return float(_surprises(logits, y)[_counts(y, eos)].mean())


def _sum(logits: np.ndarray, y: np.ndarray, eos: int) -> float:
    return float(_surprises(logits, y)[_counts(y, eos)].sum())


def _by_row(logits: np.ndarray, y: np.ndarray, eos: int) -> np.ndarray:
    mask = _counts(y, eos)
    return (_surprises(logits, y) * mask).sum(1) / mask.sum(1)


sequence_loss = Exercise(
    "sequence_loss",
    _loss,
    [
        _case(2, [3, 5, 4], [4], [5, 3], V=6),
        _case(1, [3, 4, 0, 2], [2, 0], V=5),
        _case(3, [4, 1], [5, 6, 1, 4], [6, 6, 2], V=7),
    ],
    wrong={
        "end not counted": (
            lambda logits, y, eos: _surprises(logits, y)[y != eos].mean(),
            "With the padding you left out the EOS that ends each row. The first EOS counts; those after it do not.",
        ),
        "end in the divisor alone": (
            lambda logits, y, eos: _surprises(logits, y)[y != eos].sum() / _counts(y, eos).sum(),
            "EOS is in your divisor, but not in the sum.",
        ),
        "end in the sum alone": (
            lambda logits, y, eos: _sum(logits, y, eos) / (y != eos).sum(),
            "EOS is in your sum, but not in the divisor.",
        ),
        "padding counted": (
            lambda logits, y, eos: _surprises(logits, y).mean(),
            "You counted the padding. After the first EOS of a row nothing counts.",
        ),
        "padding in the divisor": (
            lambda logits, y, eos: (_surprises(logits, y) * _counts(y, eos)).mean(),
            "The padding is out of the sum, but still in the divisor. Divide by the number of tokens that count.",
        ),
        "padding in the sum": (
            lambda logits, y, eos: _surprises(logits, y).sum() / _counts(y, eos).sum(),
            "The padding is out of the divisor, but still in the sum.",
        ),
        "padding alone": (
            lambda logits, y, eos: _surprises(logits, y)[~_counts(y, eos)].mean(),
            "You took the mean over the padding. Turn the mask over.",
        ),
        "ends alone": (
            lambda logits, y, eos: _surprises(logits, y)[_counts(y, eos) & (y == eos)].mean(),
            "That is the loss at EOS alone. The words before it count as well.",
        ),
        "mean of means": (
            lambda logits, y, eos: _by_row(logits, y, eos).mean(),
            "You took the mean of the sentences' means. All tokens go into one mean.",
        ),
        "per sentence": (
            lambda logits, y, eos: _sum(logits, y, eos) / len(y),
            "You divided by the number of sentences. Divide by the number of tokens that count.",
        ),
        "sum": (_sum, "That is the sum. Divide it by the number of tokens that count."),
        "one number a row": (
            (_by_row, lambda logits, y, eos: (_surprises(logits, y) * _counts(y, eos)).sum(1)),
            "That is a number for each sentence. Asked for is one number.",
        ),
        "sign": (
            lambda logits, y, eos: -_loss(logits, y, eos),
            "The sign is wrong. A loss is minus a logarithm of a probability.",
        ),
        "no softmax": (
            lambda logits, y, eos: -_picked(logits, y)[_counts(y, eos)].mean(),
            "Logits are not yet logarithms of probabilities. Take the log-softmax first.",
        ),
        "softmax of another axis": (
            (
                lambda logits, y, eos: -_picked(_log_softmax(logits, 1), y)[_counts(y, eos)].mean(),
                lambda logits, y, eos: -_picked(_log_softmax(logits, 0), y)[_counts(y, eos)].mean(),
                lambda logits, y, eos: -_picked(_log_softmax(logits, None), y)[_counts(y, eos)].mean(),
                lambda logits, y, eos: -_picked(_log_softmax(logits, (1, 2)), y)[_counts(y, eos)].mean(),
            ),
            "Your softmax is over another axis. At each step the probabilities of all words sum to 1: the last axis.",
        ),
        "no logarithm": (
            lambda logits, y, eos: -np.exp(-_surprises(logits, y))[_counts(y, eos)].mean(),
            "You averaged probabilities. The loss is minus the logarithm of each.",
        ),
        "logarithm last": (
            lambda logits, y, eos: -np.log(np.exp(-_surprises(logits, y))[_counts(y, eos)].mean()),
            "You took the mean of the probabilities and then the logarithm. The logarithm comes first.",
        ),
        "bits": (lambda logits, y, eos: _loss(logits, y, eos) / np.log(2), "That is in bits. Take np.log."),
        "perplexity": (
            lambda logits, y, eos: np.exp(_loss(logits, y, eos)),
            "That is the perplexity, exp of the loss. Asked for is the loss.",
        ),
        "best word": (
            lambda logits, y, eos: -_log_softmax(logits).max(-1)[_counts(y, eos)].mean(),
            "You scored the most probable word. Score the word that stands in y.",
        ),
        "every word": (
            (
                lambda logits, y, eos: -_log_softmax(logits)[_counts(y, eos)].mean(),
                lambda logits, y, eos: -_log_softmax(logits)[_counts(y, eos)].sum(-1).mean(),
            ),
            "You scored all words of the vocabulary. At each step the one in y counts.",
        ),
        "shifted again": (
            (
                lambda logits, y, eos: _surprises(logits[:, :-1], y[:, 1:])[_counts(y, eos)[:, 1:]].mean(),
                lambda logits, y, eos: _surprises(logits[:, 1:], y[:, :-1])[_counts(y, eos)[:, :-1]].mean(),
            ),
            "You shifted y against the logits. They belong together step by step: logits[b, t] are those for y[b, t].",
        ),
    },
    prompt="Return one number and run the cell again.",
)
