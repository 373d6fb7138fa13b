"""Layers whose gates read the input and not the state: then the recurrence is linear, and a scan.

A layer only says how the sums of the weights become the factors a and the inputs b: see `InputGates.coefficients`.
"""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import linear

from seqlib.arguments import check_choice, check_integer
from seqlib.nn.linear_recurrence import METHODS, scan
from seqlib.nn.mixer import Mixer, check_sizes, check_state, check_vectors, real_steps
from seqlib.nn.transformer_block import check_flag

__all__ = ["InputGates", "candidate"]

CANDIDATES = ("linear", "positive")


class InputGates(Mixer):
    """Base of MinGRU and MinLSTM.

        h_t = a(x_t) ⊙ h_{t-1} + b(x_t)

    `negative_eigenvalues`: the factor a, which is between 0 and 1, becomes 2a - 1, between -1 and 1, and b stays.

    Shapes:  x (B, T, D); state (B, H) -> out (B, T, H), state; weight (blocks·H, D), bias (blocks·H,)
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Feng et al. 2024; Grazzi et al. 2025 (negative eigenvalues)
    """

    blocks: int
    bias: nn.Parameter | None

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        *,
        candidate: str = "linear",
        negative_eigenvalues: bool = False,
        bias: bool = True,
        method: str = "chunked",
        device: Any = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__()
        self.input_size = check_integer("input_size", input_size, low=1)
        self.hidden_size = self.output_size = check_integer("hidden_size", hidden_size, low=1)
        self.candidate = check_choice("candidate", candidate, CANDIDATES)
        self.negative_eigenvalues = check_flag("negative_eigenvalues", negative_eigenvalues)
        self.method = check_choice("method", method, METHODS)
        rows = self.blocks * self.hidden_size
        self.weight = nn.Parameter(torch.empty(rows, self.input_size, device=device, dtype=dtype))
        has = check_flag("bias", bias)
        self.register_parameter("bias", nn.Parameter(torch.empty(rows, device=device, dtype=dtype)) if has else None)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw every parameter from U(-1/√D, 1/√D), as torch.nn.Linear does."""
        bound = 1 / math.sqrt(self.input_size)
        for parameter in self.parameters():
            nn.init.uniform_(parameter, -bound, bound)

    def coefficients(self, sums: Tensor) -> tuple[Tensor, Tensor]:
        """The factors, between 0 and 1, and the inputs of the linear recurrence: (…, blocks·H) -> a, b (…, H)."""
        raise NotImplementedError(f"{type(self).__name__} must say what its coefficients are")

    def _coefficients(self, x: Tensor) -> tuple[Tensor, Tensor]:
        a, b = self.coefficients(linear(x, self.weight, self.bias))
        return (2 * a - 1 if self.negative_eigenvalues else a), b

    def forward(self, x: Tensor, state: Any = None, lengths: Any = None) -> tuple[Tensor, Tensor]:
        """All a_t and b_t at once, and then the scan.

        Shapes:  x (B, T, D); state (B, H), zeros by default; lengths (B,) -> out (B, T, H), state (B, H)
        Raises:  TypeError or ValueError naming the argument, what it is and what is needed, also for T = 0
        """
        check_sizes(self, x, self.weight)
        h0 = check_state("state", state, (x.shape[0], self.hidden_size), self.weight)
        x, real = real_steps(x, lengths)
        a, b = self._coefficients(x)
        if real is None:
            out = scan(a, b, h0, method=self.method)
            return out, out[:, -1]
        padding = ~real[..., None]
        out = scan(a.masked_fill(padding, 1), b.masked_fill(padding, 0), h0, method=self.method)
        return out.masked_fill(padding, 0), out[:, -1]

    def step(self, x: Tensor, state: Any = None) -> tuple[Tensor, Tensor]:
        """h' = a(x) ⊙ h + b(x), which is the output too.

        Shapes:  x (B, D); state (B, H), zeros by default -> out (B, H), state (B, H)
        Raises:  TypeError or ValueError naming the argument, what it is and what is needed
        """
        check_vectors("x", x, self.input_size, self.weight, ("B",))
        h = check_state("state", state, (x.shape[0], self.hidden_size), self.weight)
        a, b = self._coefficients(x)
        h = torch.addcmul(b, a, h)
        return h, h

    def extra_repr(self) -> str:
        """The constructor's arguments."""
        usual = {"candidate": "linear", "negative_eigenvalues": False, "method": "chunked"}
        given = [f"{name}={getattr(self, name)!r}" for name, value in usual.items() if getattr(self, name) != value]
        return ", ".join([str(self.input_size), str(self.hidden_size), *given])


def candidate(sums: Tensor, kind: str) -> Tensor:
    """What a step proposes as the new state: the sum itself, or g of it.

        g(s) = s + 1/2 where s ≥ 0, σ(s) elsewhere        ("positive")

    Source:  Feng et al. 2024
    """
    return sums if kind == "linear" else torch.where(sums >= 0, sums + 0.5, torch.sigmoid(sums))
