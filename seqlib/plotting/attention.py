"""A decoder at work: the words of two sentences opposite each other, and how strongly the one looks at the others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from seqlib.arguments import check_integer, real_array
from seqlib.plotting.diagrams import box
from seqlib.plotting.picture import Picture
from seqlib.plotting.style import COLOURS, canvas

__all__ = ["attention"]

ROW, COLUMN = 0.42, 0.86  # inches, of a unit downwards and to the right; rows are a unit apart
HIGH, WIDE, LETTER = 0.7, 1.6, 0.13  # a box; it is wider where a word needs it
BETWEEN = 2.0  # the columns
NUMBER = 0.75  # a weight beside a box
STRONGEST = 9.0  # points, a line of weight 1
WORTH = 0.005  # what would be written as 0.00 is not drawn
EARLIER = "#c4c4c4"


def attention(
    source: Sequence[str],
    target: Sequence[str],
    weights: Any,
    *,
    step: int | None = None,
    sure: Iterable[tuple[int, int]] = (),
    possible: Iterable[tuple[int, int]] = (),
) -> Picture:
    """The moment in which a decoder writes word `step` of its sentence, counted from 1; by default, the last one.

    The source stands on the left, what is written so far on the right. A line leads to the word of this step from each
    word of the source, as thick as the weight, which stands beside the word; those to the words before are grey. What
    is framed belongs together: the word of this step and those that it translates, where links are given; in dashes,
    those that it may translate. Pictures of one sentence are of one size.

    Shapes:  source S words; target T words; weights (T, S), from 0 to 1, a row for each word of the target; sure and
             possible: pairs (s, t) of a word of the source and one of the target, counted from 0
    Raises:  TypeError or ValueError naming the argument
    Book:    chapters/12_attention
    """
    source, target = _words("source", source), _words("target", target)
    weights = real_array("weights", weights, (len(target), len(source)))
    if (weights < 0).any() or (weights > 1).any():
        raise ValueError(f"weights must lie between 0 and 1, got {weights.min():g} to {weights.max():g}")
    step = len(target) if step is None else check_integer("step", step, low=1, high=len(target))
    certain = _linked("sure", sure, weights.shape, step)
    perhaps = [s for s in _linked("possible", possible, weights.shape, step) if s not in certain]
    figure = _drawn(source, target, weights, step, certain, perhaps)
    return Picture(figure, _told(source, target, weights[step - 1], step, certain, perhaps))


def _drawn(
    source: list[str], target: list[str], weights: np.ndarray, step: int, certain: list[int], perhaps: list[int]
) -> Figure:
    """The figure; the rows of the shorter sentence stand in the middle of the longer one."""
    S, T = len(source), len(target)
    rows = max(S, T)
    at_s, at_t = ((rows - n) / 2 + np.arange(n) for n in (S, T))
    wide = max(WIDE, LETTER * max(map(len, source + target)) + 0.3)
    read, written = NUMBER + wide / 2, NUMBER + wide + BETWEEN + wide / 2  # where the columns stand
    left, right = read + wide / 2, written - wide / 2  # where lines begin and end
    size = written + wide / 2 + 0.1, rows + 0.9
    figure, axes = canvas(width=COLUMN * size[0], height=ROW * size[1])
    for t in range(step):
        now = t == step - 1
        for k in np.flatnonzero(weights[t] >= WORTH):
            colour, z = (COLOURS["model"], 2) if now else (EARLIER, 1)
            thick = STRONGEST * weights[t, k] * (1 if now else 0.5)
            ends = [at_s[k], at_t[t]]
            axes.plot([left, right], ends, color=colour, linewidth=thick, zorder=z, solid_capstyle="butt")
        box(axes, written, at_t[t], target[t], colour="output", width=wide, height=HIGH, bold=now)
    for s, word in enumerate(source):
        frame = {"bold": s in certain or s in perhaps, "dashed": s in perhaps}
        box(axes, read, at_s[s], word, colour="input", width=wide, height=HIGH, **frame)
        if weights[step - 1, s] >= WORTH:
            told = {"ha": "right", "va": "center", "color": COLOURS["model"], "weight": "bold"}
            axes.text(NUMBER - 0.1, at_s[s], f"{weights[step - 1, s]:.2f}", **told)
    for x, text in ((NUMBER / 2, "weight"), (read, "read"), (written, "written")):
        axes.text(x, -0.85, text, ha="center", va="center", color=COLOURS["ink"])
    axes.set(xlim=(0, size[0]), ylim=(size[1] - 1.3, -1.3))  # the first word on top
    axes.axis("off")
    return figure


def _told(
    source: list[str], target: list[str], weights: np.ndarray, step: int, certain: list[int], perhaps: list[int]
) -> str:
    """The alternative text: the word, what was written before it, the three largest weights, and the links."""
    names = [f"“{word}”" + f" (word {s + 1})" * (source.count(word) > 1) for s, word in enumerate(source)]
    largest = [s for s in np.argsort(-weights, kind="stable")[:3] if weights[s] >= WORTH]
    said = f"Word {step} of {len(target)}, “{target[step - 1]}”"
    said += f", after “{' '.join(target[: step - 1])}”. " if step > 1 else ". "
    said += f"Attention: {', '.join(f'{names[s]} {weights[s]:.2f}' for s in largest) or 'none'}. "
    if certain:
        said += f"It translates {', '.join(names[s] for s in certain)}. "
    if perhaps:
        said += f"It may translate {', '.join(names[s] for s in perhaps)}. "
    return said if certain or perhaps else said + "No link is known."


def _words(name: str, value: Sequence[str]) -> list[str]:
    """The words of a sentence, at least one."""
    if isinstance(value, str) or not isinstance(value, Sequence) or not all(isinstance(word, str) for word in value):
        raise TypeError(f"{name} must be a list of words, got {value!r:.60}")
    if not value:
        raise ValueError(f"{name} must have at least one word, got none")
    return list(value)


def _linked(name: str, links: Iterable[tuple[int, int]], shape: tuple[int, ...], step: int) -> list[int]:
    """The words of the source that word `step` of the target is linked with, in their order."""
    T, S = shape
    if not isinstance(links, Iterable):
        raise TypeError(f"{name} must be a set or list of pairs (s, t), got {type(links).__name__}")
    found = set()
    for link in links:
        if isinstance(link, str) or not isinstance(link, Sequence) or len(link) != 2:
            raise TypeError(f"{name} must hold pairs (s, t), got {link!r}")
        s = check_integer(f"s of {name}", link[0], low=0, high=S - 1)
        if check_integer(f"t of {name}", link[1], low=0, high=T - 1) == step - 1:
            found.add(s)
    return sorted(found)
