"""Gradients held against numerical ones, with a table of verdicts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from seqlib.arguments import check_choice, check_number, check_shape, real_array
from seqlib.gradcheck.derivatives import check_unwritten, complex_step, entries, real

__all__ = ["Report", "check", "relative_error"]

THRESHOLDS = {"complex": 1e-10, "central": 1e-6}


def relative_error(got: np.ndarray, wanted: np.ndarray) -> float:
    """The largest difference of two arrays, relative to the largest entry.

        max |got - wanted| / max(max |got|, max |wanted|),   0 where both are zero

    Relative to the largest entry and not entry by entry: an entry that is zero but for rounding says nothing.
    """
    got, wanted = (real_array(name, value, finite=False) for name, value in (("got", got), ("wanted", wanted)))
    check_shape("got", got, wanted.shape)
    if got.size == 0:
        return 0.0
    scale = max(np.abs(got).max(), np.abs(wanted).max())
    if scale > 1e300:  # the difference may be twice as large
        return float(np.abs(got / scale - wanted / scale).max())
    return 0.0 if scale == 0 else float(np.abs(got - wanted).max() / scale)


@dataclass(frozen=True)
class Report:
    """What `check` found: `ok`, and `error[name, method]`. `str(report)` is a table with a verdict a row.

    `kinks[name, index]` has the slopes on the two sides of each entry where f has no derivative, the smaller first.
    Every gradient between them is right; where one is infinite, f jumps or has a root, and none is.
    """

    error: dict[tuple[str, str], float]
    threshold: dict[str, float]
    sizes: dict[str, int] = field(default_factory=dict)
    kinks: dict[tuple[str, tuple[int, ...]], tuple[float, float]] = field(default_factory=dict)

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
        for (name, index), (left, right) in list(self.kinks.items())[:3]:
            lines.append(f"{name}{list(index)} is at a kink: slopes {left:.3g}, {right:.3g}")
        if len(self.kinks) > 3:
            lines.append(f"and {len(self.kinks) - 3} more kinks")
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
    arrays = {name: real(name, value) for name, value in arguments.items()}
    if not gradients:
        raise ValueError("gradients must name at least one argument")
    error: dict[tuple[str, str], float] = {}
    kinks: dict[tuple[str, tuple[int, ...]], tuple[float, float]] = {}
    for name, given in gradients.items():
        if name not in arrays:
            raise ValueError(f"gradients has {name!r}, which is not among the arguments {', '.join(arrays)}")
        gradient = real_array(f"gradients[{name!r}]", given, arrays[name].shape, finite=False)
        if np.iscomplexobj(gradient):
            raise TypeError(f"gradients[{name!r}] must be real, got dtype {gradient.dtype}")
        at = partial(_at, f, arrays, name)
        wanted = {m: complex_step(at, arrays[name]) for m in judges if m == "complex"}
        indices = list(np.ndindex(gradient.shape))
        if "central" not in judges:  # then a difference is looked at more closely: it may be a kink
            bound = judges["complex"] * max(np.abs(gradient).max(initial=0), np.abs(wanted["complex"]).max(initial=0))
            indices = [i for i in indices if not abs(gradient[i] - wanted["complex"][i]) <= bound]
        looked = dict(zip(indices, entries(at, arrays[name], indices), strict=True))
        if "central" in judges:
            wanted["central"] = np.array([e.slope for e in looked.values()]).reshape(gradient.shape)
        for i, entry in looked.items():
            if entry.kink:
                kinks[name, i] = low, high = (min(entry.left, entry.right), max(entry.left, entry.right))
                if np.isfinite(high - low):
                    for slopes in wanted.values():
                        slopes[i] = min(max(gradient[i], low), high)
        error |= {(name, method): relative_error(gradient, wanted[method]) for method in judges}
    return Report(error, judges, {name: int(np.size(g)) for name, g in gradients.items()}, kinks)


def _at(f: Callable[..., Any], arrays: dict[str, np.ndarray], name: str, value: np.ndarray) -> Any:
    """f with one argument changed. All are copies, so that what f writes harms nothing and is found."""
    before = arrays | {name: value}
    given = {other: array.copy() for other, array in before.items()}
    result = f(**given)
    for other, array in given.items():
        check_unwritten(other, array, before[other])
    return result
