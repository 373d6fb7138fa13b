"""Values that go between processes as JSON, and the comparison of an answer with what was expected."""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

__all__ = ["decode", "difference", "encode"]

RTOL, ATOL = 1e-4, 1e-5  # a float32 solution meets them, and no wrong answer of the families does
KINDS = "biufU"  # of arrays: bool, integers, floats, text


def encode(value: Any) -> Any:
    """A value as JSON can hold it; arrays keep dtype and shape. Tensors and what has __array__ count as arrays.

    Raises:  TypeError for anything else
    """
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int | float) and not isinstance(value, np.generic):
        return value if isinstance(value, int) or math.isfinite(value) else {"float": repr(value)}
    if isinstance(value, list | tuple):
        return [encode(item) for item in value]
    if isinstance(value, Mapping):
        return {"mapping": [[encode(key), encode(item)] for key, item in value.items()]}
    if hasattr(value, "detach"):
        value = value.detach().cpu()
    if hasattr(value, "__array__"):
        array = np.asarray(value)
        if array.dtype.kind not in KINDS:
            raise TypeError(f"an array of dtype {array.dtype} is no answer")
        if array.dtype.kind == "U":
            return {"array": array.ravel().tolist(), "dtype": "U", "shape": list(array.shape)}
        data = base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()
        return {"array": data, "dtype": array.dtype.str, "shape": list(array.shape)}
    raise TypeError(f"a value of type {type(value).__name__} is no answer")


def decode(value: Any) -> Any:
    """The value that `encode` wrote; sequences come back as lists.

    Raises:  ValueError for anything that `encode` does not write
    """
    if isinstance(value, list):
        return [decode(item) for item in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"float"}:
        return float(value["float"])
    if set(value) == {"mapping"}:
        return {decode(key): decode(item) for key, item in value["mapping"]}
    if set(value) == {"array", "dtype", "shape"}:
        if value["dtype"] == "U":
            return np.array(value["array"], dtype=str).reshape(value["shape"])
        dtype = np.dtype(value["dtype"])
        if dtype.kind not in KINDS:
            raise ValueError(f"dtype {dtype} is not decoded")
        return np.frombuffer(base64.b64decode(value["array"]), dtype=dtype).reshape(value["shape"]).copy()
    raise ValueError(f"keys {sorted(value)} are not decoded")


def difference(expected: Any, got: Any) -> str | None:
    """In words what is wrong with an answer, without the right one; None if nothing is.

    Numbers agree to 1e-4 of their size or 1e-5, so that float32 and float64 solutions both do.
    """
    if isinstance(expected, Sequence) and not isinstance(expected, str):
        if isinstance(got, np.ndarray) and got.ndim:
            got = list(got)
        if not isinstance(got, Sequence) or isinstance(got, str):
            return f"returned {_kind(got)} where {len(expected)} values were expected"
        if len(got) != len(expected):
            return f"returned {len(got)} values where {len(expected)} were expected"
        for i, (e, g) in enumerate(zip(expected, got, strict=True)):
            found = difference(e, g)
            if found:
                return f"value {i + 1}: {found}"
        return None
    if expected is None or isinstance(expected, str | bool):
        same = type(got) is type(expected) and got == expected
        same |= isinstance(expected, bool) and isinstance(got, np.ndarray) and got.shape == () and bool(got) == expected
        return None if same else f"returned {_kind(got)}, which is not right"
    want = np.asarray(expected)
    try:
        have = np.asarray(got)
    except ValueError:
        return "returned lists of different lengths where an array was expected"
    if got is None or have.dtype.kind not in KINDS or (have.dtype.kind == "U") != (want.dtype.kind == "U"):
        return f"returned {_kind(got)} where numbers were expected"
    if have.shape != want.shape:
        return f"returned shape {have.shape} where {want.shape} was expected"
    if want.dtype.kind == "U":
        return None if (have == want).all() else "returned other texts"
    if not np.isfinite(have).all() and np.isfinite(want).all():
        return "returned a number that is not finite"
    if not np.allclose(have, want, rtol=RTOL, atol=ATOL, equal_nan=True):
        wrong = ~np.isclose(have, want, rtol=RTOL, atol=ATOL, equal_nan=True)
        return f"{int(wrong.sum())} of {wrong.size} numbers are wrong" if wrong.size > 1 else "the number is wrong"
    return None


def _kind(value: Any) -> str:
    if value is None:
        return "None"
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    return f"a {type(value).__name__}"
