"""Matrices in the layout in which a product with few rows is soonest; in copies, which follow their originals."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import linear
from torch.utils.weak import WeakIdKeyDictionary

__all__ = ["Followed", "kept", "laid_out", "linear_map"]

Map = Callable[[Tensor], Tensor]
LARGE = 2**17  # numbers in a matrix, from which on blocks are sooner than columns for several rows
COPIES: Any = WeakIdKeyDictionary()  # matrix -> its copy in another layout, as long as the matrix is there


class _Copy(NamedTuple):
    """A copy of a matrix: in blocks or in columns, and what the original was when it was made."""

    layout: Tensor
    blocks: bool
    state: tuple[int, int]
    seen: Tensor


def linear_map(weight: Tensor, bias: Tensor | None) -> Map:
    """x Wᵀ + b"""
    return lambda x: linear(x, weight, bias)


def laid_out(weight: Tensor, bias: Tensor | None, N: int) -> Map:
    """The same for N rows, from a copy of the matrix, which is kept as long as the matrix: column by column, or for
    several rows of a large one in the blocks of oneDNN. From the matrix as it is where that is not in float32 on a CPU,
    and for one row that becomes shorter: there a number is the sum of a row.
    """
    shorter = N == 1 and weight.shape[0] < weight.shape[1]
    if shorter or weight.device.type != "cpu" or weight.dtype != torch.float32 or weight.is_inference():
        return linear_map(weight, bias)
    blocks = N > 1 and weight.numel() >= LARGE and torch.backends.mkldnn.is_available()
    copy = COPIES.get(weight)
    if copy is None or copy.blocks != blocks or copy.state != state_of(weight):
        own = weight.detach()
        layout = torch.ops.mkldnn._reorder_linear_weight(own, N) if blocks else own.T.contiguous().T
        copy = COPIES[weight] = _Copy(layout, blocks, state_of(weight), looked_at(weight))
    return from_copy(copy, bias)


def kept(weight: Tensor, bias: Tensor | None) -> Map:
    """The same from the copy that there is, if the matrix is still what it was; else from the matrix."""
    copy = COPIES.get(weight)
    if copy is None or copy.state != state_of(weight) or not torch.equal(copy.seen, looked_at(weight)):
        COPIES.pop(weight, None)
        return linear_map(weight, bias)
    return from_copy(copy, bias)


class Followed:
    """Parameters of modules, and whether they are still there, and what they were.

    What is written into `weight.data` leaves no trace: it is noticed when the next sequence begins, by `kept`.
    """

    def __init__(self, modules: Iterable[nn.Module]) -> None:
        found = [(part._parameters, name, own) for part in modules for name, own in part._parameters.items()]
        self.there, self.names, self.own = (list(each) for each in zip(*found, strict=True))
        self.copied: list[Tensor] = []
        self.states: list[tuple[int, int]] = []

    def copies(self) -> None:
        """From now on also whether those that have a copy have other numbers."""
        self.copied = [own for own in self.own if own is not None and own in COPIES]
        self.states = [COPIES[own].state for own in self.copied]

    def unchanged(self) -> bool:
        """Whether nothing has changed."""
        now = map(dict.get, self.there, self.names)
        return all(map(operator.is_, now, self.own)) and [*map(state_of, self.copied)] == self.states


def from_copy(copy: _Copy, bias: Tensor | None) -> Map:
    """The map, from the copy."""
    layout = copy.layout
    if not copy.blocks:
        return linear_map(layout, bias)
    product = torch.ops.mkldnn._linear_pointwise
    return lambda x: product(x, layout, bias, "none", [], "")


def state_of(weight: Tensor) -> tuple[int, int]:
    """What changes when a matrix is trained in place, or gets other numbers altogether."""
    return weight._version, weight.data_ptr()


def looked_at(weight: Tensor) -> Tensor:
    """A product with it, always with the same vector: other numbers in the matrix are other numbers here."""
    return weight.detach() @ torch.linspace(1, 2, weight.shape[1])
