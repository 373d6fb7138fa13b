"""The practice of chapter 12: how far the weights of attention are from alignments that people drew."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from seqlib.exercises.checker import Exercise

__all__ = ["aer"]

_RNG = np.random.default_rng(2003)
Links = set[tuple[int, int]]
Corpus = tuple[list[np.ndarray], list[Links], list[Links]]


def _corpus(*shapes: tuple[int, int]) -> Corpus:
    """Weights that often, but not always, agree with the gold, which has at most one sure link for a target word."""
    weights, sure, possible = [], [], []
    for T, words in shapes:
        gold = _RNG.integers(words, size=T)
        e = _RNG.normal(0, 1, (T, words))
        e[np.arange(T), gold] += 1.0
        p = np.exp(e)
        weights.append((p / p.sum(1, keepdims=True)).round(3))
        is_sure = _RNG.random(T) < 0.7
        sure.append({(int(i), t) for t, i in enumerate(gold) if is_sure[t]})
        wider = {(int(i), t) for t, i in enumerate(gold)} | {(int(_RNG.integers(words)), t) for t in range(0, T, 2)}
        possible.append(wider)
    return weights, sure, possible


def _best(weights: np.ndarray) -> Links:
    """The links (i, t), source and target: for each row t the place i of the largest weight."""
    return {(int(i), t) for t, i in enumerate(weights.argmax(1))}


def _of_columns(weights: np.ndarray) -> Links:
    return {(i, int(t)) for i, t in enumerate(weights.argmax(0))}


def _where(chosen: np.ndarray) -> Links:
    return {(int(i), int(t)) for t, i in np.argwhere(chosen)}


def _turned(links: Links) -> Links:
    return {(t, i) for i, t in links}


def _counts(links: Callable[[np.ndarray], Links], corpus: Corpus) -> np.ndarray:
    """For each sentence |A|, |S|, |P|, |A ∩ S|, |A ∩ P|: (N, 5)."""
    rows = []
    for weights, S, P in zip(*corpus, strict=True):
        A = links(weights)
        rows.append([len(A), len(S), len(P), len(A & S), len(A & P)])
    return np.array(rows, dtype=float)


def _rate(counts: np.ndarray) -> float:
    A, S, _, AS, AP = counts.sum(0)
    return float(1 - (AS + AP) / (A + S))


def _aer(weights: list[np.ndarray], sure: list[Links], possible: list[Links]) -> float:
    return _rate(_counts(_best, (weights, sure, possible)))


def _merged(weights: list[np.ndarray], sure: list[Links], possible: list[Links]) -> float:
    """The rate of all links in one set, where two of different sentences are the same."""
    A, S, P = set().union(*map(_best, weights)), set().union(*sure), set().union(*possible)
    return 1 - (len(A & S) + len(A & P)) / (len(A) + len(S))


def _with(links: Callable[[np.ndarray], Links]) -> Callable[..., float]:
    """The rate of other links."""
    return lambda *corpus: _rate(_counts(links, corpus))


def _of(formula: Callable[..., float]) -> Callable[..., float]:
    """Another formula of |A|, |S|, |P|, |A ∩ S|, |A ∩ P| of the corpus."""
    return lambda *corpus: formula(*_counts(_best, corpus).sum(0))


def _harmonic(a: float, b: float) -> float:
    return 2 * a * b / (a + b)


aer = Exercise(
    "aer",
    _aer,
    [_corpus((5, 4), (3, 6)), _corpus((4, 4)), _corpus((6, 5), (4, 3), (5, 5)), _corpus((7, 5), (3, 3))],
    wrong={
        "best of each column": (
            (
                _with(_of_columns),
                _with(lambda weights: _turned(_of_columns(weights))),
            ),
            "You took the best target word for each source word. The link of target word t is the largest of row t.",
        ),
        "transposed": (
            _with(lambda weights: _turned(_best(weights))),
            "Your links are (target, source). Those of the gold are (source, target): (i, t).",
        ),
        "agreement": (
            _of(lambda A, S, P, AS, AP: (AS + AP) / (A + S)),
            "That is how much agrees. The error is 1 minus that.",
        ),
        "possible links are missed": (
            (
                _of(lambda A, S, P, AS, AP: 1 - (AS + AP) / (A + P)),
                _of(lambda A, S, P, AS, AP: 1 - (AS + AP) / (A + S + P)),
                _of(lambda A, S, P, AS, AP: 1 - (AS + AP) / (S + P)),
            ),
            "You divided by the possible links as well: sure and possible are swapped, or added. "
            "A possible link that is not found is no error: divide by the links found plus the sure ones.",
        ),
        "possible links are errors": (
            (
                _of(lambda A, S, P, AS, AP: 1 - 2 * AS / (A + S)),
                _of(lambda A, S, P, AS, AP: 1 - AS / (A + S)),
            ),
            "You counted the sure links alone. A link that is found and possible is no error: it counts as well.",
        ),
        "all possible links are sure": (
            (
                _of(lambda A, S, P, AS, AP: 1 - 2 * AP / (A + P)),
                _of(lambda A, S, P, AS, AP: 1 - 2 * AP / (A + S)),
            ),
            "You counted the possible links alone. Sure ones that are found count twice: as sure, and as possible.",
        ),
        "possible without sure": (
            _of(lambda A, S, P, AS, AP: 1 - AP / (A + S)),
            "A sure link is also a possible one: if it is found, it counts twice, as sure and as possible.",
        ),
        "precision": (
            (_of(lambda A, S, P, AS, AP: 1 - AP / A), _of(lambda A, S, P, AS, AP: AP / A)),
            "That is the precision, or 1 minus it. A sure link that is not found is an error as well.",
        ),
        "recall": (
            (_of(lambda A, S, P, AS, AP: 1 - AS / S), _of(lambda A, S, P, AS, AP: AS / S)),
            "That is the recall, or 1 minus it. A link that is found and not possible is an error as well.",
        ),
        "F-measure": (
            (
                _of(lambda A, S, P, AS, AP: 1 - _harmonic(AP / A, AS / S)),
                _of(lambda A, S, P, AS, AP: _harmonic(AP / A, AS / S)),
                _of(lambda A, S, P, AS, AP: 2 * AS / (A + S)),
                _of(lambda A, S, P, AS, AP: 1 - (AP / A + AS / S) / 2),
            ),
            "That is a mean of precision and recall, as the F-measure is. The rate adds up the links "
            "that are found and sure, and found and possible, and divides once, by those found plus those sure.",
        ),
        "mean over sentences": (
            (
                lambda *corpus: float(np.mean([_rate(row[None]) for row in _counts(_best, corpus)])),
                lambda *corpus: float(np.sum([_rate(row[None]) for row in _counts(_best, corpus)])),
            ),
            "You took the mean of the sentences' rates, or their sum. Add up the counts first, then divide once.",
        ),
        "sentences in one set": (
            _merged,
            "You put the links of all sentences into one set, where (0, 1) of one sentence is (0, 1) of the next. "
            "Count sentence by sentence.",
        ),
        "one number a sentence": (
            lambda *corpus: [_rate(row[None]) for row in _counts(_best, corpus)],
            "That is a rate for each sentence. Asked for is one for all.",
        ),
        "one sentence": (
            (
                lambda *corpus: _rate(_counts(_best, corpus)[:1]),
                lambda *corpus: _rate(_counts(_best, corpus)[-1:]),
            ),
            "That is the rate of one sentence. Add up the counts of all.",
        ),
        "threshold": (
            (
                _with(lambda weights: _where(weights > 0.5)),
                _with(lambda weights: _where(weights > 1 / weights.shape[1])),
                _with(lambda weights: _where(weights > weights.mean())),
                _with(lambda weights: _where(weights > 0.1)),
                _with(lambda weights: _where(weights > 0.25)),
            ),
            "You took every weight above a threshold. Each target word has one link here, its largest weight.",
        ),
        "all links": (
            _with(lambda weights: _where(weights >= 0)),
            "You linked every pair. Each target word has one link here, its largest weight.",
        ),
        "largest of all": (
            _with(lambda weights: _where(weights == weights.max())),
            "You linked one pair of the whole sentence. Each target word has a link: the largest of its row.",
        ),
        "from 1": (
            (
                _with(lambda weights: {(i + 1, t + 1) for i, t in _best(weights)}),
                _with(lambda weights: {(i, t + 1) for i, t in _best(weights)}),
                _with(lambda weights: {(i + 1, t) for i, t in _best(weights)}),
            ),
            "You count words from 1. The links of the gold count from 0.",
        ),
        "smallest": (
            _with(lambda weights: _best(-weights)),
            "You linked the smallest weight of each row. Take the largest.",
        ),
        "count": (
            (
                _of(lambda A, S, P, AS, AP: A + S - AS - AP),
                _of(lambda A, S, P, AS, AP: AS + AP),
            ),
            "That is a number of links. Divide by the number of links found plus that of sure links.",
        ),
        "percent": (
            lambda *corpus: 100 * _aer(*corpus),
            "That is in percent. The rate is a number from 0 to 1.",
        ),
        "minus": (
            _of(lambda A, S, P, AS, AP: (AS + AP) / (A + S) - 1),
            "The sign is wrong: the error is 1 minus the agreement.",
        ),
    },
    prompt="Return one number and run the cell again.",
)
