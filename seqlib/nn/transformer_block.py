"""The block of a Transformer: attention and a feed-forward network, on a residual stream.

The backward pass is autograd's. The derived one, as one autograd.Function over a block, was measured against it: it is
no faster, for nearly all of the time is in matrix products and in the kernel of attention, and both make the same ones.
A recurrence has a loop over the steps whose graph is saved; a block has no loop.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import dropout, gelu, silu

from seqlib.arguments import check_choice, check_integer, check_number
from seqlib.nn.key_values import KeyValues
from seqlib.nn.masks import check_attention_mask
from seqlib.nn.multi_head import MultiHeadAttention, check_sequence

__all__ = ["Read", "TransformerBlock", "check_flag", "check_reading", "made_norm"]

ACTIVATIONS = ("relu", "gelu", "gelu_tanh", "swiglu")


class Read(NamedTuple):
    """What one block has seen, and how: `own`, the keys and values of the sequence so far; if they were asked for,
    `weights` (B, n_heads, T, S) of its self-attention, and `cross` (B, n_heads, T, S) of that to the source.
    """

    own: KeyValues
    weights: Tensor | None
    cross: Tensor | None


class TransformerBlock(nn.Module):
    """Two parts, or three in a decoder, each of which adds to the stream what it read from it.

        pre-norm    x ← x + f(norm(x))        post-norm   x ← norm(x + f(x))        (norm_first True, False)
        f = self-attention, then with `source_size` attention to a source, then the feed-forward network

        "relu", "gelu"   f(x) = W_2 φ(W_1 x + b_1) + b_2        "gelu_tanh": gelu, approximated as in GPT-2
        "swiglu"         f(x) = W_2 (silu(W_g x + b_g) · (W_u x + b_u)) + b_2        W_1 has the rows of W_g, then W_u

        norm = "layer"   g · (x - μ) / √(σ² + ε) + b
        norm = "rms"     g · x / √(mean x² + ε)

    `hidden_size`, the width of φ, is 4 d_model unless given. `source_size`: the width of what a decoder reads, d_model
    as a rule; without it the block has no attention to a source. `rotary` is that of MultiHeadAttention, for the
    self-attention; `n_kv_heads` too, for both attentions. `dropout`: in training mode, on the weights of attention,
    after φ, and on what each part adds.

    The names of the parameters are those of torch.nn.TransformerEncoderLayer and TransformerDecoderLayer, whose
    state_dicts load unchanged.

    Shapes:  x (B, T, d_model); source (B, S, source_size); mask (B, T) or (B, T, T); source_mask (B, S) or (B, T, S),
             True = may attend -> (B, T, d_model)
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Vaswani et al. 2017, section 3.1 (post-norm); Xiong et al. 2020 (pre-norm); Zhang & Sennrich 2019 (RMS);
             Shazeer 2020 (SwiGLU)
    Differs: torch has norm_first=False; Shazeer's SwiGLU has no biases, and here neither with bias=False
    Book:    chapters/13_transformer
    """

    def __init__(
        self,
        d_model: int,
        n_heads: int,
        hidden_size: int | None = None,
        *,
        norm_first: bool = True,
        norm: str = "layer",
        activation: str = "relu",
        bias: bool = True,
        rotary: float | None = None,
        n_kv_heads: int | None = None,
        source_size: int | None = None,
        dropout: float = 0.0,
        eps: float = 1e-5,
        device: Any = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__()
        self.norm_first = check_flag("norm_first", norm_first)
        self.activation = check_choice("activation", activation, ACTIVATIONS)
        self.dropout = check_number("dropout", dropout, low=0, high=1)
        kind: dict[str, Any] = {"device": device, "dtype": dtype}
        attention: dict[str, Any] = {"n_kv_heads": n_kv_heads, "bias": bias, "dropout": dropout, **kind}
        self.self_attn = MultiHeadAttention(d_model, n_heads, rotary=rotary, **attention)
        self.multihead_attn = None
        if source_size is not None:
            self.multihead_attn = MultiHeadAttention(d_model, n_heads, source_size=source_size, **attention)
        hidden = 4 * d_model if hidden_size is None else check_integer("hidden_size", hidden_size, low=1)
        self.linear1 = nn.Linear(d_model, 2 * hidden if activation == "swiglu" else hidden, bias=bias, **kind)
        self.linear2 = nn.Linear(hidden, d_model, bias=bias, **kind)
        self.norm1 = made_norm(norm, d_model, eps, bias, kind)
        self.norm2 = made_norm(norm, d_model, eps, bias, kind)
        self.norm3 = None if source_size is None else made_norm(norm, d_model, eps, bias, kind)

    def forward(
        self,
        x: Tensor,
        source: Tensor | None = None,
        mask: Tensor | None = None,
        source_mask: Tensor | None = None,
        *,
        causal: bool = False,
        positions: Any = None,
    ) -> Tensor:
        """Read, and add. `causal` and `positions` are those of MultiHeadAttention.

        Shapes:  x (B, T, d_model) -> the same
        Raises:  TypeError or ValueError naming the argument
        """
        mask, source_mask = check_reading([self], x, source, mask, source_mask)
        turn = self.self_attn.turn(positions, x)
        memory = None if self.multihead_attn is None or source is None else self.multihead_attn.key_values(source)
        return self.read(x, memory, mask, source_mask, causal=causal, turn=turn)[0]

    def read(
        self,
        x: Tensor,
        memory: KeyValues | None = None,
        mask: Tensor | None = None,
        source_mask: Tensor | None = None,
        *,
        causal: bool = False,
        turn: Tensor | None = None,
        past: KeyValues | None = None,
        need_weights: bool = False,
        only_last: bool = False,
    ) -> tuple[Tensor, Read]:
        """The same for a source whose keys and values are known, `memory`, and a sequence that goes on from `past`;
        nothing is checked. `only_last`: for the last position alone, which attends to all.

        Shapes:  masks with an axis for the queries, (B, T, S), where B and T may be 1; past (B, n_kv_heads, S - T, d_k)
                 -> (B, T or 1, d_model), Read
        """
        normed = self.norm1(x) if self.norm_first else x
        query, own = self.self_attn.project(normed, turn)
        if only_last:
            query, x = query[:, :, -1:], x[:, -1:]
        if past is not None:
            own = past.extended(own)
        out, weights = self.self_attn.attend(query, own, mask, causal=causal, need_weights=need_weights)
        x = self._added(x, out, self.norm1)
        cross, last = None, self.norm2
        if self.multihead_attn is not None:
            assert memory is not None
            assert self.norm3 is not None
            normed = self.norm2(x) if self.norm_first else x
            query = self.multihead_attn.query(normed)
            out, cross = self.multihead_attn.attend(query, memory, source_mask, need_weights=need_weights)
            x, last = self._added(x, out, self.norm2), self.norm3
        return self._added(x, self._thought(last(x) if self.norm_first else x), last), Read(own, weights, cross)

    def _thought(self, x: Tensor) -> Tensor:
        """The feed-forward network."""
        a = self.linear1(x.flatten(0, -2))
        if self.activation == "swiglu":
            gate, up = a.chunk(2, -1)
            a = silu(gate) * up
        else:
            form = "tanh" if self.activation == "gelu_tanh" else "none"
            a = a.relu_() if self.activation == "relu" else gelu(a, approximate=form)
        out: Tensor = self.linear2(self._dropped(a))
        return out.view_as(x)

    def _added(self, x: Tensor, out: Tensor, norm: nn.Module) -> Tensor:
        x = x + self._dropped(out)
        return x if self.norm_first else norm(x)

    def _dropped(self, values: Tensor) -> Tensor:
        return dropout(values, self.dropout, self.training) if self.dropout else values

    def extra_repr(self) -> str:
        """What the parts do not say."""
        return f"norm_first={self.norm_first}, activation={self.activation!r}, dropout={self.dropout}"


def check_reading(
    blocks: Sequence[TransformerBlock], x: Any, source: Any, mask: Any, source_mask: Any
) -> tuple[Tensor | None, Tensor | None]:
    """The masks with an axis for the queries; a TypeError or ValueError unless all fits the blocks, and each other."""
    first, cross = blocks[0].self_attn, blocks[0].multihead_attn
    B, T = check_sequence("x", x, first.d_model, first.out_proj.weight)
    mask = None if mask is None else check_attention_mask("mask", mask, B, T, T)
    if (source is None) != (cross is None):
        needed = "None without source_size" if cross is None else f"given with source_size={cross.source_size}"
        raise ValueError(f"source must be {needed}, got {'None' if source is None else 'one'}")
    if cross is None:
        if source_mask is not None:
            raise ValueError("source_mask must be None without a source")
        return mask, None
    S = check_sequence("source", source, cross.source_size, first.out_proj.weight, B)[1]
    return mask, None if source_mask is None else check_attention_mask("source_mask", source_mask, B, T, S)


def made_norm(norm: str, d_model: int, eps: float, bias: bool, kind: dict[str, Any]) -> nn.Module:
    """The norm of this name over d_model features."""
    eps = check_number("eps", eps, low=0)
    if check_choice("norm", norm, ("layer", "rms")) == "rms":
        return nn.RMSNorm(d_model, eps, **kind)
    return nn.LayerNorm(d_model, eps, bias=bias, **kind)


def check_flag(name: str, value: Any) -> bool:
    """The value, or a TypeError naming it unless it is True or False."""
    if not isinstance(value, bool):
        raise TypeError(f"{name} must be True or False, got {value!r}")
    return value
