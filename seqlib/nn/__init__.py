"""PyTorch modules that chapters train with, drop-in for torch.nn where torch.nn has the layer.

    RNN             the recurrent network; its backward pass is the one derived in chapter 3
    SequenceModel   ids or vectors -> recurrent layer -> linear read-out at every step

A new cell says what one step of a sequence does and inherits the rest from `seqlib.nn.recurrent`.
"""

from seqlib.nn.rnn import RNN
from seqlib.nn.sequence_model import SequenceModel

__all__ = ["RNN", "SequenceModel"]
