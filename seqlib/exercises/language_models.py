"""The practice of chapter 10, language models: right answers, and the usual wrong ones."""

from __future__ import annotations

import numpy as np

from seqlib.exercises.checker import Exercise
from seqlib.exercises.language_models_counts import continuation, kneser_ney
from seqlib.exercises.language_models_nucleus import nucleus

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
            "You took the mean over all places. Padding is not a token: take the places where mask is True.",
        ),
        "padding as zeros": (
            lambda log_p, mask: np.exp(-(log_p * mask).mean()),
            "The padding adds nothing to your sum but is counted in what you divide by. Divide by the sum of mask.",
        ),
        "mean of exp": (
            (
                lambda log_p, mask: np.exp(-log_p[mask]).mean(),
                lambda log_p, mask: np.exp(-log_p * mask).mean(),
                lambda log_p, mask: np.exp(-log_p).mean(),
            ),
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
        "mask turned over": (
            lambda log_p, mask: np.exp(-log_p[~mask].mean()),
            "You scored the padding and left out the text. In `mask` True is a token; in numpy.ma it is the other way.",
        ),
        "over texts": (
            lambda log_p, mask: np.exp(-log_p[mask].sum() / len(log_p)),
            "You divided by the number of texts. Divide by the number of tokens, which is mask.sum().",
        ),
        "nats": (
            (_surprise, lambda log_p, mask: -_surprise(log_p, mask)),
            "That is the mean of the logarithms, in nats. Perplexity is exp of the mean surprise.",
        ),
        "bits": (
            lambda log_p, mask: _surprise(log_p, mask) / np.log(2),
            "That is the mean surprise in bits. Perplexity is 2 to the power of it.",
        ),
        "sign": (
            lambda log_p, mask: np.exp(-_surprise(log_p, mask)),
            "Yours is less than 1. Surprise is minus the logarithm.",
        ),
        "base 2": (
            (
                lambda log_p, mask: 2 ** _surprise(log_p, mask),
                lambda log_p, mask: np.exp(_surprise(log_p, mask) / np.log(2)),
                lambda log_p, mask: 10 ** _surprise(log_p, mask),
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
        "per place": (
            (
                lambda log_p, mask: np.exp(-(log_p * mask).sum(0) / mask.sum(0)),
                lambda log_p, mask: np.exp(-log_p.mean(0)),
            ),
            "That is a number for each place in the texts. Asked for is one, over all tokens.",
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
            (
                lambda p, tau: p ** (1 / tau),
                lambda p, tau: (p / p.max()) ** (1 / tau),
                lambda p, tau: p ** (1 / tau) / np.linalg.norm(p ** (1 / tau)),
            ),
            "The ratios are right, but the sum is not 1. Divide by the sum.",
        ),
        "divided": (
            (lambda p, tau: p / tau, lambda p, tau: p * tau, lambda p, tau: p / tau / (p / tau).max()),
            "You scaled the probabilities. It is their logarithms that are divided by the temperature.",
        ),
        "nothing changes": (
            (lambda p, tau: p.copy(), lambda p, tau: _softmax(np.log(p))),
            "That is p itself: what divides all probabilities alike goes away with the sum.",
        ),
        "softmax of probabilities": (
            (lambda p, tau: _softmax(p / tau), lambda p, tau: _softmax(p), lambda p, tau: np.exp(p / tau)),
            "You took the softmax of the probabilities. It takes logits, and log p are logits of p.",
        ),
        "multiplied": (
            lambda p, tau: _softmax(p * tau),
            "You took the softmax of tau times the probabilities. It is their logarithms that are divided by tau.",
        ),
        "another base": (
            (lambda p, tau: _softmax(np.log2(p) / tau), lambda p, tau: _softmax(np.log10(p) / tau)),
            "You took logarithms to another base, and powers of e of them. With exp goes np.log.",
        ),
        "logarithms": (
            lambda p, tau: np.log(_normed(p ** (1 / tau))),
            "Those are the logarithms of the answer. Asked for are the probabilities.",
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
