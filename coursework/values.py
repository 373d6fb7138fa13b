"""Values that go between processes as JSON, and the comparison of an answer with what was expected."""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from seqlib import answers

__all__ = ["decode", "difference", "encode"]

TOL = 1e-4  # a float32 solution meets it, and no wrong answer of the families does
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


def difference(expected: Any, got: Any, *, tell: bool = False) -> str | None:
    """In words what is wrong with an answer, without the right one unless `tell`; None if nothing is.

    `seqlib.answers.difference` with a tolerance of 1e-4, so that float32 and float64 solutions agree.
    """
    return answers.difference(expected, got, tol=TOL, tell=tell)
