"""The house style of figures, and the only Matplotlib import of the project.

    curves      lines over x with their spread over seeds, floor and chance
    points      one dot per seed, with the median and its interval
    heatmap     a matrix
    box, arrow  parts of a drawing
    unrolled    a recurrent network unrolled in time
    spectrum    eigenvalues against the unit circle, and singular values
    name_points names beside the points of a plane, where they touch nothing
    attention   a decoder that writes, and which words of the source it attends to
    heads       what a word of a sentence attends to, in each head of self-attention
    waves       positions of a sentence as waves and as clocks
    frames      several pictures as one figure that the reader can move
    canvas      empty axes in the house style, for everything else; wrap the figure in Picture(fig, alt)

Every function returns a Picture: the image, with an alternative text made from the data it shows. Importing this
package sets the style.
"""

from seqlib.plotting.attention import attention
from seqlib.plotting.charts import curves, heatmap, points, spectrum
from seqlib.plotting.diagrams import arrow, box, unrolled
from seqlib.plotting.frames import Movable, frames
from seqlib.plotting.heads import heads
from seqlib.plotting.labels import name_points
from seqlib.plotting.picture import Picture
from seqlib.plotting.style import COLOURS, SERIES, canvas, use_style
from seqlib.plotting.waves import waves

use_style()

__all__ = [
    "COLOURS",
    "SERIES",
    "Movable",
    "Picture",
    "arrow",
    "attention",
    "box",
    "canvas",
    "curves",
    "frames",
    "heads",
    "heatmap",
    "name_points",
    "points",
    "spectrum",
    "unrolled",
    "use_style",
    "waves",
]
