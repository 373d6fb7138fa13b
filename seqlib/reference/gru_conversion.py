"""Weights of a GRU carried from one convention to another, and to PyTorch's and Keras's arrays and back.

Two conventions describe the same functions as far as one set of weights can be turned into the other: the sign of the
update gate always can, the number of biases mostly, and the place of the reset gate for special weights, two kinds of
which `convert` knows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from seqlib.arguments import real_array
from seqlib.reference.gru import KERAS, KERAS_RESET_BEFORE, PYTORCH, Convention, Params, check_convention, check_params
from seqlib.reference.recurrence import sigmoid

__all__ = ["convert", "from_keras", "from_torch", "to_keras", "to_torch"]


def convert(params: Params, source: Convention, target: Convention) -> Params:
    """Weights that do under the convention `target` what `params` do under `source`, or an error that says why not.

        update  the rows of z change their sign: σ(-a) = 1 - σ(a)
        biases  one to two: b_hh = 0. Two to one: b_xh + b_hh. What is in b_hn leaves the reset gate only if that gate
                is a constant: b_xn + r b_hn
        reset   after to before: r_i W_ij h_j = W_ij (r_i h_j), so unit j gets the gate of the units i that listen to
                it, W_ij ≠ 0, if these are one gate. Constants go into the weights: r_i W_ij = 2 r_i W_ij · ½
                before to after: the same with the units j that unit i listens to

    A gate is a constant if it sees neither input nor state: its rows of W_xh and W_hh are 0.

    Shapes:  as `Params` -> Params, new arrays
    Raises:  TypeError or ValueError naming the argument; ValueError where these rules give no weights, and why
    Book:    chapters/06_gru
    """
    W_xh, W_hh, b_xh, b_hh = check_params(params, source)
    check_convention(target)
    H = W_hh.shape[1]
    r, z, n = slice(H), slice(H, 2 * H), slice(2 * H, None)
    W_xh, W_hh, b_xh = W_xh.copy(), W_hh.copy(), b_xh.copy()
    b_hh = np.zeros_like(b_xh) if b_hh is None else b_hh.copy()
    arrays = W_xh, W_hh, b_xh, b_hh

    if source.update != target.update:
        for array in arrays:
            array[z] *= -1
    gates = np.column_stack([W_xh[r], W_hh[r], b_xh[r] + b_hh[r]])
    constant, value = np.all(gates[:, :-1] == 0, axis=1), sigmoid(gates[:, -1])
    if source.reset == "after" and (target.reset == "before" or target.biases == 1):
        bound = np.flatnonzero((b_hh[n] != 0) & ~constant)
        if len(bound):
            raise ValueError(
                f"convert finds no counterpart of params: b_hn[{bound[0]}] is not 0 and stands inside a reset gate, "
                "r·(W_hn h + b_hn), that is no constant"
            )
        b_xh[n] += value * b_hh[n]
        b_hh[n] = 0
    elif source.reset != target.reset:  # it stands outside, and goes on doing so
        b_xh[n] += b_hh[n]
        b_hh[n] = 0
    if source.reset != target.reset:
        joined = W_hh[n] if source.reset == "after" else W_hh[n].T  # [whose gate it is, whose it will be]
        taken = np.arange(H)
        for k in range(H):
            units = np.flatnonzero(joined[:, k])
            if len(units) == 0 or np.all(gates[units] == gates[units[0]]):
                taken[k] = units[0] if len(units) else k
            elif np.all(constant[units]):
                joined[units, k] *= 2 * value[units]
                taken[k] = -1
            else:
                do = "listen to" if source.reset == "after" else "are heard by"
                raise ValueError(
                    f"convert finds no counterpart of params with reset {target.reset!r} the product: the units "
                    f"{', '.join(map(str, units))} {do} unit {k}, and their reset gates are neither one nor constants"
                )
        for array in arrays:
            array[r] = array[r][taken]
            array[r][taken < 0] = 0  # σ(0) = ½
    return Params(*arrays) if target.biases == 2 else Params(W_xh, W_hh, b_xh + b_hh)


def from_torch(state: Mapping[str, Any], suffix: str = "l0") -> Params:
    """The weights of one layer and direction of a `torch.nn.GRU`, in the convention PYTORCH.

    Shapes:  state: its `state_dict`, name -> array or tensor on the CPU; without biases they count as 0 -> Params
    Raises:  KeyError with the name that is missing; TypeError or ValueError naming the array
    """
    weights = [_copy(f"weight_{kind}_{suffix}", state[f"weight_{kind}_{suffix}"]) for kind in ("ih", "hh")]
    names = [f"bias_{kind}_{suffix}" for kind in ("ih", "hh")]
    biases = [_copy(name, state[name]) if name in state else np.zeros(len(weights[0])) for name in names]
    return check_params(Params(*weights, *biases), PYTORCH)


def to_torch(params: Params, suffix: str = "l0") -> dict[str, np.ndarray]:
    """The arrays of a `torch.nn.GRU` by name, from weights in the convention PYTORCH.

    Shapes:  as `Params` -> name -> array
    """
    arrays = [array.copy() for array in check_params(params, PYTORCH) if array is not None]
    return {
        f"{kind}_{suffix}": a for kind, a in zip(("weight_ih", "weight_hh", "bias_ih", "bias_hh"), arrays, strict=True)
    }


def from_keras(weights: Sequence[Any], *, reset_after: bool = True) -> Params:
    """What `get_weights()` of a `keras.layers.GRU` gave, in the convention KERAS or KERAS_RESET_BEFORE.

    Keras puts its gates in the order z, r, h and its matrices the other way round, and its two biases into one array.

    Shapes:  kernel (D, 3H); recurrent kernel (H, 3H); bias (2, 3H), or (3H,) if not `reset_after`, or none -> Params
    Raises:  TypeError or ValueError naming the array
    """
    if len(weights) not in (2, 3):
        raise ValueError(
            f"weights must be kernel, recurrent kernel and, if there is one, bias, got {len(weights)} arrays"
        )
    kernel, recurrent = _copy("kernel", weights[0], ("D", "3H")), _copy("recurrent kernel", weights[1], ("H", "3H"))
    width = kernel.shape[1]
    if width != 3 * len(recurrent):
        raise ValueError(
            f"kernel must have 3H = {3 * len(recurrent)} columns, as the recurrent kernel has, got {width}"
        )
    shape = (2, width) if reset_after else (width,)
    bias = _copy("bias", weights[2], shape) if len(weights) == 3 else np.zeros(shape)
    arrays = [_swapped(array) for array in (kernel.T, recurrent.T, *bias.reshape(-1, width))]
    return check_params(Params(*arrays), KERAS if reset_after else KERAS_RESET_BEFORE)


def to_keras(params: Params, *, reset_after: bool = True) -> list[np.ndarray]:
    """The arrays for `set_weights()` of a `keras.layers.GRU`, from the convention KERAS or KERAS_RESET_BEFORE.

    Shapes:  as `Params` -> kernel (D, 3H); recurrent kernel (H, 3H); bias (2, 3H), or (3H,) if not `reset_after`
    """
    params = check_params(params, KERAS if reset_after else KERAS_RESET_BEFORE)
    W_xh, W_hh, *biases = (_swapped(array) for array in params if array is not None)
    return [W_xh.T.copy(), W_hh.T.copy(), np.stack(biases) if reset_after else biases[0]]


def _swapped(array: np.ndarray) -> np.ndarray:
    """r, z, n to Keras's z, r, h, and back."""
    first, second, third = np.split(array, 3)
    return np.concatenate([second, first, third])


def _copy(name: str, value: Any, shape: Any = None) -> np.ndarray:
    return real_array(name, value, shape).copy()
