"""The practice of chapter 16: parity by one unit of a linear recurrence, whose factor can be -1."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from seqlib.exercises.checker import Exercise

__all__ = ["parity_steps"]

_RNG = np.random.default_rng(1602)
Array = np.ndarray


def _steps(
    a: Callable[[Array], Array | float], b: Callable[[Array], Array | float]
) -> Callable[[Array], tuple[Array, Array]]:
    """The factors and what is added, as functions of the bits."""

    def answer(x: Array) -> tuple[Array, Array]:
        nothing = 0.0 * x
        return a(x) + nothing, b(x) + nothing

    return answer


def _parity(x: Array) -> Array:
    """1 where the number of ones is odd so far."""
    return np.cumsum(x, 1) % 2.0


def _changes(x: Array) -> Array:
    """What is to be added to the parity of the step before."""
    return np.diff(_parity(x), axis=1, prepend=0)


parity_steps = Exercise(
    "parity_steps",
    _steps(lambda x: 1 - 2 * x, lambda x: x),
    [
        (np.array([[1, 0, 1, 1, 0, 1], [0, 0, 1, 0, 1, 1], [1, 1, 1, 1, 1, 1]]),),
        (_RNG.integers(2, size=(2, 40)),),
        (np.array([[0], [1]]),),
    ],
    wrong={
        "counted yourself": (
            (_steps(lambda x: 0, _parity), _steps(lambda x: 1, _changes)),
            "You counted the ones yourself and told the state. a_t and b_t may depend on x_t alone: the recurrence has "
            "to remember the rest.",
        ),
        "parity itself": (
            _parity,
            "That is the parity. Return the steps that make it: a and b.",
        ),
        "no input": (
            _steps(lambda x: 1 - 2 * x, lambda x: 0),
            "b is 0 everywhere, so the state is 0 forever: −1 times 0 is 0. States 1 and −1 could do without b; for "
            "0 and 1, a one must turn 0 into 1.",
        ),
        "counts": (
            _steps(lambda x: 1, lambda x: x),
            "That counts the ones: the state grows. A one must also turn 1 into 0.",
        ),
        "sets": (
            _steps(lambda x: 1 - x, lambda x: x),
            "A one makes the state 1, whatever it was: that tells whether there was a one at all. A one must turn 1 "
            "into 0.",
        ),
        "last bit": (
            _steps(lambda x: 0, lambda x: x),
            "The state is the last bit: a factor of 0 forgets all that was before.",
        ),
        "clears": (
            _steps(lambda x: 1 - x, lambda x: 0),
            "A one makes the state 0, and nothing ever makes it 1.",
        ),
        "always flips": (
            (_steps(lambda x: -1, lambda x: 1), _steps(lambda x: -1, lambda x: x)),
            "Your factor is −1 at every step. A zero must leave the state as it is.",
        ),
        "zeros flip": (
            _steps(lambda x: 2 * x - 1, lambda x: 1 - x),
            "You have zeros and ones the wrong way round: a one flips the state, a zero leaves it.",
        ),
        "one at zeros": (
            _steps(lambda x: 1 - 2 * x, lambda x: 1),
            "You add 1 at zeros as well. A zero must leave the state as it is.",
        ),
        "plus and minus one": (
            _steps(lambda x: 1 - 2 * x, lambda x: 2 * x),
            "From 0, a one goes to 2. It must go to 1, and back to 0.",
        ),
        "subtracts": (
            _steps(lambda x: 1, lambda x: -x),
            "That counts down. No sum of fixed numbers comes back to 0: it takes a factor of −1.",
        ),
        "even": (
            _steps(lambda x: 1 - 2 * x, lambda x: 1 - x),
            "You add 1 at zeros instead of ones. A zero leaves the state as it is; a one turns 0 into 1.",
        ),
        "turned": (
            _steps(lambda x: x, lambda x: 1 - 2 * x),
            "Return first the factors a, and then b.",
        ),
        "factors alone": (
            lambda x: 1.0 - 2 * x,
            "Those are the factors. What is added, b, is asked for as well.",
        ),
    },
    prompt="Return two arrays of shape (B, T) and run the cell again.",
)
