"""One more step of a causal Transformer: what its modules would make of one position, with nothing looked up anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import gelu, layer_norm, linear, rms_norm, scaled_dot_product_attention, silu

from seqlib.nn.key_values import KeyValues
from seqlib.nn.multi_head import MultiHeadAttention, transformed
from seqlib.nn.positions import rotated, rotation
from seqlib.nn.transformer_block import TransformerBlock

__all__ = ["Cache", "Writer"]

Map = Callable[[Tensor], Tensor]
PAYS = 8  # steps, after which other layouts of the matrices pay: to make them takes about as long as three
LARGE = 2**17  # numbers in a matrix, from which on its layout decides how soon it is read


class Writer:
    """The blocks and the read-out of a model, for one position of each of N sequences.

    A step reads all matrices for few rows, and half of its time may go into finding them in their modules. Here they
    are found once for all steps of the sequences that are begun together. At the eighth step large matrices in float32
    on a CPU are laid out anew as well, in a copy: for one row column by column, for several in the blocks of oneDNN.
    The numbers are those of `TransformerBlock.read`, but for the rounding of another layout. There is no dropout.

    A writer belongs to the weights as they are: after training, a sequence is begun again.
    """

    def __init__(self, core: Any, readout: nn.Linear) -> None:
        self.core, self.readout, self.steps = core, readout, 0
        parts = [*core.modules(), readout]
        self.hooks = [hooks for part in parts for hooks in (part._forward_hooks, part._forward_pre_hooks)]
        self.known = {type(part) for part in parts} <= {type(core), nn.ModuleList, *KNOWN}
        if self.known:
            self._find(linear_map)

    def _find(self, made: Callable[..., Map]) -> None:
        self.blocks = [_Block(block, made) for block in self.core.blocks]
        self.norm = None if self.core.norm is None else normed(self.core.norm)
        self.answer = made(self.readout.weight, self.readout.bias)

    def writes(self, core: Any) -> bool:
        """Whether it may write for this model, now: nothing listens to its modules, or is to be derived from it."""
        watched = any(self.hooks) or transformed() or torch.is_autocast_enabled("cpu") or torch.compiler.is_compiling()
        return self.known and core is self.core and not watched

    def step(self, x: Tensor, past: Sequence[KeyValues]) -> tuple[Tensor, list[KeyValues]]:
        """The answers, and all keys and values: x (N, d_model), those of the past -> (N, n_out), those up to here."""
        self.steps += 1
        if self.steps == PAYS:
            self._find(lambda weight, bias: laid_out(weight, bias, len(x)))
        first, turn = self.core.blocks[0].self_attn, None
        if first.rotary is not None:
            at = torch.tensor([past[0].keys.shape[2]], device=x.device)
            turn = rotation(at, first.d_k, first.rotary, dtype=x.dtype)
        found = []
        for block, before in zip(self.blocks, past, strict=True):
            x, own = block(x, before, turn)
            found.append(own)
        return self.answer(x if self.norm is None else self.norm(x)), found


class Cache(tuple[KeyValues, ...]):
    """The state of a model that goes step by step: keys and values of each block; and who writes, once it has begun."""

    writer: Writer | None

    @classmethod
    def of(cls, layers: Iterable[KeyValues], writer: Writer | None = None) -> Cache:
        """The state that is made of these keys and values."""
        cache = cls(layers)
        cache.writer = writer
        return cache


class _Block:
    """A TransformerBlock without a source, for one position."""

    def __init__(self, block: TransformerBlock, made: Callable[..., Map]) -> None:
        attention: Any = block.self_attn
        self.heads, self.d_k = [attention.n_heads, attention.n_kv_heads, attention.n_kv_heads], attention.d_k
        self.times = attention.n_heads // attention.n_kv_heads
        self.project = made(attention.in_proj_weight, attention.in_proj_bias)
        self.out, self.first, self.second = (
            made(part.weight, part.bias) for part in (attention.out_proj, block.linear1, block.linear2)
        )
        self.norm1, self.norm2 = normed(block.norm1), normed(block.norm2)
        self.norm_first, self.activation = block.norm_first, ACTIVATIONS[block.activation]

    def __call__(self, x: Tensor, past: KeyValues, turn: Tensor | None) -> tuple[Tensor, KeyValues]:
        N = len(x)
        heads = self.project(self.norm1(x) if self.norm_first else x).view(N, -1, 1, self.d_k)
        query, keys, values = heads.split(self.heads, 1)
        if turn is not None:
            query, keys = rotated(query, turn), rotated(keys, turn)
        own = past.extended(KeyValues(keys, values))
        keys, values = own
        if self.times > 1:
            keys, values = (part.repeat_interleave(self.times, 1) for part in own)
        x = x + self.out(scaled_dot_product_attention(query, keys, values).reshape(N, -1))
        x = x if self.norm_first else self.norm1(x)
        x = x + self.second(self.activation(self.first(self.norm2(x) if self.norm_first else x)))
        return x if self.norm_first else self.norm2(x), own


def swiglu(a: Tensor) -> Tensor:
    """silu(W_g x) · (W_u x), of both, one below the other."""
    gate, up = a.chunk(2, -1)
    return silu(gate) * up


KNOWN = (TransformerBlock, MultiHeadAttention, nn.Linear, nn.LayerNorm, nn.RMSNorm)
ACTIVATIONS: dict[str, Map] = {
    "relu": torch.relu,
    "gelu": gelu,
    "gelu_tanh": lambda a: gelu(a, approximate="tanh"),
    "swiglu": swiglu,
}


def normed(norm: Any) -> Map:
    """What the norm does."""
    shape, weight, eps = tuple(norm.normalized_shape), norm.weight, norm.eps
    if isinstance(norm, nn.RMSNorm):
        return lambda x: rms_norm(x, shape, weight, eps)
    bias = norm.bias
    return lambda x: layer_norm(x, shape, weight, bias, eps)


def linear_map(weight: Tensor, bias: Tensor | None) -> Map:
    """x Wᵀ + b"""
    return lambda x: linear(x, weight, bias)


def laid_out(weight: Tensor, bias: Tensor | None, N: int) -> Map:
    """The same for N rows, from a copy of the matrix in another layout where that is sooner."""
    if weight.numel() < LARGE or weight.device.type != "cpu" or weight.dtype != torch.float32:
        return linear_map(weight, bias)
    if N == 1:
        return linear_map(weight.detach().T.contiguous().T, bias)
    if not torch.backends.mkldnn.is_available():
        return linear_map(weight, bias)
    product = torch.ops.mkldnn._linear_pointwise
    blocks = torch.ops.mkldnn._reorder_linear_weight(weight.detach(), N)
    return lambda x: product(x, blocks, bias, "none", [], "")
