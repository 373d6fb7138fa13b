"""The picture of the index and the README: python book/_figures/index_picture.py writes it to book/_static.

The curve is a real one: a recurrent network on the blanks task of chapter 1, seed 0.
"""

from pathlib import Path

import numpy as np
import torch

from seqlib import plotting
from seqlib.nn import RNN, SequenceModel
from seqlib.plotting.diagrams import arrow, box
from seqlib.tasks import Blanks
from seqlib.training import fit

TARGET = Path(__file__).parents[1] / "_static" / "learning-sequences.png"
WORDS = ["I", "like", "ice-cream", "…", "favourite", "is"]
ALT = """The sentence "I like ice-cream … favourite is" runs through an unrolled recurrent network, which answers
"chocolate". Dashed arrows carry the gradient back from the answer to ice-cream. Below, a learning curve falls from
chance to the known floor."""


def network_drawing(axes):
    """The sentence in the unrolled network, with the gradient going back to the cue."""
    for t, word in enumerate(WORDS):
        x = 1.75 * t
        cue = word == "ice-cream"
        box(axes, x, 0, word, colour="output" if cue else "input", width=1.45, bold=cue)
        box(axes, x, 1.15, f"$h_{t + 1}$", width=0.9)
        arrow(axes, (x, 0.28), (x, 0.87))
        if t:
            arrow(axes, (x - 1.3, 1.2), (x - 0.45, 1.2))
        if t > WORDS.index("ice-cream"):
            arrow(axes, (x - 0.45, 1.02), (x - 1.3, 1.02), colour="baseline", dashed=True)
    last = 1.75 * (len(WORDS) - 1)
    box(axes, last, 2.3, "chocolate", colour="output", width=1.6)
    arrow(axes, (last + 0.08, 1.43), (last + 0.08, 2.02))
    arrow(axes, (last - 0.12, 2.02), (last - 0.12, 1.43), colour="baseline", dashed=True)
    axes.text(last - 1.0, 2.3, "the gradient goes back", ha="right", va="center", color=plotting.COLOURS["baseline"])
    axes.set(xlim=(-0.9, last + 0.95), ylim=(-0.4, 2.7))
    axes.set_aspect("equal")
    axes.axis("off")


def learning_curve(axes):
    """The loss at the blank, between chance and floor."""
    task = Blanks((1, 8))

    def network():
        return SequenceModel(RNN(16, 48, batch_first=True, dtype=torch.float64), task.n_out, vocab_size=task.vocab_size)

    loss = fit(network, task, steps=600, lr=5e-3, batch_size=128, clip_norm=1.0).loss
    smooth = np.convolve(loss, np.ones(15) / 15, mode="valid")
    axes.plot(np.arange(len(smooth)) + 15, smooth, color=plotting.COLOURS["model"])
    axes.axhline(task.chance, color=plotting.COLOURS["chance"], linestyle=(0, (4, 3)), linewidth=1.4)
    axes.axhline(task.floor, color=plotting.COLOURS["floor"], linewidth=1.4)
    axes.axhspan(0.5, task.floor, facecolor="none", edgecolor=plotting.COLOURS["faint"], hatch="////", linewidth=0)
    axes.text(600, task.chance + 0.04, "chance: what can be had without memory", ha="right", fontsize=11)
    plain = {"facecolor": "white", "edgecolor": "none", "pad": 1}
    axes.text(600, task.floor - 0.15, "floor: no model can do better", ha="right", fontsize=11, bbox=plain)
    axes.set(xlim=(0, 605), ylim=(0.5, 2.2), xlabel="training step", ylabel="loss (nats)")


def main():
    """Draw both halves and write the picture."""
    torch.set_num_threads(1)
    figure, (top, bottom) = plotting.canvas(2, 1, width=8.6, height=5.6, height_ratios=[1.25, 1])
    network_drawing(top)
    learning_curve(bottom)
    TARGET.write_bytes(plotting.Picture(figure, ALT, dpi=150).png)


if __name__ == "__main__":
    main()
