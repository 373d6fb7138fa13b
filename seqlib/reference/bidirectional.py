"""The bidirectional layer of chapter 7: one cell reads each sequence from its start, another one from its own end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

from seqlib.arguments import check_integer, check_lengths, check_shape, real_array
from seqlib.reference import recurrence
from seqlib.reference.recurrence import Arrays

__all__ = [
    "Cache",
    "Directions",
    "Grads",
    "backward",
    "checked_cell",
    "checked_lengths",
    "forward",
    "naming",
    "read",
    "read_back",
    "reverse",
    "summary",
]


class Directions(NamedTuple):
    """One thing for each direction: parameters, states or gradients. `backward` reads from the end."""

    forward: Any
    backward: Any


class Grads(NamedTuple):
    """Gradients of the loss: `params` and `initial` (Directions), `x` (B, T, D)."""

    params: Directions
    x: np.ndarray
    initial: Directions


class Cache(NamedTuple):
    """What `backward` needs: the cell's module, the lengths (B,), and what each direction kept.

    The cache of the backward direction is in the order in which it read: its first step is the last of the sequence.
    """

    cell: ModuleType
    lengths: np.ndarray
    forward: recurrence.Cache
    backward: recurrence.Cache

    @property
    def final(self) -> Directions:
        """The last states, a tuple of (B, H) each: after step n of the forward, after step 1 of the backward one."""
        return Directions(*(tuple(states[:, -1] for states in kept.states) for kept in (self.forward, self.backward)))


def reverse(x: np.ndarray, lengths: Sequence[int] | np.ndarray | None = None) -> np.ndarray:
    """Every sequence backwards, within its own length n; padding stays where it is.

        x'_t = x_{n+1-t}  for t ≤ n        x'_t = x_t  for t > n

    Twice gives x again. It only changes places, so the gradient with respect to x is the reversed gradient of x'.

    Shapes:  x (B, T, …) of any kind, ids too; lengths (B,), all T by default -> as x
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Differs: x[:, ::-1] also turns the padding round, to the front
    Book:    chapters/07_bidirectional
    """
    x = np.asarray(x)
    if x.ndim < 2:
        raise ValueError(f"x must have shape (B, T, …), got {x.shape}")
    B, T = x.shape[:2]
    n, t = checked_lengths(lengths, B, T)[:, None], np.arange(T)
    order = np.where(t < n, n - 1 - t, t)
    return x[np.arange(B)[:, None], order]


def forward(
    cell: ModuleType,
    params: Directions,
    x: np.ndarray,
    initial: Directions | None = None,
    *,
    lengths: Sequence[int] | np.ndarray | None = None,
    **options: Any,
) -> tuple[np.ndarray, Cache]:
    """Two networks of one cell over the same inputs, in opposite directions.

        h→_t = step(x_t, h→_{t-1}),  t = 1 … n        from the initial state h→_0
        h←_t = step(x_t, h←_{t+1}),  t = n … 1        from the initial state h←_{n+1}
        out_t = [h→_t, h←_t]

    The second is the first one on reversed sequences: out← = reverse(forward(reverse(x))). n is the length of each
    sequence; beyond it the output is 0, as with torch's `pad_packed_sequence`, and x is never read.

    `cell` is a module: seqlib.reference.rnn, lstm or gru; `options` are those of its `forward`.

    Shapes:  params, for each direction the Params of the cell; x (B, T, D); initial, for each direction the states of
             the cell, (h,) or (h, c), each (B, H), or None for zeros; lengths (B,), all T by default
             -> out (B, T, 2H), cache; cache.final
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Schuster & Paliwal 1997; Graves & Schmidhuber 2005 (with LSTM)
    Book:    chapters/07_bidirectional
    """
    checked_cell(cell)
    params, initial = _both("params", params), Directions(None, None) if initial is None else _both("initial", initial)
    x = real_array("x", x, ("B", "T", "D"), finite=False)
    B, T, _ = x.shape
    lengths = checked_lengths(lengths, B, T)
    mask = np.arange(T) < lengths[:, None]
    with naming("in the forward direction"):
        out, ahead = read(cell, params.forward, x, initial.forward, mask, options)
    with naming("in the backward direction"):
        back, behind = read(cell, params.backward, reverse(x, lengths), initial.backward, mask, options)
        check_shape("params.W_hh", behind.params.W_hh, ahead.params.W_hh.shape)
    return np.concatenate([out, reverse(back, lengths)], -1), Cache(cell, lengths, ahead, behind)


def backward(dout: np.ndarray, cache: Cache, dfinal: Directions | None = None) -> Grads:
    """Backpropagation through time in both directions, each against the way that it read.

        [dh→_t, dh←_t] = dout_t                    each direction has its own half of the cotangent
        dx = dx→ + reverse(dx←)                    both read the same x

    where dx←, and the gradients of the second network, come from its own walk back with the cotangent reverse(dh←):
    from step 1, which it read last, to step n.

    Shapes:  dout (B, T, 2H); dfinal, for each direction the cotangents of its last states (dh,) or (dh, dc), each
             (B, H), or None for zeros -> Grads
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Schuster & Paliwal 1997; derived in the chapter
    Book:    chapters/07_bidirectional
    """
    dfinal = Directions(None, None) if dfinal is None else _both("dfinal", dfinal)
    (B, T), H = cache.forward.mask.shape, cache.forward.states[0].shape[-1]
    dout = real_array("dout", dout, (B, T, 2 * H), finite=False)
    ahead, behind = dout[..., :H], reverse(dout[..., H:], cache.lengths)
    with naming("in the forward direction"):
        dforward, dx, dinitial = read_back(cache.cell, ahead, cache.forward, dfinal.forward)
    with naming("in the backward direction"):
        dbackward, dx_back, dinitial_back = read_back(cache.cell, behind, cache.backward, dfinal.backward)
    dx = dx + reverse(dx_back, cache.lengths)
    return Grads(Directions(dforward, dbackward), dx, Directions(dinitial, dinitial_back))


def summary(out: np.ndarray, lengths: Sequence[int] | np.ndarray | None = None) -> np.ndarray:
    """One vector for a whole sequence: from each direction the output at the step that it read last.

        summary = [h→_n, h←_1]

    out[:, -1] is something else: there h← has read one step, and h→ stands in the padding. The summary is the final h
    of both directions, so its cotangent [dh→, dh←] can go back as `dfinal`.

    Shapes:  out (B, T, 2H) as `forward` gave it; lengths (B,), at least 1, all T by default -> (B, 2H)
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Book:    chapters/07_bidirectional
    """
    out = real_array("out", out, ("B", "T", "2H"), finite=False)
    B, T, width = out.shape
    if width % 2:
        raise ValueError(f"out must have 2H features, an even number, got {width}")
    n = checked_lengths(lengths, B, T, least=1)
    return np.concatenate([out[np.arange(B), n - 1, : width // 2], out[:, 0, width // 2 :]], -1)


def read(
    cell: ModuleType,
    params: Any,
    x: np.ndarray,
    states: Arrays | None,
    mask: np.ndarray,
    options: Mapping[str, Any],
) -> tuple[np.ndarray, recurrence.Cache]:
    """One direction: the `forward` of the cell's module, whatever its states are called.

    Shapes:  x (B, T, D); states, each (B, H), or None for zeros; mask (B, T) -> hs (B, T, H), cache
    """
    return cell.forward(params, x, mask=mask, **_named(cell, "initial", "{}0", states), **options)


def read_back(
    cell: ModuleType, dhs: np.ndarray, cache: recurrence.Cache, dfinal: Arrays | None
) -> tuple[Any, np.ndarray, Arrays]:
    """One direction: the `backward` of the cell's module, whatever its states are called.

    Shapes:  dhs (B, T, H); dfinal, each (B, H), or None for zeros -> dparams, dx (B, T, D), dinitial, each (B, H)
    """
    dparams, dx, *dinitial = cell.backward(dhs, cache, **_named(cell, "dfinal", "d{}_T", dfinal))
    return dparams, dx, tuple(dinitial)


def checked_cell(cell: ModuleType) -> ModuleType:
    """Return `cell` if it is a module with a forward and a backward pass, and not the cell or the layer of it."""
    if not isinstance(cell, ModuleType) or not all(hasattr(cell, name) for name in ("forward", "backward", "Grads")):
        raise TypeError(f"cell must be a module: seqlib.reference.rnn, lstm or gru, got {cell!r:.60}")
    return cell


def checked_lengths(
    lengths: Sequence[int] | np.ndarray | None, B: int, T: int, *, least: int = 0, name: str = "lengths"
) -> np.ndarray:
    """Return a copy of the lengths as a vector (B,) of integers from `least` to T; all T for None."""
    if lengths is None:
        check_integer("T", T, low=least)
        return np.full(B, T)
    checked = check_lengths(name, lengths, T, least=least)
    check_shape(name, checked, (B,))
    return checked.copy()  # the cache keeps them: what the caller writes later must not change the gradient


@contextmanager
def naming(where: str) -> Iterator[None]:
    """Say in an error about an argument where it was given: the directions and layers name their arguments alike."""
    try:
        yield
    except (TypeError, ValueError) as error:
        raise type(error)(f"{where}: {error}") from error


def _named(cell: ModuleType, name: str, pattern: str, states: Arrays | None) -> dict[str, np.ndarray]:
    """States by the names that the cell's module has for them: it lists h0, c0 … behind params and x in its Grads."""
    names = [pattern.format(field.removesuffix("0")) for field in cell.Grads._fields[2:]]
    if states is None:
        return {}
    if not isinstance(states, tuple | list) or len(states) != len(names):
        got = f"{len(states)} of them" if isinstance(states, tuple | list) else type(states).__name__
        raise TypeError(f"{name} must be a tuple of the states ({', '.join(names)}), got {got}")
    return dict(zip(names, states, strict=True))


def _both(name: str, value: Directions) -> Directions:
    if not isinstance(value, Directions):
        raise TypeError(f"{name} must be Directions(forward, backward), got {type(value).__name__}")
    return value
