"""The practice of chapter 11: the order of hypotheses that differ in length."""

from __future__ import annotations

import numpy as np

from seqlib.exercises.checker import Exercise

__all__ = ["rank"]

_RNG = np.random.default_rng(9)


def _sum(log_p: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    return np.where(np.arange(log_p.shape[1]) < lengths[:, None], log_p, 0).sum(1)


def _hypotheses(alpha: float, *lengths: int) -> tuple[np.ndarray, np.ndarray, float]:
    """Tokens (N, T), with anything at all in the padding; scores that are close, so that details matter."""
    n = np.array(lengths)
    log_p = -_RNG.uniform(0.1, 1.0, (len(n), n.max() + 1))
    log_p *= (_RNG.uniform(1.2, 2.0, len(n)) * n**alpha / -_sum(log_p, n))[:, None]
    return log_p.round(2), n, alpha


def _scores(log_p: np.ndarray, lengths: np.ndarray, alpha: float) -> np.ndarray:
    return _sum(log_p, lengths) / lengths**alpha


def _first(scores: np.ndarray) -> np.ndarray:
    return np.argsort(-scores)


rank = Exercise(
    "rank",
    lambda log_p, lengths, alpha: _first(_scores(log_p, lengths, alpha)),
    [_hypotheses(0.6, 3, 7, 4, 5, 8, 3), _hypotheses(0.8, 8, 5, 6, 3, 7, 4, 3), _hypotheses(0.5, 6, 4, 9, 3, 5, 7, 8)],
    wrong={
        "not normalised": (
            (
                lambda log_p, lengths, alpha: _first(_sum(log_p, lengths)),
                lambda log_p, lengths, alpha: _first(_sum(log_p, lengths) / log_p.shape[1] ** alpha),
            ),
            "Yours is the order of the sums, in which every token costs. Divide each by its own length to the alpha.",
        ),
        "multiplied": (
            lambda log_p, lengths, alpha: _first(_sum(log_p, lengths) * lengths**alpha),
            "You multiplied. The sums are negative: to make up for its length, a long one is divided.",
        ),
        "worst first": (
            lambda log_p, lengths, alpha: np.argsort(_scores(log_p, lengths, alpha)),
            "Yours begins with the worst. argsort begins with the smallest, and the largest is the best.",
        ),
        "alpha is 1": (
            (
                lambda log_p, lengths, alpha: _first(_scores(log_p, lengths, 1)),
                lambda log_p, lengths, alpha: _first(_scores(log_p, lengths, 1) / alpha),
                lambda log_p, lengths, alpha: _first(-(np.abs(_scores(log_p, lengths, 1)) ** alpha)),
            ),
            "Yours is the order for an alpha of 1. Divide the sum by the length to the power alpha.",
        ),
        "another divisor": (
            lambda log_p, lengths, alpha: _first(_sum(log_p, lengths) / ((5 + lengths) / 6) ** alpha),
            "You divided by ((5 + n) / 6) to the power alpha, which others do. Here it is n to the power alpha.",
        ),
        "padding counted": (
            lambda log_p, lengths, alpha: _first(log_p.sum(1) / lengths**alpha),
            "You added up the padding as well. Only the first lengths[i] tokens of row i count.",
        ),
        "padding counted, not normalised": (
            lambda log_p, lengths, alpha: _first(log_p.sum(1)),
            "You added up whole rows, padding and all, and divided by nothing.",
        ),
        "one over alpha": (
            lambda log_p, lengths, alpha: _first(_scores(log_p, lengths, 1 / alpha)),
            "You took the root: the length is taken to the power alpha, not 1 / alpha.",
        ),
        "probabilities": (
            lambda log_p, lengths, alpha: _first(np.exp(_sum(log_p, lengths)) / lengths**alpha),
            "You divided probabilities. It is their logarithms that are divided.",
        ),
        "by length": (
            (lambda log_p, lengths, alpha: np.argsort(-lengths), lambda log_p, lengths, alpha: np.argsort(lengths)),
            "Yours is the order of the lengths alone.",
        ),
        "places": (
            (
                lambda log_p, lengths, alpha: np.argsort(_first(_scores(log_p, lengths, alpha))),
                lambda log_p, lengths, alpha: np.argsort(_first(_scores(log_p, lengths, alpha))) + 1,
            ),
            "Yours says which place each one takes. Asked for is which one takes each place.",
        ),
        "numbered from 1": (
            lambda log_p, lengths, alpha: _first(_scores(log_p, lengths, alpha)) + 1,
            "Yours is the right order, but its numbers begin with 1. Rows are numbered from 0.",
        ),
        "scores": (
            lambda log_p, lengths, alpha: _scores(log_p, lengths, alpha),
            "Those are the scores. Asked for are the row numbers, the best first.",
        ),
        "scores in order": (
            lambda log_p, lengths, alpha: -np.sort(-_scores(log_p, lengths, alpha)),
            "Those are the scores in order. Asked for are the row numbers.",
        ),
        "best alone": (
            lambda log_p, lengths, alpha: _scores(log_p, lengths, alpha).argmax(),
            "That is the best one. Asked for is the order of all.",
        ),
        "last token left out": (
            (
                lambda log_p, lengths, alpha: _first(_sum(log_p, lengths - 1) / lengths**alpha),
                lambda log_p, lengths, alpha: _first(_sum(log_p, lengths - 1) / (lengths - 1) ** alpha),
                lambda log_p, lengths, alpha: _first(_sum(log_p, lengths) / (lengths - 1) ** alpha),
            ),
            "You left out EOS, in the sum or in the length. It is a token like the others.",
        ),
    },
    prompt="Return an array of N row numbers and run the cell again.",
)
