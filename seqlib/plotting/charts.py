"""Charts of numbers: curves, points, heatmaps, spectra."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from seqlib.arguments import check_choice, check_integer, real_array
from seqlib.evidence import interval, rounded
from seqlib.plotting.labels import stagger_ticks
from seqlib.plotting.levels import draw_ceiling, draw_levels, levels_alt
from seqlib.plotting.picture import Picture
from seqlib.plotting.style import COLOURS, MARKERS, SERIES, STYLES, canvas

__all__ = ["curves", "heatmap", "points", "spectrum"]


def curves(
    x: Any,
    series: Mapping[str, Any],
    *,
    floor: float | None = None,
    chance: float | None = None,
    others: Mapping[str, float] | None = None,
    xlabel: str = "",
    ylabel: str = "",
    title: str = "",
    xscale: str = "linear",
    yscale: str = "linear",
    smooth: int = 1,
    ylim: tuple[float, float] | None = None,
    yticks: Sequence[float] | None = None,
    markers: bool = False,
    alt: str | None = None,
) -> Picture:
    """Lines over x; where a series has several runs, their median, each run as a thin line, and a band around all.

    `floor`, `chance` and the levels of `others` (name -> height, such as a simple forecast) are drawn across. `yticks`
    are the numbers on the y axis, for a log axis too short for powers of ten.

    Shapes:  x (n,); each series (n,) or (runs, n); NaN leaves a gap
    Raises:  TypeError or ValueError naming the argument
    """
    x = real_array("x", x, ("n",))
    check_choice("xscale", xscale, ("linear", "log"))
    check_choice("yscale", yscale, ("linear", "log"))
    smooth = check_integer("smooth", smooth, low=1)
    runs = {
        label: np.array([_smoothed(run, smooth) for run in values]) for label, values in _series(series, len(x)).items()
    }
    figure, axes = canvas(height=3.7)
    for i, (label, values) in enumerate(runs.items()):
        colour, style = SERIES[i % len(SERIES)], STYLES[i % len(STYLES)]
        marker = MARKERS[i % len(MARKERS)] if markers else None
        axes.plot(x, np.median(values, 0), color=colour, linestyle=style, marker=marker, label=label, zorder=3)
        if len(values) > 1:
            axes.plot(x, values.T, color=colour, linewidth=0.6, alpha=0.5, zorder=2)
            axes.fill_between(x, values.min(0), values.max(0), color=colour, alpha=0.2, linewidth=0, zorder=2)
    axes.set(xlabel=xlabel, ylabel=ylabel, xscale=xscale, yscale=yscale)
    if xscale == "log" and len(x) <= 8:  # few points: label these, not powers of ten
        axes.set_xticks(x, _tick_labels(x))
        axes.set_xticks([], minor=True)
    if ylim:
        axes.set_ylim(*ylim)
    if yticks is not None:
        marks = real_array("yticks", yticks, ("k",))
        if yscale == "log" and (marks <= 0).any():
            raise ValueError(f"yticks must be positive on a log axis, got {marks.min():g}")
        axes.set_yticks(marks, [f"{mark:g}" for mark in marks])
        axes.set_yticks([], minor=True)
    draw_levels(axes, floor, chance, others)
    if len(runs) > 1:
        figure.legend(loc="outside lower center", ncols=min(len(runs), 3))
    axes.set_title(title)
    return Picture(figure, alt or _curves_alt(title, xlabel, ylabel, x, runs) + levels_alt(floor, chance, others))


def _tick_labels(x: np.ndarray) -> list[str]:
    """A label for each value on a log axis that does not touch the label before it."""
    apart = np.diff(np.log(x), prepend=-np.inf) > 0.05 * np.log(x[-1] / x[0])
    return [f"{value:g}" if clear else "" for value, clear in zip(x, apart, strict=True)]


def points(
    groups: Mapping[str, Any],
    *,
    floor: float | None = None,
    chance: float | None = None,
    others: Mapping[str, float] | None = None,
    ceilings: Mapping[str, float] | None = None,
    ylabel: str = "",
    title: str = "",
    yscale: str = "linear",
    alt: str | None = None,
) -> Picture:
    """One dot per seed for each group, beside the median with its order-statistics interval.

    `floor`, `chance` and the levels of `others` are drawn across, `ceilings` (group -> height) over their groups alone.

    Shapes:  each group (seeds,)
    Raises:  TypeError or ValueError naming the argument
    """
    check_choice("yscale", yscale, ("linear", "log"))
    if not groups:
        raise ValueError("groups must hold at least one group")
    values = {label: real_array(f"groups[{label!r}]", v, ("n",)) for label, v in groups.items()}
    ceilings = ceilings or {}
    if unknown := [label for label in ceilings if label not in values]:
        raise ValueError(f"ceilings must be those of groups, got {unknown[0]!r}, which is none")
    figure, axes = canvas(height=3.7)
    for i, v in enumerate(values.values()):
        colour = SERIES[i % len(SERIES)]
        spread = np.linspace(-0.08, 0.08, len(v)) if len(v) > 1 else np.zeros(1)
        axes.plot(i - 0.12 + spread, v, MARKERS[i % len(MARKERS)], color=colour, alpha=0.75, zorder=3)
        median = float(np.median(v))
        reach = [[median - low, high - median] for _, low, high, *_ in [interval(v)]] if len(v) > 1 else [[0, 0]]
        axes.errorbar(
            i + 0.18,
            median,
            np.transpose(reach),
            fmt="_",
            color=colour,
            capsize=5,
            markersize=14,
            linewidth=2,
            zorder=4,
        )
    axes.set_xticks(range(len(values)), list(values))
    axes.set_xlim(-0.6, len(values) - 0.4)
    axes.grid(axis="x", visible=False)
    axes.set(ylabel=ylabel, yscale=yscale)
    draw_levels(axes, floor, chance, others)
    for i, label in enumerate(values):
        if label in ceilings:
            draw_ceiling(axes, i, ceilings[label])
    axes.set_title(title)
    stagger_ticks(axes)
    parts = "; ".join(f"{label} {_about(np.median(v))}" for label, v in values.items())
    levels = dict(others or {}) | {f"ceiling of {label}": height for label, height in ceilings.items()}
    return Picture(
        figure, alt or f"{_head(title, ylabel)} Medians over seeds: {parts}.{levels_alt(floor, chance, levels)}"
    )


def heatmap(
    matrix: Any,
    *,
    rows: Sequence[str] | None = None,
    cols: Sequence[str] | None = None,
    xlabel: str = "",
    ylabel: str = "",
    title: str = "",
    diverging: bool = False,
    annotate: bool = False,
    alt: str | None = None,
) -> Picture:
    """A matrix as coloured cells; `diverging` centres the colours on zero.

    Shapes:  matrix (n, m); rows n and cols m labels
    Raises:  TypeError or ValueError naming the argument
    """
    matrix = real_array("matrix", matrix, ("n", "m"))
    if matrix.size == 0:
        raise ValueError(f"matrix must have entries, got shape {matrix.shape}")
    for name, labels, n in [("rows", rows, matrix.shape[0]), ("cols", cols, matrix.shape[1])]:
        if labels is not None and len(labels) != n:
            raise ValueError(f"{name} must hold {n} labels, got {len(labels)}")
    height = float(np.clip(0.42 * matrix.shape[0] + 1.3, 2.4, 5.5))
    figure, axes = canvas(height=height)
    top = float(np.abs(matrix).max()) or 1.0
    limits = {"vmin": -top, "vmax": top, "cmap": "PuOr_r"} if diverging else {"cmap": "Blues"}
    image = axes.imshow(matrix, aspect="auto", **limits)
    axes.grid(visible=False)
    for labels, set_ticks in [(rows, axes.set_yticks), (cols, axes.set_xticks)]:
        if labels is not None:
            set_ticks(range(len(labels)), list(labels))
    if annotate:
        for (i, j), value in np.ndenumerate(matrix):
            red, green, blue, _ = image.cmap(image.norm(value))
            dark = 0.3 * red + 0.59 * green + 0.11 * blue < 0.5
            axes.text(j, i, f"{value:.2g}", ha="center", va="center", color="white" if dark else "black", fontsize=11)
    figure.colorbar(image, ax=axes, shrink=0.9).outline.set_visible(False)
    axes.set(xlabel=xlabel, ylabel=ylabel)
    axes.set_title(title)
    where = np.unravel_index(np.abs(matrix).argmax(), matrix.shape)
    names = [labels[k] if labels is not None else str(k + 1) for labels, k in zip((rows, cols), where, strict=True)]
    text = f"{_head(title, 'Heatmap')} {matrix.shape[0]} rows ({ylabel or 'rows'}) by {matrix.shape[1]} columns "
    text += f"({xlabel or 'columns'}), from {_about(matrix.min())} to {_about(matrix.max())}; "
    ties = int(np.isclose(np.abs(matrix), np.abs(matrix).max()).sum())
    first = f"the largest magnitude is at row {names[0]}, column {names[1]}" + f", and at {ties - 1} more" * (ties > 1)
    return Picture(figure, alt or text + first + ".")


def spectrum(matrices: Mapping[str, Any], *, title: str = "", alt: str | None = None) -> Picture:
    """Eigenvalues against the unit circle on the left, singular values in falling order on the right.

    Shapes:  each matrix (H, H)
    Raises:  TypeError or ValueError naming the argument
    """
    if not matrices:
        raise ValueError("matrices must hold at least one matrix")
    checked = {label: real_array(f"matrices[{label!r}]", m, ("H", "H")) for label, m in matrices.items()}
    figure, (left, right) = canvas(1, 2, height=3.8)
    angle = np.linspace(0, 2 * np.pi, 200)
    left.plot(np.cos(angle), np.sin(angle), color=COLOURS["chance"], linewidth=1)
    parts = []
    for i, (label, matrix) in enumerate(checked.items()):
        values, singular = np.linalg.eigvals(matrix), np.linalg.svd(matrix, compute_uv=False)
        colour, marker = SERIES[i % len(SERIES)], MARKERS[i % len(MARKERS)]
        left.plot(values.real, values.imag, marker, color=colour, alpha=0.8, markersize=5)
        rank = np.arange(1, len(singular) + 1)
        right.plot(
            rank, singular, color=colour, marker=marker, markersize=4, linestyle=STYLES[i % len(STYLES)], label=label
        )
        radius = np.abs(values).max()
        parts.append(f"{label}: spectral radius {_about(radius)}, largest singular value {_about(singular[0])}")
    right.axhline(1, color=COLOURS["chance"], linewidth=1)
    left.set_aspect("equal")
    left.set(xlabel="real part", ylabel="imaginary part")
    left.set_title("eigenvalues")
    right.set(xlabel="rank", ylim=(0, None))
    right.set_title("singular values")
    if len(checked) > 1:
        figure.legend(loc="outside lower center", ncols=min(3, len(checked)))
    if title:
        figure.suptitle(title, fontweight="bold", fontsize=13)
    text = f"{_head(title, 'Eigenvalues against the unit circle, and singular values')} {'; '.join(parts)}"
    return Picture(figure, alt or text + ".")


def _series(series: Mapping[str, Any], n: int) -> dict[str, np.ndarray]:
    if not isinstance(series, Mapping) or not series:
        raise ValueError("series must map at least one label to its values")
    runs = {}
    for label, values in series.items():
        array = real_array(f"series[{label!r}]", values, finite=False)
        if array.ndim not in (1, 2) or array.shape[-1] != n or array.size == 0:
            raise ValueError(f"series[{label!r}] must have shape ({n},) or (runs, {n}), got {array.shape}")
        runs[label] = np.atleast_2d(np.where(np.isfinite(array), array, np.nan))
    return runs


def _smoothed(run: np.ndarray, width: int) -> np.ndarray:
    """The mean of the last `width` values at each place (of fewer at the start), which never looks ahead; NaN where one
    of them is.
    """
    places = np.arange(1, len(run) + 1)
    start = np.maximum(0, places - width)
    missing = np.isnan(run)
    total, gaps = (np.cumsum(np.concatenate([[0.0], v])) for v in (np.where(missing, 0.0, run), missing))
    return np.where(gaps[1:] > gaps[start], np.nan, (total[1:] - total[start]) / (places - start))


def _head(title: str, otherwise: str) -> str:
    text = (title or otherwise or "Chart").rstrip(".")
    return text if text.endswith(("?", "!")) else text + "."


def _about(value: float) -> str:
    """A number in words, rounded as one would read it off the picture."""
    if 0 < abs(value) < 1e-12:
        return "below 1e-12"
    return "0" if value == 0 else f"about {rounded(value, 2):g}"


def _curves_alt(title: str, xlabel: str, ylabel: str, x: np.ndarray, runs: dict[str, np.ndarray]) -> str:
    parts = []
    for label, values in runs.items():
        middle = np.median(values, 0)
        seen = np.flatnonzero(np.isfinite(middle))
        if len(seen) == 0:
            parts.append(f"{label} has no values")
            continue
        first, last = middle[seen[0]], middle[seen[-1]]
        near = abs(last - first) <= 0.05 * max(abs(first), abs(last))
        verb = "stays near" if near else "falls from" if last < first else "rises from"
        top = np.nanmax(middle)  # told if the way there is not the way down or up
        over = top - max(first, last) > 0.1 * (top - np.nanmin(middle))
        way = f", by way of {_about(top)}" if over and not near else ""
        parts.append(f"{label} {verb} {_about(first)}" + ("" if near else f" to {_about(last)}{way}"))
    against = f" against {xlabel}" if xlabel else ""
    several = max(len(values) for values in runs.values())
    seeds = f" The median of {several} runs is drawn thick." if several > 1 else ""
    return f"{_head(title, ylabel)} {ylabel or 'Value'}{against}: {'; '.join(parts)}.{seeds}"
