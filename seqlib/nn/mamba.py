"""Mamba's block: a selective scan between two projections, behind a short convolution and beside a gate."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import silu

from seqlib.arguments import check_integer
from seqlib.nn.causal_convolution import CausalConvolution
from seqlib.nn.mixer import Mixer, check_sizes, check_state, check_vectors, real_steps
from seqlib.nn.selective_scan import SelectiveScan
from seqlib.nn.state_space import MAMBA_CODE
from seqlib.nn.transformer_block import check_flag

__all__ = ["Mamba"]


class Mamba(Mixer):
    """The mixer of Mamba.

        [u; z] = W_in x        c = silu(conv(u))        y = selective scan of c        out = W_out (y ⊙ silu(z))

    E = `hidden_size`, expand · d_model unless given, is the width of u, z, c and y; `convolution` the number of
    steps that conv sees. `bias`: of W_in and W_out; `convolution_bias`: of conv. The options of the scan are those of
    `SelectiveScan`; `step_rank` is ⌈d_model / 16⌉ unless given.

    Shapes:  x (B, T, d_model); state: the last inputs of conv (B, convolution - 1, E), and h (B, E, N); zeros by
             default; lengths (B,) -> out (B, T, d_model), state
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Gu & Dao 2023, section 3.4 and figure 3
    Differs: the rule is that of the published code, "mixed": equation 4 of the paper is "zero-order hold"
    Book:    chapters/16_linear_recurrence
    """

    def __init__(
        self,
        d_model: int,
        state_size: int = 16,
        *,
        expand: int = 2,
        hidden_size: int | None = None,
        convolution: int = 4,
        step_rank: int | None = None,
        bias: bool = False,
        convolution_bias: bool = True,
        rule: str = MAMBA_CODE,
        negative_eigenvalues: bool = False,
        fastest: float = 0.1,
        slowest: float = 0.001,
        method: str = "chunked",
        device: Any = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__()
        kind: dict[str, Any] = {"device": device, "dtype": dtype}
        self.input_size = check_integer("d_model", d_model, low=1)
        wide = check_integer("expand", expand, low=1) * d_model if hidden_size is None else hidden_size
        self.hidden_size = check_integer("hidden_size", wide, low=1)
        rank = math.ceil(d_model / 16) if step_rank is None else step_rank
        check_integer("convolution", convolution, low=1)
        self.in_proj = nn.Linear(d_model, 2 * self.hidden_size, bias=check_flag("bias", bias), **kind)
        self.convolution = CausalConvolution(
            self.hidden_size, convolution, bias=check_flag("convolution_bias", convolution_bias), **kind
        )
        self.scan = SelectiveScan(
            self.hidden_size,
            state_size,
            rank,
            rule=rule,
            negative_eigenvalues=negative_eigenvalues,
            fastest=fastest,
            slowest=slowest,
            method=method,
            **kind,
        )
        self.out_proj = nn.Linear(self.hidden_size, d_model, bias=bias, **kind)

    def forward(self, x: Tensor, state: Any = None, lengths: Any = None) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """All steps at once.

        Shapes:  x (B, T, d_model); state (B, convolution - 1, E) and (B, E, N), zeros by default; lengths (B,)
                 -> out (B, T, d_model), state
        Raises:  TypeError or ValueError naming the argument, what it is and what is needed, also for T = 0
        """
        check_sizes(self, x, self.in_proj.weight)
        inputs, h0 = self._checked(state, x.shape[0])
        x, real = real_steps(x, lengths)
        u, z = self.in_proj(x).chunk(2, -1)
        u, inputs = self.convolution.convolved(u, inputs, real)
        y, h = self.scan.scanned(silu(u), h0, real)
        out = self.out_proj(y * silu(z))
        return (out if real is None else out.masked_fill(~real[..., None], 0)), (inputs, h)

    def step(self, x: Tensor, state: Any = None) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """One more step.

        Shapes:  x (B, d_model); state as that of `forward` -> out (B, d_model), state
        Raises:  TypeError or ValueError naming the argument, what it is and what is needed
        """
        check_vectors("x", x, self.input_size, self.in_proj.weight, ("B",))
        inputs, h = self._checked(state, len(x))
        u, z = self.in_proj(x).chunk(2, -1)
        u, inputs = self.convolution.step(u, inputs)
        y, h = self.scan.step(silu(u), h)
        out: Tensor = self.out_proj(y * silu(z))
        return out, (inputs, h)

    def _checked(self, state: Any, B: int) -> tuple[Tensor, Tensor]:
        """The state's two parts."""
        if state is not None and not (isinstance(state, tuple) and len(state) == 2):
            raise TypeError(f"state must be a pair, (inputs, h), got {type(state).__name__}")
        inputs, h = (None, None) if state is None else state
        E, N, K, like = self.hidden_size, self.scan.state_size, self.convolution.width, self.in_proj.weight
        return check_state("state[0]", inputs, (B, K - 1, E), like), check_state("state[1]", h, (B, E, N), like)
