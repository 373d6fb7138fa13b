"""Multi-head attention: several attentions side by side, each in a few dimensions of its own."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd import forward_ad
from torch.nn.functional import dropout, linear, scaled_dot_product_attention

from seqlib.arguments import check_integer, check_number, check_shape
from seqlib.nn.attention import masked_softmax
from seqlib.nn.key_values import KeyValues
from seqlib.nn.masks import check_attention_mask
from seqlib.nn.positions import check_positions, rotated, rotation

__all__ = ["MultiHeadAttention", "check_sequence", "transformed"]


class MultiHeadAttention(nn.Module):
    """Each position of x asks every position of the source, once in each head; without a source, of x itself.

        q_i = W_q,i x + b_q,i      k_i = W_k,i s + b_k,i      v_i = W_v,i s + b_v,i      head i = 1 … n_heads
        head_i = softmax(q_i k_iᵀ / √d_k) v_i                 out = W_o [head_1; …; head_n] + b_o

    The softmax is over what the mask, and with `causal` the order, lets a position attend to. Where it lets it nowhere
    all heads are 0, b_o comes out, and nothing else gets a gradient from there. What stands behind a mask changes
    nothing as long as it is finite.

    d_k = d_model / n_heads. `n_kv_heads`: so many heads have keys and values, n_heads unless given; each is shared by
    n_heads / n_kv_heads queries beside one another (grouped queries). `source_size`: the width of a source; without it
    a source is as wide as x, d_model. `rotary`: the base of rotary positions, 10 000 say, which turn queries and keys.
    `dropout`: in training mode, on the weights after the softmax.

    What is attended is computed by torch's fused kernel, which stores no weights and has no second derivative: for that
    run under torch.nn.attention.sdpa_kernel(SDPBackend.MATH), as with torch's own layers, or ask for the weights.

    The state_dict of a torch.nn.MultiheadAttention of the same options loads unchanged; the rows of W_q, W_k and W_v
    stand one below another in in_proj_weight.

    Shapes:  x (B, T, d_model); source (B, S, source_size); mask (B, S) or (B, T, S), True = may attend
             -> out (B, T, d_model), weights (B, n_heads, T, S) or None
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Vaswani et al. 2017, section 3.2.2; Su et al. 2021 (rotary); Ainslie et al. 2023 (grouped queries)
    Differs: torch.nn.MultiheadAttention gives the mean of the heads' weights, and NaN where nothing may be attended to
    Book:    chapters/13_transformer
    """

    in_proj_weight: nn.Parameter | None
    in_proj_bias: nn.Parameter | None
    q_proj_weight: nn.Parameter | None
    k_proj_weight: nn.Parameter | None
    v_proj_weight: nn.Parameter | None

    def __init__(
        self,
        d_model: int,
        n_heads: int,
        *,
        n_kv_heads: int | None = None,
        source_size: int | None = None,
        bias: bool = True,
        rotary: float | None = None,
        dropout: float = 0.0,
        device: Any = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__()
        self.d_model = check_integer("d_model", d_model, low=1)
        self.n_heads = check_integer("n_heads", n_heads, low=1)
        self.n_kv_heads = self.n_heads if n_kv_heads is None else check_integer("n_kv_heads", n_kv_heads, low=1)
        if self.d_model % self.n_heads:
            raise ValueError(f"d_model must be a multiple of n_heads={n_heads}, got {d_model}")
        if self.n_heads % self.n_kv_heads:
            raise ValueError(f"n_kv_heads must be a divisor of n_heads={n_heads}, got {n_kv_heads}")
        self.source_size = self.d_model if source_size is None else check_integer("source_size", source_size, low=1)
        self.rotary = None if rotary is None else check_number("rotary", rotary, low=1)
        self.dropout = check_number("dropout", dropout, low=0, high=1)
        self.d_k = self.d_model // self.n_heads
        if self.rotary is not None and self.d_k % 2:
            raise ValueError(f"d_model / n_heads must be even for rotary positions, got {self.d_k}")
        kind: dict[str, Any] = {"device": device, "dtype": dtype}
        rows = self.d_model, self.n_kv_heads * self.d_k, self.n_kv_heads * self.d_k
        packed = self.source_size == self.d_model
        shapes = {"in_proj_weight": (sum(rows), self.d_model) if packed else None}
        for name, size, width in zip("qkv", rows, (self.d_model, *2 * [self.source_size]), strict=True):
            shapes[f"{name}_proj_weight"] = None if packed else (size, width)
        for name, shape in shapes.items():
            self.register_parameter(name, None if shape is None else nn.Parameter(torch.empty(shape, **kind)))
        self.register_parameter("in_proj_bias", nn.Parameter(torch.empty(sum(rows), **kind)) if bias else None)
        self.out_proj = nn.Linear(self.d_model, self.d_model, bias=bias, **kind)
        self._rows = list(rows)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw as torch.nn.MultiheadAttention does: Glorot for the projections, all biases 0."""
        for name in ("in_proj_weight", "q_proj_weight", "k_proj_weight", "v_proj_weight"):
            if (weight := getattr(self, name)) is not None:
                nn.init.xavier_uniform_(weight)
        self.out_proj.reset_parameters()
        for bias in (self.in_proj_bias, self.out_proj.bias):
            if bias is not None:
                nn.init.zeros_(bias)

    def forward(
        self,
        x: Tensor,
        source: Tensor | None = None,
        mask: Tensor | None = None,
        *,
        causal: bool = False,
        need_weights: bool = False,
        positions: Any = None,
    ) -> tuple[Tensor, Tensor | None]:
        """Attend. With `causal` a position asks those up to its own. `positions`, 0 … T - 1 unless given, turn queries
        and keys if there is `rotary`. Only with `need_weights` are there weights: without them it is faster.

        Shapes:  x (B, T, d_model); source (B, S, source_size), or None: S = T; mask (B, S) or (B, T, S), where B and T
                 may be 1; positions (T,) or (B, T) -> out (B, T, d_model), weights (B, n_heads, T, S) or None
        Raises:  TypeError or ValueError naming the argument
        """
        B, T = check_sequence("x", x, self.d_model, self.out_proj.weight)
        S = T
        if source is not None:
            if causal or self.rotary is not None:
                raise ValueError("causal and rotary are for a sequence that attends to itself: leave out source")
            S = check_sequence("source", source, self.source_size, self.out_proj.weight, B)[1]
        elif self.source_size != self.d_model:
            raise ValueError(f"source must be given where source_size={self.source_size} is not d_model={self.d_model}")
        mask = None if mask is None else check_attention_mask("mask", mask, B, T, S)
        if source is None:
            query, given = self.project(x, self.turn(positions, x))
        else:
            query, given = self.query(x), self.key_values(source)
        return self.attend(query, given, mask, causal=causal, need_weights=need_weights)

    def turn(self, positions: Any, x: Tensor) -> Tensor | None:
        """By how much these positions turn the queries and keys of x, (B, T, d_model); None without `rotary`."""
        if self.rotary is None:
            if positions is not None:
                raise ValueError("positions must be None without rotary, which would turn by them")
            return None
        at = check_positions(positions, x.shape[0], x.shape[1], x.device)
        return rotation(at, self.d_k, self.rotary, dtype=self.out_proj.weight.dtype)

    def project(self, x: Tensor, turn: Tensor | None = None) -> tuple[Tensor, KeyValues]:
        """Queries, keys and values of a sequence that attends to itself, in one product; nothing is checked.

        Shapes:  x (B, T, d_model), turn (T, d_k / 2) or (B, T, d_k / 2) -> query (B, n_heads, T, d_k), KeyValues
        """
        assert self.in_proj_weight is not None
        together = linear(x, self.in_proj_weight, self.in_proj_bias).unflatten(2, (-1, self.d_k))
        n, n_kv = self.n_heads, self.n_kv_heads
        if turn is None:
            query, keys, values = together.split([n, n_kv, n_kv], 2)
        else:
            both, values = together.split([n + n_kv, n_kv], 2)
            query, keys = rotated(both, turn.unsqueeze(-2)).split([n, n_kv], 2)
        return query.transpose(1, 2), KeyValues(keys.transpose(1, 2), values.transpose(1, 2))

    def query(self, x: Tensor) -> Tensor:
        """What x asks a source: (B, T, d_model) -> (B, n_heads, T, d_k)."""
        weight = self.q_proj_weight if self.in_proj_weight is None else self.in_proj_weight[: self.d_model]
        bias = None if self.in_proj_bias is None else self.in_proj_bias[: self.d_model]
        assert weight is not None
        return linear(x, weight, bias).unflatten(2, (-1, self.d_k)).transpose(1, 2)

    def key_values(self, source: Tensor) -> KeyValues:
        """What a source offers, once for all that ask it: (B, S, source_size) -> KeyValues."""
        bias = None if self.in_proj_bias is None else self.in_proj_bias[self.d_model :]
        if self.in_proj_weight is None:
            assert self.k_proj_weight is not None
            assert self.v_proj_weight is not None
            weight = torch.cat([self.k_proj_weight, self.v_proj_weight])
        else:
            weight = self.in_proj_weight[self.d_model :]
        both = linear(source, weight, bias).unflatten(2, (-1, self.d_k)).transpose(1, 2)
        return KeyValues(*both.split(self.n_kv_heads, 1))

    def attend(
        self, query: Tensor, given: KeyValues, mask: Tensor | None, *, causal: bool = False, need_weights: bool = False
    ) -> tuple[Tensor, Tensor | None]:
        """The weighted means of all heads, and what W_o makes of them; nothing is checked. With `causal` the queries
        are the last T of S positions.

        Shapes:  query (B, n_heads, T, d_k); given (B, n_kv_heads, S, d_k); mask (B, T, S), where B and T may be 1
                 -> out (B, T, d_model), weights (B, n_heads, T, S) or None
        """
        keys, values = given
        T, S = query.shape[2], keys.shape[2]
        if self.n_kv_heads < self.n_heads:
            times = self.n_heads // self.n_kv_heads
            keys, values = keys.repeat_interleave(times, 1), values.repeat_interleave(times, 1)
        explicit = need_weights or transformed()
        if causal and (explicit or mask is not None or T != S):
            causal = False
            if T != 1:  # the last position may attend to all
                order = torch.ones(T, S, dtype=torch.bool, device=query.device).tril(S - T)
                mask = order[None] if mask is None else mask & order
        mask = None if mask is None else mask.unsqueeze(1)
        p = self.dropout if self.training else 0.0
        weights = None
        if explicit:
            weights = masked_softmax((query / math.sqrt(self.d_k)) @ keys.mT, mask)
            heads = dropout(weights, p) @ values
        else:
            heads = scaled_dot_product_attention(query, keys, values, mask, p, causal)
        return self.out_proj(heads.transpose(1, 2).flatten(2)), weights if need_weights else None

    def extra_repr(self) -> str:
        """The constructor's arguments."""
        more = {"n_kv_heads": self.n_heads, "source_size": self.d_model, "rotary": None, "dropout": 0.0}
        given = [f"{name}={getattr(self, name)}" for name, usual in more.items() if getattr(self, name) != usual]
        return ", ".join([str(self.d_model), str(self.n_heads), *given])


def transformed() -> bool:
    """Whether torch.func or forward-mode derivatives are at work, of which the fused kernel knows nothing."""
    active: bool = torch._C._are_functorch_transforms_active() or forward_ad._current_level >= 0
    return active


def check_sequence(name: str, value: Any, width: int, like: Tensor, B: int | str = "B") -> tuple[int, int]:
    """The sizes B and T of a sequence of vectors; TypeError or ValueError naming it unless it fits the weights."""
    if not isinstance(value, Tensor):
        raise TypeError(f"{name} must be a tensor, got {type(value).__name__}")
    check_shape(name, value, (B, "T", width))
    if not value.is_floating_point():
        raise TypeError(f"{name} must be real-valued, got dtype {value.dtype}")
    if value.dtype != like.dtype and not torch.is_autocast_enabled(value.device.type):
        raise TypeError(f"{name} must have the dtype of the weights, {like.dtype}, got {value.dtype}")
    return value.shape[0], value.shape[1]
