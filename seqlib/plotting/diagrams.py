"""Drawings of networks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from seqlib.arguments import check_integer
from seqlib.plotting.picture import Picture
from seqlib.plotting.style import COLOURS, canvas

__all__ = ["arrow", "box", "unrolled"]


def box(
    axes: Axes,
    x: float,
    y: float,
    text: str,
    *,
    colour: str = "state",
    width: float = 0.9,
    height: float = 0.55,
    bold: bool = False,
    dashed: bool = False,
) -> None:
    """A rounded box with a text, centred at (x, y); its frame may be bold, and a bold one dashed."""
    corner = (x - width / 2, y - height / 2)
    edge = COLOURS["accent"] if bold else "#555555"
    style = "round,pad=0,rounding_size=0.12"
    frame: dict[str, Any] = {"edgecolor": edge, "linewidth": 2.4 if bold else 1}
    frame["linestyle"] = (0, (2, 1.2)) if bold and dashed else "-"
    patch = FancyBboxPatch(corner, width, height, boxstyle=style, facecolor=COLOURS[colour], **frame)
    axes.add_patch(patch)
    axes.text(x, y, text, ha="center", va="center", fontsize=12, color=COLOURS["ink"])


def arrow(
    axes: Axes,
    start: tuple[float, float],
    end: tuple[float, float],
    *,
    colour: str = "ink",
    dashed: bool = False,
    curve: float = 0.0,
) -> None:
    """An arrow from start to end."""
    style: dict[str, Any] = {"arrowstyle": "-|>", "mutation_scale": 13, "shrinkA": 0, "shrinkB": 0}
    line = (0, (3, 2)) if dashed else "-"
    axes.add_patch(
        FancyArrowPatch(
            start,
            end,
            color=COLOURS[colour],
            linewidth=1.6,
            linestyle=line,
            connectionstyle=f"arc3,rad={curve}",
            **style,
        )
    )


def unrolled(
    steps: int = 3,
    *,
    inputs: Sequence[str] | None = None,
    outputs: Sequence[str] | None = None,
    gradient: bool = False,
    highlight: int | None = None,
    title: str = "",
    alt: str | None = None,
) -> Picture:
    """A recurrent network unrolled in time; with `gradient`, the way back of the derivative as dashed arrows.

    `inputs` and `outputs` label the boxes (an empty string leaves an output out); `highlight` frames one step, from 1.

    Raises:  TypeError or ValueError naming the argument
    """
    steps = check_integer("steps", steps, low=1)
    for name, labels in [("inputs", inputs), ("outputs", outputs)]:
        if labels is not None and len(labels) != steps:
            raise ValueError(f"{name} must hold {steps} labels, got {len(labels)}")
    if highlight is not None:
        highlight = check_integer("highlight", highlight, low=1, high=steps)
    below = list(inputs) if inputs is not None else [f"$x_{{{t}}}$" for t in range(1, steps + 1)]
    above = list(outputs) if outputs is not None else [f"$o_{{{t}}}$" for t in range(1, steps + 1)]
    longest = max([len(label) for label in below + above if not label.startswith("$")] + [4])
    wide = max(0.9, 0.135 * longest * max(1.0, steps / 4))  # more steps, smaller boxes
    gap = max(1.7, wide + 0.35)
    figure, axes = canvas(width=max(6.4, min(7.6, 1.2 * steps + 1.6)), height=3.0)
    box(axes, 0, 1, "$h_0$")
    for t in range(1, steps + 1):
        x, before = t * gap, (t - 1) * gap
        bold = highlight == t
        box(axes, x, 0, below[t - 1], colour="input", width=wide)
        box(axes, x, 1, f"$h_{{{t}}}$", bold=bold)
        arrow(axes, (x, 0.28), (x, 0.72))
        arrow(axes, (before + 0.45, 1), (x - 0.45, 1))
        axes.text((before + x) / 2, 1.1, "$W_{hh}$", ha="center", va="bottom", fontsize=11)
        axes.text(x + 0.08, 0.5, "$W_{xh}$", ha="left", va="center", fontsize=11)
        if above[t - 1]:
            box(axes, x, 2, above[t - 1], colour="output", width=wide)
            arrow(axes, (x, 1.28), (x, 1.72))
        if gradient:
            arrow(axes, (x - 0.45, 0.84), (before + 0.45, 0.84), colour="baseline", dashed=True)
            if above[t - 1]:
                arrow(axes, (x - 0.15, 1.72), (x - 0.15, 1.28), colour="baseline", dashed=True)
    axes.set_xlim(-0.6, steps * gap + max(0.6, wide / 2 + 0.1))
    axes.set_ylim(-0.4, 2.4)
    axes.set_aspect("equal")
    axes.axis("off")
    axes.set_title(title)
    words = f"A recurrent network unrolled over {steps} steps: each input feeds a hidden state, "
    words += "which also takes the state before it by the same matrix W_hh, and feeds an output." + (
        f" Inputs: {', '.join(below)}." if inputs is not None else ""
    )
    words += f" Outputs: {', '.join(label for label in above if label)}." if outputs is not None else ""
    words += (
        " Dashed arrows show the gradient running back from the outputs through the states to the first."
        if gradient
        else ""
    )
    words += f" Step {highlight} is highlighted." if highlight else ""
    return Picture(figure, alt or words.replace("$", ""))
