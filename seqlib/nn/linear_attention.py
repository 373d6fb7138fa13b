"""Linear attention: attention without softmax, a recurrent network whose state is a matrix."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import linear, pad

from seqlib.arguments import check_integer
from seqlib.nn.mixer import Mixer, check_sizes, check_state, check_vectors, real_steps
from seqlib.nn.transformer_block import check_flag

__all__ = ["LinearAttention", "elu_feature"]


def elu_feature(x: Tensor) -> Tensor:
    """The feature map φ(x) = elu(x) + 1: positive, so that no sum of weights is 0.

        φ(x) = x + 1 where x > 0, e^x elsewhere

    Source:  Katharopoulos et al. 2020
    Differs: from torch.nn.functional.elu(x) + 1, which is 0 in single precision from x = -17 on
    """
    return torch.where(x > 0, x + 1, x.clamp(max=0).exp())


class LinearAttention(Mixer):
    """Causal linear attention with several heads, as a recurrence, or as attention in pieces.

        q_t, k_t, v_t = W x_t + b, in each head        S_t = S_{t-1} + φ(k_t) v_tᵀ        z_t = z_{t-1} + φ(k_t)
        head_t = S_tᵀ φ(q_t) / (z_tᵀ φ(q_t))           out_t = W_o [head_1; …; head_n] + b_o

    z is kept as the last column of S: it is what becomes of a value that is always 1. Without `normalised` the sum
    stays as it is. `feature`: φ, `elu_feature` unless given, from (…, d_k) to (…, m); with `normalised` it should be
    positive. `chunk`: of so many steps all queries meet all keys at once, and what came before them as S; the numbers
    are the same for every chunk. The state has m (d_k + 1) entries for each head, however long the sequence is.

    Parameters are those of MultiHeadAttention(d_model, n_heads), whose state_dict loads unchanged.

    Shapes:  x (B, T, d_model); state (B, n_heads, m, d_k + 1), zeros by default; lengths (B,)
             -> out (B, T, d_model), state
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Katharopoulos et al. 2020
    Differs: any first state; nothing is added to the denominator
    Book:    chapters/16_linear_recurrence
    """

    in_proj_bias: nn.Parameter | None

    def __init__(
        self,
        d_model: int,
        n_heads: int,
        *,
        normalised: bool = True,
        feature: Callable[[Tensor], Tensor] | None = None,
        bias: bool = True,
        chunk: int = 64,
        device: Any = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__()
        self.input_size = self.d_model = check_integer("d_model", d_model, low=1)
        self.n_heads = check_integer("n_heads", n_heads, low=1)
        if d_model % n_heads:
            raise ValueError(f"d_model must be a multiple of n_heads={n_heads}, got {d_model}")
        self.d_k = d_model // n_heads
        self.normalised = check_flag("normalised", normalised)
        if feature is not None and not callable(feature):
            raise TypeError(f"feature must be a function, got {type(feature).__name__}")
        self.feature = elu_feature if feature is None else feature
        self.chunk = check_integer("chunk", chunk, low=1)
        kind: dict[str, Any] = {"device": device, "dtype": dtype}
        has = check_flag("bias", bias)
        self.in_proj_weight = nn.Parameter(torch.empty(3 * d_model, d_model, **kind))
        self.register_parameter("in_proj_bias", nn.Parameter(torch.zeros(3 * d_model, **kind)) if has else None)
        self.out_proj = nn.Linear(d_model, d_model, bias=bias, **kind)
        nn.init.xavier_uniform_(self.in_proj_weight)
        if bias:
            nn.init.zeros_(self.out_proj.bias)
        with torch.no_grad():
            self.m = self.feature(self.in_proj_weight.new_zeros(1, self.d_k)).shape[-1]

    def forward(self, x: Tensor, state: Any = None, lengths: Any = None) -> tuple[Tensor, Tensor]:
        """All steps: within a chunk as attention, from chunk to chunk by the state, in O(T) time.

        Shapes:  x (B, T, d_model); state (B, n_heads, m, d_k + 1), zeros by default; lengths (B,)
                 -> out (B, T, d_model), state
        Raises:  TypeError or ValueError naming the argument, what it is and what is needed, also for T = 0
        """
        return self._attended(x, state, lengths, self.chunk)

    def quadratic(self, x: Tensor, state: Any = None, lengths: Any = None) -> tuple[Tensor, Tensor]:
        """The same as attention: all queries with all keys that are not later, T² products. Else as `forward`.

        w_ts = φ(q_t)ᵀ φ(k_s) where s ≤ t, 0 elsewhere        head_t = Σ_s w_ts v_s / Σ_s w_ts
        """
        return self._attended(x, state, lengths, None)

    def step(self, x: Tensor, state: Any = None) -> tuple[Tensor, Tensor]:
        """One more step: S' = S + φ(k) [v; 1]ᵀ.

        Shapes:  x (B, d_model); state (B, n_heads, m, d_k + 1), zeros by default -> out (B, d_model), state
        Raises:  TypeError or ValueError naming the argument, what it is and what is needed
        """
        check_vectors("x", x, self.d_model, self.in_proj_weight, ("B",))
        S = self._checked(state, len(x))
        q, k, v = linear(x, self.in_proj_weight, self.in_proj_bias).view(len(x), 3, self.n_heads, self.d_k).unbind(1)
        S = S + self.feature(k).unsqueeze(-1) * pad(v, (0, 1), value=1.0).unsqueeze(-2)
        sums = (self.feature(q).unsqueeze(-2) @ S).squeeze(-2)
        out: Tensor = self.out_proj(self._mean(sums).flatten(1))
        return out, S

    def _attended(self, x: Tensor, state: Any, lengths: Any, chunk: int | None) -> tuple[Tensor, Tensor]:
        check_sizes(self, x, self.in_proj_weight)
        B, T, _ = x.shape
        S = self._checked(state, B)
        x, real = real_steps(x, lengths)
        C = T if chunk is None else min(chunk, T)
        heads = linear(x, self.in_proj_weight, self.in_proj_bias).view(B, T, 3, self.n_heads, self.d_k)
        q, k, v = heads.permute(2, 0, 3, 1, 4).unbind()  # (B, n_heads, T, d_k)
        q, k, v = self.feature(q), self.feature(k), pad(v, (0, 1), value=1.0)
        if real is not None:
            k = k.masked_fill(~real[:, None, :, None], 0)
        # (B, n_heads, chunks, C, …); a key of zeros, behind the end too, adds nothing
        q, k, v = (pad(part, (0, 0, 0, -T % C)).unflatten(2, (-1, C)) for part in (q, k, v))
        added = k.mT @ v
        after = S.unsqueeze(2) + added.cumsum(2)
        before = torch.cat([S.unsqueeze(2), after[:, :, :-1]], 2)
        sums = (q @ k.mT).tril() @ v + q @ before
        out = self.out_proj(self._mean(sums.flatten(2, 3)[:, :, :T]).transpose(1, 2).flatten(2))
        return (out if real is None else out.masked_fill(~real[..., None], 0)), after[:, :, -1]

    def _mean(self, sums: Tensor) -> Tensor:
        """The weighted sums, divided by the sum of the weights, their last entry."""
        return sums[..., :-1] / sums[..., -1:] if self.normalised else sums[..., :-1]

    def _checked(self, state: Any, B: int) -> Tensor:
        return check_state("state", state, (B, self.n_heads, self.m, self.d_k + 1), self.in_proj_weight)

    def extra_repr(self) -> str:
        """The constructor's arguments."""
        return f"{self.d_model}, {self.n_heads}, normalised={self.normalised}, chunk={self.chunk}"
