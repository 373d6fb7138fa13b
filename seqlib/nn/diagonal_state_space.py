"""A diagonal state-space layer: the same linear equation at all times, so also a convolution."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import pad

from seqlib.arguments import check_choice, check_integer
from seqlib.nn.linear_recurrence import METHODS, scan
from seqlib.nn.mixer import Mixer, check_sizes, check_state, check_vectors, real_steps
from seqlib.nn.state_space import RULES, discretise, drawn_steps, time_constants

__all__ = ["DiagonalStateSpace"]


class DiagonalStateSpace(Mixer):
    """Every channel by itself: its input drives N entries of a state, and their weighted sum is its output.

        h_t = Ā ⊙ h_{t-1} + B̄ x_t        y_t = Cᵀ h_t + skip · x_t        Ā, B̄ = discretise(Δ, A, B)

    A = -exp(A_log) is below 0, Δ = exp(log_delta) above it. It starts with A = -(1, 2, …, N), Δ log-uniform between
    `slowest` and `fastest`, B = 1, C ~ N(0, 1/N), skip = 1. `rule` is that of `seqlib.nn.state_space.discretise`.
    `method`: "convolution" with the `kernel`, by the fast Fourier transform, whose time is O(T log T) and whose memory
    has no state in it; or one of `seqlib.nn.linear_recurrence.scan`.

    Shapes:  x (B, T, D); state (B, D, N), zeros by default; lengths (B,) -> out (B, T, D), state (B, D, N)
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Gupta, Gu & Berant 2022; Gu, Gupta, Goel & Ré 2022 (S4D-Real)
    Differs: A is real; S4D's is complex, so that a state can oscillate; channels do not mix here, and nothing is
             nonlinear: that is for the layers around it
    Book:    chapters/16_linear_recurrence
    """

    def __init__(
        self,
        d_model: int,
        state_size: int = 16,
        *,
        rule: str = "zero-order hold",
        fastest: float = 0.1,
        slowest: float = 0.001,
        method: str = "convolution",
        device: Any = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__()
        self.input_size = D = check_integer("d_model", d_model, low=1)
        self.state_size = N = check_integer("state_size", state_size, low=1)
        self.rule = check_choice("rule", rule, RULES)
        self.method = check_choice("method", method, ("convolution", *METHODS))
        kind: dict[str, Any] = {"device": device, "dtype": dtype or torch.get_default_dtype()}
        self.A_log = nn.Parameter(time_constants(D, N, kind))
        self.B = nn.Parameter(torch.ones(D, N, **kind))
        self.C = nn.Parameter(torch.randn(D, N, **kind) / math.sqrt(N))
        self.skip = nn.Parameter(torch.ones(D, **kind))
        self.log_delta = nn.Parameter(drawn_steps(D, fastest, slowest, kind))

    def discretised(self) -> tuple[Tensor, Tensor]:
        """Ā and B̄, (D, N)."""
        return discretise(self.log_delta.exp()[:, None], -self.A_log.exp(), self.B, self.rule)

    def kernel(self, T: int) -> Tensor:
        """What an input of 1 does to the output j steps later: from h₀ = 0 the layer is a causal convolution with it.

            K_j = Cᵀ (Ā^j ⊙ B̄), and skip is added to K_0        y_t = Σ_j K_j x_{t-j}

        Shapes:  -> (T, D)
        Raises:  TypeError or ValueError naming T
        """
        T = check_integer("T", T, low=1)
        a, b = self.discretised()
        K = torch.einsum("idn,jdn->ijd", self.C * b * _powers(a ** _root(T), _root(T)), _powers(a, _root(T)))
        return torch.cat([K[0, :1] + self.skip, K.flatten(0, 1)[1:T]])

    def forward(self, x: Tensor, state: Any = None, lengths: Any = None) -> tuple[Tensor, Tensor]:
        """As a convolution, to which what is left of the first state is added; or as a scan.

        Shapes:  x (B, T, D); state (B, D, N), zeros by default; lengths (B,) -> out (B, T, D), state (B, D, N)
        Raises:  TypeError or ValueError naming the argument, what it is and what is needed, also for T = 0
        """
        check_sizes(self, x, self.A_log)
        B, T, D = x.shape
        h0 = check_state("state", state, (B, D, self.state_size), self.A_log)
        x, real = real_steps(x, lengths)
        a, b = self.discretised()
        if self.method == "convolution":
            out = self._convolved(x, self.kernel(T))
            few, far = _powers(a, _root(T)), _powers(a ** _root(T), _root(T))
            if state is not None:
                left = torch.einsum("bdn,idn,jdn->bijd", h0 * self.C * a, far, few)
                out = out + left.flatten(1, 2)[:, :T]
            # the last state: each input by its age, the first state by the number of steps
            ages = torch.full((B,), T, device=x.device) if real is None else real.sum(1)
            at = (ages[:, None] - 1 - torch.arange(T, device=x.device)) % T
            aged = pad(x.gather(1, at[..., None].expand_as(x)), (0, 0, 0, len(few) ** 2 - T))
            sums = torch.einsum("bijd,jdn->bidn", aged.unflatten(1, (len(far), len(few))), few)
            last = b * (sums * far).sum(1) + a ** ages.to(a.dtype)[:, None, None] * h0
        else:
            factors, added = a.expand(B, T, *a.shape), b * x[..., None]
            if real is not None:
                factors = factors.masked_fill(~real[..., None, None], 1)
            hs = scan(factors, added, h0, method=self.method)
            out, last = (hs * self.C).sum(-1) + self.skip * x, hs[:, -1]
        return (out if real is None else out.masked_fill(~real[..., None], 0)), last

    def step(self, x: Tensor, state: Any = None) -> tuple[Tensor, Tensor]:
        """h' = Ā ⊙ h + B̄ x, y = Cᵀ h' + skip · x.

        Shapes:  x (B, D); state (B, D, N), zeros by default -> out (B, D), state (B, D, N)
        Raises:  TypeError or ValueError naming the argument, what it is and what is needed
        """
        check_vectors("x", x, self.input_size, self.A_log, ("B",))
        h = check_state("state", state, (*x.shape, self.state_size), self.A_log)
        a, b = self.discretised()
        h = a * h + b * x[..., None]
        return (h * self.C).sum(-1) + self.skip * x, h

    def _convolved(self, x: Tensor, K: Tensor) -> Tensor:
        """Σ_j K_j x_{t-j}, by the fast Fourier transform; with zeros behind both, for it is not to go round."""
        T = x.shape[1]
        if not len(x):  # which the library cannot transform
            return x * K
        n = 1 << (2 * T - 1).bit_length()
        product = torch.fft.rfft(x, n, dim=1) * torch.fft.rfft(K, n, dim=0)
        return torch.fft.irfft(product, n, dim=1)[:, :T]

    def extra_repr(self) -> str:
        """The constructor's arguments."""
        return f"{self.input_size}, {self.state_size}, rule={self.rule!r}, method={self.method!r}"


def _powers(a: Tensor, count: int) -> Tensor:
    """a^0, …, a^(count - 1), (count, D, N); of Euler's rule a may be negative."""
    return a ** torch.arange(count, device=a.device, dtype=a.dtype)[:, None, None]


def _root(T: int) -> int:
    """√T or a little more: a^t = (a^r)^i a^j with t = r i + j, so that of T powers only about 2√T are computed."""
    return math.isqrt(T - 1) + 1
