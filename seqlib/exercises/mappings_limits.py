"""The practice of chapter 9, part two: what a mean per sequence learns, and what an answer too early loses."""

from __future__ import annotations

from typing import Any

import numpy as np

from seqlib.exercises.checker import Exercise

__all__ = ["late_word", "learnt"]


def _learnt(P: np.ndarray, n: np.ndarray) -> np.ndarray:
    tilted = P / n
    return tilted / tilted.sum()


learnt = Exercise(
    "learnt",
    _learnt,
    [
        (np.array([0.5, 0.3, 0.2]), np.array([2, 5, 9])),
        (np.array([0.1, 0.25, 0.25, 0.4]), np.array([3, 1, 7, 4])),
    ],
    wrong={
        "not divided": (
            (lambda P, n: P / n, lambda P, n: P * (1 / n) / (1 / n).sum(), lambda P, n: P / n / (P / n).mean()),
            "These do not add up to 1. Divide by their sum.",
        ),
        "as it is": (
            lambda P, n: P,
            "That is what a mean per token learns. Per sequence, a sequence has the weight 1 / n.",
        ),
        "the other way": (
            (lambda P, n: P * n / (P * n).sum(), lambda P, n: P * n),
            "You made long sequences more likely. A mean divides by n, so they weigh less.",
        ),
        "lengths alone": (
            lambda P, n: (1 / n) / (1 / n).sum(),
            "You left out how likely the sequences are.",
        ),
        "divided by the mean length": (
            lambda P, n: P / n * (P @ n),
            "You divided by 1 / E n. The sum of P / n is E 1/n, which is another number.",
        ),
        "by the share of tokens": (
            lambda P, n: P / (n / n.sum()),
            "These do not add up to 1: the weight is 1 / n, divided by the sum of all P / n.",
        ),
        "softmax": (
            lambda P, n: np.exp(P / n) / np.exp(P / n).sum(),
            "No softmax: P / n is proportional to a probability already. Divide by the sum.",
        ),
        "square": (
            lambda P, n: (P / n**2) / (P / n**2).sum(),
            "You divided by n twice.",
        ),
        "number of cases": (
            lambda P, n: P / n / len(n),
            "You divided by how many sequences there are. Divide by the sum of P / n.",
        ),
    },
)


def _late(P_k: np.ndarray, H: np.ndarray, d: int, *, first: int = 1, read: int = 1, tokens: Any = None) -> float:
    k = np.arange(len(P_k))
    late = P_k[d + first :].sum()
    return float(late * H[min(d + read, len(H) - 1)] / (P_k @ (k + 1) if tokens is None else tokens(P_k, k)))


late_word = Exercise(
    "late_word",
    _late,
    [
        (np.array([0.1, 0.4, 0.3, 0.2]), np.array([1.4, 1.1, 0.8, 0.6]), 0),
        (np.array([0.1, 0.4, 0.3, 0.2]), np.array([1.4, 1.1, 0.8, 0.6]), 1),
        (np.array([0.3, 0.1, 0.2, 0.15, 0.25]), np.array([2.0, 1.7, 1.2, 0.9, 0.5]), 2),
    ],
    wrong={
        "just in time": (
            lambda P_k, H, d: _late(P_k, H, d, first=0),
            "With k = d the noun has just been read. It is late for k > d alone.",
        ),
        "one word less": (
            lambda P_k, H, d: _late(P_k, H, d, read=0),
            "The first answer is given at step d + 1, so d + 1 adjectives have been read, not d.",
        ),
        "a delay less": (
            lambda P_k, H, d: _late(P_k, H, d, first=0, read=0),
            "That is the loss at a delay of d - 1. At a delay of d, d + 1 words are read before the first answer.",
        ),
        "in time": (
            lambda P_k, H, d: float(P_k[: d + 1].sum() * H[d + 1] / (P_k @ np.arange(1, len(P_k) + 1))),
            "You took the phrases whose noun has been read in time. Those with k > d lose something.",
        ),
        "counts alike": (
            lambda P_k, H, d: _late(P_k, H, d, tokens=lambda P, k: (k + 1).mean()),
            "The numbers of adjectives are not equally likely here. Weight k + 1 by P_k.",
        ),
        "words of late phrases": (
            lambda P_k, H, d: _late(P_k, H, d, tokens=lambda P, k: (P * (k + 1))[k > d].sum()),
            "You divided by the words of the late phrases alone. The words of all phrases count.",
        ),
        "words and delay": (
            lambda P_k, H, d: _late(P_k, H, d, tokens=lambda P, k: P @ (k + 1 + d)),
            "The steps of waiting are not answers. A phrase has k + 1 words.",
        ),
        "per phrase": (
            lambda P_k, H, d: _late(P_k, H, d, tokens=lambda P, k: 1.0),
            "That is the loss per phrase. Divide by the mean number of words.",
        ),
        "noun not counted": (
            lambda P_k, H, d: _late(P_k, H, d, tokens=lambda P, k: P @ k),
            "A phrase has k + 1 words: the noun is one, too.",
        ),
        "always late": (
            lambda P_k, H, d: float(H[d + 1] / (P_k @ np.arange(1, len(P_k) + 1))),
            "Only phrases with k > d are answered too early. Weight by their probability.",
        ),
        "nothing read": (
            lambda P_k, H, d: _late(P_k, np.full_like(H, H[0]), d),
            "You took the entropy before anything is read. The adjectives so far say something about the noun.",
        ),
        "all adjectives": (
            lambda P_k, H, d: float((P_k * H)[d + 1 :].sum() / (P_k @ np.arange(1, len(P_k) + 1))),
            "When the noun is asked for, d + 1 adjectives have been read, however many there are in all.",
        ),
        "mean of the ratio": (
            lambda P_k, H, d: float((P_k / np.arange(1, len(P_k) + 1))[d + 1 :].sum() * H[d + 1]),
            "You averaged the loss per word of each phrase. Divide the mean loss by the mean number of words.",
        ),
        "exactly the delay": (
            lambda P_k, H, d: float(P_k[d + 1] * H[d + 1] / (P_k @ np.arange(1, len(P_k) + 1))),
            "You took the phrases of d + 1 adjectives alone. All longer ones are late as well.",
        ),
    },
)
