"""The practice of chapter 16: a light with four buttons, as one unit of a linear recurrence."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from seqlib.exercises.checker import Exercise

__all__ = ["light_steps"]

_RNG = np.random.default_rng(1602)
Array = np.ndarray
Steps = Callable[[Array], tuple[Array, Array]]


def _steps(a: Sequence[float], b: Sequence[float]) -> Steps:
    """The factors of the four buttons, and what they add."""
    factors, added = np.array(a, dtype=float), np.array(b, dtype=float)
    return lambda x: (factors[x], added[x])


def _light(x: Array) -> Array:
    """Whether it is on, after each button."""
    on, states = np.zeros(len(x)), np.empty(x.shape)
    for t in range(x.shape[1]):
        after = np.stack([on, 1 - on, 0 * on, 0 * on + 1])
        states[:, t] = on = after[x[:, t], np.arange(len(x))]
    return states


def _changes(x: Array) -> tuple[Array, Array]:
    """What is to be added to the state of the step before."""
    return np.ones(x.shape), np.diff(_light(x), axis=1, prepend=0)


light_steps = Exercise(
    "light_steps",
    _steps([1, -1, 0, 0], [0, 1, 0, 1]),
    [
        (np.array([[1, 0, 1, 1, 2, 1], [3, 3, 0, 1, 0, 3], [1, 1, 1, 2, 0, 2], [1, 2, 3, 1, 3, 2]]),),
        (_RNG.integers(4, size=(2, 60)),),
        (np.array([[0], [1], [2], [3]]),),
    ],
    wrong={
        "told the state": (
            (lambda x: (np.zeros(x.shape), _light(x)), _changes),
            "You worked out the light yourself and told the state. a_t and b_t may depend on the button x_t alone: the "
            "recurrence has to remember the rest.",
        ),
        "light itself": (
            _light,
            "That is the light. Return the steps that make it: a and b.",
        ),
        "turns on": (
            _steps([1, 0, 0, 0], [0, 1, 0, 1]),
            "Your button 1 turns the light on, whatever it was: with the factor 0 nothing is remembered. It must also "
            "turn 1 into 0.",
        ),
        "counts": (
            _steps([1, 1, 0, 0], [0, 1, 0, 1]),
            "Your button 1 adds 1 each time: from 1 it goes to 2. It must turn 1 into 0.",
        ),
        "turned without 1": (
            _steps([1, -1, 0, 0], [0, 0, 0, 1]),
            "Your button 1 changes the sign: 1 becomes −1, and 0 stays 0. Find the a and b that turn 0 into 1 and 1 "
            "into 0.",
        ),
        "signs": (
            _steps([1, -1, 0, 0], [0, 0, -1, 1]),
            "You have 1 and −1 as states. The light is 1 when it is on, and 0 when it is off.",
        ),
        "on and off swapped": (
            _steps([1, -1, 0, 0], [0, 1, 1, 0]),
            "Your buttons 2 and 3 are swapped: 2 turns the light off, 3 turns it on.",
        ),
        "nothing and turn swapped": (
            _steps([-1, 1, 0, 0], [1, 0, 0, 1]),
            "Your buttons 0 and 1 are swapped: 0 leaves the light as it is, 1 turns it around.",
        ),
        "adds and subtracts": (
            (_steps([1, -1, 1, 1], [0, 1, -1, 1]), _steps([1, 1, 1, 1], [0, 1, -1, 1])),
            "Your buttons 2 and 3 add to the state: turned on twice it is 2. They must forget what was there.",
        ),
        "keeps when on": (
            (
                _steps([1, -1, 0, 1], [0, 1, 0, 1]),
                _steps([1, -1, 1, 0], [0, 1, 0, 1]),
                _steps([1, -1, 1, 1], [0, 1, 0, 1]),
            ),
            "Turning on or off must not depend on what was there: the factor is 0.",
        ),
        "forgets": (
            (_steps([0, -1, 0, 0], [0, 1, 0, 1]), _steps([0, 0, 0, 0], [0, 1, 0, 1])),
            "Your button 0 turns the light off. It must leave it as it is: a factor of 1.",
        ),
        "turns at each step": (
            (_steps([-1, -1, 0, 0], [0, 1, 0, 1]), _steps([-1, -1, 0, 0], [1, 1, 0, 1])),
            "Your button 0 has the factor −1, too. It must leave the light as it is.",
        ),
        "never on": (
            _steps([1, -1, 0, 0], [0, 1, 0, 0]),
            "Your button 3 turns the light off. It must turn it on: what is added is 1.",
        ),
        "parity": (
            lambda x: (1.0 - 2 * (x == 1), 1.0 * (x == 1)),
            "You know button 1 alone, and treat 2 and 3 as if nothing had been pressed.",
        ),
        "by number": (
            lambda x: (1.0 - 2 * x, 1.0 * x),
            "You used the number of the button in the formula for bits. Each of the four buttons has its own a and b.",
        ),
        "turned": (
            _steps([0, 1, 0, 1], [1, -1, 0, 0]),
            "Return first the factors a, and then b.",
        ),
        "factors alone": (
            lambda x: np.array([1.0, -1, 0, 0])[x],
            "Those are the factors. What is added, b, is asked for as well.",
        ),
    },
    prompt="Return two arrays of shape (B, T) and run the cell again.",
)
