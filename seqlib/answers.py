"""One comparison of an answer with what was expected, for practice and coursework: the same, or where they differ."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from seqlib.arguments import check_number

__all__ = ["NOTHING", "SINGLE", "TOL", "difference", "shown"]

TOL = 1e-6  # float32 somewhere on the way is no mistake
SINGLE, HALF = 1e-4, 1e-2  # what is asked of numbers in float32, in float16
WHOLE = 1e-6  # what is asked where a whole number is needed
HELD = {"b": "True and False", "U": "text", "S": "bytes", "O": "objects"}  # by the kind of a dtype; else numbers
ONE = {"numbers": "a number", "True and False": "True or False"}
NOTHING = "nothing was returned: print shows a value, return gives it back"


def difference(expected: Any, got: Any, *, tol: float = TOL, tell: bool = True) -> str | None:
    """Where an answer differs from the expected one, in words; None if it does not.

    Numbers agree, entry by entry, if

        |got - expected| ≤ tol · (|expected| + max |expected| / 10)

    The maximum is over the array (1 if all of it is 0), so that what rounding makes of a 0 is not held against anybody.
    An answer in float32, or whose every number float32 holds exactly, is judged with a `tol` of 1e-4 at least; where
    a whole number is expected, with 1e-6 at most; `tol` = 0 is exact for all. NaN agrees with NaN, an
    infinity with the same infinity.

    Forms agree if they hold the same: a list, a tensor of torch or a number of float32 for an array, an array without
    axes for a number, an int for a float, any sequence of the right length for a tuple. Shapes must be the same. A bool
    is never a number, and no number is a bool.

    With `tell=False` the words are of a short list, for data that must not be given away: they hold no number, place,
    size or key of either side, for an answer can be made so that these speak of the arguments.

    Raises:  ValueError or TypeError for a negative `tol`, or one that is no number; nothing on account of `got`
    """
    comparison = _Comparison(check_number("tol", tol, low=0), tell)
    try:
        return comparison.of(expected, got, "the result")
    except RecursionError:
        return "the result is nested too deeply"


def shown(value: Any) -> str:
    """A value in one short line: a small array whole, a large one by its shape."""
    value = _plain(value)
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value[()]
    if isinstance(value, float | np.floating):
        return _number(value)
    if callable(value):
        return f"the function {getattr(value, '__name__', 'f')}"
    if hasattr(value, "_fields") or (isinstance(value, np.ndarray) and value.size > 6):
        return _form(value)
    if isinstance(value, list | tuple) and any(isinstance(part, np.ndarray) and part.ndim for part in value):
        return f"[{', '.join(map(shown, value))}]"
    try:
        if isinstance(value, np.ndarray):
            return " ".join(np.array2string(value, precision=4, separator=", ").split())
        text = " ".join((str(value) if isinstance(value, np.generic) else repr(value)).split())
    except Exception:  # a repr of the learner's own may raise anything
        return _form(value)
    return text if len(text) <= 60 else text[:57] + "..."


@dataclass(frozen=True)
class _Comparison:
    """One comparison; `name` is what the part at hand is called, "the result" where it is the whole."""

    tol: float
    tell: bool

    def of(self, want: Any, have: Any, name: str) -> str | None:
        want, have = _plain(want), _plain(have)
        if have is None and want is not None:
            return NOTHING if name == "the result" else f"{name} is None"
        if isinstance(want, Mapping):
            return self.mapping(want, have, name)
        if isinstance(want, tuple) or (isinstance(want, list) and not _is_array(want)):
            return self.sequence(want, have, name)
        needed = _array(want)
        if needed is None or needed.dtype.kind == "O":
            same = type(have) is type(want) and bool(have == want)
            return None if same else f"{name} is {self.said(have)}, needed {self.said(want)}"
        return self.array(needed, have, name)

    def said(self, value: Any) -> str:
        return shown(value) if self.tell else _kind(value)

    def of_shape(self, shape: tuple[int, ...]) -> str:
        return f" of shape {shape}" if self.tell else ""

    def mapping(self, want: Mapping[Any, Any], have: Any, name: str) -> str | None:
        if not isinstance(have, Mapping):
            return f"{name} is {self.said(have)}, needed a dict"
        if not self.tell and (have.keys() != want.keys()):
            return f"{name} has other keys than are needed"
        lacks = (f"{name} has no {key!r}" for key in want if key not in have)
        more = (f"{name} has {key!r}, which is not needed" for key in have if key not in want)
        inside = (self.of(want[key], have[key], f"{name}[{key!r}]") for key in want)
        return _first(lacks) or _first(more) or _first(inside)

    def sequence(self, want: Any, have: Any, name: str) -> str | None:
        if not isinstance(have, list | tuple) and not (isinstance(have, np.ndarray) and have.ndim):
            return f"{name} is {self.said(have)}, needed {len(want)} values"
        if isinstance(have, np.ndarray) and have.ndim > 1 and any(np.shape(w) != have.shape[1:] for w in want):
            return f"{name} is one array{self.of_shape(have.shape)}, needed {len(want)} values"
        if len(have) != len(want):
            if not self.tell:
                return f"{name} has too {'few' if len(have) < len(want) else 'many'} values, needed {len(want)}"
            return f"{name} has {len(have)} values, needed {len(want)}"
        inside = "" if name == "the result" else f" of {name}"
        names = getattr(want, "_fields", [f"value {i + 1}" for i in range(len(want))])
        return _first(self.of(w, h, part + inside) for w, h, part in zip(want, have, names, strict=True))

    def array(self, want: np.ndarray, have: Any, name: str) -> str | None:
        holds = HELD.get(want.dtype.kind, "numbers")
        needed = f"an array{self.of_shape(want.shape)}" if want.ndim else ONE.get(holds, "a text")
        got = _array(have)
        if got is None and isinstance(have, list | tuple):
            return f"{name} has rows of different lengths, needed {needed}"
        if got is None:
            return f"{name} is {self.said(have)}, needed {needed}"
        held = "True and False" if _holds_bool(have) else HELD.get(got.dtype.kind, "numbers")
        if held == "objects" and got.ndim:
            return f"{name} is an array of objects (dtype object), needed {holds}: is an entry None, or a row longer?"
        if got.ndim == 0 and (want.ndim or held != holds):
            return f"{name} is {self.said(have)}, needed {needed}"
        if held != holds and got.size:
            return f"{name} holds {held}, needed {holds if want.ndim else needed}"
        if got.shape != want.shape:
            if not self.tell:
                return f"{name} has another shape than is needed: {_reshaped(want.shape, got.shape)}"
            return f"{name} has shape {got.shape}, needed {want.shape if want.ndim else needed}"
        return self.entries(want, got, name)

    def entries(self, want: np.ndarray, got: np.ndarray, name: str) -> str | None:
        """The first entry that differs, or the first that is lost to NaN or infinity."""
        wrong = ~_near(want, got, self.tol)
        if not wrong.any():
            return None
        lost = wrong & _finite(want) & ~_finite(got)
        first = tuple(int(i) for i in np.argwhere(lost if lost.any() else wrong)[0])
        said, needed = _apart(got[first], want[first])
        whole = name == "the result"
        if got.ndim and not self.tell:
            rest = "" if whole else f" of {name}"
            what = "are not finite" if lost.any() else "are wrong"
            return f"{'all' if wrong.all() else 'some'} entries{rest} {what}"
        if got.ndim:
            where = f"entry {list(first)}" + ("" if whole else f" of {name}")
        else:
            where = "the number" if whole and not self.tell and got.dtype.kind in "iufc" else name
        unsaid = "is not finite" if lost.any() else "is wrong"
        found = f"{where} is {said}, needed {needed}" if self.tell else f"{where} {unsaid}"
        return found + (f"; {int(wrong.sum())} of {wrong.size} entries differ" if wrong.size > 1 else "")


def _near(want: np.ndarray, got: np.ndarray, tol: float) -> np.ndarray:
    """Which entries agree, by the rule of `difference`."""
    kinds = want.dtype.kind + got.dtype.kind
    if not set(kinds) <= set("iufc") or set(kinds) <= set("iu"):
        return np.asarray(want == got)
    tol = max(tol, _precision(got)) if tol else 0.0
    if want.dtype.kind in "iu":
        tol = min(tol, WHOLE)
    w, g = (array.astype(complex if "c" in kinds else float) for array in (want, got))
    with np.errstate(invalid="ignore", over="ignore"):
        size = np.where(np.isfinite(w), abs(w), 0.0)
        close = (w == g) | (abs(g - w) <= tol * size + tol / 10 * (size.max(initial=0.0) or 1.0))
    return np.where(np.isfinite(w) & np.isfinite(g), close, (w == g) | (np.isnan(w) & np.isnan(g)))


def _precision(got: np.ndarray) -> float:
    """How exact an answer can be: by its dtype, or float32's if all its numbers, tensor.item() say, are float32's."""
    if got.dtype.kind not in "fc":
        return 0.0
    if got.dtype == np.float16:
        return HALF
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        low = got.astype(np.complex64 if got.dtype.kind == "c" else np.float32)
    return SINGLE if bool(((low == got) | np.isnan(got)).all()) else 0.0


def _array(value: Any) -> np.ndarray | None:
    """A number, a text, an array or a nested list of them as an array; None for anything else, and for ragged lists."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 1 << 63:
        return np.asarray(math.inf if value > 0 else -math.inf) if abs(value) >> 1023 else np.asarray(float(value))
    if not isinstance(value, bool | int | float | complex | str | bytes | list | tuple | np.generic | np.ndarray):
        return None
    try:
        return np.asarray(_plain(list(value) if isinstance(value, tuple) else value))
    except Exception:  # an __array__ of the learner's own may raise anything
        return None


def _is_array(value: list[Any]) -> bool:
    """Whether a list is meant as one array: of numbers, or of such lists of the same length."""
    return bool(value) and all(
        _is_array(v) and len(v) == len(value[0])
        if isinstance(v, list) and isinstance(value[0], list)
        else isinstance(v, int | float | complex | np.number) and not isinstance(v, bool)
        for v in value
    )


def _holds_bool(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return any(map(_holds_bool, value))
    return isinstance(value, bool) or (isinstance(value, np.ndarray | np.generic) and value.dtype.kind == "b")


def _plain(value: Any) -> Any:
    """A tensor as an array, in a list too. It is known by its methods: torch is not imported."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    try:
        if hasattr(value, "detach") and hasattr(value, "cpu"):
            value = value.detach().cpu()
            # NumPy has no bfloat16
            return np.asarray(value.float() if "bfloat16" in str(value.dtype) else value)
        if hasattr(value, "__array__") and not isinstance(value, np.ndarray | np.generic | type):
            return np.asarray(value)
    except Exception:  # what only looks like a tensor is itself
        return value
    return value


def _finite(array: np.ndarray) -> np.ndarray:
    return np.isfinite(array) if array.dtype.kind in "iufc" else np.ones(array.shape, dtype=bool)


def _first(found: Iterable[str | None]) -> str | None:
    return next(filter(None, found), None)


def _form(value: Any) -> str:
    """What a value is, without its numbers."""
    if isinstance(value, np.ndarray) and value.ndim:
        return f"an array of shape {value.shape}"
    if isinstance(value, int | float | complex | np.number | np.ndarray) and not isinstance(value, bool):
        return "a number"
    return "None" if value is None else f"a {type(value).__name__}"


def _kind(value: Any) -> str:
    """What a value is, without its numbers and sizes, and without a name that a learner can choose."""
    if isinstance(value, np.ndarray) and value.ndim:
        return "an array"
    known = isinstance(value, bool | str | list | tuple | dict | set | int | float | complex | np.generic | np.ndarray)
    return _form(value) if known or value is None else "an object of another type"


def _reshaped(want: tuple[int, ...], got: tuple[int, ...]) -> str:
    """How two shapes differ, without a size."""
    if len(want) != len(got):
        return f"it has {'fewer' if len(got) < len(want) else 'more'} axes"
    return "its axes are in another order" if sorted(want) == sorted(got) else "its axes have other lengths"


def _apart(got: Any, want: Any) -> tuple[str, str]:
    """Two entries, with as many digits as it takes to see that they differ."""
    if got.dtype.kind not in "iufc" or want.dtype.kind not in "iufc":
        return repr(got.item()), repr(want.item())
    for digits in (3, 4, 6, 9):
        if _number(got, digits) != _number(want, digits):
            return _number(got, digits), _number(want, digits)
    return _number(got, 17), _number(want, 17)


def _number(value: Any, digits: int = 6) -> str:
    if np.isnan(value):
        return "NaN"
    if isinstance(value, int | np.integer):
        return str(value)
    if abs(value) >= 100:  # digits before the point count for more than the power of ten
        digits = max(digits, 6)
    return f"{complex(value) if isinstance(value, complex | np.complexfloating) else float(value):.{digits}g}"
