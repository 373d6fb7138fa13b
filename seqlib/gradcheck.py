"""Derivatives by central differences and by the complex step: the two judges of every hand-derived gradient."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from seqlib.arguments import check_choice, check_number, check_shape, real_array

__all__ = ["Report", "central_difference", "check", "complex_step", "relative_error"]

THRESHOLDS = {"complex": 1e-10, "central": 1e-6}


def central_difference(f: Callable[[np.ndarray], Any], x: np.ndarray, *, eps: float = 1e-6) -> np.ndarray:
    """The gradient of a scalar function by central differences, one entry at a time.

        ∂f/∂x_i ≈ (f(x + ε e_i) - f(x - ε e_i)) / 2ε        error O(ε²) + O(2⁻⁵³ |f| / ε)

    Shapes:  x, any; f(x) a real scalar -> as x
    Raises:  TypeError or ValueError naming the argument; ValueError if f(x) is no finite scalar
    Source:  Griewank & Walther 2008, section 1.2
    Book:    chapters/03_bptt
    """
    eps = check_number("eps", eps, above=0)
    return _entrywise(lambda up, down: (_scalar(f(up)).real - _scalar(f(down)).real) / (2 * eps), x, eps, -eps)


def complex_step(f: Callable[[np.ndarray], Any], x: np.ndarray, *, eps: float = 1e-200) -> np.ndarray:
    """The gradient of a real-analytic scalar function by one complex evaluation an entry, without cancellation.

        ∂f/∂x_i = Im f(x + iε e_i) / ε        error O(ε²), so ε may be as small as 1e-200

    `f` must let complex numbers through, and must not take |·|, conjugates or real parts of what depends on x.

    Shapes:  x, any; f(x) a scalar -> as x
    Raises:  TypeError or ValueError naming the argument; TypeError if f loses the imaginary part
    Source:  Squire & Trapp 1998, eq. 6
    Book:    chapters/03_bptt
    """
    eps = check_number("eps", eps, above=0)

    def slope(moved: np.ndarray, _: np.ndarray) -> float:
        value = _scalar(f(moved))
        if not np.iscomplexobj(value):
            raise TypeError("f must return a complex number for a complex argument, but it returned a real one")
        return float(value.imag) / eps

    return _entrywise(slope, x, 1j * eps, 0)


def relative_error(got: np.ndarray, wanted: np.ndarray) -> float:
    """The largest difference of two arrays, relative to the largest entry.

        max |got - wanted| / max(max |got|, max |wanted|),   0 where both are zero

    Relative to the largest entry and not entry by entry: an entry that is zero but for rounding says nothing.
    """
    got, wanted = np.asarray(got), np.asarray(wanted)
    check_shape("got", got, wanted.shape)
    if got.size == 0:
        return 0.0
    scale = max(np.abs(got).max(), np.abs(wanted).max())
    difference = np.abs(got - wanted).max()
    return 0.0 if scale == 0 else float(difference / scale)


@dataclass(frozen=True)
class Report:
    """What `check` found: `ok`, and `error[name, method]`. `str(report)` is a table with a verdict a row."""

    error: dict[tuple[str, str], float]
    threshold: dict[str, float]
    sizes: dict[str, int] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether every gradient meets every threshold."""
        return all(error <= self.threshold[method] for (_, method), error in self.error.items())

    @property
    def worst(self) -> dict[str, float]:
        """The largest error a method, over all arguments."""
        return {m: max(e for (_, used), e in self.error.items() if used == m) for m in self.threshold}

    def __str__(self) -> str:
        width = max([len("gradient"), *(len(name) for name in self.sizes)])
        lines = [f"{'gradient':{width}} entries" + "".join(f" {m:>11}" for m in self.threshold)]
        for name, size in self.sizes.items():
            row = f"{name:{width}} {size:7d}"
            for method, threshold in self.threshold.items():
                error = self.error[name, method]
                # the error itself differs from machine to machine; whether it meets its bound does not
                text = f"≤ {threshold:.0e} ok" if error <= threshold else f"{error:.0e} WRONG"
                row += f" {text:>11}"
            lines.append(row)
        return "\n".join(lines)


def check(
    f: Callable[..., Any],
    arguments: Mapping[str, np.ndarray],
    gradients: Mapping[str, np.ndarray],
    *,
    methods: Sequence[str] = ("complex", "central"),
    tol: float | None = None,
) -> Report:
    """Compare gradients with numerical ones, for every entry of every argument in `gradients`.

        error = max |g - numerical| / max |g|     bound: 1e-10 complex step, 1e-6 central differences, or `tol`

    Shapes:  f(**arguments) -> scalar; gradients[name] as arguments[name]
    Raises:  TypeError or ValueError naming the argument; a wrong gradient raises nothing, see Report.ok
    Book:    chapters/03_bptt
    """
    if not methods:
        raise ValueError("methods must name at least one of 'complex', 'central'")
    judges = {check_choice("methods", m, THRESHOLDS): THRESHOLDS[m] for m in methods}
    if tol is not None:
        judges = dict.fromkeys(judges, check_number("tol", tol, above=0))
    numerical = {"complex": complex_step, "central": central_difference}
    arrays = {name: real_array(name, value) for name, value in arguments.items()}
    if not gradients:
        raise ValueError("gradients must name at least one argument")
    error: dict[tuple[str, str], float] = {}
    for name, gradient in gradients.items():
        if name not in arrays:
            raise ValueError(f"gradients has {name!r}, which is not among the arguments {', '.join(arrays)}")
        check_shape(f"gradients[{name!r}]", np.asarray(gradient), arrays[name].shape)
        for method in judges:
            wanted = numerical[method](partial(_at, f, arrays, name), arrays[name])
            error[name, method] = relative_error(np.asarray(gradient), wanted)
    return Report(error, judges, {name: int(np.size(g)) for name, g in gradients.items()})


def _at(f: Callable[..., Any], arrays: dict[str, np.ndarray], name: str, value: np.ndarray) -> Any:
    return f(**(arrays | {name: value}))


def _entrywise(
    slope: Callable[[np.ndarray, np.ndarray], float], x: np.ndarray, up: complex, down: complex
) -> np.ndarray:
    x = real_array("x", x)
    if np.iscomplexobj(x):
        raise TypeError("x must be real, got a complex array")
    gradient = np.empty(x.shape)
    for index in np.ndindex(x.shape):
        moved = [x.astype(np.result_type(x, type(up))), x.astype(np.result_type(x, type(down)))]
        moved[0][index] += up
        moved[1][index] += down
        gradient[index] = slope(*moved)
    return gradient


def _scalar(value: Any) -> Any:
    array = np.asarray(value)
    if array.size != 1 or array.dtype.kind not in "fiuc":
        raise ValueError(f"f must return one number, got shape {array.shape} and dtype {array.dtype}")
    number = array.reshape(())[()]
    if not np.isfinite(number):
        raise ValueError(f"f must return a finite number, got {number}")
    return number
