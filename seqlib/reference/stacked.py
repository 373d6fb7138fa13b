"""Layers on top of each other, of chapter 7: the outputs of one are the inputs of the next; residual connections."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

from seqlib.arguments import check_shape, real_array
from seqlib.reference import bidirectional, recurrence
from seqlib.reference.bidirectional import Directions, checked_cell, checked_lengths, naming, read, read_back
from seqlib.reference.recurrence import Arrays

__all__ = ["Cache", "Grads", "backward", "forward", "gradients", "joined", "step", "step_backward"]


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


def step(before: Cache, x: np.ndarray, mask: np.ndarray) -> tuple[np.ndarray, Cache]:
    """One step more of all layers, for a network that knows what it reads at a step only after the one before.

        x^{l+1}_t = step_l(x^l_t, h^l_{t-1})       `forward` takes all steps of a layer, and then the next layer

    It goes on from the states with which `before` ended. The first `before` is the cache of `forward` on a sequence of
    no steps, T = 0: the weights were checked and copied there, and are not again.

    Shapes:  x (B, D); mask (B,) boolean, where False the states are carried on and the output is 0
             -> out (B, H), cache of this one step
    Raises:  TypeError if a layer is bidirectional: it would have to know the end
    Book:    chapters/12_attention
    """
    layers = list[recurrence.Cache | bidirectional.Cache]()
    x = np.where(mask[:, None], x, 0)
    for number, last in enumerate(_one_way(before)):
        start = tuple(states[:, -1] for states in last.states)
        states, kept = recurrence.walk(last.cell, last.params, x[:, None], start, mask[:, None])
        layers.append(recurrence.Cache(last.cell, last.params, x[:, None], states, kept, mask[:, None]))
        out = np.where(mask[:, None], states[0][:, 1], 0)
        x = out + x if before.residual and number else out
    return x, Cache(before.cell, layers, (len(x), 1, x.shape[1]), before.residual)


def joined(steps: Sequence[Cache]) -> Cache:
    """The cache of all steps, of no step and of each `step` after it: that of `forward`, had it known all inputs.

    Shapes:  caches of 0, 1, 1, … steps -> cache of T steps
    """
    layers = list[recurrence.Cache | bidirectional.Cache]()
    for first, *more in zip(*(_one_way(cache) for cache in steps), strict=True):
        each = [first, *more]
        states = zip(first.states, *([s[:, 1:] for s in one.states] for one in more), strict=True)
        kept = zip(*(one.kept for one in each), strict=True)
        x, mask = (np.concatenate(parts, 1) for parts in zip(*((one.x, one.mask) for one in each), strict=True))
        layers.append(recurrence.Cache(first.cell, first.params, x, _joined(states), _joined(kept), mask))
    B, _, H = steps[0].shape
    return Cache(steps[0].cell, layers, (B, len(steps) - 1, H), steps[0].residual)


def step_backward(
    cache: Cache, t: int, dout: np.ndarray, dafter: Sequence[Arrays]
) -> tuple[np.ndarray, list[Arrays], list[np.ndarray]]:
    """The step t = 0 … T - 1 back, through all layers: from its output, and from the states after it.

        da^l_t, dh^l_{t-1} = step_backward_l(dx^{l+1}_t + dh^l_t)        dx^l_t = W_xhᵀ da^l_t

    Shapes:  cache of all steps; dout (B, H); dafter, for each layer the cotangents of its states, (B, H)
             -> dx (B, D); dbefore, as dafter; da, for each layer (B, gates·H), of which `gradients` makes those of the
             weights
    Book:    chapters/12_attention
    """
    dx, dbefore, da = dout, list[Arrays](), list[np.ndarray]()
    layers = _one_way(cache)
    for number in reversed(range(len(layers))):
        layer, dout = layers[number], np.where(layers[number].mask[:, t, None], dx, 0)
        first, *others = dafter[number]
        da_t, dstate = recurrence.step_back(layer, t, (first + dout, *others))
        dx = da_t @ layer.params.W_xh
        if cache.residual and number:
            dx = dx + dout
        da.append(da_t)
        dbefore.append(dstate)
    return dx, dbefore[::-1], da[::-1]


def gradients(cache: Cache, da: Sequence[Sequence[np.ndarray]]) -> list[Any]:
    """The gradients of the weights of all layers, over all steps at once.

    Shapes:  cache of all steps; da, for each step and each layer what `step_backward` gave -> for each layer its Params
    """
    dparams = list[Any]()
    for number, layer in enumerate(_one_way(cache)):
        G = len(layer.params.W_xh)
        of_layer = np.stack([of_step[number] for of_step in da], 1) if da else np.zeros((len(layer.x), 0, G))
        before, after = (tuple(s[:, part] for s in layer.states) for part in (slice(-1), slice(1, None)))
        dweights, _ = layer.cell.gradients(layer.params, layer.x, before, after, layer.kept, of_layer)
        dparams.append(dweights)
    return dparams


def _joined(arrays: Iterable[Iterable[np.ndarray]]) -> Arrays:
    return tuple(np.concatenate(list(parts), 1) for parts in arrays)


def _one_way(cache: Cache) -> list[recurrence.Cache]:
    """What each layer kept, if all read in one direction."""
    layers = list[recurrence.Cache]()
    for number, kept in enumerate(cache.layers):
        if isinstance(kept, bidirectional.Cache):
            raise TypeError(f"cache must be of layers in one direction, but layer {number + 1} is bidirectional")
        layers.append(kept)
    return layers


def _listed(name: str, value: Sequence[Any]) -> list[Any]:
    """The layers as a list. A NamedTuple, which is what one layer has, is no list of them."""
    if not isinstance(value, list | tuple) or hasattr(value, "_fields"):
        raise TypeError(f"{name} must be a list with an entry for each layer, got {type(value).__name__}")
    return list(value)
