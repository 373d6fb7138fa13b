"""A short causal convolution, each channel by itself: what a layer sees of the last few steps."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, nn

from seqlib.arguments import check_integer
from seqlib.nn.mixer import Mixer, check_sizes, check_state, check_vectors, real_steps
from seqlib.nn.transformer_block import check_flag

__all__ = ["CausalConvolution"]


class CausalConvolution(Mixer):
    """Every channel's weighted sum of its last K steps.

        y_t = Σ_k w_k ⊙ x_{t-K+k} + b,  k = 1 … K = `width`

    Shapes:  x (B, T, D); state (B, K - 1, D), the inputs before, zeros by default; lengths (B,) -> out (B, T, D),
             state; weight (D, 1, K), bias (D,), as those of a torch.nn.Conv1d with groups=D
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Gu & Dao 2023, figure 3
    Book:    chapters/16_linear_recurrence
    """

    bias: nn.Parameter | None

    def __init__(
        self, channels: int, width: int = 4, *, bias: bool = True, device: Any = None, dtype: torch.dtype | None = None
    ) -> None:
        super().__init__()
        self.input_size = check_integer("channels", channels, low=1)
        self.width = check_integer("width", width, low=1)
        kind: dict[str, Any] = {"device": device, "dtype": dtype}
        self.weight = nn.Parameter(torch.empty(channels, 1, width, **kind))
        has = check_flag("bias", bias)
        self.register_parameter("bias", nn.Parameter(torch.empty(channels, **kind)) if has else None)
        for parameter in self.parameters():  # as torch.nn.Conv1d does
            nn.init.uniform_(parameter, -1 / math.sqrt(width), 1 / math.sqrt(width))

    def forward(self, x: Tensor, state: Any = None, lengths: Any = None) -> tuple[Tensor, Tensor]:
        """All steps at once.

        Shapes:  x (B, T, D); state (B, K - 1, D), zeros by default; lengths (B,) -> out (B, T, D), state (B, K - 1, D)
        Raises:  TypeError or ValueError naming the argument, what it is and what is needed, also for T = 0
        """
        check_sizes(self, x, self.weight)
        before = check_state("state", state, (x.shape[0], self.width - 1, self.input_size), self.weight)
        x, real = real_steps(x, lengths)
        out, state = self.convolved(x, before, real)
        return (out if real is None else out.masked_fill(~real[..., None], 0)), state

    def convolved(self, x: Tensor, before: Tensor, real: Tensor | None) -> tuple[Tensor, Tensor]:
        """The same for what is checked; `real` (B, T), None where all steps are. In padding anything comes out."""
        T = x.shape[1]
        xs = torch.cat([before, x], 1)
        taps = self.weight.squeeze(1).unbind(1)
        out = xs[:, :T] * taps[0] if self.bias is None else torch.addcmul(self.bias, xs[:, :T], taps[0])
        for k in range(1, self.width):
            out = torch.addcmul(out, xs[:, k : k + T], taps[k])
        if real is None:
            return out, xs[:, T:]
        at = real.sum(1)[:, None] + torch.arange(self.width - 1, device=x.device)
        return out, xs.gather(1, at[..., None].expand(-1, -1, self.input_size))

    def step(self, x: Tensor, state: Any = None) -> tuple[Tensor, Tensor]:
        """One more step.

        Shapes:  x (B, D); state (B, K - 1, D), zeros by default -> out (B, D), state (B, K - 1, D)
        Raises:  TypeError or ValueError naming the argument, what it is and what is needed
        """
        check_vectors("x", x, self.input_size, self.weight, ("B",))
        before = check_state("state", state, (len(x), self.width - 1, self.input_size), self.weight)
        xs = torch.cat([before, x[:, None]], 1)
        out = (xs * self.weight.squeeze(1).T).sum(1)
        return (out if self.bias is None else out + self.bias), xs[:, 1:]

    def extra_repr(self) -> str:
        """The constructor's arguments."""
        return f"{self.input_size}, {self.width}, bias={self.bias is not None}"
