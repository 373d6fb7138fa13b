"""The practice of chapter 15: one step of BPE, in which the most frequent pair becomes a token."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import chain, pairwise
from typing import Any

import numpy as np

from seqlib.exercises.checker import Exercise

__all__ = ["merge_pair"]

Words = list[list[int]]
Pair = tuple[int, int]
Tally = Callable[[Words, list[int]], dict[Pair, int]]
Join = Callable[[list[int], Pair, int], list[int]]


def _counted(words: Words, counts: list[int]) -> dict[Pair, int]:
    found: Counter[Pair] = Counter()
    for word, n in zip(words, counts, strict=True):
        for pair in pairwise(word):
            found[pair] += n
    return found


def _once(words: Words, counts: list[int]) -> dict[Pair, int]:
    """Each word once, however often it occurs."""
    return _counted(words, [1] * len(words))


def _per_word(words: Words, counts: list[int]) -> dict[Pair, int]:
    """A pair at most once in each word."""
    found: Counter[Pair] = Counter()
    for word, n in zip(words, counts, strict=True):
        for pair in dict.fromkeys(pairwise(word)):
            found[pair] += n
    return found


def _without_overlap(words: Words, counts: list[int]) -> dict[Pair, int]:
    """As often as a pair could be merged: aaa has one of aa."""
    found: Counter[Pair] = Counter()
    for pair in _counted(words, counts):
        for word, n in zip(words, counts, strict=True):
            found[pair] += n * (len(word) - len(_join(word, pair, -1)))
    return found


def _across(words: Words, counts: list[int]) -> dict[Pair, int]:
    """From the end of a word to the beginning of the next, too."""
    return Counter(pairwise(chain(*(word for word, n in zip(words, counts, strict=True) for _ in range(n)))))


def _across_once(words: Words, counts: list[int]) -> dict[Pair, int]:
    return Counter(pairwise(chain(*words)))


def _either_way(words: Words, counts: list[int]) -> dict[Pair, int]:
    """ab and ba as one pair."""
    found = _counted(words, counts)
    return {(a, b): n + (found.get((b, a), 0) if a != b else 0) for (a, b), n in found.items()}


def _join(word: list[int], pair: Pair, new: int) -> list[int]:
    out, i = [], 0
    while i < len(word):
        if tuple(word[i : i + 2]) == pair:
            out.append(new)
            i += 2
        else:
            out.append(word[i])
            i += 1
    return out


def _from_the_right(word: list[int], pair: Pair, new: int) -> list[int]:
    return _join(word[::-1], pair[::-1], new)[::-1]


def _only_first(word: list[int], pair: Pair, new: int) -> list[int]:
    for i in range(len(word) - 1):
        if tuple(word[i : i + 2]) == pair:
            return [*word[:i], new, *word[i + 2 :]]
    return word


def _second_stays(word: list[int], pair: Pair, new: int) -> list[int]:
    return [new if tuple(word[i : i + 2]) == pair else word[i] for i in range(len(word))]


def _both_become(word: list[int], pair: Pair, new: int) -> list[int]:
    out = list(word)
    for i in range(len(word) - 1):
        if tuple(out[i : i + 2]) == pair:
            out[i : i + 2] = [new, new]
    return out


def _smallest(found: dict[Pair, int]) -> Pair:
    return min(found, key=lambda pair: (-found[pair], pair))


def _step(
    tally: Tally = _counted, choose: Callable[[dict[Pair, int]], Pair] = _smallest, join: Join = _join
) -> Callable[[Words, list[int], int], tuple[Any, Any]]:
    """One step, with another count, another choice or another way to merge."""

    def answer(words: Words, counts: list[int], new: int) -> tuple[Any, Any]:
        pair = choose(tally(words, counts))
        return np.array(pair), [join(word, pair, new) for word in words]

    return answer


merge_pair = Exercise(
    "merge_pair",
    _step(),
    [
        ([[1, 2, 4, 2], [1, 1], [1, 2, 1], [2, 2, 2]], [5, 3, 2, 4], 5),
        ([[2, 2], [2, 4], [4, 2, 3], [1, 1, 1]], [6, 5, 4, 3], 5),
        ([[2, 2, 2, 2, 2], [1, 2, 1, 3], [2, 3, 1, 3, 3]], [6, 3, 4], 5),
        ([[4, 2], [1, 1], [1, 4, 1], [2, 1]], [6, 6, 1, 6], 5),
        ([[2, 1], [2, 2], [1, 4, 3, 2]], [3, 1, 3], 5),
    ],
    wrong={
        "words counted once": (
            _step(_once),
            "You counted every word once. A pair in a word that occurs n times occurs n times, too.",
        ),
        "once in a word": (
            _step(_per_word),
            "You counted a pair once in each word. It may stand there more often.",
        ),
        "overlaps left out": (
            _step(_without_overlap),
            "You counted as often as a pair can be merged. Count every place where a stands right before b: "
            "in 2 2 2 there are two.",
        ),
        "across words": (
            (_step(_across), _step(_across_once)),
            "You counted pairs from the end of a word to the beginning of the next. Pairs lie within words.",
        ),
        "either way": (
            _step(_either_way),
            "You took (a, b) and (b, a) for one pair. The order matters.",
        ),
        "largest of ties": (
            _step(choose=lambda found: max(found, key=lambda pair: (found[pair], pair))),
            "Of pairs that are equally frequent you took the largest. Take that with the smallest a, and then b.",
        ),
        "first of ties": (
            (
                _step(choose=lambda found: max(found, key=lambda pair: found[pair])),
                _step(choose=lambda found: max(reversed(list(found)), key=lambda pair: found[pair])),
            ),
            "Of pairs that are equally frequent you took the first or the last that you met. Take that with the "
            "smallest a, and then b.",
        ),
        "ties by b": (
            _step(choose=lambda found: min(found, key=lambda pair: (-found[pair], pair[::-1]))),
            "Of pairs that are equally frequent you took that with the smallest b. Look at a first.",
        ),
        "rarest": (
            _step(choose=lambda found: min(found, key=lambda pair: (found[pair], pair))),
            "You merged the rarest pair. The most frequent one becomes a token.",
        ),
        "merged from the right": (
            _step(join=_from_the_right),
            "You merged from the right. In 2 2 2 the first two are merged, from left to right.",
        ),
        "first alone": (
            _step(join=_only_first),
            "You merged the first place of each word alone. Merge all of them.",
        ),
        "second stays": (
            _step(join=_second_stays),
            "The second token of the pair still stands there. After a merge go on behind it.",
        ),
        "two for two": (
            _step(join=_both_become),
            "You put the new token twice. Two tokens become one, and the word gets shorter.",
        ),
        "words alone": (
            lambda *given: _step()(*given)[1],
            "Those are the words. Return the pair first, and the words beside it.",
        ),
        "pair alone": (
            lambda *given: _step()(*given)[0],
            "That is the pair. Return the words beside it, with the new token in them.",
        ),
        "order": (
            lambda *given: _step()(*given)[::-1],
            "They are in another order. The pair comes first, then the words.",
        ),
        "not merged": (
            _step(join=lambda word, pair, new: word),
            "The pair is right, and the words are as they were. Put the new token wherever the pair stands.",
        ),
    },
    prompt="Return a pair and a list of words, and run the cell again.",
)
