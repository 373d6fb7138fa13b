"""GPT: a Transformer that says what comes next, at every position and from the left alone."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import nn

from seqlib.arguments import check_choice, check_integer, check_number
from seqlib.nn.transformer_model import TransformerModel

__all__ = ["GPT"]

ACTIVATIONS = ("gelu_tanh", "gelu", "relu")


class GPT(TransformerModel):
    """GPT-2: the causal, pre-norm TransformerModel with learned positions whose read-out is its embedding.

        x_t = E[id_t] + P[t]        h = norm(blocks(x))        o_t = E h_t

    Reading, padding, the KV cache and decoding are those of TransformerModel; what is GPT-2's own is this choice of
    options, and where training starts: matrices are drawn from N(0, start²), and those with which a block adds to the
    stream, W_o of attention and W_2, from N(0, start² / 2 n_layers), for 2 n_layers of them add up; biases begin at 0,
    gains at 1. `longest`: how many positions there are. `hidden_size`: 4 d_model unless given. `activation`:
    "gelu_tanh", "gelu" or "relu". `tied` False: a read-out of its own, which has no bias either.

    Shapes:  x (B, T) ids; lengths (B,), of padded sequences -> out (B, T, vocab_size), weights (n_layers, B, n_heads,
             T, T) or None
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Radford et al. 2019, section 2.3
    Differs: dropout also after gelu, as in TransformerBlock
    Book:    chapters/15_gpt
    """

    def __init__(
        self,
        vocab_size: int,
        d_model: int,
        n_heads: int,
        n_layers: int,
        hidden_size: int | None = None,
        *,
        longest: int = 1024,
        activation: str = "gelu_tanh",
        tied: bool = True,
        dropout: float = 0.0,
        eps: float = 1e-5,
        start: float = 0.02,
        device: Any = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        V = check_integer("vocab_size", vocab_size, low=1)
        start = check_number("start", start, above=0)
        super().__init__(
            V,
            V,
            d_model,
            n_heads,
            n_layers,
            hidden_size,
            positions="learned",
            longest=check_integer("longest", longest, low=1),
            tied=tied,
            embedding_scale=1.0,
            readout_bias=False,
            activation=check_choice("activation", activation, ACTIVATIONS),
            dropout=dropout,
            eps=eps,
            device=device,
            dtype=dtype,
        )
        self.start = start
        self._start()

    def _start(self) -> None:
        """Draw the matrices, and set the biases to 0."""
        with torch.no_grad():
            for name, parameter in self.named_parameters():
                if parameter.ndim > 1:
                    adds = name.endswith(("out_proj.weight", "linear2.weight"))
                    parameter.normal_(0, self.start / math.sqrt(2 * len(self.core.blocks)) if adds else self.start)
                elif name.endswith("bias"):
                    nn.init.zeros_(parameter)
