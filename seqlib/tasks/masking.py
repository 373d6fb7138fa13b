"""Masking: words are hidden, replaced or left as they are, and asked for. What BERT learns from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from seqlib.arguments import check_ids, check_integer, check_number
from seqlib.tasks.task import check_generator

__all__ = ["SHARES", "check_shares", "mask_each", "mask_words"]

SHARES = (0.8, 0.1, 0.1)  # of the chosen words: hidden, replaced, kept
MANY = 2**31  # ids are below it


def mask_words(
    ids: np.ndarray,
    rng: np.random.Generator,
    *,
    mask_id: int,
    words: range,
    share: float = 0.15,
    shares: Sequence[float] = SHARES,
    at_least_one: bool = True,
) -> tuple[np.ndarray, np.ndarray]:
    """Choose words of every text, and hide, replace or keep each: what is read then, and which words are asked for.

        chosen_t ~ Bernoulli(share), independently, given that at least one word of the text is chosen
        a chosen word is read as   <mask>            with probability shares[0]
                                   any of `words`    with probability shares[1], the word itself included
                                   the word itself   with probability shares[2]

    Only ids in `words` can be chosen: not the special ones, not padding. Asked for are all that are chosen, and nothing
    in the text tells a word that was kept or replaced from one that was not chosen. Given that a word is chosen, the
    others are independent, for "at least one" is true by then; so what a model can know is easy to derive. Without
    `at_least_one` none may be chosen, where a text is asked for something else as well.

    Shapes:  ids (B, T) -> read (B, T) ids, chosen (B, T) boolean
    Raises:  TypeError or ValueError naming the argument; ValueError for a text without words, unless that may be
    Source:  Devlin, Chang, Lee & Toutanova 2019, task 1 (masked LM)
    Differs: words are chosen independently, not a fixed number of them; replaced by words only, never by special ids
    Book:    chapters/14_bert
    """
    x, eligible = _words(ids, mask_id, words)
    check_generator(rng)
    share = check_number("share", share, above=0, high=1)
    hidden, replaced, _ = check_shares(shares)
    n, number = eligible.sum(1, keepdims=True), eligible.cumsum(1) - 1
    if at_least_one and not n.all():
        raise ValueError(f"ids must have a word in every text, but ids[{int(n.argmin())}] has none")
    # the first chosen word is number k or one before it with probability (1 - (1 - share)^(k+1)) / (1 - (1 - share)^n)
    miss = np.log1p(-min(share, 1 - 2.0**-53))
    passed = -np.expm1(miss * (number + 1)) <= rng.random(n.shape) * -np.expm1(miss * n)
    first = np.minimum((eligible & passed).sum(1, keepdims=True), n - 1) if at_least_one else -np.ones_like(n)
    chosen = eligible & ((number == first) | ((number > first) & (rng.random(x.shape) < share)))
    fate, drawn = rng.random(x.shape), rng.integers(words.start, words.stop, x.shape)
    read = np.where(chosen & (fate < hidden + replaced), drawn, x)
    return np.where(chosen & (fate < hidden), mask_id, read), chosen


def mask_each(ids: np.ndarray, *, mask_id: int, words: range) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Every text as often as it has words, each time with another one hidden and all others as they are.

    That is what a model is scored on: its loss at the hidden word is at least H(word | all others).

    Shapes:  ids (B, T) -> read (N, T) ids; chosen (N, T) boolean, one True in each row; rows (N,), the texts they are
             made of, so that ids[rows] are the answers
    Raises:  TypeError or ValueError naming the argument
    Differs: an evaluation, not Devlin's training: nothing else is hidden or replaced
    Book:    chapters/14_bert
    """
    x, eligible = _words(ids, mask_id, words)
    rows, places = np.nonzero(eligible)
    chosen = np.arange(x.shape[1]) == places[:, None]
    return np.where(chosen, mask_id, x[rows]), chosen, rows


def check_shares(shares: Sequence[float]) -> tuple[float, float, float]:
    """Return the three shares of the chosen words that are hidden, replaced and kept.

    Raises:  TypeError or ValueError unless they are three numbers from 0 to 1 that add up to 1
    """
    if isinstance(shares, str) or not isinstance(shares, Sequence | np.ndarray):
        raise TypeError(f"shares must be three numbers (hidden, replaced, kept), got {shares!r}")
    if len(shares) != 3:
        raise ValueError(f"shares must be three numbers (hidden, replaced, kept), got {len(shares)}")
    hidden, replaced, kept = (check_number(f"shares[{i}]", v, low=0, high=1) for i, v in enumerate(shares))
    if abs(hidden + replaced + kept - 1) > 1e-9:
        raise ValueError(f"shares must add up to 1, got {hidden} + {replaced} + {kept}")
    return hidden, replaced, kept


def _words(ids: np.ndarray, mask_id: int, words: range) -> tuple[np.ndarray, np.ndarray]:
    """The ids, and which of them are words."""
    x = check_ids("ids", ids, MANY, ("B", "T"))
    if not isinstance(words, range) or words.step != 1:
        raise TypeError(f"words must be a range of ids, such as range(7, 275), got {words!r}")
    if not len(words) or words.start < 0:
        raise ValueError(f"words must be a range of at least one id, none below 0, got {words!r}")
    mask_id = check_integer("mask_id", mask_id, low=0)
    if mask_id in words:
        raise ValueError(f"mask_id must not be one of the words, {words!r}, got {mask_id}")
    return x, (x >= words.start) & (x < words.stop)
