"""Values that go between processes as JSON, and the comparison of an answer with what was expected.

What a student's process sends is measured before anything is built of it: a short text can ask for gigabytes, and a
few keys for a minute.
"""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from seqlib import answers

__all__ = ["Room", "TooLarge", "decode", "difference", "encode", "room"]

TOL = 1e-4  # a float32 solution meets it, and no wrong answer of the families does
KINDS = "biufU"  # of arrays: bool, integers, floats, text
DTYPES = {"|b1", "|i1", "|u1", *(f"<{kind}{size}" for kind in "iuf" for size in (2, 4, 8))}
DEEPEST = 30  # lists in lists; NumPy's arrays have 64 axes at most
AXES = 32


@dataclass(frozen=True)
class Room:
    """What an answer may need: entries of lists and arrays together, characters of a text, and bytes as JSON."""

    entries: int
    characters: int
    together: int = 1 << 20  # entries times characters: an array of texts gives each as much room as the longest needs

    @property
    def bytes(self) -> int:
        """A number of float32 in a list of its own takes 60 bytes, a character 12 at most."""
        return 1000 + 80 * self.entries + 12 * self.characters


class TooLarge(ValueError):
    """A value that there is no room for."""


def room(*expected: Any) -> Room:
    """What answers like these need, with a good deal more for wrong ones, of which something is to be said."""
    entries, characters = 0, 0
    for leaf in (leaf for value in expected for leaf in _leaves(_plain(value))):
        array = np.asarray(leaf)
        entries += array.size
        if array.dtype.kind == "U":
            characters = max(characters, *map(len, array.ravel().tolist()), 0)
    return Room(2000 + 4 * entries, 200 + 4 * characters, max(1 << 20, 8 * entries * characters))


def encode(value: Any) -> Any:
    """A value as JSON can hold it; arrays keep dtype and shape. Tensors and what has __array__ count as arrays.

    Raises:  TypeError for anything else
    """
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int | float) and not isinstance(value, np.generic):
        return value if isinstance(value, int) or math.isfinite(value) else {"float": repr(float(value))}
    if isinstance(value, list | tuple):
        return [encode(item) for item in value]
    if isinstance(value, Mapping):
        return {"mapping": [[encode(key), encode(item)] for key, item in value.items()]}
    value = _plain(value)
    if isinstance(value, np.ndarray):
        if value.dtype.kind not in KINDS:
            raise TypeError(f"an array of dtype {value.dtype} is no answer")
        if value.dtype.kind == "U":
            return {"array": value.ravel().tolist(), "dtype": "U", "shape": list(value.shape)}
        if value.dtype.str not in DTYPES:  # another order of bytes, or a float of the machine's own
            value = value.astype(float if value.dtype.itemsize > 8 else value.dtype.newbyteorder("<"))
        data = base64.b64encode(np.ascontiguousarray(value).tobytes()).decode()
        return {"array": data, "dtype": value.dtype.str, "shape": list(value.shape)}
    raise TypeError(f"a value of type {type(value).__name__} is no answer")


def decode(value: Any, most: Room | None = None) -> Any:
    """The value that `encode` wrote; sequences come back as lists.

    Raises:  ValueError for anything that `encode` does not write; TooLarge, which is one, where there is no room
    """
    return _Decoder(most or Room(1 << 40, 1 << 40, 1 << 60)).of(value, 0)


def difference(expected: Any, got: Any, *, tell: bool = False) -> str | None:
    """In words what is wrong with an answer, without the right one unless `tell`; None if nothing is.

    `seqlib.answers.difference` with a tolerance of 1e-4, so that float32 and float64 solutions agree.
    """
    return answers.difference(expected, got, tol=TOL, tell=tell)


class _Decoder:
    """One decoding: what is built is counted first."""

    def __init__(self, most: Room):
        self.most, self.entries, self.longest = most, 0, 0

    def of(self, value: Any, depth: int) -> Any:
        self.count(1)
        if depth > DEEPEST:
            raise TooLarge(f"more than {DEEPEST} lists in lists are not decoded")
        if isinstance(value, list):
            self.count(len(value))
            return [self.of(item, depth + 1) for item in value]
        if isinstance(value, str):
            return self.text(value)
        if not isinstance(value, dict):
            return value
        if set(value) == {"float"} and value["float"] in ("nan", "inf", "-inf"):
            return float(value["float"])
        if set(value) == {"mapping"} and isinstance(value["mapping"], list):
            return self.mapping(value["mapping"], depth)
        if set(value) == {"array", "dtype", "shape"}:
            return self.array(value["array"], value["dtype"], value["shape"])
        raise ValueError("a mapping of other keys is not decoded")

    def count(self, entries: int) -> None:
        self.entries += entries
        if self.entries > 2 * self.most.entries:  # a list is counted, and so is what stands in it
            raise TooLarge(f"more than {self.most.entries} entries are not decoded")
        if self.entries * self.longest > self.most.together:
            raise TooLarge("texts that are so long, and so many, are not decoded")

    def text(self, value: str) -> str:
        self.longest = max(self.longest, len(value))
        if self.longest > self.most.characters:
            raise TooLarge(f"a text of more than {self.most.characters} characters is not decoded")
        self.count(0)
        return value

    def mapping(self, pairs: list[Any], depth: int) -> dict[Any, Any]:
        self.count(2 * len(pairs))
        made = {}
        for pair in pairs:
            if not isinstance(pair, list) or len(pair) != 2:
                raise ValueError("a mapping is pairs of a key and a value")
            key = self.of(pair[0], depth + 1)
            # thousands of larger integers can have one hash, which takes minutes; 34 floats can
            if not (key is None or isinstance(key, str | float) or (isinstance(key, int) and abs(key) < 1 << 63)):
                raise ValueError(f"a key of type {type(key).__name__} is not decoded")
            made[key] = self.of(pair[1], depth + 1)
        return made

    def array(self, data: Any, dtype: Any, shape: Any) -> np.ndarray:
        if not isinstance(shape, list) or len(shape) > AXES or not all(type(n) is int and n >= 0 for n in shape):
            raise ValueError(f"a shape is a list of at most {AXES} sizes")
        if max(shape, default=0) >= 1 << 40:
            raise TooLarge("an axis that is so long is not decoded")
        size = math.prod(shape)
        self.count(size)
        if dtype == "U":
            if not isinstance(data, list) or len(data) != size or not all(isinstance(item, str) for item in data):
                raise ValueError(f"an array of shape {shape} has {size} texts")
            return np.array([self.text(item) for item in data], dtype=str).reshape(shape)
        if not (isinstance(dtype, str) and isinstance(data, str) and dtype in DTYPES):
            raise ValueError("such a dtype is not decoded")
        kind = np.dtype(dtype)
        if len(data) != -(-size * kind.itemsize // 3) * 4:
            raise ValueError(f"an array of shape {shape} has other data")
        try:
            numbers = base64.b64decode(data, validate=True)
        except binascii.Error:
            raise ValueError("the data of an array are no base64") from None
        if len(numbers) != size * kind.itemsize:
            raise ValueError(f"an array of shape {shape} has other data")
        made = np.frombuffer(numbers, dtype=kind).reshape(shape)
        # float16 would be compared as loosely as it is exact, which makes many a wrong answer right
        return made.astype(np.float32) if kind == np.float16 else made.copy()


def _plain(value: Any) -> Any:
    """A tensor, a NumPy scalar, or anything with __array__, as an array; other values as they are."""
    if hasattr(value, "detach"):
        value = value.detach().cpu()
    return np.asarray(value) if hasattr(value, "__array__") else value


def _leaves(value: Any) -> Iterable[Any]:
    """Numbers, texts and arrays of a value, and each list as one more."""
    if isinstance(value, Mapping):
        value = [part for pair in value.items() for part in pair]
    if isinstance(value, list | tuple):
        yield None
        for item in value:
            yield from _leaves(_plain(item))
    else:
        yield value
