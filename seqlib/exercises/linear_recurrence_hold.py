"""The practice of chapter 16: the step of a state space by zero-order hold, where A may be 0 or all but 0."""

from __future__ import annotations

from typing import Any

import numpy as np

from seqlib.exercises.checker import Exercise

__all__ = ["zero_order_hold"]

Array = np.ndarray


def _held(delta: Array, A: Array) -> Array:
    """(exp(ΔA) - 1) / A, and Δ where A is 0."""
    there = np.where(A == 0, 1, A)
    made: Array = np.where(A == 0, delta, np.expm1(delta * there) / there)
    return made


def _right(delta: Array, A: Array, B: Array) -> tuple[Array, Array]:
    return np.exp(delta * A), _held(delta, A) * B


def _cancelled(delta: Array, A: Array, B: Array) -> tuple[Array, Array]:
    """exp(ΔA) - 1, of which little is left where ΔA is small."""
    return np.exp(delta * A), np.where(A == 0, delta, (np.exp(delta * A) - 1) / np.where(A == 0, 1, A)) * B


def _shifted(delta: Array, A: Array, B: Array) -> tuple[Array, Array]:
    """A little added below, so that nothing is divided by 0."""
    return np.exp(delta * A), np.expm1(delta * A) / (A + 1e-8) * B


def _zeroed(delta: Array, A: Array, B: Array) -> tuple[Array, Array]:
    """0 in place of what is divided by 0."""
    return np.exp(delta * A), np.where(A == 0, 0, _held(delta, A)) * B


def _cancelled_and_zeroed(delta: Array, A: Array, B: Array) -> tuple[Array, Array]:
    return np.exp(delta * A), np.where(A == 0, 0, _cancelled(delta, A, B)[1])


def _with_b(b: Any) -> Any:
    """The right factor, and what is said to be added, of Δ, A, B and (exp(ΔA) - 1) / A."""
    return lambda delta, A, B: (np.exp(delta * A), b(delta, A, B, _held(delta, A)))


zero_order_hold = Exercise(
    "zero_order_hold",
    _right,
    [
        (np.array([0.5, 1.2, 0.3]), np.array([-1.4, -0.3, -2.0]), np.array([1.5, -0.7, 0.4])),
        (np.array([0.8, 0.25, 0.6, 1.5]), np.array([0.0, -1.2, 0.0, 0.7]), np.array([1.3, 2.0, -0.9, 0.6])),
        (np.array([0.7, 0.31, 0.9]), np.array([-1e-14, 0.0, 3e-14]), np.array([-1.1, 0.8, 1.7])),
    ],
    wrong={
        "divided by zero": (
            (
                lambda delta, A, B: (np.exp(delta * A), (np.exp(delta * A) - 1) / A * B),
                lambda delta, A, B: (np.exp(delta * A), np.expm1(delta * A) / A * B),
            ),
            "Where A is 0, you divide 0 by 0. Nothing decays there: dh/dt = B x adds up to Δ·B in the time Δ.",
        ),
        "cancelled": (
            _cancelled,
            "Where ΔA is tiny, exp(ΔA) is nearly 1, and in exp(ΔA) − 1 most digits are lost. np.expm1 keeps them.",
        ),
        "a little added": (
            _shifted,
            "You added a little to A, so that it is not 0. That is another equation: where A is 0, B̄ is Δ·B exactly.",
        ),
        "zero in its place": (
            (_zeroed, _cancelled_and_zeroed),
            "Where A is 0, nothing enters into your state. Nothing decays there, and the input adds up: B̄ = Δ·B.",
        ),
        "euler": (
            lambda delta, A, B: (1 + delta * A, delta * B),
            "That is Euler's step: the first two terms of the exponential, and the first of B̄.",
        ),
        "mixed": (
            _with_b(lambda delta, A, B, held: delta * B),
            "Δ·B is what the code of Mamba has. What enters early has begun to decay by the end of the step: for an "
            "input that is held, B̄ is (exp(ΔA) − 1)/A · B.",
        ),
        "decayed": (
            _with_b(lambda delta, A, B, held: delta * np.exp(delta * A) * B),
            "You let the whole input decay for the time Δ. It enters all along: late parts decay for less long.",
        ),
        "backward euler": (
            lambda delta, A, B: (1 / (1 - delta * A), delta * B / (1 - delta * A)),
            "That is the backward Euler step. For a held input the equation can be solved exactly.",
        ),
        "bilinear": (
            lambda delta, A, B: ((2 + delta * A) / (2 - delta * A), 2 * delta * B / (2 - delta * A)),
            "That is the bilinear rule, the mean of two slopes. For a held input the equation can be solved exactly.",
        ),
        "no division": (
            _with_b(lambda delta, A, B, held: held * A * B),
            "You did not divide by A: the integral of exp(A s) from 0 to Δ is (exp(ΔA) − 1)/A.",
        ),
        "divided by both": (
            _with_b(lambda delta, A, B, held: held / delta * B),
            "You divided by ΔA, and the Δ in front is missing. Without decay B̄ must become Δ·B.",
        ),
        "length twice": (
            _with_b(lambda delta, A, B, held: held * delta * B),
            "Δ is in (exp(ΔA) − 1)/A already. Without decay B̄ must become Δ·B.",
        ),
        "sign": (
            (
                _with_b(lambda delta, A, B, held: -held * B),
                lambda delta, A, B: (np.exp(-delta * A), _held(delta, -A) * B),
            ),
            "A sign is wrong. Where A is negative the state decays, and B̄ has the sign of B.",
        ),
        "no B": (
            _with_b(lambda delta, A, B, held: held),
            "B is missing: it says how much of the input enters.",
        ),
        "no length": (
            lambda delta, A, B: (np.exp(A), _held(np.ones_like(A), A) * B),
            "Your step always has the length 1. It lasts Δ.",
        ),
        "length not in the factor": (
            lambda delta, A, B: (np.exp(A), _held(delta, A) * B),
            "The factor is exp(ΔA): how much is left after the time Δ.",
        ),
        "turned": (
            lambda delta, A, B: (_held(delta, A) * B, np.exp(delta * A)),
            "Return the factor first, and then what multiplies the input.",
        ),
        "input alone": (
            lambda delta, A, B: _held(delta, A) * B,
            "That is B̄. The factor, exp(ΔA), is asked for as well.",
        ),
    },
    prompt="Return two arrays of shape (N,) and run the cell again.",
)
