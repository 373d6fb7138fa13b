"""From the final states of an encoder to the initial states of a decoder, of chapter 11: handed over, or mapped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from seqlib.arguments import real_array
from seqlib.reference.bidirectional import Directions, naming
from seqlib.reference.recurrence import Arrays

__all__ = ["Affine", "Cache", "Grads", "backward", "forward"]


class Affine(NamedTuple):
    """A learned map of one state of one layer: W v + b.

    Shapes:  W (H, width of the encoder's state, of both directions together); b (H,)
    """

    W: np.ndarray
    b: np.ndarray


class Grads(NamedTuple):
    """Gradients of the loss: `params` as the maps, or None; `finals`, which `stacked.backward` takes as they are."""

    params: list[tuple[Affine, ...]] | None
    finals: list[Any]


class Cache(NamedTuple):
    """What `backward` needs: the maps, and for each layer what was read, the initial states, and 1 or 2 directions."""

    params: list[tuple[Affine, ...]] | None
    read: list[Arrays]
    starts: list[Arrays]
    directions: list[int]


def forward(
    params: Sequence[Sequence[Affine]] | None, finals: Sequence[Arrays | Directions]
) -> tuple[list[Arrays], Cache]:
    """The initial states of a decoder, layer by layer.

        s_0 = h_n                            without maps; of both directions [h→_n; h←_1]
        s_0 = tanh(W_h [h→_n; h←_1] + b_h)   with maps: they may also change the width
        c_0 = W_c [c→_n; c←_1] + b_c         the cell of an LSTM, which tanh would keep within (-1, 1)

    h→_n is the state after the last real step of each sequence, and h←_1, which reads from the end, that after step 1.

    Shapes:  params, for each layer an Affine for each state, or None; finals, for each layer its last states (h,) or
             (h, c), each (B, H), or Directions of them, as in seqlib.reference.stacked.Cache.final
             -> for each layer the states (s_0,) or (s_0, c_0), cache
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Sutskever, Vinyals & Le 2014 (all states of all layers); Bahdanau, Cho & Bengio 2015 (a learned map)
    Differs: Bahdanau et al. map h←_1 alone, without a bias
    Book:    chapters/11_encoder_decoder
    """
    read = [_in_a_row(final) for final in finals]
    directions = [2 if isinstance(final, Directions) else 1 for final in finals]
    if params is None:
        return _copied(read), Cache(None, read, read, directions)
    maps = _checked(params, read)
    starts = []
    for layer, states in zip(maps, read, strict=True):
        a = [state @ affine.W.T + affine.b for affine, state in zip(layer, states, strict=True)]
        starts.append((np.tanh(a[0]), *a[1:]))
    return _copied(starts), Cache(maps, read, starts, directions)


def backward(dstarts: Sequence[Arrays], cache: Cache) -> Grads:
    """The gradient of the loss with respect to the maps, and to the states that the encoder ended with.

        da = ds_0 (1 - s_0²)                 of the cell: da = dc_0
        dW = Σ_b da [h→_n; h←_1]ᵀ            db = Σ_b da
        [dh→_n; dh←_1] = Wᵀ da               without maps ds_0 itself; each direction gets its own half

    Shapes:  dstarts, as `forward` gave the states -> Grads
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  derived in the chapter
    Book:    chapters/11_encoder_decoder
    """
    if [len(layer) for layer in dstarts] != [len(layer) for layer in cache.starts]:
        raise ValueError("dstarts must have a cotangent for each state of each layer, as forward gave the states")
    dparams, dfinals = list[tuple[Affine, ...]](), list[Any]()
    for number, (states, starts, directions) in enumerate(zip(cache.read, cache.starts, cache.directions, strict=True)):
        with naming(f"in layer {number + 1}"):
            wanted = zip(dstarts[number], starts, strict=True)
            da = [real_array("dstarts", dstart, start.shape) for dstart, start in wanted]
        if cache.params is not None:
            maps = cache.params[number]
            da[0] = da[0] * (1 - starts[0] ** 2)
            dparams.append(tuple(Affine(d.T @ state, d.sum(0)) for d, state in zip(da, states, strict=True)))
            da = [d @ affine.W for d, affine in zip(da, maps, strict=True)]
        halves = [np.split(d, directions, -1) for d in da]
        sides = [tuple(side) for side in zip(*halves, strict=True)]
        dfinals.append(Directions(*sides) if directions == 2 else sides[0])
    return Grads(None if cache.params is None else dparams, dfinals)


def _copied(layers: list[Arrays]) -> list[Arrays]:
    """Copies: what `forward` returns is the caller's."""
    return [tuple(state.copy() for state in states) for states in layers]


def _in_a_row(final: Arrays | Directions) -> Arrays:
    """The states of a layer, those of both directions behind each other: [h→; h←] and [c→; c←]."""
    sides = final if isinstance(final, Directions) else (final,)
    if not all(isinstance(side, tuple) for side in sides):
        raise TypeError(f"finals must hold a tuple of states for each layer, or Directions of them, got {final!r:.60}")
    states = zip(*sides, strict=True)
    return tuple(np.concatenate([real_array("finals", s, ("B", "H")) for s in both], -1) for both in states)


def _checked(params: Sequence[Sequence[Affine]], read: list[Arrays]) -> list[tuple[Affine, ...]]:
    """Copies of the maps, one for each state of each layer."""
    if not isinstance(params, list | tuple) or len(params) != len(read):
        raise ValueError(f"bridge must be None or have maps for each of {len(read)} layers, got {params!r:.60}")
    checked = []
    for number, (layer, states) in enumerate(zip(params, read, strict=True)):
        if not isinstance(layer, list | tuple) or len(layer) != len(states):
            raise ValueError(f"bridge must have a map for each of {len(states)} states of a layer, got {layer!r:.60}")
        maps = []
        for affine, state in zip(layer, states, strict=True):
            if not isinstance(affine, Affine):
                raise TypeError(f"bridge must hold an Affine (W, b) for each state, got {type(affine).__name__}")
            with naming(f"in the bridge, layer {number + 1}"):
                W = np.array(real_array("W", affine.W, ("H", state.shape[-1])))
                maps.append(Affine(W, np.array(real_array("b", affine.b, (len(W),)))))
        checked.append(tuple(maps))
    return checked
