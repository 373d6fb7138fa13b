"""From what an encoder ended with to what a decoder begins with."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from seqlib.nn.recurrent import Recurrent

__all__ = ["Bridge", "check_recurrent", "state_widths"]

STATES = ("h", "c")


class Bridge(nn.Module):
    """The final states of an encoder, made the initial states of a decoder, layer by layer.

        s_0 = h_S                            an encoder in one direction, as wide as the decoder
        s_0 = [→h_S; ←h_1]                   one in both directions, together as wide as the decoder
        s_0 = tanh(W [→h_S; ←h_1] + b)       otherwise, W of each layer learned; the cell of an LSTM without tanh

    →h_S has read the whole sequence from the left, ←h_1 the whole of it from the right. A cell c is handed over as h
    is; it has no tanh because it may leave (-1, 1).

    Shapes:  each state (layers·directions, B, W) -> (layers, B, the width of the decoder's)
    Raises:  ValueError naming encoder and decoder if their layers or states do not correspond
    Source:  Sutskever, Vinyals & Le 2014 (the final states); Bahdanau, Cho & Bengio 2015 (the learned map with tanh)
    Differs: Bahdanau et al. map ←h_1 alone, without b
    Book:    chapters/11_encoder_decoder
    """

    def __init__(self, encoder: nn.Module, decoder: nn.Module) -> None:
        super().__init__()
        given, wanted = state_widths(encoder), state_widths(decoder)
        if len(given) != len(wanted):
            raise ValueError(
                "encoder and decoder must have the same states, both be an LSTM or neither, got "
                f"{type(encoder).__name__} and {type(decoder).__name__}"
            )
        layers: Any = decoder.num_layers
        if encoder.num_layers != layers:
            raise ValueError(
                "encoder and decoder must have the same number of layers, got "
                f"num_layers={encoder.num_layers} and num_layers={layers}"
            )
        self.directions = 2 if encoder.bidirectional else 1
        self.layers = int(layers)
        weight = next(decoder.parameters())
        for name, width, needed in zip(STATES, given, wanted, strict=False):
            maps = [
                nn.Linear(self.directions * width, needed, device=weight.device, dtype=weight.dtype)
                for _ in range(self.layers if self.directions * width != needed else 0)
            ]
            self.add_module(name, nn.ModuleList(maps))

    def forward(self, finals: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        """The initial states, in the decoder's layout."""
        starts = []
        for name, state in zip(STATES, finals, strict=False):
            layers = torch.cat(state.unflatten(0, (self.layers, self.directions)).unbind(1), 2)  # directions in a row
            maps: Any = getattr(self, name)
            if len(maps):
                layers = torch.stack([linear(h) for linear, h in zip(maps, layers, strict=True)])
                layers = torch.tanh(layers) if name == "h" else layers
            starts.append(layers)
        return tuple(starts)


def check_recurrent(name: str, core: Any) -> None:
    """TypeError or ValueError naming the argument unless it is a recurrent layer with the batch first."""
    if not isinstance(core, Recurrent | nn.RNNBase):
        raise TypeError(f"{name} must be a recurrent layer of seqlib.nn or torch.nn, got {type(core).__name__}")
    if not core.batch_first:
        raise ValueError(f"{name} must be built with batch_first=True, got batch_first=False")


def state_widths(core: Any) -> tuple[int, ...]:
    """How many numbers each state of a recurrent layer holds, the output's first: h, and c of an LSTM."""
    if isinstance(core, Recurrent):
        return core.widths
    output = core.proj_size or core.hidden_size
    return (output, core.hidden_size) if core.mode == "LSTM" else (output,)
