"""The practice of chapter 1, sequences need memory: right answers, and the usual wrong ones."""

from __future__ import annotations

import numpy as np

from seqlib.exercises.checker import Exercise

__all__ = ["entropy_nats", "floor_and_chance", "perplexity", "smoothed"]

_RNG = np.random.default_rng(1)


def _entropy(p: np.ndarray) -> float:
    return _naive(p[p > 0])


def _naive(p: np.ndarray) -> float:
    """The entropy as the formula stands: NaN if a probability is 0."""
    return float(-(p * np.log(p)).sum())


entropy_nats = Exercise(
    "entropy_nats",
    _entropy,
    [(_RNG.dirichlet(np.ones(3)),), (np.array([0.7, 0.0, 0.2, 0.1]),), (_RNG.dirichlet(np.ones(6)),)],
    wrong={
        "nan": (
            _naive,
            "A probability of 0 gives NaN, since 0 · log 0 is not a number for NumPy. Leave such words out.",
        ),
        "sign": (
            (lambda p: -_entropy(p), lambda p: -_naive(p)),
            "The sign is missing: logarithms of probabilities are negative, entropy is not.",
        ),
        "bits": (
            (lambda p: _entropy(p) / np.log(2), lambda p: _naive(p) / np.log(2)),
            "That is the entropy in bits. For nats take the natural logarithm, np.log.",
        ),
        "unweighted": (
            (lambda p: -np.log(p[p > 0]).sum(), lambda p: -np.log(p).sum()),
            "You added up the surprises. The entropy is their mean, so weigh each by its probability.",
        ),
        "plain mean": (
            (lambda p: -np.log(p[p > 0]).mean(), lambda p: -np.log(p).mean()),
            "You weighted all words alike. Weight each surprise by the probability of its word.",
        ),
        "mean": (
            (lambda p: _entropy(p) / len(p), lambda p: _entropy(p) / (p > 0).sum(), lambda p: _naive(p) / len(p)),
            "You divided by the number of words. The probabilities are the weights of the mean already: take the sum.",
        ),
        "not summed": (
            (lambda p: -p[p > 0] * np.log(p[p > 0]), lambda p: -p * np.log(p)),
            "Those are the terms of the sum, one per word. The entropy is one number: add them up.",
        ),
        "perplexity": (
            (lambda p: np.exp(_entropy(p)), lambda p: np.exp(_naive(p))),
            "That is the perplexity, the exponential of the entropy.",
        ),
    },
)


def _surprises(B: int, T: int) -> tuple[np.ndarray, np.ndarray]:
    lengths = _RNG.integers(1, T, B)
    lengths[0] = T
    return np.log(_RNG.uniform(0.05, 0.9, (B, T))), np.arange(T) < lengths[:, None]


def _of_sentences(log_p: np.ndarray, mask: np.ndarray) -> np.ndarray:
    return np.asarray(-(log_p * mask).sum(1) / mask.sum(1))


perplexity = Exercise(
    "perplexity",
    lambda log_p, mask: float(np.exp(-log_p[mask].mean())),
    [_surprises(3, 5), _surprises(2, 4), _surprises(4, 6)],
    wrong={
        "no mask": (lambda log_p, mask: np.exp(-log_p.mean()), "The mask is not used, so padding counts as words."),
        "padding counts": (
            lambda log_p, mask: np.exp(-(log_p * mask).mean()),
            "You set the padding to 0 but divide by all positions. Divide by the number of real ones.",
        ),
        "the padding": (
            lambda log_p, mask: np.exp(-log_p[~mask].mean()),
            "You averaged over the padding. The mask is True where a position is real.",
        ),
        "sum": (
            (
                lambda log_p, mask: np.exp(-log_p[mask].sum()),
                lambda log_p, mask: np.exp(-(log_p * mask).sum(1).mean()),
            ),
            "You did not divide by the number of words, so a longer text looks harder. Take the mean surprise.",
        ),
        "mean of exp": (
            (
                lambda log_p, mask: np.exp(-log_p[mask]).mean(),
                lambda log_p, mask: 1 / np.exp(log_p[mask]).mean(),
            ),
            "You took the mean of p, or of 1/p. First average the surprises, then take the exponential.",
        ),
        "one a sentence": (
            (
                lambda log_p, mask: np.exp(_of_sentences(log_p, mask)),
                lambda log_p, mask: np.exp(-(log_p * mask).mean(1)),
                lambda log_p, mask: np.exp(-log_p.mean(1)),
            ),
            "You return one number per sentence. The perplexity is one number for all words together.",
        ),
        "mean of sentences": (
            (
                lambda log_p, mask: np.exp(_of_sentences(log_p, mask).mean()),
                lambda log_p, mask: np.exp(_of_sentences(log_p, mask)).mean(),
            ),
            "You averaged over sentences, so a word of a short sentence counts more. Average over all words at once.",
        ),
        "base 2": (
            lambda log_p, mask: 2 ** (-log_p[mask].mean()),
            "The log-probabilities are natural logarithms, so the base is e, not 2.",
        ),
        "sign": (lambda log_p, mask: np.exp(log_p[mask].mean()), "The sign is missing: perplexity is at least 1."),
        "no exp": (
            lambda log_p, mask: -log_p[mask].mean(),
            "That is the cross-entropy in nats. The perplexity is its exponential.",
        ),
        "log twice": (
            lambda log_p, mask: np.exp(-np.log(log_p[mask]).mean()),
            "You took the logarithm twice: log_p holds logarithms, which are negative and have none.",
        ),
    },
)

smoothed = Exercise(
    "smoothed",
    lambda counts, alpha: (counts + alpha) / (counts.sum() + alpha * len(counts)),
    [(np.array([3.0, 0.0, 1.0, 2.0]), 0.5), (np.zeros(4), 0.3), (np.array([5.0, 2.0, 0.0]), 0.1)],
    wrong={
        "denominator": (
            (
                lambda counts, alpha: (counts + alpha) / counts.sum(),
                lambda counts, alpha: (counts + alpha) / max(counts.sum(), 1),
            ),
            "The result does not add up to 1: each of the V words got α, so the total grows by α V.",
        ),
        "one alpha": (
            lambda counts, alpha: (counts + alpha) / (counts.sum() + alpha),
            "You added α once to the total. Each of the V words got it, so add α V.",
        ),
        "add one": (lambda counts, alpha: (counts + 1) / (counts.sum() + len(counts)), "You added 1, not α."),
        "one a word below": (
            lambda counts, alpha: (counts + alpha) / (counts.sum() + len(counts)),
            "You added α above and 1 a word below. Each of the V words got α, so add α V.",
        ),
        "not smoothed": (
            (lambda counts, alpha: counts / counts.sum(), lambda counts, alpha: counts / max(counts.sum(), 1)),
            "That is the plain frequency: a word that was not seen gets 0, and a context that was not seen 0/0.",
        ),
        "alpha below only": (
            lambda counts, alpha: counts / (counts.sum() + alpha * len(counts)),
            "You added α below and not above: each count gets its α, then the row adds up to 1.",
        ),
        "seen words": (
            (
                lambda counts, alpha: (counts + alpha) / (counts.sum() + alpha * (counts > 0).sum()),
                lambda counts, alpha: (counts + alpha) / (counts.sum() + alpha * max((counts > 0).sum(), 1)),
            ),
            "You counted only the words that were seen. V is the size of the whole vocabulary.",
        ),
        "precedence": (
            lambda counts, alpha: counts + alpha / (counts.sum() + alpha * len(counts)),
            "Only α is divided, for / comes before +. Put the sum in parentheses: (counts + alpha) / …",
        ),
    },
)


def _entropies(rows: np.ndarray) -> np.ndarray:
    return np.asarray(-(rows * np.log(rows)).sum(1))


def _floor(p_cue: np.ndarray, p_answer: np.ndarray) -> float:
    return float(p_cue @ _entropies(p_answer))


def _chance(p_cue: np.ndarray, p_answer: np.ndarray) -> float:
    return _entropy(p_cue @ p_answer)


def _game(C: int, A: int) -> tuple[np.ndarray, np.ndarray]:
    return _RNG.dirichlet(np.ones(C)), _RNG.dirichlet(np.ones(A), size=C)


floor_and_chance = Exercise(
    "floor_and_chance",
    lambda c, a: (_floor(c, a), _chance(c, a)),
    [_game(3, 4), _game(3, 3), (np.array([0.9, 0.1]), np.array([[0.5, 0.5], [0.9, 0.1]]))],
    wrong={
        "plain mean": (
            (
                lambda c, a: (_entropies(a).mean(), _chance(c, a)),
                lambda c, a: (_entropies(a).sum(), _chance(c, a)),
            ),
            "In the floor all cues count alike. Weight the entropy of each by the probability of its cue.",
        ),
        "plain chance": (
            lambda c, a: (_floor(c, a), _entropy(a.mean(0))),
            "In chance all cues count alike. The overall distribution is p_cue @ p_answer.",
        ),
        "cues alike": (
            lambda c, a: (_entropies(a).mean(), _entropy(a.mean(0))),
            "All cues count alike, in the floor and in chance. Weigh them by p_cue in both.",
        ),
        "wrong axis": (
            (
                lambda c, a: (_floor(c, a), _naive(a.mean(1))),
                lambda c, a: (_floor(c, a), _naive(a @ c)),
                lambda c, a: (_floor(c, a), _naive(a.sum(1))),
                lambda c, a: (_entropies(a).mean(), _naive(a.mean(1))),
                lambda c, a: (_entropies(a.T) @ c, _chance(c, a)),
            ),
            "That is along the wrong axis: the rows of p_answer are cues, its columns answers. A row adds up to 1.",
        ),
        "exchanged": (lambda c, a: (_chance(c, a), _floor(c, a)), "They are exchanged: the floor is the lower one."),
        "joint": (
            lambda c, a: (_naive(c[:, None] * a), _chance(c, a)),
            "Your floor is the entropy of cue and answer together. The cue is known, so leave its entropy out.",
        ),
        "uniform": (
            lambda c, a: (_floor(c, a), np.log(a.shape[1])),
            "Your chance is for a player who knows nothing. One without the cue still knows the overall frequencies.",
        ),
        "cue": (
            lambda c, a: (_floor(c, a), _naive(c)),
            "Your chance is the entropy of the cue. The answer is what is foretold, so take its overall distribution.",
        ),
        "zero floor": (
            lambda c, a: (0.0, _chance(c, a)),
            "The floor is not 0: even who knows the cue is surprised by the answer.",
        ),
        "bits": (
            lambda c, a: (_floor(c, a) / np.log(2), _chance(c, a) / np.log(2)),
            "Those are bits. The chapter counts in nats: take the natural logarithm, np.log.",
        ),
        "sign": (
            lambda c, a: (-_floor(c, a), -_chance(c, a)),
            "The sign is missing: logarithms of probabilities are negative, entropies are not.",
        ),
    },
)
