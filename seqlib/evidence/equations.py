"""Equations: `confirm` that two sides agree and near misses do not, `confirm_bound` that one side stays below."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from seqlib.arguments import check_number, real_array

__all__ = ["EvidenceError", "confirm", "confirm_bound"]

NEAREST = 1e-6  # a near miss closer than this, relative to the numbers compared, proves too little


class EvidenceError(AssertionError):
    """An equation that does not hold, or one that cannot be told from a wrong one."""


def confirm(label: str, lhs: Any, rhs: Any, *, near: Mapping[str, Any], tol: float = 1e-10) -> None:
    """Confirm that both sides of a labelled equation are equal, and that its near misses are not; print one line.

        max |lhs - rhs| ≤ tol · max(|lhs|, |rhs|)          max |miss - lhs| > 10 tol · max(|lhs|, |miss|)

    `near` names wrong versions of the equation, computed on the same data: a sign, a missing term, an index one off. If
    one of them agrees with `lhs`, the data cannot tell right from wrong, and nothing has been confirmed.

    Shapes:  lhs, rhs and every near miss: the same, or a number
    Raises:  EvidenceError with the largest difference and its place if the sides differ, if a near miss agrees, if all
             numbers are 0, or if one is not finite; TypeError or ValueError naming the argument
    """
    _check_label(label)
    tol = check_number("tol", tol, low=0, high=0.1)
    left, right = _both(label, "right side", lhs, rhs)
    if _scale(left, right) == 0:
        raise EvidenceError(f"{label}: both sides are 0 throughout, so any equation would hold")
    if _distance(left, right) > tol:
        raise EvidenceError(f"{label}: {_where(left, right)}")
    for name, value in _misses(near):
        one, other = _both(label, f"near miss {name!r}", lhs, value)
        if _distance(one, other) <= max(10 * tol, NEAREST):
            raise EvidenceError(f"{label}: the near miss {name!r} agrees too: take data that tell it apart")
    print(f"✓ {label}: both sides agree to {tol:.0e}; {_count(near, 'differs', 'differ')}")


def confirm_bound(
    label: str, lhs: Any, rhs: Any, *, near: Mapping[str, Any], sharp: float = 0.9, tol: float = 1e-10
) -> None:
    """Confirm a labelled inequality over many draws, that it is nearly reached, and that tighter ones fail.

        lhs ≤ rhs (1 + tol) in every draw          lhs ≥ sharp · rhs in one          lhs > miss in one, for each miss

    `near` names wrong right-hand sides (a factor, an index one off, the norm of another matrix) that some draw exceeds.

    Shapes:  lhs, rhs and every near miss (draws, …): the same, or a number; not negative
    Raises:  EvidenceError if a draw breaks the inequality, if none comes near it, if no draw exceeds a near miss, or if
             a number is not finite; TypeError or ValueError naming the argument
    """
    _check_label(label)
    sharp, tol = check_number("sharp", sharp, above=0, high=1), check_number("tol", tol, low=0, high=0.1)
    left, right = _both(label, "right side", lhs, rhs)
    if left.size < 2:
        raise ValueError(f"lhs must hold at least two draws of {label}, got {left.size}")
    if min(left.min(), right.min()) < 0 or right.max() == 0:
        raise ValueError(f"lhs and rhs of {label} must not be negative, nor rhs 0 throughout")
    if (left > right * (1 + tol)).any():
        place = _place(left - right * (1 + tol))
        raise EvidenceError(
            f"{label}: the left side exceeds the right at {place}: {left[place]:.6g} > {right[place]:.6g}"
        )
    positive = right > 0
    reached = float((left[positive] / right[positive]).max())
    if reached < sharp:
        raise EvidenceError(
            f"{label}: no draw comes near the bound; the nearest reaches {reached:.3g} of it, not {sharp}"
        )
    for name, value in _misses(near):
        one, other = _both(label, f"near miss {name!r}", lhs, value)
        if not (one > other * (1 + max(10 * tol, NEAREST))).any():
            raise EvidenceError(f"{label}: no draw exceeds the near miss {name!r}: take draws that tell it apart")
    print(f"✓ {label}: left ≤ right in {left.size} draws, up to {reached:.2f} of it; {_count(near, 'fails', 'fail')}")


def _check_label(label: Any) -> None:
    if not isinstance(label, str) or not label:
        raise TypeError(f"label must be the name of an equation, got {label!r}")


def _misses(near: Any) -> Iterable[tuple[str, Any]]:
    if not isinstance(near, Mapping) or not near:
        raise ValueError(f"near must map the name of at least one wrong version to its value, got {near!r}")
    return near.items()


def _count(near: Mapping[str, Any], one: str, several: str) -> str:
    return f"1 near miss {one}" if len(near) == 1 else f"{len(near)} near misses {several}"


def _both(label: str, what: str, lhs: Any, rhs: Any) -> tuple[np.ndarray, np.ndarray]:
    left, right = real_array("left side", lhs, finite=False), real_array(what, rhs, finite=False)
    if left.shape != right.shape and left.ndim and right.ndim:
        raise EvidenceError(f"{label}: the left side has shape {left.shape}, the {what} {right.shape}")
    left, right = np.broadcast_arrays(left, right)
    if left.size == 0:
        raise EvidenceError(f"{label}: nothing to compare, both sides are empty")
    if not (np.isfinite(left).all() and np.isfinite(right).all()):
        raise EvidenceError(f"{label}: the left side or the {what} is NaN or infinite")
    return left, right


def _scale(left: np.ndarray, right: np.ndarray) -> float:
    return float(max(np.abs(left).max(), np.abs(right).max()))


def _distance(left: np.ndarray, right: np.ndarray) -> float:
    """The largest difference, relative to the largest number."""
    scale = _scale(left, right)
    return float(np.abs(left - right).max()) / scale if scale else 0.0


def _place(array: np.ndarray) -> tuple[int, ...]:
    return tuple(int(i) for i in np.unravel_index(array.argmax(), array.shape))


def _where(left: np.ndarray, right: np.ndarray) -> str:
    difference = np.abs(left - right)
    place = _place(difference)
    return f"the sides differ by {difference.max():.3g} at {place}: {left[place]:.6g} and {right[place]:.6g}"
