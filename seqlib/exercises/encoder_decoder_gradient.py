"""The practice of chapter 11: the gradient that reaches the encoder, through every use of the context vector."""

from __future__ import annotations

from typing import Any

import numpy as np

from seqlib.exercises.checker import Exercise

__all__ = ["context_gradient"]

_RNG = np.random.default_rng(1406)
Case = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def _case(T: int, H: int) -> Case:
    ds, s = _RNG.uniform(-1, 1, (T, H)), _RNG.uniform(-0.9, 0.9, (T, H))
    return ds.round(2), s.round(2), _RNG.normal(0, 0.8, (H, H)).round(2), _RNG.normal(0, 0.8, (H, H)).round(2)


def _slope(s: np.ndarray) -> np.ndarray:
    return 1 - s**2


def _back(ds: np.ndarray, s: np.ndarray, W: np.ndarray, *, slope: Any = _slope, all_of_it: bool = True) -> np.ndarray:
    """da (T, H), where a_t goes into the tanh: from the last step to the first, W on the way back transposed."""
    da, after, slopes = np.zeros_like(s), np.zeros(s.shape[1]), slope(s)
    for t in reversed(range(len(s))):
        da[t] = slopes[t] * (ds[t] + W.T @ after) if all_of_it else slopes[t] * ds[t] + W.T @ after
        after = da[t]
    return da


def _both(da: np.ndarray, W_ss: np.ndarray, W_sv: np.ndarray) -> np.ndarray:
    return W_ss.T @ da[0] + W_sv.T @ da.sum(0)


def _right(ds: np.ndarray, s: np.ndarray, W_ss: np.ndarray, W_sv: np.ndarray) -> np.ndarray:
    return _both(_back(ds, s, W_ss), W_ss, W_sv)


def _forwards(ds: np.ndarray, s: np.ndarray, W_ss: np.ndarray, W_sv: np.ndarray, *, start: int = 0) -> np.ndarray:
    """From the first step to the last; the step `start` (0 or -1) is taken for the one that s_0 goes into."""
    da = _back(ds[::-1], s[::-1], W_ss)[::-1]
    return W_ss.T @ da[start] + W_sv.T @ da.sum(0)


context_gradient = Exercise(
    "context_gradient",
    _right,
    [_case(3, 2), _case(4, 3), _case(2, 2)],
    wrong={
        "start alone": (
            lambda ds, s, W_ss, W_sv: W_ss.T @ _back(ds, s, W_ss)[0],
            "That is what comes through the start, s_0. The context goes into every step as well, through W_sv.",
        ),
        "steps alone": (
            lambda ds, s, W_ss, W_sv: W_sv.T @ _back(ds, s, W_ss).sum(0),
            "That is what comes through W_sv. The context is s_0 as well: the first step has it through W_ss too.",
        ),
        "first step alone": (
            lambda ds, s, W_ss, W_sv: (W_ss + W_sv).T @ _back(ds, s, W_ss)[0],
            "You used the context at the first step alone. W_sv brings it into every step: add them up.",
        ),
        "first two uses": (
            lambda ds, s, W_ss, W_sv: W_sv.T @ _back(ds, s, W_ss)[0],
            "That is what comes through W_sv at the first step. Add the other steps, and the start.",
        ),
        "start through W_ss left out": (
            lambda ds, s, W_ss, W_sv: _back(ds, s, W_ss)[0] + W_sv.T @ _back(ds, s, W_ss).sum(0),
            "Between s_0 and the first tanh lies W_ss, which you left out. On the way back it is transposed.",
        ),
        "nothing carried": (
            (
                lambda ds, s, W_ss, W_sv: _both(_slope(s) * ds, W_ss, W_sv),
                lambda ds, s, W_ss, W_sv: W_sv.T @ (_slope(s) * ds).sum(0),
            ),
            "Each state changes those after it. Carry W_ss.T @ da from step t + 1 back to step t before the slope.",
        ),
        "no slope": (
            (
                lambda ds, s, W_ss, W_sv: _both(_back(ds, s, W_ss, slope=np.ones_like), W_ss, W_sv),
                lambda ds, s, W_ss, W_sv: _both(ds, W_ss, W_sv),
            ),
            "The tanh has a slope, 1 - s**2, which you left out.",
        ),
        "slope on a part": (
            lambda ds, s, W_ss, W_sv: _both(_back(ds, s, W_ss, all_of_it=False), W_ss, W_sv),
            "The slope multiplies everything that reaches a state, what comes from the step after it too.",
        ),
        "not transposed": (
            (
                lambda ds, s, W_ss, W_sv: _both(_back(ds, s, W_ss.T), W_ss.T, W_sv.T),
                lambda ds, s, W_ss, W_sv: _both(_back(ds, s, W_ss), W_ss.T, W_sv),
                lambda ds, s, W_ss, W_sv: _both(_back(ds, s, W_ss), W_ss, W_sv.T),
                lambda ds, s, W_ss, W_sv: _both(_back(ds, s, W_ss.T), W_ss, W_sv),
                lambda ds, s, W_ss, W_sv: _both(_back(ds, s, W_ss), W_ss.T, W_sv.T),
                lambda ds, s, W_ss, W_sv: _both(_back(ds, s, W_ss.T), W_ss.T, W_sv),
                lambda ds, s, W_ss, W_sv: _both(_back(ds, s, W_ss.T), W_ss, W_sv.T),
            ),
            "On the way back each matrix is transposed: W_ss.T and W_sv.T. One of yours is not.",
        ),
        "matrices swapped": (
            (
                lambda ds, s, W_ss, W_sv: _both(_back(ds, s, W_ss), W_sv, W_ss),
                lambda ds, s, W_ss, W_sv: _both(_back(ds, s, W_sv), W_ss, W_sv),
                lambda ds, s, W_ss, W_sv: _both(_back(ds, s, W_sv), W_sv, W_ss),
            ),
            "W_ss and W_sv are swapped somewhere: W_ss meets the state before, W_sv the context.",
        ),
        "forwards": (
            (_forwards, lambda *given: _forwards(*given, start=-1)),
            "You walk from the first step to the last. What reaches a state comes back from later steps: "
            "begin with the last.",
        ),
        "tanh twice": (
            lambda ds, s, W_ss, W_sv: _both(_back(ds, s, W_ss, slope=lambda s: 1 - np.tanh(s) ** 2), W_ss, W_sv),
            "s is behind the tanh already. Its slope is 1 - s**2.",
        ),
        "not squared": (
            (
                lambda ds, s, W_ss, W_sv: _both(_back(ds, s, W_ss, slope=lambda s: 1 - s), W_ss, W_sv),
                lambda ds, s, W_ss, W_sv: _both(_back(ds, s, W_ss, slope=lambda s: s * (1 - s)), W_ss, W_sv),
            ),
            "The slope of the tanh is 1 - s**2.",
        ),
        "last step": (
            (
                lambda ds, s, W_ss, W_sv: W_ss.T @ _back(ds, s, W_ss)[-1] + W_sv.T @ _back(ds, s, W_ss).sum(0),
                lambda ds, s, W_ss, W_sv: (W_ss + W_sv).T @ _back(ds, s, W_ss)[-1],
            ),
            "s_0 goes into the first step, whose gradient is da[0]. You took that of the last.",
        ),
        "mean over uses": (
            (
                lambda ds, s, W_ss, W_sv: W_ss.T @ _back(ds, s, W_ss)[0] + W_sv.T @ _back(ds, s, W_ss).mean(0),
                lambda *given: _right(*given) / len(given[0]),
                lambda *given: _right(*given) / (len(given[0]) + 1),
            ),
            "You took a mean over the uses of the context. The gradients of all uses are added up.",
        ),
        "start at every step": (
            lambda ds, s, W_ss, W_sv: (W_ss + W_sv).T @ _back(ds, s, W_ss).sum(0),
            "Only at the first step does W_ss meet the context. Later it meets the state before.",
        ),
        "step by step": (
            lambda ds, s, W_ss, W_sv: _back(ds, s, W_ss) @ W_sv,
            "That is a row for each step. One context goes into all of them: add them up, and the start.",
        ),
        "into the tanh": (
            lambda ds, s, W_ss, W_sv: _back(ds, s, W_ss),
            "Those are the gradients of what goes into each tanh. Take them on to the context.",
        ),
    },
    prompt="Return an array of shape (H,) and run the cell again.",
)
