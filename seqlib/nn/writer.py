"""One more step of a causal Transformer: what its modules would make of one position, with nothing looked up anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import gelu, rms_norm, scaled_dot_product_attention, silu

from seqlib.nn.key_values import KeyValues, Room
from seqlib.nn.layouts import Followed, kept, laid_out
from seqlib.nn.multi_head import MultiHeadAttention, transformed
from seqlib.nn.positions import rotated, rotation
from seqlib.nn.transformer_block import TransformerBlock

__all__ = ["Cache", "Writer"]

Map = Callable[[Tensor], Tensor]
PAYS = 8  # steps, after which other layouts of the matrices pay: to make them takes about as long as three


class Writer:
    """The blocks and the read-out of a model, for one position of each of N sequences.

    A step reads all matrices for few rows, and half of its time may go into finding them in their modules. Here they
    are found once for all steps of the sequences that are begun together, or again when one of them has changed. At the
    eighth step those in float32 on a CPU are laid out anew as well, as `layouts` says. The numbers are those of
    `TransformerBlock.read`, but for the rounding of another layout. There is no dropout.
    """

    def __init__(self, core: Any, readout: nn.Linear) -> None:
        self.core, self.readout = core, readout
        self._find()

    def _find(self) -> None:
        """What there is now. Matrices that were laid out for an earlier sequence are used as they are."""
        self.steps, parts = 0, [*self.core.modules(), self.readout]
        self.hooks = [hooks for part in parts for hooks in (part._forward_hooks, part._forward_pre_hooks)]
        self.known = {type(part) for part in parts} <= {type(self.core), nn.ModuleList, *KNOWN}
        self.followed = Followed(parts)
        if self.known:
            self._make(kept)

    def _make(self, made: Callable[[Tensor, Tensor | None], Map]) -> None:
        self.blocks = [_Block(block, made) for block in self.core.blocks]
        self.norm = as_it_is if self.core.norm is None else normed(self.core.norm)
        self.answer = made(self.readout.weight, self.readout.bias)
        self.followed.copies()

    def writes(self, core: Any) -> bool:
        """Whether it may write for this model, now: nothing listens to its modules, or is to be derived from it."""
        watched = any(self.hooks) or transformed() or torch.is_autocast_enabled("cpu") or torch.compiler.is_compiling()
        return self.known and core is self.core and not watched

    def step(self, x: Tensor, past: Sequence[KeyValues]) -> tuple[Tensor, Cache]:
        """The answers, and all keys and values: x (N, d_model), those of the past -> (N, n_out), those up to here."""
        if not self.followed.unchanged():
            self._find()
        self.steps += 1
        if self.steps == PAYS:
            self._make(lambda weight, bias: laid_out(weight, bias, len(x)))
        S = past[0].keys.shape[2]
        room = getattr(past, "room", None)
        if room is None or not room.free(S, S + 1):
            room = Room.holding(past, S + 1)
        with torch.inference_mode():  # what is made here, and stays here, needs not be followed
            turn, places = self._turn(x, S), room.places(S, 1)
            for block, place, heads in zip(self.blocks, places, room.heads(S + 1), strict=True):
                x = block(x, place, heads, turn)
            x = self.norm(x)
        return self.answer(x), Cache.of(room.up_to(S + 1), self, room)

    def _turn(self, x: Tensor, S: int) -> Tensor | None:
        """By how much queries and keys are turned behind S positions."""
        first = self.core.blocks[0].self_attn
        if first.rotary is None:
            return None
        return rotation(torch.tensor([S], device=x.device), first.d_k, first.rotary, dtype=x.dtype)


class Cache(tuple[KeyValues, ...]):
    """The state of a model that goes step by step: keys and values of each block; once it has begun, also who writes,
    and the room in which they lie.
    """

    writer: Writer | None
    room: Room | None

    @classmethod
    def of(cls, layers: Iterable[KeyValues], writer: Writer | None = None, room: Room | None = None) -> Cache:
        """The state that is made of these keys and values."""
        cache = cls(layers)
        cache.writer, cache.room = writer, room
        return cache

    def select(self, rows: Tensor) -> Cache:
        """That of some of the sequences: row i of it is row rows[i]."""
        if self.room is None:
            return Cache.of((layer.select(rows) for layer in self), self.writer)
        S = self[0].keys.shape[2]
        room = self.room.select(rows, S)
        return Cache.of(room.up_to(S), self.writer, room)

    def __reduce__(self) -> tuple[Any, ...]:
        return Cache.of, (tuple(self),)


class _Block:
    """A TransformerBlock without a source, for one position.

        u = x + W_o attended + b_o      out = u + W_2 act(W_1 u + b_1) + b_2

    where what goes into a sum is normed before (norm_first), or the sum after.
    """

    before1: Map
    before2: Map
    after1: Map
    after2: Map

    def __init__(self, block: TransformerBlock, made: Callable[[Tensor, Tensor | None], Map]) -> None:
        attention: Any = block.self_attn
        self.project = made(attention.in_proj_weight, attention.in_proj_bias)
        self.out, self.first, self.second = (
            made(part.weight, part.bias) for part in (attention.out_proj, block.linear1, block.linear2)
        )
        norms, none = [normed(block.norm1), normed(block.norm2)], [as_it_is, as_it_is]
        self.before1, self.before2 = norms if block.norm_first else none
        self.after1, self.after2 = none if block.norm_first else norms
        self.d_k = attention.d_k
        self.widths = [attention.n_heads * self.d_k, 2 * attention.n_kv_heads * self.d_k]
        self.activation = ACTIVATIONS[block.activation]

    def __call__(self, x: Tensor, place: Tensor, heads: KeyValues, turn: Tensor | None) -> Tensor:
        """One position: where its keys and values are written to, and those of all heads, up to there."""
        x = self.after1(x + self.out(self._attended(self.before1(x), place, heads, turn)))
        return self.after2(x + self.second(self.activation(self.first(self.before2(x)))))

    def _attended(self, x: Tensor, place: Tensor, heads: KeyValues, turn: Tensor | None) -> Tensor:
        query, new = self.project(x).split(self.widths, 1)
        new = new.view(len(place[0]), 2, -1, 1, self.d_k).transpose(0, 1)  # as in place
        if turn is not None:
            query, new = rotated(query.unflatten(1, (-1, self.d_k)), turn), torch.stack([rotated(new[0], turn), new[1]])
        place.copy_(new)
        return attend(query.reshape(len(heads.keys), -1, self.d_k), *heads).view(len(x), -1)


def products(query: Tensor, keys: Tensor, values: Tensor) -> Tensor:
    """softmax(q Kᵀ / √d_k) V, as two products; for so few queries this is sooner than the fused kernel, where there is
    a library that has products of many matrices at once.

    Shapes:  (heads, queries, d_k), keys and values (heads, S, d_k) -> (heads, queries, d_k)
    """
    return torch.bmm(torch.bmm(query * query.shape[-1] ** -0.5, keys.mT).softmax(-1), values)


def fused(query: Tensor, keys: Tensor, values: Tensor) -> Tensor:
    """The same by torch's fused kernel."""
    return scaled_dot_product_attention(query[None], keys[None], values[None])[0]


def swiglu(a: Tensor) -> Tensor:
    """silu(W_g x) · (W_u x), of both, one below the other."""
    gate, up = a.chunk(2, -1)
    return silu(gate) * up


attend = products if torch.backends.mkl.is_available() else fused
KNOWN = (TransformerBlock, MultiHeadAttention, nn.Linear, nn.LayerNorm, nn.RMSNorm)
ACTIVATIONS: dict[str, Map] = {
    "relu": torch.relu,
    "gelu": gelu,
    "gelu_tanh": lambda a: gelu(a, approximate="tanh"),
    "swiglu": swiglu,
}


def as_it_is(x: Tensor) -> Tensor:
    """What no norm does."""
    return x


def normed(norm: Any) -> Map:
    """What the norm does."""
    shape, weight, eps = tuple(norm.normalized_shape), norm.weight, norm.eps
    if isinstance(norm, nn.RMSNorm):
        return lambda x: rms_norm(x, shape, weight, eps)
    bias = norm.bias
    return lambda x: torch.layer_norm(x, shape, weight, bias, eps)
