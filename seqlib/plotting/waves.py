"""Positions as waves, and as clocks: what a Transformer adds to its words, at one place of a sentence."""

from __future__ import annotations

from typing import Any

import numpy as np

from seqlib.arguments import check_number, real_array
from seqlib.plotting.picture import Picture
from seqlib.plotting.style import COLOURS, SERIES, STYLES, canvas

__all__ = ["waves"]

MOST = len(SERIES)  # waves that can be told apart
FINE = 400  # points of a curve
RADIUS = 0.8  # of a clock, in units of its panel


def waves(rates: Any, position: float, *, longest: float = 60.0) -> Picture:
    """Above, a sine for each rate, with the point that `position` has on it; below, each as the hand of a clock.

        height = sin(position · rate)        the hand points up at position 0, and turns clockwise by position · rate

    So the point of a wave is as high as the end of its hand is far to the right, and the cosine is how far it is up.
    Pictures with the same rates and the same `longest` are of one size.

    Shapes:  rates (n,), radians per position, from 1 to 6 of them, greater than 0; 0 ≤ position ≤ longest
    Raises:  TypeError or ValueError naming the argument
    Book:    chapters/13_transformer
    """
    rates = real_array("rates", rates, ("n",))
    if not 1 <= len(rates) <= MOST:
        raise ValueError(f"rates must hold from 1 to {MOST} of them, got {len(rates)}")
    if (rates <= 0).any():
        raise ValueError(f"rates must be greater than 0, got {rates.min():g}")
    longest = check_number("longest", longest, above=0)
    position = check_number("position", position, low=0, high=longest)
    n, at = len(rates), np.linspace(0, longest, FINE)
    figure, panels = canvas(2, max(n, 2), width=6.4, height=4.4, gridspec_kw={"height_ratios": [1.7, 1]})
    grid = panels[0, 0].get_gridspec()
    for panel in panels[0]:
        panel.remove()
    above = figure.add_subplot(grid[0, :])
    above.axvline(position, color=COLOURS["chance"], linewidth=1, zorder=1)
    for i, rate in enumerate(rates):
        colour = SERIES[i]
        above.plot(at, np.sin(at * rate), color=colour, linestyle=STYLES[i], label=f"pair {i + 1}", zorder=2)
        above.plot([position], [np.sin(position * rate)], "o", color=colour, markersize=9, zorder=3)
        _clock(panels[1, i], position * rate, colour, f"pair {i + 1}")
    for panel in panels[1, n:]:
        panel.remove()
    above.set(xlim=(-0.01 * longest, 1.01 * longest), ylim=(-1.15, 1.15), xlabel="place in the sentence", ylabel="sine")
    return Picture(figure, _told(rates, position))


def _clock(axes: Any, angle: float, colour: str, name: str) -> None:
    """A clock with one hand, which stands at the top where the angle is 0."""
    ring = np.linspace(0, 2 * np.pi, 100)
    axes.plot(RADIUS * np.sin(ring), RADIUS * np.cos(ring), color=COLOURS["chance"], linewidth=1)
    hand = [0, RADIUS * np.sin(angle)], [0, RADIUS * np.cos(angle)]
    axes.plot(*hand, color=colour, linewidth=3, solid_capstyle="round")
    axes.plot([hand[0][1]], [hand[1][1]], "o", color=colour, markersize=9)
    axes.set(xlim=(-1, 1), ylim=(-1, 1), aspect="equal")
    axes.set_title(name, fontsize=12, loc="center", fontweight="normal")
    axes.axis("off")


def _told(rates: np.ndarray, position: float) -> str:
    """The alternative text: how far each hand has turned, and sine and cosine."""
    parts = []
    for i, angle in enumerate(position * rates):
        turns = f"{angle / (2 * np.pi):.2f} turns" if angle >= np.pi else f"{np.degrees(angle):.1f} degrees"
        parts.append(f"pair {i + 1} {turns}, sine {np.sin(angle):.2f}, cosine {np.cos(angle):.2f}")
    return f"Waves and clocks at place {position:g}: {'; '.join(parts)}."
