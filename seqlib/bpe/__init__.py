"""Byte-level BPE, the tokeniser of GPT-2: learnt from texts, applied to any text, read and written as GPT-2's files.

`ByteLevelBPE.train` learns merges, `encode` and `decode` apply them. `pieces` is the step before: it cuts a text where
no merge may reach across, and `learn_merges` the loop that learns.
"""

from seqlib.bpe.byte_level import ByteLevelBPE
from seqlib.bpe.learning import learn_merges
from seqlib.bpe.pieces import pieces
from seqlib.bpe.symbols import BYTES, from_symbols, to_symbols

__all__ = ["BYTES", "ByteLevelBPE", "from_symbols", "learn_merges", "pieces", "to_symbols"]
