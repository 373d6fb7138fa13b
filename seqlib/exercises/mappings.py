"""The practice of chapter 9: teaching inputs, masked means, what a mean per sequence learns, and answers too early."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from seqlib.exercises.checker import Exercise

__all__ = ["ended_by", "late_word", "learnt", "teaching_inputs", "token_mean"]

Function = Callable[..., Any]


def _numbers(seed: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(seed).uniform(0.2, 3.0, shape)


def _token_mean(losses: np.ndarray, lengths: np.ndarray) -> float:
    real = np.arange(losses.shape[1]) < lengths[:, None]
    return float(losses[real].mean())


def _real(losses: np.ndarray, lengths: np.ndarray, more: int = 0) -> np.ndarray:
    return np.where(np.arange(losses.shape[1]) < lengths[:, None] + more, losses, 0.0)


token_mean = Exercise(
    "token_mean",
    _token_mean,
    [
        (_numbers(0, 3, 6), np.array([5, 2, 3])),
        (_numbers(1, 4, 5), np.array([1, 4, 4, 2])),
        (_numbers(2, 2, 7), np.array([6, 3])),
    ],
    wrong={
        "padding counted": (
            lambda losses, lengths: losses.mean(),
            "You averaged over the padding as well. Only the first lengths[b] losses of row b count.",
        ),
        "divided by all": (
            lambda losses, lengths: _real(losses, lengths).mean(),
            "The padding is out of the sum, but still in the divisor. Divide by the number of real tokens.",
        ),
        "mean of means": (
            lambda losses, lengths: (_real(losses, lengths).sum(1) / lengths).mean(),
            "That is the mean per sequence: a token of a short sequence weighs more than one of a long sequence.",
        ),
        "per sequence": (
            lambda losses, lengths: _real(losses, lengths).sum() / len(lengths),
            "That is the loss of a whole sequence, on average. Divide by the number of tokens.",
        ),
        "sum": (
            lambda losses, lengths: _real(losses, lengths).sum(),
            "That is the sum. Divide it by the number of real tokens.",
        ),
        "last token left out": (
            (
                lambda losses, lengths: _real(losses, lengths, -1).sum() / lengths.sum(),
                lambda losses, lengths: _real(losses, lengths, -1).sum() / (lengths - 1).sum(),
            ),
            "The last token of each sequence is missing: index lengths[b] - 1 still counts.",
        ),
        "one token too many": (
            (
                lambda losses, lengths: _real(losses, lengths, 1).sum() / (lengths + 1).sum(),
                lambda losses, lengths: _real(losses, lengths, 1).sum() / lengths.sum(),
            ),
            "You counted one token of padding in each sequence: index lengths[b] counts no more.",
        ),
        "last token alone": (
            lambda losses, lengths: losses[np.arange(len(losses)), lengths - 1].mean(),
            "That is the loss at the last token alone. All real tokens count.",
        ),
    },
)


def _shifted(targets: np.ndarray, bos: int) -> np.ndarray:
    return np.concatenate([np.full((len(targets), 1), bos), targets[:, :-1]], 1)


teaching_inputs = Exercise(
    "teaching_inputs",
    _shifted,
    [
        (np.array([[7, 4, 2, 0], [5, 6, 8, 2]]), 1),
        (np.array([[3, 9, 3, 2, 0], [4, 2, 0, 0, 0], [6, 5, 4, 3, 2]]), 1),
    ],
    wrong={
        "the word itself": (
            lambda targets, bos: targets,
            "You feed the word that is asked for. At each step the model reads the word before it.",
        ),
        "the next word": (
            (
                lambda targets, bos: np.concatenate([targets[:, 1:], np.full((len(targets), 1), bos)], 1),
                lambda targets, bos: np.concatenate([targets[:, 1:], np.zeros((len(targets), 1), int)], 1),
            ),
            "You shifted to the left: the model would read the word after the one that it is asked for.",
        ),
        "rolled": (
            lambda targets, bos: np.roll(targets, 1, axis=1),
            "np.roll brings the last word of each row to its front. BOS belongs there.",
        ),
        "rolled through the rows": (
            lambda targets, bos: np.roll(targets, 1),
            "np.roll without an axis brings the last word of the row before to the front. BOS belongs there.",
        ),
        "one step more": (
            lambda targets, bos: np.concatenate([np.full((len(targets), 1), bos), targets], 1),
            "That has T + 1 steps. Nothing is asked for after the last word, so it is never read.",
        ),
        "no beginning": (
            lambda targets, bos: targets[:, :-1],
            "At the first step nothing is read. BOS stands in for the word before the first.",
        ),
        "first word lost": (
            lambda targets, bos: np.concatenate([np.full((len(targets), 1), bos), targets[:, 1:]], 1),
            "You put BOS in the place of the first word. The words have to move one step to the right.",
        ),
        "padding in front": (
            lambda targets, bos: _shifted(targets, 0),
            "You put 0 in front, which is padding. The first step reads bos.",
        ),
    },
)


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
            lambda P, n: P / n,
            "These do not add up to 1. Divide by their sum.",
        ),
        "as it is": (
            lambda P, n: P,
            "That is what a mean per token learns. Per sequence, a sequence has the weight 1 / n.",
        ),
        "the other way": (
            lambda P, n: P * n / (P * n).sum(),
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


def _ended_by(stops: np.ndarray) -> np.ndarray:
    return 1 - np.cumprod(1 - stops)


ended_by = Exercise(
    "ended_by",
    _ended_by,
    [(np.array([0.1, 0.3, 0.2, 0.5]),), (np.array([0.25, 0.6, 0.05]),)],
    wrong={
        "still going": (
            lambda stops: np.cumprod(1 - stops),
            "That is the probability that it has not ended yet. Subtract it from 1.",
        ),
        "all stops": (
            lambda stops: np.cumprod(stops),
            "It ends once. To have ended by step t it must not have passed every step before.",
        ),
        "one minus all stops": (
            lambda stops: 1 - np.cumprod(stops),
            "You multiplied the probabilities of ending. Those of going on are multiplied: 1 - stops.",
        ),
        "sum": (
            lambda stops: np.cumsum(stops),
            "stops[t] is given that it got there. Before you add, multiply by the probability of that.",
        ),
        "here alone": (
            lambda stops: stops * np.cumprod(np.append(1, 1 - stops[:-1])),
            "That is the probability of ending exactly there. Add those of the steps before.",
        ),
        "as given": (
            lambda stops: stops,
            "That is the probability of ending at a step, given that the sequence has got there.",
        ),
        "one step early": (
            lambda stops: 1 - np.cumprod(np.append(1, 1 - stops[:-1])),
            "That is one step early: by step t the step t itself counts.",
        ),
        "last alone": (
            lambda stops: 1 - np.prod(1 - stops),
            "That is for the last step alone. One number for each step is wanted.",
        ),
        "sum through the end": (
            lambda stops: np.minimum(np.cumsum(stops), 1),
            "Cutting the sum off at 1 does not mend it: multiply by the probability of getting there before you add.",
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
