"""How well links between the words of two sentences agree with those that people drew."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from seqlib.arguments import check_integer

__all__ = ["alignment_error_rate"]

Links = frozenset[tuple[int, int]]


def alignment_error_rate(alignments: Any, sure: Any, possible: Any = None) -> float:
    """The alignment error rate of a corpus, from 0 (perfect) to 1.

        AER = 1 - (|A ∩ S| + |A ∩ P|) / (|A| + |S|)

    A are the links found, S those that are sure, P those that are possible, which are all sure ones and more: a link
    that is missing from S is an error, one that is not in P is an error, and one that is only possible is neither. The
    numbers are added up over all sentences first. Without `possible`, P = S, and AER is 1 - F₁. Sure links need not be
    repeated in `possible`.

    Shapes:  for each of N sentences a set or list of pairs (i, j), such as (source, target), the same way round in all;
             or a boolean matrix, True where there is a link -> a number
    Raises:  TypeError or ValueError naming the argument; ValueError where A and S have no link at all
    Source:  Och & Ney 2003
    Book:    chapters/12_attention
    """
    given = {"alignments": alignments, "sure": sure} | ({} if possible is None else {"possible": possible})
    for name, value in given.items():
        if isinstance(value, str | set | frozenset) or not hasattr(value, "__len__"):
            raise TypeError(f"{name} must be a list with the links of each sentence, got {type(value).__name__}")
        if len(value) != len(alignments):
            raise ValueError(f"{name} must have links for each of the {len(alignments)} sentences, got {len(value)}")
    agreed, n = 0, 0
    for k in range(len(alignments)):
        A, S = _links(f"alignments[{k}]", alignments[k]), _links(f"sure[{k}]", sure[k])
        P = S if possible is None else S | _links(f"possible[{k}]", possible[k])
        agreed += len(A & S) + len(A & P)
        n += len(A) + len(S)
    if not n:
        raise ValueError("alignments and sure must have at least one link between them, got none")
    return 1 - agreed / n


def _links(name: str, given: Any) -> Links:
    """The links of a sentence as a set of pairs."""
    if isinstance(given, np.ndarray) and given.dtype.kind == "b":
        if given.ndim != 2:
            raise ValueError(f"{name} must be a matrix of links, got shape {given.shape}")
        return frozenset((int(i), int(j)) for i, j in np.argwhere(given))
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise TypeError(f"{name} must be a set of pairs (i, j) or a boolean matrix, got {type(given).__name__}")
    found = set()
    for link in given:
        if not hasattr(link, "__len__") or isinstance(link, str) or len(link) != 2:
            raise TypeError(f"{name} must hold pairs (i, j), got {link!r}")
        i, j = (check_integer(f"the links of {name}", end, low=0) for end in link)
        found.add((i, j))
    return frozenset(found)
