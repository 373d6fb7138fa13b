"""Colours, sizes and fonts: what makes the figures look like the work of one hand."""

from __future__ import annotations

from typing import Any

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from matplotlib.rcsetup import cycler

__all__ = ["COLOURS", "MARKERS", "SERIES", "STYLES", "WIDTH", "canvas", "use_style"]

# Roles. Distinct for the common colour blindnesses, and at least 3:1 against white; lines differ in dashes as well.
COLOURS = {
    "model": "#1f6fb4",
    "baseline": "#b85410",
    "accent": "#7a3fa0",
    "other": "#1b7f5c",
    "fifth": "#b02a63",
    "sixth": "#5f6b1e",
    "floor": "#222222",
    "chance": "#6b6b6b",
    "ink": "#222222",
    "faint": "#d9d9d9",
    "input": "#e4eef7",
    "state": "#cfe3f5",
    "output": "#f7e6d8",
}
SERIES = [COLOURS[role] for role in ("model", "baseline", "accent", "other", "fifth", "sixth")]
STYLES = ["-", "--", "-.", (0, (1, 1.2)), (0, (5, 1, 1, 1, 1, 1)), (0, (8, 2))]
MARKERS = ["o", "s", "^", "D", "v", "P"]
WIDTH = 6.4  # inches: 12 pt text stays legible when a phone shrinks the figure to 350 px


def use_style() -> None:
    """Set the house style in Matplotlib, and the non-interactive backend, so that a figure is drawn once."""
    matplotlib.use("agg")
    plt.rcParams.update(
        {
            "figure.dpi": 100,
            "figure.constrained_layout.use": True,
            "figure.facecolor": "white",
            "savefig.facecolor": "white",
            "font.family": "DejaVu Sans",
            "font.size": 12,
            "axes.titlesize": 13,
            "axes.titleweight": "bold",
            "axes.titlelocation": "left",
            "axes.titlepad": 10,
            "axes.labelsize": 12,
            "axes.edgecolor": "#555555",
            "axes.labelcolor": COLOURS["ink"],
            "axes.linewidth": 0.8,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.prop_cycle": cycler(color=SERIES),
            "axes.grid": True,
            "grid.color": "#ececec",
            "grid.linewidth": 0.8,
            "axes.axisbelow": True,
            "xtick.color": "#444444",
            "ytick.color": "#444444",
            "xtick.labelsize": 11,
            "ytick.labelsize": 11,
            "lines.linewidth": 2,
            "lines.markersize": 6,
            "legend.frameon": False,
            "legend.fontsize": 11,
            "mathtext.fontset": "dejavusans",
        }
    )


def canvas(
    rows: int = 1, cols: int = 1, *, width: float = WIDTH, height: float | None = None, **options: Any
) -> tuple[Figure, Any]:
    """A figure in the house style for free drawing: (figure, axes), as matplotlib.pyplot.subplots.

    `height` is 3.4 inches a row unless given; wrap the figure in Picture(figure, alt) to show it.
    """
    figure, axes = plt.subplots(rows, cols, figsize=(width, height or 3.4 * rows), squeeze=False, **options)
    return figure, axes[0, 0] if rows == cols == 1 else np.squeeze(axes)
