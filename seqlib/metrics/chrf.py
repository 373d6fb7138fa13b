"""chrF: n-grams of characters that a hypothesis shares with a reference."""

from __future__ import annotations

from collections import Counter
from typing import Any

from seqlib.arguments import check_integer, check_number
from seqlib.metrics.segments import pairs, words

__all__ = ["chrf"]

PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
Counts = list[tuple[int, int, int]]  # for each order: n-grams of the hypothesis, of the reference, of both


def chrf(hypotheses: Any, references: Any, *, char_order: int = 6, word_order: int = 0, beta: float = 2.0) -> float:
    """chrF of a corpus, from 0 to 100: precision and recall of n-grams of characters, without blanks.

        chrF = 100 (1 + β²) P R / (β² P + R)

    P and R are means over the orders n = 1 … char_order, of shared n-grams / n-grams of the hypotheses and / n-grams of
    the references; recall counts β times as much as precision. The counts are those of the whole corpus, and orders
    that one side has no n-gram of are left out. With word_order = 2 n-grams of one and two words count as further
    orders: chrF++. There a punctuation mark at the end of a word, or else at its beginning, is a word.
    `references`: for each hypothesis one, or a list of several, of which the one with the best chrF counts. Strings;
    sequences of words are joined by blanks.

    Equal to sacrebleu 2 with the signature nrefs:1|case:mixed|eff:yes|nc:6|nw:0|space:no (nw:2 for chrF++). One
    sentence is a corpus of one.

    Shapes:  N hypotheses, N references or lists of them -> a number
    Raises:  TypeError or ValueError naming the argument; TypeError for tokens that are not strings
    Source:  Popović 2015, 2017 (chrF++); Post 2018 (the signature)
    Book:    chapters/11_encoder_decoder
    """
    orders = check_integer("char_order", char_order, low=0), check_integer("word_order", word_order, low=0)
    beta = check_number("beta", beta, above=0)
    if not any(orders):
        raise ValueError("char_order must be at least 1 if word_order is 0, got 0")
    counts: Counts = [(0, 0, 0)] * sum(orders)
    for hypothesis, choices, number in pairs(hypotheses, references):
        mine = _ngrams(_text(f"hypotheses{number}", hypothesis), *orders)
        found = [_shared(mine, _ngrams(_text(f"references{number}", choice), *orders)) for choice in choices]
        best = max(found, key=lambda one: _score(one, beta))  # of equal ones the first
        counts = [(a + x, b + y, c + z) for (a, b, c), (x, y, z) in zip(counts, best, strict=True)]
    return 100 * _score(counts, beta)


def _score(counts: Counts, beta: float) -> float:
    """The F-score of mean precision and mean recall, from 0 to 1. Where there are none of theirs, mine are 0 too."""
    ratios = [(both / mine, both / theirs) for mine, theirs, both in counts if mine]
    if not any(both for _, _, both in counts):
        return 0.0
    precision, recall = (sum(column) / len(ratios) for column in zip(*ratios, strict=True))
    return (1 + beta**2) * precision * recall / (beta**2 * precision + recall)


def _shared(mine: list[Counter[Any]], theirs: list[Counter[Any]]) -> Counts:
    """The counts of one pair. Where the reference has no n-gram of an order, those of the hypothesis do not count."""
    return [(a.total() if b else 0, b.total(), (a & b).total()) for a, b in zip(mine, theirs, strict=True)]


def _ngrams(text: str, char_order: int, word_order: int) -> list[Counter[Any]]:
    characters, parts = "".join(text.split()), _words(text)
    return [_grams(characters, n) for n in range(1, char_order + 1)] + [
        _grams(parts, n) for n in range(1, word_order + 1)
    ]


def _grams(symbols: Any, n: int) -> Counter[Any]:
    return Counter(tuple(symbols[i : i + n]) for i in range(len(symbols) - n + 1))


def _words(text: str) -> list[str]:
    """Words, and a punctuation mark at the end of one, or else at its beginning, as a word."""
    found = []
    for word in text.split():
        if len(word) > 1 and word[-1] in PUNCTUATION:
            found += [word[:-1], word[-1]]
        elif len(word) > 1 and word[0] in PUNCTUATION:
            found += [word[0], word[1:]]
        else:
            found.append(word)
    return found


def _text(name: str, given: Any) -> str:
    if isinstance(given, str):
        return given
    tokens = words(name, given)
    for token in tokens:
        if not isinstance(token, str):
            raise TypeError(f"{name} must be a string or hold strings, got {type(token).__name__} in it")
    return " ".join(map(str, tokens))
