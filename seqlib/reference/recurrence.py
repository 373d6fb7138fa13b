"""A recurrent cell over whole sequences: the loop, the mask, the walk back and its truncation, once for all cells.

A cell only says what happens in one step, forward and backward: see `Cell`. `seqlib.reference.rnn` is the shortest.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

import numpy as np

from seqlib.arguments import check_finite, check_integer, check_mask, real_array

__all__ = ["Arrays", "Cache", "Cell", "backward", "forward", "outer", "sigmoid", "step_back", "walk", "walk_back"]

Arrays = tuple[np.ndarray, ...]


class Cell(Protocol):
    """One step of a recurrent network. The first of its states is the output.

    Its parameters are a NamedTuple with `W_xh` (gates·H, D), `W_hh` (gates·H, H) and what else it has. Arrays may have
    one leading axis or two: (B, ·) for one step, (B, T, ·) for many side by side.
    """

    def step(self, params: Any, x: np.ndarray, state: Arrays) -> tuple[Arrays, Arrays]:
        """The new state, and what else the step back needs.

        Shapes:  x (B, D); each state (B, H) -> new states, each (B, H), and what is kept, each (B, ·)
        """

    def step_backward(
        self, params: Any, state: Arrays, new: Arrays, kept: Arrays, dnew: Arrays
    ) -> tuple[np.ndarray, Arrays]:
        """The gradient with respect to the sums a that the weights make, and to the state before: linear in `dnew`.

        Shapes:  each (…, H), kept as `step` gave it -> da (…, gates·H); dstate, each (…, H)
        """

    def gradients(
        self, params: Any, x: np.ndarray, states: Arrays, new: Arrays, kept: Arrays, da: np.ndarray
    ) -> tuple[Any, np.ndarray]:
        """The gradients with respect to the parameters, summed over all steps, and to the inputs, from all da at once.

        Shapes:  x (B, T, D); states before each step and after it, each (B, T, H); kept as `step` gave it, each
                 (B, T, ·); da (B, T, gates·H) -> Params, dx (B, T, D)
        """


class Cache(NamedTuple):
    """What the backward pass needs of the forward pass.

    Shapes:  x (B, T, D), 0 where masked; states, each (B, T + 1, H): at 0 the initial one, then one per step, carried
             over masked steps; kept, each (B, T, ·); mask (B, T)
    """

    cell: Cell
    params: Any
    x: np.ndarray
    states: Arrays
    kept: Arrays
    mask: np.ndarray

    @property
    def h_T(self) -> np.ndarray:
        """The final state, (B, H): the last one before the padding."""
        return self.states[0][:, -1]


def forward(
    cell: Cell, params: Any, x: np.ndarray, initial: Mapping[str, np.ndarray | None], mask: np.ndarray | None = None
) -> tuple[np.ndarray, Cache]:
    """Run a cell over a batch of sequences.

        s_t = step(x_t, s_{t-1}),  t = 1 … T        s_t = s_{t-1} and output 0 where `mask` is False

    What stands in x under the mask is never read; it may be NaN.

    Shapes:  x (B, T, D); initial: name -> (B, H), or None for zeros; mask (B, T) boolean -> hs (B, T, H), cache
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    """
    H, D = params.W_hh.shape[1], params.W_xh.shape[1]
    x = real_array("x", x, ("B", "T", D), finite=False)
    B, T, _ = x.shape
    mask = np.ones((B, T), dtype=bool) if mask is None else check_mask("mask", mask, (B, T))
    # copies: what the caller writes into x or the weights before the walk back must not change the gradient
    x = np.where(mask[..., None], x, 0)
    params = type(params)(*(None if array is None else np.array(array) for array in params))
    check_finite("x", x)
    state = _checked(initial, (B, H))

    states, kept = walk(cell, params, x, state, mask)
    hs = np.where(mask[..., None], states[0][:, 1:], 0)  # not a view: it is the caller's
    return hs, Cache(cell, params, x, states, kept, mask)


def walk(cell: Cell, params: Any, x: np.ndarray, state: Arrays, mask: np.ndarray) -> tuple[Arrays, Arrays]:
    """The walk of `forward`, from the first step to the last, for arrays that are checked.

    Shapes:  x (B, T, D); state, each (B, H); mask (B, T) -> states, each (B, T + 1, H); kept, each (B, T, ·)
    """
    states, kept = [state], []
    if not x.shape[1]:  # no step; what it would keep has its shape all the same
        _, keep = cell.step(params, np.zeros((len(x), x.shape[2])), state)
        return _stacked(states), tuple(array[:, None][:, :0] for array in keep)
    whole = mask.all()
    for t in range(x.shape[1]):
        new, keep = cell.step(params, x[:, t], state)
        state = new if whole else tuple(_where(mask[:, t], a, b) for a, b in zip(new, state, strict=True))
        states.append(state)
        kept.append(keep)
    return _stacked(states), _stacked(kept)


def backward(
    cache: Cache, dhs: np.ndarray, dfinal: Mapping[str, np.ndarray | None], truncate: int | None = None
) -> tuple[Any, np.ndarray, Arrays]:
    """Backpropagation through time: the gradients with respect to the parameters, the inputs and the initial states.

        ds_t = ∂L/∂s_t: from the output at t, and through step t + 1 from ds_{t+1}
        da_t, and the share of ds_{t-1} that comes through step t = step_backward(ds_t)

    A masked step hands the gradient on as it handed the state on. `truncate=k` lets the gradient of the output at t
    reach the k steps t, t-1, …, t-k+1 and nothing earlier, as if the state before them were given; k ≥ T changes
    nothing. Steps are counted in positions, masked ones included.

    Shapes:  dhs (B, T, H); dfinal: name -> (B, H), or None for zeros -> Params, dx (B, T, D), dinitial, each (B, H)
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Werbos 1990, section III; Williams & Peng 1990 (truncation)
    """
    B, T, _ = cache.x.shape
    H = cache.states[0].shape[-1]
    dhs = _where(cache.mask, real_array("dhs", dhs, (B, T, H), finite=False), 0)
    check_finite("dhs", dhs)
    dstate = _checked(dfinal, (B, H))
    if truncate is not None and check_integer("truncate", truncate, low=1) < T:
        da, dinitial = _truncated(cache, dhs, dstate, truncate)
    else:
        da, dinitial = walk_back(cache, dhs, dstate)
    before, after = _each(cache.states, slice(None, -1)), _each(cache.states, slice(1, None))
    dparams, dx = cache.cell.gradients(cache.params, cache.x, before, after, cache.kept, da)
    return dparams, dx, dinitial


def outer(da: np.ndarray, x: np.ndarray) -> np.ndarray:
    """The gradient of a weight matrix: the sum of daₜ xₜᵀ over the batch and all steps.

    Shapes:  da (B, T, G); x (B, T, D) -> (G, D)
    """
    return da.reshape(-1, da.shape[-1]).T @ x.reshape(-1, x.shape[-1])  # einsum over two axes would not use BLAS


def sigmoid(a: np.ndarray) -> np.ndarray:
    """The activation function of a gate, σ(a) = 1 / (1 + e^-a), for any a."""
    if np.iscomplexobj(a):  # as e^a / (1 + e^a) where Re a < 0: a complex infinity is no number
        low = a.real < 0
        e = np.exp(np.where(low, a, -a))
        return np.where(low, e, 1) / (1 + e)
    with np.errstate(over="ignore"):  # e^800 is inf, and 1 / inf is 0, as it should be
        return 1 / (1 + np.exp(-a))


def walk_back(cache: Cache, dhs: np.ndarray, dstate: Arrays) -> tuple[np.ndarray, Arrays]:
    """The walk of `backward`, from the last step to the first, for arrays that are checked.

    Shapes:  dhs (B, T, H), 0 where masked; dstate, each (B, H) -> da (B, T, gates·H); dinitial, each (B, H)
    """
    da, whole = [], cache.mask.all()
    for t in reversed(range(dhs.shape[1])):
        dstate = (dstate[0] + dhs[:, t], *dstate[1:])
        da_t, dstate = _back(cache, t, dstate, whole)
        da.append(da_t)
    if not da:  # no step, no sums: T = 0
        return np.zeros((*dhs.shape[:2], len(cache.params.W_xh))), dstate
    return np.stack(da[::-1], 1), dstate


def step_back(cache: Cache, t: int, dafter: Arrays) -> tuple[np.ndarray, Arrays]:
    """The step t = 0 … T - 1 of `walk_back`, for arrays that are checked.

    Shapes:  dafter, each (B, H), 0 from the output where masked -> da (B, gates·H); dbefore, each (B, H)
    """
    return _back(cache, t, dafter, cache.mask[:, t].all())


def _truncated(cache: Cache, dhs: np.ndarray, dfinal: Arrays, k: int) -> tuple[np.ndarray, Arrays]:
    # One pass per lag: at lag j the cotangents of all outputs have travelled j steps back, each still apart from the
    # others. k steps of (B, T, H) work instead of one sweep.
    B, T, H = dhs.shape
    dtype = np.result_type(dhs, *dfinal)
    dstate = (dhs.astype(dtype), *(np.zeros((B, T, H), dtype) for _ in dfinal[1:]))
    for d, last in zip(dstate, dfinal, strict=True):
        d[:, -1] += last
    total: np.ndarray | None = None
    whole = cache.mask.all()
    dinitial = tuple(np.zeros((B, H)) for _ in dfinal)
    for lag in range(k):
        arrived = T - lag  # dstate[:, t] has come from the output at t + lag to the step t
        da, dstate = _back(cache, slice(arrived), dstate, whole)
        if total is None:
            total = da
        else:
            total[:, :arrived] += da
        dinitial = tuple(d + new[:, 0] for d, new in zip(dinitial, dstate, strict=True))
        dstate = _each(dstate, slice(1, None))
    assert total is not None
    return total, dinitial


def _checked(given: Mapping[str, np.ndarray | None], shape: tuple[int, int]) -> Arrays:
    """A state for each name, zeros for None."""
    return tuple(np.zeros(shape) if s is None else real_array(name, s, shape) for name, s in given.items())


def _back(cache: Cache, t: int | slice, dstate: Arrays, whole: np.bool_) -> tuple[np.ndarray, Arrays]:
    """One step back: the step t, or the first steps side by side; `whole` if nothing at all is masked."""
    after = t + 1 if isinstance(t, int) else slice(1, t.stop + 1)
    mask = cache.mask[:, t]
    reached = dstate if whole else tuple(_where(mask, d, 0) for d in dstate)
    da, dbefore = cache.cell.step_backward(
        cache.params, _each(cache.states, t), _each(cache.states, after), _each(cache.kept, t), reached
    )
    if whole:
        return da, dbefore
    return da, tuple(_where(mask, new, d) for new, d in zip(dbefore, dstate, strict=True))


def _each(arrays: Arrays, t: int | slice) -> Arrays:
    return tuple(array[:, t] for array in arrays)


def _stacked(steps: list[Arrays]) -> Arrays:
    return tuple(np.stack(arrays, 1) for arrays in zip(*steps, strict=True))


def _where(mask: np.ndarray, there: np.ndarray, elsewhere: Any) -> np.ndarray:
    return there if mask.all() else np.where(mask[..., None], there, elsewhere)
