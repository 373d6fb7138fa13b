"""The practice of chapter 9: masked means, teaching inputs, and what has ended."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from seqlib.exercises.checker import Exercise
from seqlib.exercises.mappings_limits import late_word, learnt

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
        (_numbers(2, 2, 7), np.array([7, 3])),  # a row without padding
    ],
    wrong={
        "padding counted": (
            lambda losses, lengths: losses.mean(),
            "You averaged over the padding as well. Only the first lengths[b] losses of row b count.",
        ),
        "padding in the sum": (
            (
                lambda losses, lengths: losses.sum() / lengths.sum(),
                lambda losses, lengths: (losses.sum(1) / lengths).mean(),
            ),
            "The padding is out of the divisor, but still in the sum. Add the first lengths[b] losses of row b alone.",
        ),
        "padding taken": (
            lambda losses, lengths: losses[np.arange(losses.shape[1]) >= lengths[:, None]].mean(),
            "Your mask is true at the padding. It has to be true at the real tokens, and false elsewhere.",
        ),
        "columns cut": (
            (
                lambda losses, lengths: losses[:, : lengths.max()].mean(),
                lambda losses, lengths: losses[:, : lengths.min()].mean(),
            ),
            "You cut all rows at one length. Each row has a length of its own: lengths[b] for row b.",
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
                lambda losses, lengths: losses[np.arange(losses.shape[1]) <= lengths[:, None]].mean(),
                lambda losses, lengths: np.mean([losses[b, t] for b, n in enumerate(lengths) for t in range(n + 1)]),
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
        (np.array([[4, 9, 4, 3, 0], [5, 3, 0, 0, 0], [6, 5, 4, 7, 3]]), 2),  # other ids for BOS and EOS
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
                lambda targets, bos: np.roll(targets, -1, axis=1),
                lambda targets, bos: targets[:, 1:],
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
        "one long row": (
            lambda targets, bos: np.append(bos, targets.ravel()[:-1]).reshape(targets.shape),
            "You shifted all rows as one. Each row begins with bos, and what it had last falls out.",
        ),
        "down the rows": (
            (
                lambda targets, bos: np.concatenate([np.full((1, targets.shape[1]), bos), targets[:-1]]),
                lambda targets, bos: np.roll(targets, 1, axis=0),
            ),
            "You shifted along the sequences. Steps lie along the second axis: shift within each row.",
        ),
        "end not read": (
            lambda targets, bos: np.where(targets == 0, 0, _shifted(targets, bos)),
            "You set to 0 what is read in the padding. It is to be shifted like the rest, so EOS comes before the 0s.",
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
        "bos is 1": (
            lambda targets, bos: _shifted(targets, 1),
            "You wrote 1 for BOS. Its id is the argument bos.",
        ),
        "padding in front": (
            lambda targets, bos: _shifted(targets, 0),
            "You put 0 in front, which is padding. The first step reads bos.",
        ),
    },
)


def _ended_by(stops: np.ndarray) -> np.ndarray:
    return 1 - np.cumprod(1 - stops)


ended_by = Exercise(
    "ended_by",
    _ended_by,
    [(np.array([0.1, 0.3, 0.2, 0.5]),), (np.array([0.25, 0.6, 0.05]),), (np.array([0.0, 0.4, 0.2, 1.0]),)],
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
        "one step late": (
            (
                lambda stops: np.cumsum(stops * np.cumprod(1 - stops)),
                lambda stops: stops * np.cumprod(1 - stops),
            ),
            "To end at step t it has to go on at the steps *before* t. You let it go on at t as well.",
        ),
        "zero by zero": (
            lambda stops: np.cumsum(stops * np.cumprod(1 - stops) / (1 - stops)),
            "Where a stop is 1 you divide 0 by 0. Shift the product by one step instead, or subtract it from 1.",
        ),
        "the same at each step": (
            (
                lambda stops: 1 - (1 - stops) ** np.arange(1, len(stops) + 1),
                lambda stops: 1 - (1 - stops[0]) ** np.arange(1, len(stops) + 1),
            ),
            "A power is right if all stops are equal. They are not: multiply the 1 - stops of the steps so far.",
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
