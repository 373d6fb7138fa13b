"""The minGRU: a GRU without reset gate, whose update gate and candidate do not read the state."""

from __future__ import annotations

import torch
from torch import Tensor

from seqlib.nn import input_gates
from seqlib.nn.input_gates import InputGates

__all__ = ["MinGRU"]


class MinGRU(InputGates):
    """The minimal gated recurrent unit, over a whole sequence at once.

        z_t = σ(W_z x_t + b_z)        n_t = W_n x_t + b_n        h_t = (1 - z_t) ⊙ h_{t-1} + z_t ⊙ n_t

    `candidate`: n as it is ("linear"), or made positive ("positive"). `negative_eigenvalues`: 1 - 2z in the place of
    1 - z, so that a state may change its sign. `method` is that of `seqlib.nn.linear_recurrence.scan`.

    Shapes:  x (B, T, D); state (B, H), zeros by default; lengths (B,) -> out (B, T, H), state (B, H);
             weight (2H, D), bias (2H,), in blocks z, n
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Feng et al. 2024; Grazzi et al. 2025 (negative eigenvalues)
    Differs: the state is h as it is, also with a positive candidate: a sequence may be cut in two; z = 1 takes the new
             state, where torch.nn.GRU keeps the old one
    Book:    chapters/16_linear_recurrence
    """

    blocks = 2

    def coefficients(self, sums: Tensor) -> tuple[Tensor, Tensor]:
        """a = 1 - z = σ(-s_z), b = z n."""
        s_z, s_n = sums.chunk(2, -1)
        return torch.sigmoid(-s_z), torch.sigmoid(s_z) * input_gates.candidate(s_n, self.candidate)
