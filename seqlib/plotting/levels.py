"""The levels that a learning curve is read against: floor, chance, and what simple predictors reach."""

from __future__ import annotations

from collections.abc import Mapping

from matplotlib.axes import Axes

from seqlib.evidence import rounded
from seqlib.plotting.style import COLOURS

__all__ = ["draw_ceiling", "draw_levels", "levels_alt"]

DOTTED = (0, (1, 2))


def draw_levels(
    axes: Axes, floor: float | None, chance: float | None, others: Mapping[str, float] | None = None
) -> None:
    """Draw floor, chance and others across, label them, and hatch what lies under the floor: no model can be there."""
    for name, height in (others or {}).items():
        axes.axhline(height, color=COLOURS["chance"], linewidth=1.1, linestyle=DOTTED, zorder=1)
        _label(axes, height, name, "bottom")
    if floor is not None:
        bottom, top = axes.get_ylim()
        if axes.get_yscale() == "linear":
            span = max(top, chance or floor) - min(bottom, floor)
            bottom = min(bottom, floor - 0.1 * span)
            axes.axhspan(
                bottom, floor, facecolor="none", edgecolor=COLOURS["faint"], hatch="////", linewidth=0, zorder=0
            )
            axes.set_ylim(bottom, top)
        elif floor > 0:  # room for the label under the line
            axes.set_ylim(bottom=min(bottom, floor / (top / bottom) ** 0.12))
        if axes.get_yscale() == "linear" or floor > 0:
            axes.axhline(floor, color=COLOURS["floor"], linewidth=1.4, zorder=1)
            _label(axes, floor, "floor", "top")
    if chance is not None:
        axes.axhline(chance, color=COLOURS["chance"], linewidth=1.4, linestyle=(0, (4, 3)), zorder=1)
        _label(axes, chance, "chance", "bottom")
        bottom, top = axes.get_ylim()
        if axes.get_yscale() == "linear":
            axes.set_ylim(bottom, max(top, chance + 0.12 * (top - bottom)))
        elif chance > 0:  # room for the label above the line
            axes.set_ylim(top=max(top, chance * (max(top, chance) / bottom) ** 0.12))


def draw_ceiling(axes: Axes, place: int, height: float) -> None:
    """Draw the most that can be reached at one place of the x axis, no farther than to its neighbours, and label it."""
    axes.plot(
        [place - 0.45, place + 0.45],
        [height, height],
        color=COLOURS["chance"],
        linewidth=1.1,
        linestyle=DOTTED,
        zorder=1,
    )
    axes.annotate(
        "ceiling",
        (place, height),
        (0, 3),
        textcoords="offset points",
        ha="center",
        va="bottom",
        color="#555555",
        fontsize=11,
    )


def _label(axes: Axes, y: float, text: str, side: str) -> None:
    axes.annotate(
        text,
        (1, y),
        (-4, -3 if side == "top" else 3),
        xycoords=axes.get_yaxis_transform(),
        textcoords="offset points",
        ha="right",
        va=side,
        fontsize=11,
        color=COLOURS["floor"] if text == "floor" else "#555555",
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6, "alpha": 0.75},
        zorder=5,
    )


def levels_alt(floor: float | None, chance: float | None, others: Mapping[str, float] | None = None) -> str:
    """The levels in words, for the alternative text."""
    levels = {"floor": floor, "chance": chance, **(others or {})}
    said = [f"{name} {rounded(v, 2):g}" for name, v in levels.items() if v is not None]
    return f" Drawn for comparison: {', '.join(said)}." if said else ""
