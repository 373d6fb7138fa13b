"""How a layer starts: the gate that keeps can be opened before training."""

from __future__ import annotations

from typing import TypeVar

import torch
from torch import nn

from seqlib.arguments import check_choice, check_number
from seqlib.nn.gru import GRU
from seqlib.nn.lstm import LSTM

__all__ = ["open_gate"]

# The order of the blocks in weights and biases, and which of them are gates; g and n are candidates.
BLOCKS = ((LSTM, nn.LSTM), "ifgo", "ifo"), ((GRU, nn.GRU), "rzn", "rz")

Layer = TypeVar("Layer", LSTM, GRU, nn.LSTM, nn.GRU)


def open_gate(layer: Layer, gate: str, bias: float = 1.0) -> Layer:
    """Set the bias of one gate, in every layer and direction, and return the layer.

        b_ih[gate] = bias    b_hh[gate] = 0

    With weights and states near 0 the gate then starts at σ(bias). What the gate f of an LSTM or z of a GRU lets pass
    in T steps is σ(bias)ᵀ. A negative bias closes a gate. Other biases and all weights stay as they are.

    Shapes:  layer: an LSTM or GRU of seqlib.nn or torch.nn; gate "i", "f" or "o" of an LSTM, "r" or "z" of a GRU
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Gers, Schmidhuber & Cummins 2000; Jozefowicz, Zaremba & Sutskever 2015 (forget gate bias of 1)
    Book:    chapters/05_lstm, chapters/08_comparison
    """
    found = [(blocks, gates) for kinds, blocks, gates in BLOCKS if isinstance(layer, kinds)]
    if not found:
        raise TypeError(f"layer must be an LSTM or a GRU, got {type(layer).__name__}")
    blocks, gates = found[0]
    check_choice("gate", gate, gates)
    bias = check_number("bias", bias)
    if not layer.bias:
        raise ValueError("layer has no biases; it must be made with bias=True")
    H = layer.hidden_size
    rows = slice(blocks.index(gate) * H, (blocks.index(gate) + 1) * H)
    with torch.no_grad():
        for name, values in layer.named_parameters():
            if name.startswith("bias_"):
                values[rows] = bias if name.startswith("bias_ih_") else 0.0
    return layer
