"""Weights of a GRU carried from one convention to another, and to PyTorch's and Keras's arrays and back.

Two conventions describe the same functions as far as one set of weights can be turned into the other: the sign of the
update gate always can, the number of biases mostly, and the place of the reset gate only for special weights.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from seqlib.arguments import real_array
from seqlib.reference.gru import KERAS, KERAS_RESET_BEFORE, PYTORCH, Convention, Params, check_convention, check_params

__all__ = ["convert", "from_keras", "from_torch", "to_keras", "to_torch"]


def convert(params: Params, source: Convention, target: Convention) -> Params:
    """Weights that do under the convention `target` what `params` do under `source`, or an error that says why not.

        update  the rows of z change their sign: σ(-a) = 1 - σ(a)
        biases  one to two: b_hh = 0. Two to one: b_xh + b_hh, unless b_hn stands inside the reset gate and is not 0
        reset   W_hn (r·h) = r·(W_hn h) if W_hn joins only units whose reset gates are equal, as a diagonal one does;
                and a bias b_hn inside the reset gate must be 0

    Shapes:  as `Params` -> Params, new arrays
    Raises:  TypeError or ValueError naming the argument; ValueError where there are no such weights, and why
    Book:    chapters/06_gru
    """
    W_xh, W_hh, b_xh, b_hh = check_params(params, source)
    check_convention(target)
    H = W_hh.shape[1]
    r, z, n = slice(H), slice(H, 2 * H), slice(2 * H, None)
    W_xh, W_hh, b_xh = W_xh.copy(), W_hh.copy(), b_xh.copy()
    b_hh = np.zeros_like(b_xh) if b_hh is None else b_hh.copy()

    if source.update != target.update:
        for array in (W_xh, W_hh, b_xh, b_hh):
            array[z] *= -1
    if source.reset != target.reset:
        gates = np.column_stack([W_xh[r], W_hh[r], b_xh[r] + b_hh[r]])
        joined = [(i, j) for i, j in np.argwhere(W_hh[n]) if np.any(gates[i] != gates[j])]
        if joined:
            i, j = map(int, joined[0])
            raise ValueError(
                f"params have no counterpart with reset {target.reset!r} the product: r·(W_hn h) = W_hn (r·h) needs a "
                f"W_hn that is diagonal, or joins only units with equal reset gates, but W_hn[{i}, {j}] is not 0"
            )
    if "after" in (source.reset, target.reset) and target != source:
        inside, moves = source.reset == "after", target.reset == "before" or target.biases == 1
        if inside and moves and np.any(b_hh[n]):
            raise ValueError(
                "params have no counterpart: b_hn stands inside the reset gate, r·(W_hn h + b_hn), and outside it "
                "only b_hn = 0 would do the same, but it is not 0"
            )
        if not inside:  # it stood outside, and goes on doing so
            b_xh[n] += b_hh[n]
            b_hh[n] = 0
    return Params(W_xh, W_hh, b_xh, b_hh) if target.biases == 2 else Params(W_xh, W_hh, b_xh + b_hh)


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
