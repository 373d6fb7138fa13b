"""State spaces with a diagonal matrix: from continuous time to steps.

`seqlib.nn.diagonal_state_space` has a layer whose A, B, C and Δ are the same at all times, and
`seqlib.nn.selective_scan` one where the input chooses Δ, B and C.
"""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor

from seqlib.arguments import check_choice, check_integer, check_number

__all__ = ["MAMBA_CODE", "MAMBA_PAPER", "RULES", "discretise", "drawn_steps", "time_constants"]

RULES = ("zero-order hold", "euler", "mixed")
"""How a step of length Δ is made of continuous time: see `discretise`."""
MAMBA_PAPER = "zero-order hold"
"""Gu & Dao 2023, equation 4."""
MAMBA_CODE = "mixed"
"""state-spaces/mamba and Hugging Face's Mamba: exp(ΔA), and Δ·B in place of equation 4."""


def discretise(delta: Tensor, A: Tensor, B: Tensor, rule: str) -> tuple[Tensor, Tensor]:
    """The step h' = Ā h + B̄ x that stands for time Δ of the differential equation dh/dt = A h + B x, entry by entry.

        "zero-order hold"   Ā = exp(ΔA)     B̄ = (exp(ΔA) - 1)/A · B     exact, if x stays as it is for the time Δ
        "euler"             Ā = 1 + ΔA      B̄ = Δ·B                     the first two terms of both
        "mixed"             Ā = exp(ΔA)     B̄ = Δ·B                     one of each: MAMBA_CODE

    Shapes:  delta, A, B such that they broadcast -> Ā, B̄
    Raises:  ValueError naming rule
    Source:  Gu & Dao 2023, equation 4 (zero-order hold); Gupta, Gu & Berant 2022 (diagonal A)
    Differs: (exp(ΔA) - 1)/A is computed without cancellation, and A = 0 is allowed
    Book:    chapters/16_linear_recurrence
    """
    z = delta * A
    if check_choice("rule", rule, RULES) == "zero-order hold":
        return z.exp(), delta * _phi(z) * B
    return (1 + z if rule == "euler" else z.exp()), delta * B


def time_constants(D: int, N: int, kind: dict[str, Any]) -> Tensor:
    """log(1), …, log(N) in each of D channels, (D, N): A = -(1, …, N), as in S4D-Real and Mamba."""
    D, N = check_integer("d_model", D, low=1), check_integer("state_size", N, low=1)
    return torch.arange(1, N + 1, **kind).log().repeat(D, 1)


def drawn_steps(D: int, fastest: float, slowest: float, kind: dict[str, Any]) -> Tensor:
    """log Δ, uniform between the logarithms of `slowest` and `fastest`, (D,)."""
    low = math.log(check_number("slowest", slowest, above=0))
    high = math.log(check_number("fastest", fastest, low=slowest))
    return low + (high - low) * torch.rand(D, **kind)


def _phi(z: Tensor) -> Tensor:
    """φ(z) = (e^z - 1)/z, as the series Σ z^k/(k + 1)! where the derivative of that would cancel."""
    small = z.abs() < 0.1
    far, near = z.masked_fill(small, 1.0), z.masked_fill(~small, 0.0)
    series = torch.ones_like(z)
    for k in range(9, 0, -1):  # 1 + z/2 (1 + z/3 (1 + …))
        series = 1 + near / (k + 1) * series
    return torch.where(small, series, torch.expm1(far) / far)
