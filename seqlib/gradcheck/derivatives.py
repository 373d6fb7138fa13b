"""Derivatives by central differences and by the complex step, each with the step that the scale of x asks for."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from seqlib.arguments import check_number, real_array

__all__ = ["Entry", "central_difference", "check_unwritten", "complex_step", "entries", "real"]


def central_difference(f: Callable[[np.ndarray], Any], x: np.ndarray, *, eps: float | None = None) -> np.ndarray:
    """The gradient of a scalar function by central differences, one entry at a time.

        ∂f/∂x_i ≈ (f(x + ε e_i) - f(x - ε e_i)) / 2ε        error O(ε²) + O(2⁻⁵³ |f| / ε)

    Without `eps` each entry gets its own: relative to |x_i|, or to max |x| or 1 where that is better, and the one with
    the smallest error, as the differences at ε and 2ε and the rounding of f show it.

    Shapes:  x, any; f(x) a real scalar -> as x
    Raises:  TypeError or ValueError naming the argument; ValueError if f(x) is no finite scalar, if f writes into x, or
             if it gives two numbers for one x
    Source:  Griewank & Walther 2008, section 1.2; Press et al. 2007, section 5.7 (the choice of ε)
    Book:    chapters/03_bptt
    """
    x = real("x", x)
    call = _guarded(f, "x")
    if eps is None:
        return np.array([entry.slope for entry in entries(call, x)]).reshape(x.shape)
    eps = check_number("eps", eps, above=0)
    slopes = [
        (_scalar(call(_moved(x, i, eps))).real - _scalar(call(_moved(x, i, -eps))).real) / (2 * eps)
        for i in np.ndindex(x.shape)
    ]
    return np.array(slopes, dtype=np.float64).reshape(x.shape)


def complex_step(f: Callable[[np.ndarray], Any], x: np.ndarray, *, eps: float | None = None) -> np.ndarray:
    """The gradient of a real-analytic scalar function by one complex evaluation an entry, without cancellation.

        ∂f/∂x_i = Im f(x + iε e_i) / ε        error O(ε²), so ε may be as small as 1e-200

    `f` must let complex numbers through, and must not take |·|, conjugates or real parts of what depends on x.
    Without `eps` it is 1e-200 |x_i|, 1e-200 at zero. Where f does not depend on x_i its result may be real.

    Shapes:  x, any; f(x) a scalar -> as x
    Raises:  TypeError or ValueError naming the argument; TypeError if f loses the imaginary part; ValueError if f
             writes into x
    Source:  Squire & Trapp 1998, eq. 6
    Book:    chapters/03_bptt
    """
    x = real("x", x)
    call = _guarded(f, "x")
    eps = eps if eps is None else check_number("eps", eps, above=0)
    slopes = []
    for i in np.ndindex(x.shape):
        step = eps if eps is not None else max(1e-200 * (abs(float(x[i])) or 1.0), 1e-305)
        value = _scalar(call(_moved(x, i, 1j * step)))
        if not np.iscomplexobj(value) and any(entry.moves for entry in entries(call, x, [i])):
            raise TypeError("f must return a complex number for a complex argument, but it returned a real one")
        slopes.append(float(value.imag) / step)
    return np.array(slopes, dtype=np.float64).reshape(x.shape)


def _guarded(f: Callable[[np.ndarray], Any], name: str) -> Callable[[np.ndarray], Any]:
    """f, which is told if it writes into its argument."""

    def call(moved: np.ndarray) -> Any:
        before = moved.copy()
        result = f(moved)
        check_unwritten(name, moved, before)
        return result

    return call


def check_unwritten(name: str, after: np.ndarray, before: np.ndarray) -> None:
    """ValueError if f has made something else of an argument."""
    changed = np.argwhere(after != before)
    if len(changed):
        i = tuple(int(n) for n in changed[0])
        raise ValueError(
            f"f must not write into its argument {name}, but it made {before[i]} into {after[i]} at {name}{list(i)}: "
            "let it work on a copy"
        )


@dataclass(frozen=True)
class Entry:
    """One entry by central differences: slopes across and on both sides, the error, and what f looks like there."""

    slope: float
    left: float
    right: float
    error: float
    kink: bool
    moves: bool


# ε / |x_i|. The first balances both errors of a tame function, the second shows whether a flat one moves at all.
RELATIVE = tuple(2.0**-k for k in (17, 4, 10, 24, 31, 38))


def entries(
    f: Callable[[np.ndarray], Any], x: np.ndarray, indices: Sequence[tuple[int, ...]] | None = None
) -> list[Entry]:
    """Central differences of these entries, each with the step that has the smallest error."""
    indices = list(np.ndindex(x.shape)) if indices is None else indices
    if not indices:
        return []
    middle = _scalar(f(x.copy()))
    if middle.dtype.kind == "f" and np.finfo(middle.dtype).eps > np.finfo(np.float64).eps:
        raise TypeError(f"f must compute in float64, but it returned {middle.dtype}: its rounding hides the derivative")
    if _scalar(f(x.copy())) != middle:
        raise ValueError("f must return the same number for the same argument, but it returned two")
    largest, found = 0.0, []
    for i in indices:
        sizes = dict.fromkeys(n for n in (abs(float(x[i])), float(np.abs(x).max()), 1.0) if n)
        tried: list[Entry] = []
        for size, relative in itertools.product(sizes, RELATIVE):
            if tried and tried[-1].error <= 1e-8 * max(abs(tried[-1].slope), largest):
                break
            if relative not in RELATIVE[:2] and not any(entry.moves for entry in tried):
                continue
            with np.errstate(all="ignore" if tried else None):  # a step too far may leave the domain of f
                entry = _entry(f, x, i, size * relative, float(middle.real))
            if entry is not None:
                tried.append(entry)
        if not tried:
            raise ValueError(f"f must return a finite number near x, but around x{list(i)} it does not")
        best = min(tried, key=lambda entry: entry.error)
        largest = max(largest, abs(best.slope))
        found.append(best)
    return found


def _entry(
    f: Callable[[np.ndarray], Any], x: np.ndarray, i: tuple[int, ...], step: float, middle: float
) -> Entry | None:
    """One entry with one step, None where f is not finite. A kink has the same two slopes at ε and at 2ε.

    left = (f(x) - f(x-ε)) / ε    right = (f(x+ε) - f(x)) / ε    right - left = O(ε) if f is smooth
    """
    here = float(x[i])
    step = (here + step) - here  # what is really added
    if step == 0 or not np.isfinite(2 / step):
        return None
    values = []
    for move in (-2 * step, -step, step, 2 * step):
        value = _number(f(_moved(x, i, move)))
        if not np.isfinite(value):
            return None
        values.append(float(value.real))
    far_down, down, up, far_up = values
    left, right, slope = (middle - down) / step, (up - middle) / step, (up - down) / (2 * step)
    rounding = 2.0**-52 * max(map(abs, (middle, *values))) / step
    turn, far_turn = right - left, (far_up - 2 * middle + far_down) / (2 * step)
    # what ε and 2ε say differently about slope and curvature; at a kink it is half the turn, at every step
    error = abs((far_up - far_down) / (4 * step) - slope) / 3 + abs(far_turn - 2 * turn) / 2
    turn, far_turn = abs(turn), abs(far_turn)
    kink = turn > max(1e-4 * (abs(left) + abs(right)), 100 * rounding) and far_turn < 1.25 * turn
    if kink and far_turn < 0.75 * turn:  # the steeper, the nearer: a jump, or a root
        limit = max(abs(left), abs(right)) / 10
        left, right = (math.copysign(math.inf, side) if abs(side) > limit else side for side in (left, right))
    return Entry(slope, left, right, error + rounding, kink, any(value != middle for value in values))


def _moved(x: np.ndarray, i: tuple[int, ...], by: complex) -> np.ndarray:
    moved = x.astype(np.result_type(x, type(by)))
    moved[i] += by
    return moved


def real(name: str, x: np.ndarray) -> np.ndarray:
    """`x` as a float64 array; TypeError if it is complex."""
    x = real_array(name, x)
    if np.iscomplexobj(x):
        raise TypeError(f"{name} must be real, got a complex array")
    return x


def _scalar(value: Any) -> Any:
    number = _number(value)
    if not np.isfinite(number):
        raise ValueError(f"f must return a finite number, got {number}")
    return number


def _number(value: Any) -> Any:
    array = np.asarray(value)
    if array.size != 1 or array.dtype.kind not in "fiuc":
        raise ValueError(f"f must return one number, got shape {array.shape} and dtype {array.dtype}")
    return array.reshape(())[()]
