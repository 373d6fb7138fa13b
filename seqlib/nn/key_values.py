"""What may be attended to: keys and values, and how they grow while a sequence is written (the KV cache)."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

__all__ = ["KeyValues"]

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
        S, end = self.keys.shape[2], self.keys.shape[2] + new.keys.shape[2]
        room = _Room(self.keys, max(end + LEAST, 3 * end // 2))
        room.write(0, self)
        return room.write(S, new)

    def select(self, rows: Tensor) -> KeyValues:
        """Those of some of the sequences: row i of them is row rows[i]."""
        return KeyValues(self.keys.index_select(0, rows), self.values.index_select(0, rows))


class _Room:
    """A buffer for keys and values, of which so many positions are `taken`.

    All states of a sequence lie in it, each the beginning of those after it. The one that ends where the writing ended
    may be continued there; an earlier one, which is continued for the second time, may not.
    """

    def __init__(self, like: Tensor, longest: int) -> None:
        N, heads, _, d_k = like.shape
        self.buffer = like.new_empty(2, N, heads, longest, d_k)
        self.taken = 0

    def free(self, S: int, end: int) -> bool:
        """Whether those that end at S may be continued here, up to `end`."""
        writable = torch.is_inference_mode_enabled() or not self.buffer.is_inference()
        return self.taken == S and end <= self.buffer.shape[3] and writable and not torch.is_grad_enabled()

    def write(self, S: int, new: KeyValues) -> KeyValues:
        """Write behind the first S positions; all that is there then."""
        T = new.keys.shape[2]
        self.taken = S + T
        keys, values = self.buffer.narrow(3, 0, S + T).unbind()
        keys.narrow(2, S, T).copy_(new.keys)
        values.narrow(2, S, T).copy_(new.values)
        there = _Kept(keys, values)
        there.room = self
        return there


class _Kept(KeyValues):
    """Keys and values with space behind them."""

    room: _Room

    def extended(self, new: KeyValues) -> KeyValues:
        S, T = self.keys.shape[2], new.keys.shape[2]
        return self.room.write(S, new) if self.room.free(S, S + T) else super().extended(new)
