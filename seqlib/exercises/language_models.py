"""The practice of chapter 10, language models: right answers, and the usual wrong ones."""

from __future__ import annotations

from typing import Any

import numpy as np

from seqlib.exercises.checker import Exercise
from seqlib.exercises.language_models_counts import continuation, kneser_ney

__all__ = ["continuation", "kneser_ney", "nucleus", "perplexity", "temper"]

_RNG = np.random.default_rng(10)


def _texts(*lengths: int, more: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Log-probabilities (B, T), anything at all in the padding, and the mask."""
    T = max(lengths) + more
    mask = np.arange(T) < np.array(lengths)[:, None]
    return np.log(_RNG.uniform(0.05, 0.9, mask.shape)), mask


def _surprise(log_p: np.ndarray, mask: np.ndarray) -> float:
    return float(-log_p[mask].mean())


def _by_text(log_p: np.ndarray, mask: np.ndarray) -> np.ndarray:
    return -(log_p * mask).sum(1) / mask.sum(1)


perplexity = Exercise(
    "perplexity",
    lambda log_p, mask: np.exp(_surprise(log_p, mask)),
    [_texts(4, 2, 6, more=1), _texts(5, 1), _texts(3, 7, 2, more=2)],
    wrong={
        "padding counted": (
            lambda log_p, mask: np.exp(-log_p.mean()),
            "You took the mean over all places. Padding is no token: take those where mask is True.",
        ),
        "padding as zeros": (
            lambda log_p, mask: np.exp(-(log_p * mask).mean()),
            "The padding adds nothing to your sum but is counted in what you divide by. Divide by the sum of mask.",
        ),
        "mean of exp": (
            lambda log_p, mask: np.exp(-log_p[mask]).mean(),
            "You took exp first and the mean afterwards. The mean of 1/p is larger: take exp last.",
        ),
        "mean of texts": (
            lambda log_p, mask: np.exp(_by_text(log_p, mask)).mean(),
            "You took the mean of the texts' perplexities. All tokens go into one mean, and exp comes last.",
        ),
        "texts weighted alike": (
            lambda log_p, mask: np.exp(_by_text(log_p, mask).mean()),
            "Each text has the same weight in yours. Each token has: long texts count for more.",
        ),
        "mean probability": (
            lambda log_p, mask: 1 / np.exp(log_p[mask]).mean(),
            "That is one over the mean probability. The mean is taken of the logarithms.",
        ),
        "nats": (
            (_surprise, lambda log_p, mask: -_surprise(log_p, mask)),
            "That is the mean of the logarithms, in nats. Perplexity is exp of the mean surprise.",
        ),
        "sign": (
            lambda log_p, mask: np.exp(-_surprise(log_p, mask)),
            "Yours is less than 1. Surprise is minus the logarithm.",
        ),
        "base 2": (
            (
                lambda log_p, mask: 2 ** _surprise(log_p, mask),
                lambda log_p, mask: np.exp(_surprise(log_p, mask) / np.log(2)),
            ),
            "You mixed two bases. Natural logarithms go with exp, logarithms to the base 2 with powers of 2.",
        ),
        "sum": (
            lambda log_p, mask: np.exp(-log_p[mask].sum()),
            "That is one over the probability of all texts together. Divide the sum by the number of tokens.",
        ),
        "per text": (
            lambda log_p, mask: np.exp(_by_text(log_p, mask)),
            "That is a number for each text. Asked for is one, over all tokens.",
        ),
        "per text, unmasked": (
            lambda log_p, mask: np.exp(-log_p.mean(1)),
            "That is a number for each text, padding counted. Asked for is one, over all tokens.",
        ),
    },
    prompt="Return one number and run the cell again.",
)


def _normed(p: np.ndarray) -> np.ndarray:
    return p / p.sum()


def _softmax(x: np.ndarray) -> np.ndarray:
    return _normed(np.exp(x - x.max()))


_P = [_normed(_RNG.gamma(1.0, size=V)) for V in (4, 6, 5, 7)]
temper = Exercise(
    "temper",
    lambda p, tau: _normed(p ** (1 / tau)),
    [(p, tau) for p, tau in zip(_P, (0.5, 2.0, 0.7, 1.3), strict=True)],
    wrong={
        "the other way": (
            lambda p, tau: _normed(p**tau),
            "Yours becomes flatter where it should become sharper. The exponent is one over the temperature.",
        ),
        "not normalised": (
            lambda p, tau: p ** (1 / tau),
            "The ratios are right, but the sum is not 1. Divide by the sum.",
        ),
        "divided": (
            (lambda p, tau: p / tau, lambda p, tau: p / tau / (p / tau).max()),
            "You divided the probabilities. It is their logarithms that are divided by the temperature.",
        ),
        "nothing changes": (
            (lambda p, tau: p.copy(), lambda p, tau: _softmax(np.log(p))),
            "That is p itself: what divides all probabilities alike goes away with the sum.",
        ),
        "softmax of probabilities": (
            lambda p, tau: _softmax(p / tau),
            "You took the softmax of the probabilities. It takes logits, and log p are logits of p.",
        ),
        "multiplied": (
            lambda p, tau: _softmax(p * tau),
            "You took the softmax of tau times the probabilities. It is their logarithms that are divided by tau.",
        ),
        "logits": (
            lambda p, tau: np.log(p) / tau,
            "Those are logits of the answer. Their softmax is the distribution.",
        ),
        "not normalised, the other way": (
            lambda p, tau: p**tau,
            "The exponent is one over the temperature, and the sum has to be 1.",
        ),
        "mixed with uniform": (
            lambda p, tau: _normed(p / tau + (1 - 1 / tau) / len(p)),
            "You mixed p with equal probabilities. A temperature is an exponent: p to 1/tau, divided by the sum.",
        ),
    },
    prompt="Return an array of shape (V,) and run the cell again.",
)


def _kept(choose: Any) -> Any:
    """Keeps those whose rank is below choose(sorted p, its cumulative sum, mass), divided by their sum."""

    def answer(p: np.ndarray, mass: float) -> np.ndarray:
        order = np.argsort(-p)
        k = choose(p[order], p[order].cumsum(), mass)
        kept = np.zeros_like(p)
        kept[order[:k]] = p[order[:k]]
        return _normed(kept)

    return answer


def _enough(sorted_p: np.ndarray, total: np.ndarray, mass: float) -> int:
    return int((total < mass).sum()) + 1


def _raw(p: np.ndarray, mass: float) -> np.ndarray:
    return np.where(_right(p, mass) > 0, p, 0.0)


def _in_order(p: np.ndarray, mass: float) -> np.ndarray:
    return _normed(np.where(np.arange(len(p)) < int((p.cumsum() < mass).sum()) + 1, p, 0))


def _sorted(p: np.ndarray, mass: float) -> np.ndarray:
    return np.sort(_right(p, mass))[::-1].copy()


def _least(p: np.ndarray, mass: float) -> np.ndarray:
    order = np.argsort(p)
    k = _enough(p[order], p[order].cumsum(), mass)
    kept = np.zeros_like(p)
    kept[order[:k]] = p[order[:k]]
    return _normed(kept)


_right = _kept(_enough)
_LISTS = (
    [0.05, 0.4, 0.1, 0.25, 0.2],
    [0.31, 0.02, 0.49, 0.09, 0.05, 0.04],
    [0.12, 0.28, 0.13, 0.2, 0.27],
    [0.11, 0.62, 0.07, 0.2],
)
nucleus = Exercise(
    "nucleus",
    _right,
    [(np.array(p), mass) for p, mass in zip(_LISTS, (0.7, 0.9, 0.6, 0.5), strict=True)],
    wrong={
        "one too few": (
            _kept(lambda p, total, mass: max(int((total <= mass).sum()), 1)),
            "Together yours are less probable than mass. The token that reaches it belongs to the nucleus.",
        ),
        "one too many": (
            _kept(lambda p, total, mass: min(_enough(p, total, mass) + 1, len(p))),
            "You kept a token after mass was reached. The set is the smallest that reaches it.",
        ),
        "not normalised": (_raw, "You kept the right ones, but they do not sum to 1. Divide by their sum."),
        "in order of ids": (
            _in_order,
            "You added the probabilities in the order of the ids. Add them from the most probable down.",
        ),
        "sorted": (
            _sorted,
            "Your probabilities are in order of size. Each has to stand at the id of its token.",
        ),
        "the least probable": (_least, "You began with the least probable token. Begin with the most probable."),
        "divided by mass": (
            lambda p, mass: _raw(p, mass) / mass,
            "You divided by mass. What was kept sums to more than that: divide by its own sum.",
        ),
        "top k": (
            _kept(lambda p, total, mass: int(np.ceil(mass * len(p)))),
            "You kept a share of the tokens. It is their probability that has to reach mass.",
        ),
        "a threshold": (
            _kept(lambda p, total, mass: int((p >= 1 - mass).sum())),
            "You compared each probability with 1 - mass. Add them up, from the most probable down.",
        ),
        "softmax": (
            lambda p, mass: _softmax(_right(p, mass)),
            "You took a softmax of probabilities, and nothing is 0 any more. Divide by the sum.",
        ),
        "ids": (
            lambda p, mass: np.flatnonzero(_right(p, mass)),
            "Those are ids of the nucleus. Asked for is the distribution, with 0 at all others.",
        ),
    },
    prompt="Return an array of shape (V,) and run the cell again.",
)
