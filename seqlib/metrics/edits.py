"""What must be changed to make a reference of a hypothesis: edit distance, the edits, word error rate."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from seqlib.metrics.segments import Tokens, pairs, sequence, words

__all__ = ["Edit", "edit_distance", "edits", "word_error_rate"]


class Edit(NamedTuple):
    """One step from a hypothesis to its reference.

    kind: "keep", "substitute", "insert" (a token of the reference that the hypothesis lacks) or "delete" (one that it
    has too many). i: where in the hypothesis; j: where in the reference. An inserted token stands before position i of
    the hypothesis, and a deleted one before position j of the reference.
    """

    kind: str
    i: int
    j: int


def edit_distance(hypothesis: Any, reference: Any) -> int:
    """The fewest insertions, deletions and substitutions of single tokens that make one of the other.

        d(i, j) = min( d(i-1, j) + 1,  d(i, j-1) + 1,  d(i-1, j-1) + [x_i ≠ y_j] ),      d(i, 0) = i,  d(0, j) = j

    A string is a sequence of characters here; a list one of its entries.

    Shapes:  two sequences, of m and n tokens -> an integer, at most max(m, n)
    Raises:  TypeError naming the argument
    Source:  Levenshtein 1966; Wagner & Fischer 1974 (the recursion)
    Book:    chapters/11_encoder_decoder
    """
    return int(_table(sequence("hypothesis", hypothesis), sequence("reference", reference))[-1, -1])


def edits(hypothesis: Any, reference: Any) -> list[Edit]:
    """The edits of `edit_distance`, and what is kept, in order.

    Of several ways that are equally short it is the one that, from the end backwards, keeps or substitutes where it
    can, deletes where it cannot, and inserts where nothing else is left.

    Shapes:  two sequences -> a list of Edit; as many are no "keep" as the distance says
    Raises:  TypeError naming the argument
    Source:  Wagner & Fischer 1974
    Book:    chapters/11_encoder_decoder
    """
    mine, theirs = sequence("hypothesis", hypothesis), sequence("reference", reference)
    d = _table(mine, theirs)
    i, j, found = len(mine), len(theirs), []
    while i or j:
        same = bool(i and j and mine[i - 1] == theirs[j - 1])
        if i and j and d[i, j] == d[i - 1, j - 1] + (not same):
            i, j, kind = i - 1, j - 1, "keep" if same else "substitute"
        elif i and d[i, j] == d[i - 1, j] + 1:
            i, kind = i - 1, "delete"
        else:
            j, kind = j - 1, "insert"
        found.append(Edit(kind, i, j))
    return found[::-1]


def word_error_rate(hypotheses: Any, references: Any) -> float:
    """The edits between words, over a corpus, for each word of the references: 0 is perfect, and it may be above 1.

        WER = Σ (substitutions + deletions + insertions) / Σ words of the references

    Strings are cut at blanks; sequences of tokens are taken as they are, so lists of characters give the character
    error rate. Equal to jiwer's, which takes references first.

    Shapes:  N hypotheses, N references, one each -> a number
    Raises:  TypeError or ValueError naming the argument; ValueError for several references, or if no reference has a
             word
    Differs: any white space separates words, in jiwer spaces alone; references without a word have no rate here
    Book:    chapters/11_encoder_decoder
    """
    changed, n = 0, 0
    for hypothesis, choices, number in pairs(hypotheses, references):
        if len(choices) > 1:
            raise ValueError(f"references{number} must be a single reference, got {len(choices)}")
        mine, theirs = words(f"hypotheses{number}", hypothesis), words(f"references{number}", choices[0])
        changed += int(_table(mine, theirs)[-1, -1])
        n += len(theirs)
    if not n:
        raise ValueError("references must have at least one word, got none")
    return changed / n


def _table(mine: Tokens, theirs: Tokens) -> np.ndarray:
    """d(i, j) for all beginnings of the two, (m + 1, n + 1)."""
    number: dict[Any, int] = {}
    x, y = (np.array([number.setdefault(token, len(number)) for token in tokens], int) for tokens in (mine, theirs))
    columns = np.arange(len(y) + 1)
    d = np.empty((len(x) + 1, len(y) + 1), dtype=np.int64)
    d[0] = columns
    for i in range(1, len(x) + 1):
        d[i, 0] = i
        d[i, 1:] = np.minimum(d[i - 1, 1:] + 1, d[i - 1, :-1] + (y != x[i - 1]))
        d[i] = np.minimum.accumulate(d[i] - columns) + columns  # and insertions, any number in a row
    return d
