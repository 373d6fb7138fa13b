"""The heads of self-attention side by side: what one word of a sentence looks at, in each of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from seqlib.arguments import check_integer, real_array
from seqlib.plotting.diagrams import box
from seqlib.plotting.picture import Picture
from seqlib.plotting.style import COLOURS, canvas

__all__ = ["heads"]

ROW, COLUMN = 0.42, 0.86  # inches, of a unit downwards and to the right; rows are a unit apart
HIGH, WIDE, LETTER = 0.7, 1.6, 0.13  # the box of a word; it is wider where a word needs it
DARK = 0.65  # from this weight on the blue is so dark that white can be read on it, and black less well
WORTH = 0.005  # what would be written as 0.00 is not written


def heads(
    words: Sequence[str], weights: Any, *, asks: int | None = None, names: Sequence[str] | None = None
) -> Picture:
    """What word `asks` of a sentence, counted from 1, attends to in each head; by default, the last word.

    The sentence stands on the left, the first word on top, the word that asks in a frame. Each head has a column: the
    stronger the blue, the larger the weight, which is written in it. Pictures of one sentence are of one size.

    Shapes:  T words; weights (n_heads, T, T), from 0 to 1, row t of a head for the word that asks; names n_heads, or
             None for 1, 2, …
    Raises:  TypeError or ValueError naming the argument
    Book:    chapters/13_transformer
    """
    if isinstance(words, str) or not isinstance(words, Sequence) or not all(isinstance(word, str) for word in words):
        raise TypeError(f"words must be a list of words, got {words!r:.60}")
    if not words:
        raise ValueError("words must have at least one word, got none")
    T = len(words)
    weights = real_array("weights", weights, ("n_heads", T, T))
    if not len(weights):
        raise ValueError("weights must have at least one head, got none")
    if (weights < 0).any() or (weights > 1).any():
        raise ValueError(f"weights must lie between 0 and 1, got {weights.min():g} to {weights.max():g}")
    asks = T if asks is None else check_integer("asks", asks, low=1, high=T)
    titles = [str(i) for i in range(1, len(weights) + 1)] if names is None else [str(name) for name in names]
    if len(titles) != len(weights):
        raise ValueError(f"names must hold one for each of {len(weights)} heads, got {len(titles)}")
    row = weights[:, asks - 1]
    return Picture(_drawn(list(words), row, asks, titles), _told(list(words), row, asks, titles))


def _drawn(words: list[str], row: np.ndarray, asks: int, titles: list[str]) -> Figure:
    """The figure, for the weights (n_heads, T) of one word."""
    n, T = row.shape
    wide = max(WIDE, LETTER * max(map(len, words)) + 0.3)
    size = wide + 0.3 + n, T + 1.0
    figure, axes = canvas(width=COLUMN * size[0] + 0.2, height=ROW * size[1])
    extent = (wide + 0.3, wide + 0.3 + n, T - 0.5, -0.5)
    axes.imshow(row.T, cmap="Blues", vmin=0, vmax=1, aspect="auto", extent=extent, zorder=1)
    for t, word in enumerate(words):
        bold = t == asks - 1
        box(axes, wide / 2, t, word, colour="output" if bold else "input", width=wide, height=HIGH, bold=bold)
        for i in range(n):
            if row[i, t] >= WORTH:
                colour = "white" if row[i, t] > DARK else COLOURS["ink"]
                axes.text(wide + 0.8 + i, t, f"{row[i, t]:.2f}", ha="center", va="center", fontsize=11, color=colour)
    for i, title in enumerate(titles):
        axes.text(wide + 0.8 + i, -0.95, title, ha="center", va="center", color=COLOURS["ink"])
    axes.text(wide / 2, -0.95, "head", ha="center", va="center", color=COLOURS["ink"])
    axes.set(xlim=(-0.05, size[0]), ylim=(T - 0.4, -1.4))  # the first word on top
    axes.axis("off")
    return figure


def _told(words: list[str], row: np.ndarray, asks: int, titles: list[str]) -> str:
    """The alternative text: the word that asks, and in each head the two words with the largest weights."""
    names = [f"“{word}”" + f" (word {t + 1})" * (words.count(word) > 1) for t, word in enumerate(words)]
    parts = []
    for title, weights in zip(titles, row, strict=True):
        largest = [t for t in np.argsort(-weights, kind="stable")[:2] if weights[t] >= WORTH]
        parts.append(f"head {title}: {', '.join(f'{names[t]} {weights[t]:.2f}' for t in largest) or 'nothing'}")
    return f"Word {asks} of {len(words)}, {names[asks - 1]}, looks at, {'; '.join(parts)}."
