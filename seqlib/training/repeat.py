"""One experiment over several seeds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from seqlib import evidence
from seqlib.arguments import check_integer
from seqlib.training.history import History

__all__ = ["Repeats", "repeat"]


@dataclass(frozen=True)
class Repeats:
    """Results over seeds: `values` (seeds, …), their median, and the interval [low, high] that holds the median of all
    seeds with probability `level` (from the order of the values alone: five seeds give 0.9375).
    """

    values: np.ndarray
    median: np.ndarray
    low: np.ndarray
    high: np.ndarray
    level: float
    results: list[Any] = field(repr=False)


def repeat(run: Callable[[int], Any], seeds: Sequence[int]) -> Repeats:
    """Run an experiment once a seed, and put the results side by side.

    The interval is that of `seqlib.evidence.interval`, at every place of the results by itself.

    Shapes:  run(seed) -> number, array, or a History (its loss curve counts) -> values (seeds, …)
    Raises:  TypeError or ValueError naming the argument; ValueError for results of different shapes
    """
    chosen = [check_integer(f"seeds[{i}]", s, low=0) for i, s in enumerate(seeds)]
    if len(chosen) < 2 or len(set(chosen)) != len(chosen):
        raise ValueError(f"seeds must hold at least two different seeds, got {chosen}")
    results = [run(s) for s in chosen]
    arrays = [np.asarray(r.loss if isinstance(r, History) else r, dtype=np.float64) for r in results]
    if len({array.shape for array in arrays}) != 1:
        raise ValueError(f"run must return results of one shape, got {[array.shape for array in arrays]}")
    values = np.stack(arrays)
    median, low, high, _, level = evidence.interval(values)
    return Repeats(values, median, low, high, level, results)
