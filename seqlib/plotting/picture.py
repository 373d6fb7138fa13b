"""A figure together with its alternative text."""

from __future__ import annotations

import io
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.figure import Figure
from PIL import Image

__all__ = ["Picture"]


class Picture:
    """A drawn figure that displays itself as a PNG with alternative text.

    The bytes depend on the drawing alone: no date, no program version. 256 colours are enough for our figures, and
    make the file half as large.

    Raises:  TypeError for something that is no figure; ValueError for an alt text that says nothing
    """

    def __init__(self, figure: Figure, alt: str, *, dpi: int = 170) -> None:
        if not isinstance(figure, Figure):
            raise TypeError(f"figure must be a Matplotlib figure, got {type(figure).__name__}")
        if not isinstance(alt, str) or len(alt.split()) < 4:
            raise ValueError(f"alt must say in a sentence what the figure shows, got {alt!r}")
        self.alt = " ".join(alt.replace("$", "").split())  # labels may be set as formulas; a reader hears text
        raw = io.BytesIO()
        figure.savefig(raw, format="png", dpi=dpi, bbox_inches="tight", pad_inches=0.08)
        plt.close(figure)
        image = Image.open(raw).convert("RGB")
        packed = io.BytesIO()
        image.quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(
            packed, "png", optimize=True
        )
        self.png = packed.getvalue()
        self.width = round(image.width * 100 / dpi)  # in CSS pixels, 100 an inch
        self.height = round(image.height * 100 / dpi)

    def __repr__(self) -> str:
        return "<Picture>"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> tuple[dict[str, Any], dict[str, Any]]:
        data = {"image/png": self.png, "text/plain": "<Picture>"}
        return data, {"image/png": {"alt": self.alt, "width": self.width}}
