"""The practice of chapter 11: one step of beam search."""

from __future__ import annotations

from typing import Any

import numpy as np

from seqlib.exercises.checker import Exercise

__all__ = ["beam_step"]

_RNG = np.random.default_rng(7)
Chosen = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def _beam(scores: list[float], eos: int, width: int, V: int) -> tuple[Any, ...]:
    p = _RNG.dirichlet(np.full(V, 1.2), len(scores)).clip(0.01)
    return np.array(scores), np.log(p / p.sum(1, keepdims=True)).round(2), eos, width


def _best(totals: np.ndarray, eos: int, width: int, *, order: Any = lambda flat: np.argsort(-flat)) -> Chosen:
    parents, tokens = np.divmod(order(totals.ravel())[:width], totals.shape[1])
    return parents, tokens, totals[parents, tokens], tokens == eos


def _step(scores: np.ndarray, log_p: np.ndarray, eos: int, width: int) -> Chosen:
    return _best(scores[:, None] + log_p, eos, width)


def _greedy(scores: np.ndarray, log_p: np.ndarray, eos: int, width: int, *, by_score: bool = True) -> Chosen:
    tokens, totals = log_p.argmax(1), scores + log_p.max(1)
    order = np.argsort(-totals)[:width] if by_score else np.arange(len(scores))[:width]
    return order, tokens[order], totals[order], tokens[order] == eos


def _without_end(scores: np.ndarray, log_p: np.ndarray, eos: int, width: int) -> Chosen:
    words = scores[:, None] + np.where(np.arange(log_p.shape[1]) == eos, -np.inf, log_p)
    return _best(words, eos, width)


def _ends_beside(scores: np.ndarray, log_p: np.ndarray, eos: int, width: int) -> Chosen:
    """The best words of all, as many as the width, and beside them the ends that stand between them."""
    totals = scores[:, None] + log_p
    flat = np.argsort(-totals.ravel())
    words = np.cumsum(flat % log_p.shape[1] != eos)
    return _best(totals, eos, int(np.searchsorted(words, width)) + 1)


def _of_each(scores: np.ndarray, log_p: np.ndarray, eos: int, width: int) -> Chosen:
    """`width` continuations of each hypothesis, one hypothesis after the other."""
    kept = np.argsort(-log_p)[:, :width]
    parents, tokens = np.repeat(np.arange(len(scores)), kept.shape[1]), kept.ravel()
    return parents, tokens, (scores[:, None] + log_p)[parents, tokens], tokens == eos


def _along_the_symbols(scores: np.ndarray, log_p: np.ndarray, eos: int, width: int) -> Chosen:
    """Stops with a ValueError, but where there is one hypothesis, or as many as there are symbols."""
    return _best(scores + log_p, eos, width)


def _of_the_best(scores: np.ndarray, log_p: np.ndarray, eos: int, width: int) -> Chosen:
    """The best continuations of the one hypothesis that is best so far."""
    alone = np.where(np.arange(len(scores)) == scores.argmax(), scores, -np.inf)
    return _best(alone[:, None] + log_p, eos, width)


def _divided(scores: np.ndarray, log_p: np.ndarray, eos: int, width: int, by: int) -> Chosen:
    totals = (scores[:, None] + log_p).ravel()
    flat = np.argsort(-totals)[:width]
    return flat // by, flat % by, totals[flat], flat % by == eos


beam_step = Exercise(
    "beam_step",
    _step,
    [
        _beam([-0.9, -1.2, -1.6], 1, 4, V=5),
        _beam([-1.1, -1.3, -1.4, -1.9], 2, 3, V=6),
        _beam([-0.4], 0, 2, V=4),  # the first step: one hypothesis
        _beam([-0.7, -0.9], 3, 4, V=5),
        _beam([-0.8, -1.1, -1.3, -1.5], 1, 3, V=4),  # a square table: scores + log_p does not stop
    ],
    wrong={
        "one for each": (
            (_greedy, lambda *given: _greedy(*given, by_score=False)),
            "You take the best continuation of each hypothesis. All continuations of all hypotheses compete.",
        ),
        "scores along the symbols": (
            _along_the_symbols,
            "Each score belongs to a row of log_p: scores[:, None] + log_p. Yours run along the symbols.",
        ),
        "best hypothesis alone": (
            _of_the_best,
            "You continue the best hypothesis alone. All continuations of all hypotheses compete.",
        ),
        "scores so far left out": (
            lambda scores, log_p, eos, width: _best(log_p, eos, width),
            "You compare the last symbols alone. The score of a continuation is that of its hypothesis plus log_p.",
        ),
        "multiplied": (
            lambda scores, log_p, eos, width: _best(scores[:, None] * log_p, eos, width),
            "You multiplied logarithms. Probabilities are multiplied; their logarithms are added.",
        ),
        "worst": (
            lambda scores, log_p, eos, width: _best(scores[:, None] + log_p, eos, width, order=np.argsort),
            "You took the worst. A larger log-probability is a better one: argsort begins with the smallest.",
        ),
        "best last": (
            lambda *given: tuple(array[::-1] for array in _step(*given)),
            "Yours are the right ones, but the best comes last. It comes first.",
        ),
        "not sorted": (
            lambda scores, log_p, eos, width: _best(
                scores[:, None] + log_p, eos, width, order=lambda flat: np.sort(np.argsort(-flat)[:width])
            ),
            "Yours are the right ones, in the order of the table. The best comes first.",
        ),
        "as many as before": (
            lambda scores, log_p, eos, width: _step(scores, log_p, eos, len(scores)),
            "You keep as many as there were. Keep `width`: at the first step there is one, and some may have ended.",
        ),
        "some of each": (
            _of_each,
            "You keep the best of each hypothesis. The best of all are kept, from whichever hypothesis they come.",
        ),
        "end left out": (
            _without_end,
            "You left out EOS. It competes like every other symbol: one that takes it has ended.",
        ),
        "ends beside": (
            _ends_beside,
            "You kept more than `width`: those that end were not counted. They count at the step at which they end.",
        ),
        "end for nothing": (
            lambda scores, log_p, eos, width: _best(
                scores[:, None] + np.where(np.arange(log_p.shape[1]) == eos, 0, log_p), eos, width
            ),
            "You let EOS cost nothing. The end has a probability as well, and it belongs to the score.",
        ),
        "ended at the parents": (
            lambda *given: (*_step(*given)[:3], _step(*given)[0] == given[2]),
            "You compared the parents with eos. A hypothesis has ended if its new symbol is eos.",
        ),
        "not ended": (
            (
                lambda *given: (*_step(*given)[:3], ~_step(*given)[3]),
                lambda *given: (*_step(*given)[:3], np.zeros(given[3], bool)),
            ),
            "`ended` is True where the new symbol is eos, and False elsewhere.",
        ),
        "ended as numbers": (
            (
                lambda *given: (*_step(*given)[:3], 1 * _step(*given)[3]),
                lambda *given: (*_step(*given)[:3], np.flatnonzero(_step(*given)[3])),
            ),
            "`ended` holds numbers. It holds True and False, one for each that is kept.",
        ),
        "divided by another size": (
            (
                lambda scores, log_p, eos, width: _divided(scores, log_p, eos, width, by=width),
                lambda scores, log_p, eos, width: _divided(scores, log_p, eos, width, by=len(scores)),
            ),
            "A row of the table has V entries: i // V is the parent, i % V the symbol. You divided by another size.",
        ),
        "swapped": (
            lambda *given: (*_step(*given)[1::-1], *_step(*given)[2:]),
            "Parents and tokens are swapped: the hypothesis comes first, then the symbol.",
        ),
        "last cost alone": (
            lambda *given: (*_step(*given)[:2], _step(*given)[2] - given[0][_step(*given)[0]], _step(*given)[3]),
            "The choice is right. The scores returned are those of the last symbol; add those of the parents.",
        ),
        "old scores": (
            lambda *given: (*_step(*given)[:2], given[0][_step(*given)[0]], _step(*given)[3]),
            "The choice is right. The scores returned are those of the parents; add log_p of the new symbol.",
        ),
        "probabilities": (
            lambda *given: (*_step(*given)[:2], np.exp(_step(*given)[2]), _step(*given)[3]),
            "The choice is right, but the scores are logarithms and stay so.",
        ),
        "one by one": (
            lambda *given: list(zip(*_step(*given), strict=True)),
            "Yours is a tuple for each continuation. Return four arrays: parents, tokens, scores, ended.",
        ),
    },
    prompt="Return four arrays of shape (width,) and run the cell again.",
)
