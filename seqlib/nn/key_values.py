"""What may be attended to: keys and values, and how they grow while a sequence is written (the KV cache)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

__all__ = ["KeyValues", "Room"]

LEAST = 32  # positions that are free behind keys and values which have just moved


class KeyValues(NamedTuple):
    """What may be attended to, of N sequences: keys and values (N, n_kv_heads, S, d_k), the keys turned already."""

    keys: Tensor
    values: Tensor

    def extended(self, new: KeyValues) -> KeyValues:
        """These, and new ones behind them; these stay what they are.

        Without gradients they move to a buffer that is half as long again, and the next ones are written behind them
        there. So T single steps copy O(T) positions; with a new tensor for each step it would be T² / 2.

        Shapes:  (N, n_kv_heads, S, d_k), new (N, n_kv_heads, T, d_k) -> (N, n_kv_heads, S + T, d_k)
        """
        if torch.is_grad_enabled():  # nothing is written over that a gradient may be asked for
            return KeyValues(torch.cat([self.keys, new.keys], 2), torch.cat([self.values, new.values], 2))
        S, T = self.keys.shape[2], new.keys.shape[2]
        return Room.holding([self], S + T).kept(S, new)

    def select(self, rows: Tensor) -> KeyValues:
        """Those of some of the sequences: row i of them is row rows[i]."""
        return KeyValues(self.keys.index_select(0, rows), self.values.index_select(0, rows))


class Room:
    """A buffer for the keys and values of L blocks, of which so many positions are `taken`.

    All states of a sequence lie in it, each the beginning of those after it. The one that ends where the writing ended
    may be continued there; an earlier one, which is continued for the second time, may not.

    Shapes:  buffer (L, 2, N, n_kv_heads, positions, d_k)
    """

    def __init__(self, buffer: Tensor, taken: int) -> None:
        self.buffer, self.taken = buffer, taken

    @classmethod
    def holding(cls, layers: Sequence[KeyValues], end: int) -> Room:
        """One that begins with a copy of these, and has room up to `end` and half as much behind it."""
        N, heads, _, d_k = layers[0].keys.shape
        longest = max(end + LEAST, 3 * end // 2)
        room = cls(layers[0].keys.new_empty(len(layers), 2, N, heads, longest, d_k), 0)
        room.write(0, layers)
        return room

    def free(self, S: int, end: int) -> bool:
        """Whether those that end at S may be continued here, up to `end`."""
        writable = torch.is_inference_mode_enabled() or not self.buffer.is_inference()
        return self.taken == S and end <= self.buffer.shape[4] and writable and not torch.is_grad_enabled()

    def places(self, S: int, T: int) -> tuple[Tensor, ...]:
        """Where each block writes behind the first S positions: (2, N, n_kv_heads, T, d_k). They are taken now.

        Autograd, which takes all of the buffer for one, needs not know: nobody has read what stands there.
        """
        self.taken = S + T
        return self.buffer.data.narrow(4, S, T).unbind()

    def write(self, S: int, new: Sequence[KeyValues]) -> None:
        """Write behind the first S positions."""
        for place, own in zip(self.places(S, new[0].keys.shape[2]), new, strict=True):
            place[0].copy_(own.keys)
            place[1].copy_(own.values)

    def up_to(self, end: int) -> list[KeyValues]:
        """The first positions of each block."""
        parts = iter(self.buffer.narrow(4, 0, end).flatten(0, 1).unbind())
        return [KeyValues(keys, next(parts)) for keys in parts]

    def heads(self, end: int) -> list[KeyValues]:
        """The same, the heads of all sequences one below another: (N n_kv_heads, end, d_k)."""
        parts = iter(self.buffer.narrow(4, 0, end).flatten(2, 3).flatten(0, 1).unbind())
        return [KeyValues(keys, next(parts)) for keys in parts]

    def select(self, rows: Tensor, end: int) -> Room:
        """The first positions of some of the sequences, in a buffer of their own."""
        return Room(self.buffer.index_select(2, rows), end)

    def kept(self, S: int, new: KeyValues) -> KeyValues:
        """What is there of one block, with new ones behind the first S positions."""
        self.write(S, [new])
        there = _Kept(*self.up_to(S + new.keys.shape[2])[0])
        there.room = self
        return there


class _Kept(KeyValues):
    """Keys and values with space behind them."""

    room: Room

    def extended(self, new: KeyValues) -> KeyValues:
        S, T = self.keys.shape[2], new.keys.shape[2]
        return self.room.kept(S, new) if self.room.free(S, S + T) else super().extended(new)
