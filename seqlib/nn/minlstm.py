"""The minLSTM: an LSTM without output gate, whose gates and candidate do not read the state."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import softplus

from seqlib.nn import input_gates
from seqlib.nn.input_gates import InputGates

__all__ = ["MinLSTM"]


class MinLSTM(InputGates):
    """The minimal LSTM, over a whole sequence at once.

        i_t, f_t = σ(W x_t + b)        g_t = W_g x_t + b_g        h_t = f/(f + i) ⊙ h_{t-1} + i/(f + i) ⊙ g_t

    `candidate`: g as it is ("linear"), or made positive ("positive"). `negative_eigenvalues`: 2f/(f + i) - 1 in the
    place of f/(f + i), so that a state may change its sign. `method` is that of `seqlib.nn.linear_recurrence.scan`.

    Shapes:  x (B, T, D); state (B, H), zeros by default; lengths (B,) -> out (B, T, H), state (B, H);
             weight (3H, D), bias (3H,), in blocks i, f, g
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Feng et al. 2024; Grazzi et al. 2025 (negative eigenvalues)
    Differs: the state is h as it is, also with a positive candidate: a sequence may be cut in two
    Book:    chapters/16_linear_recurrence
    """

    blocks = 3

    def coefficients(self, sums: Tensor) -> tuple[Tensor, Tensor]:
        """a = f/(f + i) = σ(log f - log i), which is never 0 / 0, and b = (1 - a) g."""
        s_i, s_f, s_g = sums.chunk(3, -1)
        ratio = softplus(-s_i) - softplus(-s_f)
        return torch.sigmoid(ratio), torch.sigmoid(-ratio) * input_gates.candidate(s_g, self.candidate)
