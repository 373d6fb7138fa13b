"""Labels that do not touch each other: names beside points, and those under an axis."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.text import Annotation

from seqlib.arguments import check_number, real_array
from seqlib.plotting.style import COLOURS

__all__ = ["name_points", "stagger_ticks"]

GAP = 3.0  # pixels, 100 an inch, that are left free between two labels
ROUNDS = 30  # in which each label may move out of the way of the others
TRIES = 100  # in which a few labels are moved at random, and then all again
FAR = 9.0  # points from which on a line leads from a label to its point
PLACES = [  # offsets of a label in points, and how it is aligned there: near ones first
    (right * distance, up * distance, ("right", "center", "left")[right + 1], ("top", "center", "bottom")[up + 1])
    for distance in (4.0, 7.0, 12.0, 18.0, 26.0)
    for right, up in [(1, 0), (1, 1), (-1, 0), (-1, 1), (1, -1), (-1, -1), (0, 1), (0, -1)]
]
SHARE = {"left": 0.0, "bottom": 0.0, "center": 0.5, "right": 1.0, "top": 1.0}  # of a label, before where it is held
OFF = np.array([max(abs(right), abs(up)) > FAR for right, up, _, _ in PLACES])


def name_points(axes: Axes, x: Any, y: Any, names: Sequence[str], *, fontsize: float = 11) -> list[Annotation]:
    """Write its name beside each point of a plane, where it touches no other name and no point, if there is room.

    For some dozens of names. One that has to stand further off is joined to its point by a line. To be called last,
    when the axes have their limits: names are placed by how much room they take on the picture.

    Shapes:  x, y (n,); n names
    Raises:  TypeError or ValueError naming the argument
    """
    x, y = real_array("x", x, ("n",)), real_array("y", y, ("n",))
    if len(y) != len(x):
        raise ValueError(f"y must hold {len(x)} numbers, as x does, got {len(y)}")
    if len(names) != len(x):
        raise ValueError(f"names must hold {len(x)} names, one for each point, got {len(names)}")
    fontsize = check_number("fontsize", fontsize, above=0)
    _lay_out(axes)
    points = axes.transData.transform(np.column_stack([x, y]))
    window, pixel = np.array(axes.get_window_extent().extents), axes.figure.dpi / 100
    sizes = [_size(axes, name, fontsize) for name in names]
    boxes = np.array(
        [[_box(p, s, place, axes.figure.dpi) for place in PLACES] for p, s in zip(points, sizes, strict=True)]
    )
    chosen = _apart(boxes, points, window, GAP * pixel)
    made = []
    for name, at, k in zip(names, zip(x, y, strict=True), chosen, strict=True):
        right, up, ha, va = PLACES[k]
        line = {"arrowstyle": "-", "color": COLOURS["chance"], "linewidth": 0.6, "shrinkA": 0, "shrinkB": 2}
        line["relpos"] = (SHARE[ha], SHARE[va])
        made.append(
            axes.annotate(
                name,
                at,
                (right, up),
                textcoords="offset points",
                ha=ha,
                va=va,
                fontsize=fontsize,
                arrowprops=line if OFF[k] else None,
            )
        )
    return made


def stagger_ticks(axes: Axes) -> None:
    """Put labels of the x axis a line lower, as few as can be, where two would touch in one line."""
    _lay_out(axes)
    labels, pixel = axes.get_xticklabels(), axes.figure.dpi / 100
    places = axes.transData.transform([[label.get_position()[0], 0] for label in labels])[:, 0]
    spans = []
    for label, middle in zip(labels, places, strict=True):
        halves = [_size(axes, line, label.get_fontsize())[0] / 2 for line in label.get_text().split("\n")]
        spans.append([(middle - half, middle + half) for half in halves])
    levels = _levels(spans, GAP * pixel)
    if any(levels):
        axes.set_xticks(
            axes.get_xticks(), ["\n" * k + label.get_text() for k, label in zip(levels, labels, strict=True)]
        )


def _lay_out(axes: Axes) -> None:
    """Give the axes their place on the picture, which they have only when it is drawn."""
    part: Any = axes.figure
    figure = getattr(part, "figure", None)  # of a subfigure that which it belongs to
    if figure is not None:
        figure.draw_without_rendering()


def _size(axes: Axes, text: str, fontsize: Any) -> tuple[float, float]:
    """Width and height of a text in pixels."""
    drawn = axes.text(0, 0, text, fontsize=fontsize)
    extent = drawn.get_window_extent()
    drawn.remove()
    return extent.width, extent.height


def _box(point: np.ndarray, size: tuple[float, float], place: tuple[float, float, str, str], dpi: float) -> list[float]:
    """Left, bottom, right and top in pixels of a label at a place beside a point."""
    right, up, ha, va = place
    left = point[0] + right * dpi / 72 - size[0] * SHARE[ha]
    bottom = point[1] + up * dpi / 72 - size[1] * SHARE[va]
    return [left, bottom, left + size[0], bottom + size[1]]


def _shared(one: np.ndarray, others: np.ndarray, gap: float) -> np.ndarray:
    """The area that boxes share with others, from which they keep that distance  (…, 4), (…, 4) -> (…)."""
    low = np.maximum(one[..., :2], others[..., :2] - gap)
    high = np.minimum(one[..., 2:], others[..., 2:] + gap)
    return np.prod(np.maximum(high - low, 0), axis=-1)


def _nearer_to_another(boxes: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Whether a label would be nearer to another point than to its own  (n, places, 4), (n, 2) -> (n, places)."""
    away = points - np.clip(points, boxes[:, :, None, :2], boxes[:, :, None, 2:])
    distance = np.hypot(*np.moveaxis(away, -1, 0))
    own = np.einsum("ipi->ip", distance)
    return (distance < own[..., None]).any(-1)


def _lines(points: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """The vectors that lead from points to their labels: 0 where these are near  (n, 2), (n, places, 4) -> (…, 2)."""
    lines = np.clip(points[:, None], boxes[..., :2], boxes[..., 2:]) - points[:, None]
    lines[:, ~OFF] = 0
    return lines


def _struck(points: np.ndarray, lines: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """Whether lines from points run through boxes  (n, 2), (n, places, 2), (…, 4) -> (n, places, …)."""
    wide = (*lines.shape[:2], *[1] * (boxes.ndim - 1), 2)
    start = np.broadcast_to(points[:, None], lines.shape).reshape(wide)
    way = np.where(lines == 0, 1e-9, lines).reshape(wide)
    ends = np.stack([(boxes[..., :2] - start) / way, (boxes[..., 2:] - start) / way])  # shares of the way
    into, out = ends.min(0).max(-1), ends.max(0).min(-1)
    there = (lines != 0).any(-1).reshape(wide[:-1])
    return np.asarray(there & (np.maximum(into, 0) < np.minimum(out, 1)))


def _crossing(points: np.ndarray, lines: np.ndarray) -> np.ndarray:
    """Whether two lines from points cross: p + s l = q + t m  (n, 2), (n, places, 2) -> (n, places, n, places)."""

    def det(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        product: np.ndarray = a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
        return product

    between = (points - points[:, None])[:, None, :, None]
    one, other = lines[:, :, None, None], lines
    turn = det(one, other)
    with np.errstate(divide="ignore", invalid="ignore"):  # parallel ones do not cross
        s, t = det(between, other) / turn, det(between, one) / turn
    return np.asarray((s > 0) & (s < 1) & (t > 0) & (t < 1))


def _apart(boxes: np.ndarray, points: np.ndarray, window: np.ndarray, gap: float) -> np.ndarray:
    """Of the places that each label may have, one for each, with as little in the way of another as can be found.

    From the best places that moving one label after the other leads to, a few labels are moved at random, and so on.

    Shapes:  boxes (n, places, 4); points (n, 2); window (4,) -> (n,)
    """
    n, places = boxes.shape[:2]
    lines, dots = _lines(points, boxes), np.concatenate([points - gap, points + gap], axis=1)
    area = _shared(boxes[:, :, None, None], boxes, gap)
    against = (area > 0) + area / 100 + _struck(points, lines, boxes) + _crossing(points, lines) / 2
    against += against.transpose(2, 3, 0, 1)
    against[np.arange(n), :, np.arange(n)] = 0
    hidden = _shared(boxes[:, :, None], dots, 0) > 0
    hidden |= _struck(points, lines, dots) & ~np.eye(n, dtype=bool)[:, None]
    outside = (np.maximum(window[:2] - boxes[..., :2], 0) + np.maximum(boxes[..., 2:] - window[2:], 0)).sum(-1)
    alone = 2 * hidden.sum(-1) + outside + 0.5 * OFF + 0.02 * np.arange(places)
    alone += 0.6 * (_nearer_to_another(boxes, points) & ~OFF)  # whose name is it? a line says so
    every, rng = np.arange(n), np.random.default_rng(0)

    def settled(chosen: np.ndarray) -> tuple[float, np.ndarray]:
        for _ in range(ROUNDS):
            before = chosen.copy()
            for i in range(n):
                chosen[i] = (alone[i] + against[i][:, every, chosen].sum(1)).argmin()
            if (chosen == before).all():
                break
        return alone[every, chosen].sum() + against[every, chosen][:, every, chosen].sum() / 2, chosen

    cost, chosen = settled(alone.argmin(1))
    for _ in range(TRIES):
        moved = chosen.copy()
        some = rng.choice(n, min(4, n), replace=False)
        moved[some] = rng.integers(0, places, len(some))
        other, moved = settled(moved)
        if other < cost:
            cost, chosen = other, moved
    return chosen


def _levels(spans: Sequence[Sequence[tuple[float, float]]], gap: float) -> list[int]:
    """How many lines lower each label is to stand, as few as can be, so that no two touch in any line.

    Shapes:  spans: for each label, from left to right, left and right end of each of its lines -> as many integers
    """
    for deepest in range(len(spans)):
        found: dict[tuple[float, ...], list[int]] = {(): []}  # where each line ends, and the fewest steps down to there
        for label in spans:
            further: dict[tuple[float, ...], list[int]] = {}
            for ends, levels in found.items():
                for level in range(deepest + 1):
                    now = [*ends, *[-np.inf] * (level + len(label) - len(ends))]
                    if any(now[level + k] + gap > left for k, (left, _) in enumerate(label)):
                        continue
                    now[level : level + len(label)] = [right for _, right in label]
                    if sum(further.get(tuple(now), [len(spans) ** 2])) > sum(levels) + level:
                        further[tuple(now)] = [*levels, level]
            found = further
        if found:
            return min(found.values(), key=sum)
    return list(range(len(spans)))
