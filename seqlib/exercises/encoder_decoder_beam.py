"""The practice of chapter 11: one step of beam search, and the order of hypotheses of several lengths."""

from __future__ import annotations

from typing import Any

import numpy as np

from seqlib.exercises.checker import Exercise

__all__ = ["beam_step", "rank"]

_RNG = np.random.default_rng(18)
Chosen = tuple[np.ndarray, np.ndarray, np.ndarray]


def _beam(scores: list[float], finished: list[int], eos: int, V: int) -> tuple[Any, ...]:
    p = _RNG.dirichlet(np.full(V, 0.9), len(scores)).clip(0.01)
    return np.array(scores), np.log(p / p.sum(1, keepdims=True)).round(2), np.isin(range(len(scores)), finished), eos


def _totals(scores: np.ndarray, log_p: np.ndarray, finished: np.ndarray, eos: int, *, cost: float = 0.0) -> np.ndarray:
    """(K, V): the score of every continuation; a finished hypothesis takes EOS again, and nothing else."""
    totals = scores[:, None] + log_p
    totals[finished] = -np.inf
    totals[finished, eos] = scores[finished] + cost * log_p[finished, eos]
    return totals


def _best(totals: np.ndarray, K: int, *, order: Any = lambda flat: np.argsort(-flat)) -> Chosen:
    parents, tokens = np.divmod(order(totals.ravel())[:K], totals.shape[1])
    return parents, tokens, totals[parents, tokens]


def _right(scores: np.ndarray, log_p: np.ndarray, finished: np.ndarray, eos: int) -> Chosen:
    return _best(_totals(scores, log_p, finished, eos), len(scores))


def _greedy(totals: np.ndarray, by_score: bool) -> Chosen:
    tokens, scores = totals.argmax(1), totals.max(1)
    order = np.argsort(-scores) if by_score else np.arange(len(scores))
    return order, tokens[order], scores[order]


def _free(scores: np.ndarray, log_p: np.ndarray, finished: np.ndarray, eos: int) -> np.ndarray:
    return np.where(finished[:, None], scores[:, None], scores[:, None] + log_p)


def _without(scores: np.ndarray, log_p: np.ndarray, finished: np.ndarray, eos: int) -> np.ndarray:
    return np.where(finished[:, None], -np.inf, scores[:, None] + log_p)


def _unsorted(flat: np.ndarray, K: int) -> np.ndarray:
    return np.sort(np.argsort(-flat)[:K])


def _by_K(totals: np.ndarray, K: int, order: np.ndarray) -> Chosen:
    return order // K, order % K, totals.ravel()[order]


beam_step = Exercise(
    "beam_step",
    _right,
    [
        _beam([-0.9, -1.2, -1.6], [], 1, V=5),
        _beam([-1.1, -1.3, -1.4, -2.6], [1], 2, V=6),
        _beam([-1.8, -1.9, -2.0], [0, 2], 0, V=4),
        _beam([-0.7, -0.9, -3.9, -5.2], [2, 3], 3, V=5),  # the finished ones fall out
    ],
    wrong={
        "finished ones go on": (
            lambda scores, log_p, finished, eos: _best(scores[:, None] + log_p, len(scores)),
            "You extend finished hypotheses like the others. They have one continuation: eos, with the score they had.",
        ),
        "finished ones dropped": (
            lambda scores, log_p, finished, eos: _best(_without(scores, log_p, finished, eos), len(scores)),
            "The finished hypotheses are gone. Each stays among the candidates, once, with the score it had.",
        ),
        "finished ones stay V times": (
            lambda scores, log_p, finished, eos: _best(_free(scores, log_p, finished, eos), len(scores)),
            "You keep a finished hypothesis once for each symbol. It stays once, with eos.",
        ),
        "finished ones pay": (
            lambda scores, log_p, finished, eos: _best(_totals(scores, log_p, finished, eos, cost=1.0), len(scores)),
            "You let a finished hypothesis pay for eos once more. Its score stays as it is.",
        ),
        "one for each": (
            (
                lambda *given: _greedy(_totals(*given), True),
                lambda *given: _greedy(_totals(*given), False),
                lambda scores, log_p, finished, eos: _greedy(scores[:, None] + log_p, True),
                lambda scores, log_p, finished, eos: _greedy(scores[:, None] + log_p, False),
            ),
            "You take the best continuation of each hypothesis. All continuations of all hypotheses compete.",
        ),
        "scores so far left out": (
            (
                lambda scores, log_p, finished, eos: _best(_totals(0 * scores, log_p, finished, eos), len(scores)),
                lambda scores, log_p, finished, eos: _best(log_p, len(scores)),
            ),
            "You compare the last symbols alone. The score of a continuation is that of its hypothesis plus log_p.",
        ),
        "multiplied": (
            lambda scores, log_p, finished, eos: _best(scores[:, None] * log_p, len(scores)),
            "You multiplied logarithms. Probabilities are multiplied; their logarithms are added.",
        ),
        "worst": (
            lambda scores, log_p, finished, eos: _best(
                _totals(scores, log_p, finished, eos), len(scores), order=np.argsort
            ),
            "You took the worst. A larger log-probability is a better one: argsort begins with the smallest.",
        ),
        "best last": (
            lambda *given: tuple(array[::-1] for array in _right(*given)),
            "Yours are the right ones, but the best comes last. It comes first.",
        ),
        "not sorted": (
            lambda *given: _best(_totals(*given), len(given[0]), order=lambda flat: _unsorted(flat, len(given[0]))),
            "Yours are the right ones, in the order of the table. The best comes first.",
        ),
        "divided by the width": (
            lambda *given: _by_K(_totals(*given), len(given[0]), np.argsort(-_totals(*given).ravel())[: len(given[0])]),
            "A row of the flat table has V entries: i // V is the parent, i % V the symbol. You divided by K.",
        ),
        "swapped": (
            lambda *given: (_right(*given)[1], _right(*given)[0], _right(*given)[2]),
            "Parents and tokens are swapped: the hypothesis comes first, then the symbol.",
        ),
        "last cost alone": (
            lambda *given: (*_right(*given)[:2], _right(*given)[2] - given[0][_right(*given)[0]]),
            "The choice is right. The scores returned are those of the last symbol; add those of the parents.",
        ),
        "old scores": (
            lambda *given: (*_right(*given)[:2], given[0][_right(*given)[0]]),
            "The choice is right. The scores returned are those of the parents; add log_p of the new symbol.",
        ),
        "probabilities": (
            lambda *given: (*_right(*given)[:2], np.exp(_right(*given)[2])),
            "The choice is right, but the scores are logarithms and stay so.",
        ),
        "flat": (
            lambda *given: (np.argsort(-_totals(*given).ravel())[: len(given[0])], *_right(*given)[1:]),
            "Your parents are places in the flat table. Divide by V for the row.",
        ),
        "one by one": (
            lambda *given: list(zip(*_right(*given), strict=True)),
            "Yours is one triple for each continuation. Return three arrays: all parents, all tokens, all scores.",
        ),
    },
    prompt="Return three arrays of shape (K,) and run the cell again.",
)


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
            lambda log_p, lengths, alpha: np.argsort(_first(_scores(log_p, lengths, alpha))),
            "Yours says which place each one takes. Asked for is which one takes each place.",
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
