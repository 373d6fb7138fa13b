"""The practice of chapter 1, sequences need memory: right answers, and the usual wrong ones."""

from __future__ import annotations

import numpy as np

from seqlib.exercises.checker import Exercise

__all__ = ["entropy_nats", "floor_and_chance", "perplexity", "smoothed"]

_RNG = np.random.default_rng(1)


def _entropy(p: np.ndarray) -> float:
    positive = p[p > 0]
    return float(-(positive * np.log(positive)).sum())


entropy_nats = Exercise(
    "entropy_nats",
    _entropy,
    [(np.array([0.5, 0.25, 0.25]),), (np.array([0.7, 0.0, 0.2, 0.1]),), (_RNG.dirichlet(np.ones(6)),)],
    wrong={
        "sign": (
            lambda p: -_entropy(p),
            "The sign is missing: logarithms of probabilities are negative, entropy is not.",
        ),
        "bits": (
            lambda p: _entropy(p) / np.log(2),
            "That is the entropy in bits. For nats take the natural logarithm, np.log.",
        ),
        "unweighted": (
            lambda p: float(-np.log(p[p > 0]).sum()),
            "You added up the surprises. The entropy is their mean, so weigh each by its probability.",
        ),
        "plain mean": (
            lambda p: float(-np.log(p[p > 0]).mean()),
            "You weighed all words alike. Weigh each surprise by the probability of its word.",
        ),
        "perplexity": (lambda p: float(np.exp(_entropy(p))), "That is the perplexity, the exponential of the entropy."),
        "nan": (
            lambda p: float(-(p * np.log(np.where(p > 0, p, np.nan))).sum()),
            "A probability of 0 gives NaN, since 0 · log 0 is not a number for NumPy. Leave such words out.",
        ),
    },
)


def _surprises(B: int, T: int) -> tuple[np.ndarray, np.ndarray]:
    lengths = _RNG.integers(1, T, B)
    lengths[0] = T
    return np.log(_RNG.uniform(0.05, 0.9, (B, T))), np.arange(T) < lengths[:, None]


perplexity = Exercise(
    "perplexity",
    lambda log_p, mask: float(np.exp(-log_p[mask].mean())),
    [_surprises(3, 5), _surprises(2, 4), _surprises(4, 6)],
    wrong={
        "no mask": (
            lambda log_p, mask: float(np.exp(-log_p.mean())),
            "The mask is not used, so padding counts as words.",
        ),
        "padding counts": (
            lambda log_p, mask: float(np.exp(-(log_p * mask).mean())),
            "You set the padding to 0 but divide by all positions. Divide by the number of real ones.",
        ),
        "mean of exp": (
            lambda log_p, mask: float(np.exp(-log_p[mask]).mean()),
            "You took the mean of the exponentials. First average the surprises, then take the exponential.",
        ),
        "mean of sentences": (
            lambda log_p, mask: float(np.exp(-((log_p * mask).sum(1) / mask.sum(1)).mean())),
            "You averaged over sentences first, so a word of a short sentence counts more. Average over words.",
        ),
        "base 2": (
            lambda log_p, mask: float(2 ** (-log_p[mask].mean())),
            "The log-probabilities are natural logarithms, so the base is e, not 2.",
        ),
        "sign": (
            lambda log_p, mask: float(np.exp(log_p[mask].mean())),
            "The sign is missing: perplexity is at least 1.",
        ),
        "no exp": (
            lambda log_p, mask: float(-log_p[mask].mean()),
            "That is the cross-entropy in nats. The perplexity is its exponential.",
        ),
    },
)

smoothed = Exercise(
    "smoothed",
    lambda counts, alpha: (counts + alpha) / (counts.sum() + alpha * len(counts)),
    [(np.array([3.0, 0.0, 1.0]), 0.5), (np.array([0.0, 0.0, 0.0, 0.0]), 1.0), (np.array([5.0, 2.0]), 0.1)],
    wrong={
        "denominator": (
            lambda counts, alpha: (counts + alpha) / max(counts.sum(), 1),
            "The result does not add up to 1: each of the V words got α, so the total grows by α V.",
        ),
        "one alpha": (
            lambda counts, alpha: (counts + alpha) / (counts.sum() + alpha),
            "You added α once to the total. Each of the V words got it, so add α V.",
        ),
        "add one": (
            lambda counts, alpha: (counts + 1) / (counts.sum() + len(counts)),
            "You added 1, not α.",
        ),
        "not smoothed": (
            lambda counts, alpha: counts / max(counts.sum(), 1),
            "That is the plain frequency: words that were not seen get 0, and then infinite surprise.",
        ),
        "alpha below only": (
            lambda counts, alpha: counts / (counts.sum() + alpha * len(counts)),
            "You added α below and not above: each count gets its α, then the row adds up to 1.",
        ),
        "seen words": (
            lambda counts, alpha: (counts + alpha) / (counts.sum() + alpha * max((counts > 0).sum(), 1)),
            "You counted only the words that were seen. V is the size of the whole vocabulary.",
        ),
    },
)


def _floor_and_chance(p_cue: np.ndarray, p_answer: np.ndarray) -> tuple[float, float]:
    floor = float(sum(p * _entropy(row) for p, row in zip(p_cue, p_answer, strict=True)))
    return floor, _entropy(p_cue @ p_answer)


def _game(C: int, A: int) -> tuple[np.ndarray, np.ndarray]:
    return _RNG.dirichlet(np.ones(C)), _RNG.dirichlet(np.ones(A), size=C)


floor_and_chance = Exercise(
    "floor_and_chance",
    _floor_and_chance,
    [_game(3, 4), _game(2, 2), (np.array([0.9, 0.1]), np.array([[0.5, 0.5], [0.9, 0.1]]))],
    wrong={
        "plain mean": (
            lambda c, a: (float(np.mean([_entropy(row) for row in a])), _entropy(c @ a)),
            "In the floor all cues count alike. Weigh the entropy of each by the probability of its cue.",
        ),
        "plain chance": (
            lambda c, a: (_floor_and_chance(c, a)[0], _entropy(a.mean(0))),
            "In chance all cues count alike. The overall distribution is p_cue @ p_answer.",
        ),
        "exchanged": (lambda c, a: _floor_and_chance(c, a)[::-1], "They are exchanged: the floor is the lower one."),
        "joint": (
            lambda c, a: (_entropy((c[:, None] * a).ravel()), _entropy(c @ a)),
            "Your floor is the entropy of cue and answer together. The cue is known, so leave its entropy out.",
        ),
        "uniform": (
            lambda c, a: (_floor_and_chance(c, a)[0], float(np.log(a.shape[1]))),
            "Your chance is for a player who knows nothing. One without the cue still knows the overall frequencies.",
        ),
        "zero floor": (
            lambda c, a: (0.0, _entropy(c @ a)),
            "The floor is not 0: even who knows the cue is surprised by the answer.",
        ),
    },
)
