"""The picture of a decoder at work draws the weights that it is given, and says the same in words."""

import io

import numpy as np
import pytest
from matplotlib import pyplot
from matplotlib.colors import to_hex
from matplotlib.patches import FancyBboxPatch
from PIL import Image

from seqlib.plotting import COLOURS, WIDTH, Picture, attention, canvas, diagrams
from seqlib.plotting import attention as function
from seqlib.plotting.attention import _drawn

SOURCE, TARGET = ["a", "red", "car", "a"], ["baabuur", "cas", "EOS"]
WEIGHTS = np.array([[0.04, 0.1, 0.86, 0.0], [0.004, 0.996, 0.0, 0.0], [0.3, 0.2, 0.1, 0.4]])
SURE, POSSIBLE = {(2, 0), (1, 1)}, {(2, 0), (0, 0), (3, 0)}


@pytest.fixture(autouse=True)
def closed():
    """Matplotlib keeps what is not closed."""
    yield
    pyplot.close("all")
