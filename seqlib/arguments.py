"""Checks of arguments: a wrong one is named, with what it is and what is needed.

Every public function of seqlib answers bad input with a ValueError or a TypeError made here. The checks read
only `.shape`, `.dtype` and values, so they serve NumPy arrays and torch tensors alike.
"""

from __future__ import annotations

import math
import numbers
from collections.abc import Iterable
from typing import Any

import numpy as np

__all__ = [
    "check_choice",
    "check_finite",
    "check_ids",
    "check_integer",
    "check_lengths",
    "check_mask",
    "check_number",
    "check_shape",
    "real_array",
]


def check_integer(name: str, value: Any, *, low: int | None = None, high: int | None = None) -> int:
    """Return `value` as int; TypeError unless it is a whole number, ValueError outside [low, high]."""
    if isinstance(value, bool | np.bool_) or not isinstance(value, numbers.Integral):
        raise TypeError(f"{name} must be an integer, got {_describe(value)}")
    return int(_in_range(name, int(value), low, high))


def check_number(
    name: str, value: Any, *, low: float | None = None, high: float | None = None, above: float | None = None
) -> float:
    """Return `value` as float; TypeError unless it is a real number, ValueError for NaN, infinity or out of range.

    `low` and `high` belong to the range, `above` does not.
    """
    if isinstance(value, bool | np.bool_) or not isinstance(value, numbers.Real):
        raise TypeError(f"{name} must be a real number, got {_describe(value)}")
    number = float(value)
    if not np.isfinite(number):
        raise ValueError(f"{name} must be finite, got {number}")
    if above is not None and not number > above:
        raise ValueError(f"{name} must be greater than {above}, got {value}")
    return float(_in_range(name, number, low, high))


def check_choice(name: str, value: Any, choices: Iterable[str]) -> str:
    """Return `value` if it is one of the names in `choices`; otherwise a ValueError that lists them."""
    options = list(choices)
    if value not in options:
        raise ValueError(f"{name} must be one of {', '.join(map(repr, options))}, got {value!r}")
    return str(value)


def check_shape(name: str, array: Any, shape: Iterable[int | str]) -> dict[str, int]:
    """Compare `array.shape` with `shape`; return the sizes of the named axes.

    `shape` mixes numbers, which must be met, and names, which may have any size but the same one wherever the name
    stands: check_shape("x", x, ("B", "T", 3)). TypeError if `array` has no shape, ValueError if the shape differs.
    """
    wanted = tuple(shape)
    if not hasattr(array, "shape"):
        raise TypeError(f"{name} must be an array of shape {_shape(wanted)}, got {_describe(array)}")
    got = tuple(array.shape)  # not as int: while a layer is exported, a size may be a symbol
    sizes: dict[str, int] = {}
    if not _fits(got, wanted, sizes):
        raise ValueError(f"{name} must have shape {_shape(wanted)}, got {_shape(got)}")
    return sizes


def real_array(name: str, value: Any, shape: Iterable[int | str] | None = None, *, finite: bool = True) -> np.ndarray:
    """Return `value` as a float64 array (complex128 stays complex, for the complex step), checked.

    TypeError for anything that is not numeric, ValueError for a wrong shape, or for NaN or infinity if `finite`.
    """
    try:
        array = np.asarray(value)
    except Exception as error:
        raise TypeError(f"{name} must be an array of numbers, got {_describe(value)}") from error
    if array.dtype.kind not in "fiuc":
        raise TypeError(f"{name} must hold real numbers, got dtype {array.dtype}")
    dtype = np.complex128 if array.dtype.kind == "c" else np.float64
    array = array if array.dtype == dtype else array.astype(dtype)
    if shape is not None:
        check_shape(name, array, shape)
    if finite:
        check_finite(name, array)
    return array


def check_finite(name: str, array: np.ndarray) -> None:
    """ValueError naming the first entry of `array` that is NaN or infinite."""
    array = np.asarray(array)
    if array.dtype == np.float64 and math.isfinite(np.vdot(array, array)):
        return  # the fast way: no entry that is NaN or infinite leaves the sum of squares finite
    finite = np.isfinite(array)
    if not finite.all():
        first = tuple(int(i) for i in np.argwhere(~finite)[0])
        raise ValueError(f"{name} must be finite, but {name}{list(first)} is {array[first]}")


def check_ids(
    name: str, value: Any, size: int, shape: Iterable[int | str] | None = None, *, mask: np.ndarray | None = None
) -> np.ndarray:
    """Return `value` as int64 ids, each in 0 … size-1; TypeError for other dtypes, ValueError for other values.

    Where a `mask` of the same shape is False anything may stand, and becomes 0.
    """
    array = np.asarray(value)
    if array.dtype.kind not in "iu" and array.size:
        raise TypeError(f"{name} must hold integer ids, got dtype {array.dtype}")
    if shape is not None:
        check_shape(name, array, shape)
    if mask is not None and array.shape == mask.shape:
        array = np.where(mask, array, array.dtype.type(0))
    outside = (array < 0) | (array >= size)
    if outside.any():
        first = tuple(int(i) for i in np.argwhere(outside)[0])
        raise ValueError(f"{name} must hold ids from 0 to {size - 1}, but {name}{list(first)} is {array[first]}")
    return array.astype(np.int64, copy=False)


def check_mask(name: str, value: Any, shape: Iterable[int | str]) -> np.ndarray:
    """Return `value` as a boolean array of the given shape; numbers are not taken for truth values."""
    array = np.asarray(value)
    if array.dtype.kind != "b":
        raise TypeError(f"{name} must be boolean (True = a real position), got dtype {array.dtype}")
    check_shape(name, array, shape)
    return array


def check_lengths(name: str, value: Any, longest: int | None = None, *, least: int = 0) -> np.ndarray:
    """Return `value` as a vector of int64 lengths, each from `least` to `longest`."""
    array = np.asarray(value)
    if array.ndim != 1:
        raise ValueError(f"{name} must be a vector of lengths, got shape {_shape(array.shape)}")
    if array.size and array.dtype.kind not in "iu":
        raise TypeError(f"{name} must hold integers, got dtype {array.dtype}")
    bad = (array < least) | ((array > longest) if longest is not None else False)
    if np.any(bad):
        first = int(np.argmax(bad))
        limit = "" if longest is None else f" and at most {longest}"
        raise ValueError(f"{name} must be at least {least}{limit}, but {name}[{first}] is {array[first]}")
    return array.astype(np.int64, copy=False)


def _in_range(name: str, value: float, low: float | None, high: float | None) -> float:
    if low is not None and value < low:
        raise ValueError(f"{name} must be at least {low}, got {value}")
    if high is not None and value > high:
        raise ValueError(f"{name} must be at most {high}, got {value}")
    return value


def _fits(got: tuple[int, ...], wanted: tuple[int | str, ...], sizes: dict[str, int]) -> bool:
    """Whether a shape is as wanted; the sizes of the named axes go into `sizes`."""
    if len(got) != len(wanted):
        return False
    for have, want in zip(got, wanted, strict=True):
        if have != (sizes.setdefault(want, have) if isinstance(want, str) else want):
            return False
    return True


def _shape(shape: Iterable[int | str]) -> str:
    return "(" + ", ".join(map(str, shape)) + ")"


def _describe(value: Any) -> str:
    text = repr(value)
    return f"{type(value).__name__} {text if len(text) <= 40 else text[:37] + '...'}"
