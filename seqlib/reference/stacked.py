"""Layers on top of each other, of chapter 7: the outputs of one are the inputs of the next; residual connections."""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

from seqlib.arguments import check_shape, real_array
from seqlib.reference import bidirectional, recurrence
from seqlib.reference.bidirectional import Directions, checked_cell, checked_lengths, naming, read, read_back

__all__ = ["Cache", "Grads", "backward", "forward"]


class Grads(NamedTuple):
    """Gradients of the loss: `params` and `initial`, a list over the layers, and `x` (B, T, D)."""

    params: list[Any]
    x: np.ndarray
    initial: list[Any]


class Cache(NamedTuple):
    """What `backward` needs: the cell's module, the cache of each layer, the shape of the output."""

    cell: ModuleType
    layers: list[recurrence.Cache | bidirectional.Cache]
    shape: tuple[int, ...]
    residual: bool

    @property
    def final(self) -> list[Any]:
        """The last states of each layer: a tuple of (B, H), or Directions of such tuples."""
        return [
            kept.final if isinstance(kept, bidirectional.Cache) else tuple(states[:, -1] for states in kept.states)
            for kept in self.layers
        ]


def forward(
    cell: ModuleType,
    params: Sequence[Any],
    x: np.ndarray,
    initial: Sequence[Any] | None = None,
    *,
    lengths: Sequence[int] | np.ndarray | None = None,
    residual: bool = False,
    **options: Any,
) -> tuple[np.ndarray, Cache]:
    """L layers of one cell, each over the whole sequence that the one below it gave.

        x¹ = x        x^{l+1} = layer_l(x^l)                 the output is x^{L+1}
                      x^{l+1} = layer_l(x^l) + x^l,  l ≥ 2   with `residual`: the gradient has a way around each layer

    A layer is bidirectional where its parameters are Directions. The first layer has no residual connection: its
    inputs are no states. `cell` and `options` as in `seqlib.reference.bidirectional.forward`.

    Shapes:  params, a list of the cell's Params or of Directions of them, W_xh as wide as what the layer reads; x
             (B, T, D); initial, a list over the layers of states (h,) or (h, c), or of Directions of them, each
             (B, H), or None for zeros; lengths (B,), all T by default -> out (B, T, H or 2H), cache; cache.final
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Graves, Mohamed & Hinton 2013 (deep bidirectional LSTM); Wu et al. 2016 (residual connections, in one
             direction)
    Differs: no dropout between the layers
    Book:    chapters/07_bidirectional
    """
    checked_cell(cell)
    params, initial = _listed("params", params), initial if initial is None else _listed("initial", initial)
    if not params:
        raise ValueError("params must hold at least one layer, got none")
    if initial is not None and len(initial) != len(params):
        raise ValueError(f"initial must have an entry for each of {len(params)} layers, got {len(initial)}")
    if not isinstance(residual, bool):
        raise TypeError(f"residual must be True or False, got {residual!r}")
    x = real_array("x", x, ("B", "T", "D"), finite=False)
    B, T, _ = x.shape
    lengths = checked_lengths(lengths, B, T)
    mask = np.arange(T) < lengths[:, None]

    kept: list[recurrence.Cache | bidirectional.Cache] = []
    cache: recurrence.Cache | bidirectional.Cache
    for layer, weights in enumerate(params):
        start = None if initial is None else initial[layer]
        with naming(f"in layer {layer + 1}"):
            if isinstance(weights, Directions):
                out, cache = bidirectional.forward(cell, weights, x, start, lengths=lengths, **options)
            else:
                out, cache = read(cell, weights, x, start, mask, options)
            if residual and layer:
                check_shape("its output, to which its input is added,", out, x.shape)
                out = out + x
        kept.append(cache)
        x = out
    return x, Cache(cell, kept, x.shape, residual)


def backward(dout: np.ndarray, cache: Cache, dfinal: Sequence[Any] | None = None) -> Grads:
    """Backpropagation from the top layer to the bottom one: what a layer gives for its input is the cotangent below.

        dx^l = layer_l backward(dx^{l+1})                       dx^{L+1} = dout
        dx^l = layer_l backward(dx^{l+1}) + dx^{l+1},  l ≥ 2    with residual connections

    Shapes:  dout (B, T, H or 2H); dfinal, a list over the layers of the cotangents of their last states, as
             `forward` takes the initial ones, or None for zeros -> Grads
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  derived in the chapter
    Book:    chapters/07_bidirectional
    """
    dfinal = [None] * len(cache.layers) if dfinal is None else _listed("dfinal", dfinal)
    if len(dfinal) != len(cache.layers):
        raise ValueError(f"dfinal must have an entry for each of {len(cache.layers)} layers, got {len(dfinal)}")
    dx = real_array("dout", dout, cache.shape, finite=False)
    dparams, dinitial = list[Any](), list[Any]()
    dstart: Any
    for layer in reversed(range(len(cache.layers))):
        kept, dout = cache.layers[layer], dx
        with naming(f"in layer {layer + 1}"):
            if isinstance(kept, bidirectional.Cache):
                dweights, dx, dstart = bidirectional.backward(dout, kept, dfinal[layer])
            else:
                dweights, dx, dstart = read_back(cache.cell, dout, kept, dfinal[layer])
        if cache.residual and layer:
            dx = dx + dout
        dparams.append(dweights)
        dinitial.append(dstart)
    return Grads(dparams[::-1], dx, dinitial[::-1])


def _listed(name: str, value: Sequence[Any]) -> list[Any]:
    """The layers as a list. A NamedTuple, which is what one layer has, is no list of them."""
    if not isinstance(value, list | tuple) or hasattr(value, "_fields"):
        raise TypeError(f"{name} must be a list with an entry for each layer, got {type(value).__name__}")
    return list(value)
