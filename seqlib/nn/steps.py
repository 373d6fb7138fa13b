"""The steps of a batch of sequences of different lengths, as one direction of a recurrent layer walks over them."""

from __future__ import annotations

from itertools import accumulate

import torch
from torch import Tensor

__all__ = ["Steps"]

# How many numbers of a state are walked over before the next are read: they stay in the cache, and little memory is
# needed beside what is kept.
CACHED = 1 << 16


class Steps:
    """The steps of packed sequences, as one direction walks over them.

    Sequences are in torch's packed form: the rows of step 0, then those of step 1, …, with sequences sorted by falling
    length, so that the rows of step t are the first `sizes[t]` sequences. An unpacked batch is the case in which all
    sizes are equal. `order` is the order of the walk; the backward pass walks in `reversed(order)`.
    """

    def __init__(self, sizes: list[int], reverse: bool = False) -> None:
        self.sizes, self.reverse = sizes, reverse
        self.order = range(len(sizes))[::-1] if reverse else range(len(sizes))
        self.uniform = sizes[0] == sizes[-1]

    def split(self, rows: Tensor) -> tuple[Tensor, ...]:
        """The rows of each step, as views."""
        return rows.split_with_sizes(self.sizes)

    def stretches(self, width: int) -> list[tuple[range, slice]]:
        """The walk in pieces, each of one step at least and of as many as make `CACHED` numbers of a state of this
        width: of each its steps in order, and its rows.

        What is computed for a whole piece at once is still in the cache when its steps are walked over.
        """
        T, ends = len(self.sizes), [0, *accumulate(self.sizes)]
        count = max(1, CACHED // (width * max(1, self.sizes[0])))
        pieces = [range(a, min(a + count, T)) for a in range(0, T, count)]
        found = [
            (piece[::-1] if self.reverse else piece, slice(ends[piece[0]], ends[piece[-1] + 1])) for piece in pieces
        ]
        return found[::-1] if self.reverse else found

    def within(self, rows: Tensor, order: range) -> dict[int, Tensor]:
        """The rows of each step of a stretch, as views of the rows of the stretch."""
        times = sorted(order)
        return dict(zip(times, rows.split_with_sizes([self.sizes[t] for t in times]), strict=True))

    def carry(self, state: Tensor, t: int, begin: Tensor, left: Tensor | None = None) -> Tensor:
        """A state with one row for each sequence that has step t: those that are over are left out, those that only
        now begin take their row of `begin`. It serves forward with h_0 and, in reversed order, backward with dh_n.
        The rows that are left out are written into `left`.
        """
        have, need = state.shape[0], self.sizes[t]
        if have == need:
            return state
        if left is not None:
            left[need:have] = state[need:]
        return state[:need] if need < have else torch.cat([state, begin[have:need]])

    def first(self, rows: Tensor) -> Tensor:
        """Of each sequence the row of the step at which the walk begins, (B, …)."""
        return self._ends(rows) if self.reverse else rows[: self.sizes[0]]

    def last(self, rows: Tensor) -> Tensor:
        """Of each sequence the row of the step at which the walk ends, (B, …), as a copy."""
        return rows[: self.sizes[0]].clone() if self.reverse else self._ends(rows)

    def before(self, rows: Tensor, begin: Tensor, order: range | None = None) -> Tensor:
        """For each step the state before it, from the states after each step and those at the beginning; of all
        steps, or of those in `order`, a stretch of the walk. It may be a view of `rows`.

        Shapes:  rows (N, …), begin (B, …) -> (N, …), or as many rows as the stretch has, which may share memory
        """
        times, way = sorted(self.order if order is None else order), -1 if self.reverse else 1
        begins = self.order[0] in times
        if self.uniform:  # the states after the steps, shifted: a copy only where the walk begins
            B = self.sizes[0]
            shifted = rows[max(0, (times[0] - way) * B) : (times[-1] + 1 - way) * B]
            return shifted if not begins else torch.cat([shifted, begin] if self.reverse else [begin, shifted])
        after = self.split(rows)
        states = (begin if t == self.order[0] else after[t - way] for t in times)
        return torch.cat([self.carry(state, t, begin) for state, t in zip(states, times, strict=True)])

    def _ends(self, rows: Tensor) -> Tensor:
        if self.uniform:
            return rows[rows.shape[0] - self.sizes[0] :].clone()  # len() would fix the batch size in an export
        after = [*self.sizes[1:], 0]  # the sequences that have no step t + 1 end at step t; the longest come first
        parts = zip(self.split(rows), self.sizes, after, strict=True)
        return torch.cat([part[n:] for part, size, n in parts if n < size][::-1])
