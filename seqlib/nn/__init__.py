"""PyTorch modules that chapters train with, drop-in for torch.nn where torch.nn has the layer.

RNN             the recurrent network; its backward pass is the one derived in chapter 3
SequenceModel   ids or vectors -> recurrent layer -> linear read-out at every step
"""

from seqlib.nn.rnn import RNN
from seqlib.nn.sequence_model import SequenceModel

__all__ = ["RNN", "SequenceModel"]
