"""A figure that the reader can move: one picture of several is shown, a slider chooses which."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Sequence
from typing import Any

from seqlib.plotting.picture import Picture

__all__ = ["Movable", "frames"]

# Radio buttons do the work, so the figure needs no script: arrow keys, touch and mouse choose a frame, in JupyterLab,
# on the site and from a file alike, and a screen reader hears a group of choices.
STYLE = """
.seq-frames { border: 0; margin: 0; padding: 0; min-width: 0; }
.seq-frames legend { padding: 0 0 .4rem; font-weight: 600; }
.seq-frames input { appearance: none; -webkit-appearance: none; float: left; box-sizing: border-box; margin: 0 0 .6rem;
  height: 28px; min-width: 24px; background: #6b6b6b; border: 0 solid transparent; border-width: 10px 1px;
  background-clip: padding-box; cursor: pointer; }
.seq-frames input:checked { background: #1f6fb4; border-width: 3px 1px; background-clip: padding-box; }
.seq-frames input:focus-visible { outline: 3px solid #b85410; outline-offset: 1px; }
.seq-frames .seq-frame { display: none; clear: both; }
.seq-frames .seq-frame p { margin: 0 0 .3rem; }
.seq-frames img { max-width: 100%; height: auto; background: white; }
"""


class Movable:
    """Several pictures as one figure; displays as HTML, with the first picture as a still where HTML is not shown."""

    def __init__(self, pictures: Sequence[Picture], labels: Sequence[str], name: str) -> None:
        self.pictures, self.labels, self.name = list(pictures), list(labels), name
        self.alt = f"{name}: {len(self.labels)} frames, from {self.labels[0]} to {self.labels[-1]}. First frame: "
        self.alt += self.pictures[0].alt

    def __repr__(self) -> str:
        return "<Movable>"

    def _html(self) -> str:
        slug = re.sub(r"[^a-z0-9]+", "-", self.name.lower()).strip("-")
        width = 100 / len(self.labels)
        rules = [f".seq-frames.{slug} input {{ width: {width:.4f}%; }}"]
        inputs, shown = [], []
        for i, (picture, label) in enumerate(zip(self.pictures, self.labels, strict=True)):
            rules.append(f".seq-frames.{slug} input:nth-of-type({i + 1}):checked ~ .{slug}-{i} {{ display: block; }}")
            checked = " checked" if i == 0 else ""
            text = html.escape(label)
            inputs.append(f'<input type="radio" name="{slug}" aria-label="{text}" title="{text}"{checked}>')
            data = base64.b64encode(picture.png).decode()
            image = f'<img class="seq-figure" alt="{html.escape(picture.alt)}" width="{picture.width}" '
            image += f'height="{picture.height}" src="data:image/png;base64,{data}">'
            shown.append(f'<div class="seq-frame {slug}-{i}"><p>{text}</p>{image}</div>')
        legend = f"<legend>{html.escape(self.name)}: choose a frame</legend>"
        body = "\n".join([legend, *inputs, *shown])
        return f'<style>{STYLE}{" ".join(rules)}</style>\n<fieldset class="seq-frames {slug}">\n{body}\n</fieldset>'

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> tuple[dict[str, Any], dict[str, Any]]:
        still = self.pictures[0]
        data = {"text/html": self._html(), "image/png": still.png, "text/plain": "<Movable>"}
        return data, {"image/png": {"alt": self.alt, "width": still.width}}


def frames(pictures: Sequence[Picture], labels: Sequence[str], *, name: str) -> Movable:
    """Several pictures as one figure that the reader moves through with mouse, touch or arrow keys.

    Shapes:  as many labels as pictures, at least two
    Raises:  TypeError or ValueError naming the argument
    """
    if not pictures or not all(isinstance(picture, Picture) for picture in pictures):
        raise TypeError("pictures must be a list of Pictures")
    if len(pictures) < 2 or len(labels) != len(pictures):
        raise ValueError(
            f"labels must hold one label for each of two or more pictures, got {len(labels)} for {len(pictures)}"
        )
    if not isinstance(name, str) or not re.search(r"[A-Za-z]", name):
        raise ValueError(f"name must be words that say what moves, got {name!r}")
    return Movable(pictures, [str(label) for label in labels], name)
