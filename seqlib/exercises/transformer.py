"""The practice of chapter 13, the Transformer: all exercises of the chapter in one place."""

from __future__ import annotations

from seqlib.exercises.transformer_block import block_costs, pre_norm_block
from seqlib.exercises.transformer_heads import causal_head, split_heads
from seqlib.exercises.transformer_norm import layer_norm
from seqlib.exercises.transformer_norm_gradient import layer_norm_backward
from seqlib.exercises.transformer_positions import rotate, sinusoids

__all__ = [
    "block_costs",
    "causal_head",
    "layer_norm",
    "layer_norm_backward",
    "pre_norm_block",
    "rotate",
    "sinusoids",
    "split_heads",
]
