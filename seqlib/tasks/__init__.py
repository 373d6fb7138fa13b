"""Toy problems whose best possible loss is known.

    Blanks       fill in the blank; the deciding word stands a known distance before it
    Oscillator   predict the next value of a second-order autoregression
    Adding       add two marked numbers of a long sequence

Every task has a `name`, the `loss` it is judged by, a `floor` (no model does better), a `chance` level (what is to be
had without memory), and `sample(batch_size, rng)`, which draws a Batch from the generator that it is given.
"""

from seqlib.tasks.adding import Adding
from seqlib.tasks.blanks import Blanks
from seqlib.tasks.oscillator import Oscillator

__all__ = ["Adding", "Blanks", "Oscillator"]
