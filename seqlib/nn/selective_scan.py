"""The selective state space of Mamba: the input chooses the length of a step, and what enters and leaves."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import softplus

from seqlib.arguments import check_choice, check_integer
from seqlib.nn.linear_recurrence import METHODS, scan
from seqlib.nn.mixer import Mixer, check_sizes, check_state, check_vectors, real_steps
from seqlib.nn.state_space import MAMBA_CODE, RULES, discretise, drawn_steps, time_constants
from seqlib.nn.transformer_block import check_flag

__all__ = ["SelectiveScan"]

CACHED = 1 << 19  # numbers in the states that are computed together


class SelectiveScan(Mixer):
    """A state-space layer whose steps depend on the input (S6).

        [δ_t; B_t; C_t] = W_x x_t        Δ_t = softplus(W_Δ δ_t + b_Δ)        Ā_t, B̄_t = discretise(Δ_t, A, B_t)
        h_t = Ā_t ⊙ h_{t-1} + B̄_t x_t        y_t = C_tᵀ h_t + skip · x_t

    A long step writes the input into the state and forgets what was there; a short one passes it over. δ has
    `step_rank` numbers, ⌈d_model / 16⌉ unless given. It starts as Mamba does: A = -(1, …, N), softplus(b_Δ)
    log-uniform between `slowest` and `fastest`. `rule`: "mixed" is that of Mamba's code, "zero-order hold" that of its
    paper. `negative_eigenvalues`: 2Ā - 1 in the place of Ā. `method` is that of `seqlib.nn.linear_recurrence.scan`.

    Shapes:  x (B, T, D); state (B, D, N), zeros by default; lengths (B,) -> out (B, T, D), state (B, D, N);
             A_log (D, N); x_proj (R + 2N, D); dt_proj (D, R) with bias; skip (D,)
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Gu & Dao 2023, algorithm 2, with the step of rank R that the code has; Grazzi et al. 2025 (negative
             eigenvalues)
    Differs: any first state, where their kernel begins with 0
    Book:    chapters/16_linear_recurrence
    """

    def __init__(
        self,
        d_model: int,
        state_size: int = 16,
        step_rank: int | None = None,
        *,
        rule: str = MAMBA_CODE,
        negative_eigenvalues: bool = False,
        fastest: float = 0.1,
        slowest: float = 0.001,
        method: str = "chunked",
        device: Any = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__()
        self.input_size = D = check_integer("d_model", d_model, low=1)
        self.state_size = N = check_integer("state_size", state_size, low=1)
        self.step_rank = math.ceil(D / 16) if step_rank is None else check_integer("step_rank", step_rank, low=1)
        self.rule = check_choice("rule", rule, RULES)
        self.negative_eigenvalues = check_flag("negative_eigenvalues", negative_eigenvalues)
        self.method = check_choice("method", method, METHODS)
        kind: dict[str, Any] = {"device": device, "dtype": dtype or torch.get_default_dtype()}
        self.x_proj = nn.Linear(D, self.step_rank + 2 * N, bias=False, **kind)
        self.dt_proj = nn.Linear(self.step_rank, D, **kind)
        self.A_log = nn.Parameter(time_constants(D, N, kind))
        self.skip = nn.Parameter(torch.ones(D, **kind))
        delta = drawn_steps(D, fastest, slowest, kind).exp()
        with torch.no_grad():
            self.dt_proj.bias.copy_(delta + torch.log(-torch.expm1(-delta)))  # the inverse of softplus

    def coefficients(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """What x makes of the equation: Ā and B̄ x, (…, D, N), and C, (…, 1, N)."""
        step, B, C = self.x_proj(x).split([self.step_rank, self.state_size, self.state_size], -1)
        delta = softplus(self.dt_proj(step)).unsqueeze(-1)
        if self.rule == "zero-order hold":
            a, b = discretise(delta, -self.A_log.exp(), B.unsqueeze(-2), self.rule)
            added = b * x.unsqueeze(-1)
        else:  # Δ x first, which is smaller
            a, added = discretise(delta, -self.A_log.exp(), delta.new_ones(()), self.rule)
            added = (added * x.unsqueeze(-1)) * B.unsqueeze(-2)
        return (2 * a - 1 if self.negative_eigenvalues else a), added, C.unsqueeze(-2)

    def forward(self, x: Tensor, state: Any = None, lengths: Any = None) -> tuple[Tensor, Tensor]:
        """All steps' equations at once, and then the scan.

        Shapes:  x (B, T, D); state (B, D, N), zeros by default; lengths (B,) -> out (B, T, D), state (B, D, N)
        Raises:  TypeError or ValueError naming the argument, what it is and what is needed, also for T = 0
        """
        check_sizes(self, x, self.A_log)
        h0 = check_state("state", state, (x.shape[0], self.input_size, self.state_size), self.A_log)
        x, real = real_steps(x, lengths)
        return self.scanned(x, h0, real)

    def scanned(self, x: Tensor, h0: Tensor, real: Tensor | None) -> tuple[Tensor, Tensor]:
        """The same for what is checked; `real` (B, T), None where all steps are."""
        h, outs, count = h0, [], max(1, CACHED // max(1, h0.numel()))
        for begin in range(0, x.shape[1], count):  # in pieces whose states stay in the cache
            part = slice(begin, begin + count)
            a, b, C = self.coefficients(x[:, part])
            if real is not None:
                padding = ~real[:, part, None, None]
                a, b = a.masked_fill(padding, 1), b.masked_fill(padding, 0)
            hs = scan(a, b, h, method=self.method)
            h = hs[:, -1]
            outs.append((hs @ C.mT).squeeze(-1))
        out = (outs[0] if len(outs) == 1 else torch.cat(outs, 1)) + self.skip * x
        return (out if real is None else out.masked_fill(~real[..., None], 0)), h

    def step(self, x: Tensor, state: Any = None) -> tuple[Tensor, Tensor]:
        """h' = Ā ⊙ h + B̄ x, y = Cᵀ h' + skip · x, with Ā, B̄ and C of this x.

        Shapes:  x (B, D); state (B, D, N), zeros by default -> out (B, D), state (B, D, N)
        Raises:  TypeError or ValueError naming the argument, what it is and what is needed
        """
        check_vectors("x", x, self.input_size, self.A_log, ("B",))
        h = check_state("state", state, (*x.shape, self.state_size), self.A_log)
        a, b, C = self.coefficients(x)
        h = torch.addcmul(b, a, h)
        return (h @ C.mT).squeeze(-1) + self.skip * x, h

    def extra_repr(self) -> str:
        """The constructor's arguments."""
        usual = {"rule": MAMBA_CODE, "negative_eigenvalues": False, "method": "chunked"}
        given = [f"{name}={getattr(self, name)!r}" for name, value in usual.items() if getattr(self, name) != value]
        return ", ".join([str(self.input_size), str(self.state_size), str(self.step_rank), *given])
