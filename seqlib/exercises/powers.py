"""The practice of chapter 4 on powers, of a number and of a matrix: right answers, and the usual wrong ones."""

from __future__ import annotations

from math import ceil, floor, log

import numpy as np

from seqlib.exercises.checker import Exercise

__all__ = ["horizon", "peak", "spectral_radius"]


def spectral_radius(W: np.ndarray) -> float:
    """The largest |eigenvalue|."""
    return float(np.abs(np.linalg.eigvals(W)).max())


horizon = Exercise(
    "horizon",
    lambda rate, left: ceil(log(left) / log(rate)),
    [(0.9, 0.01), (0.5, 0.01), (0.99, 0.001), (0.95, 0.5), (0.5, 0.25)],
    wrong={
        "floor": (
            lambda rate, left: floor(log(left) / log(rate)),
            "You rounded down, so a little more than `left` is still there. Round up.",
        ),
        "rounded": (
            lambda rate, left: round(log(left) / log(rate)),
            "You rounded to the nearest number, so sometimes more than `left` is still there. Round up.",
        ),
        "not rounded": (lambda rate, left: log(left) / log(rate), "The number of steps is whole. Round up."),
        "floor plus one": (
            lambda rate, left: floor(log(left) / log(rate)) + 1,
            "Where rateᵏ is `left` exactly, that is one step more than needed: at most `left`, so equal is enough.",
        ),
        "inverted": (
            lambda rate, left: ceil(log(rate) / log(left)),
            "The quotient is upside down: rateᵏ = left gives k log(rate) = log(left).",
        ),
        "linear": (
            lambda rate, left: ceil((1 - left) / (1 - rate)),
            "You let every step take the same amount away. Each step takes the same *share* of what is left: rateᵏ.",
        ),
        "one less": (
            lambda rate, left: ceil(log(left) / log(rate)) - 1,
            "That is the last step at which more than `left` is still there. One more is needed.",
        ),
        "difference": (
            (lambda rate, left: ceil(log(left / rate)), lambda rate, left: ceil(log(left) - log(rate))),
            "The quotient of two logarithms is no logarithm of a quotient: log(left) / log(rate).",
        ),
        "one more": (
            lambda rate, left: ceil(log(left) / log(rate)) + 1,
            "That is one step more than needed: rounding up is enough.",
        ),
        "share lost": (
            lambda rate, left: ceil(log(1 - left) / log(rate)),
            "`left` is the share that stays, not the share that is lost.",
        ),
        "squared": (
            lambda rate, left: ceil(log(left) / (2 * log(rate))),
            "You let the factor act twice a step. The norm, not its square, shrinks by `rate`.",
        ),
    },
    prompt="Return the smallest whole number of steps and run the cell again.",
)


def _norms(W: np.ndarray, steps: int) -> list[float]:
    return [float(np.linalg.norm(np.linalg.matrix_power(W, k), 2)) for k in range(steps + 1)]


peak = Exercise(
    "peak",
    lambda W, steps: max(_norms(W, steps)),
    [
        (np.array([[0.9, 5.0], [0.0, 0.9]]), 30),
        (np.array([[0.5, 0.0], [0.0, -0.8]]), 10),
        (np.array([[0.9, 5.0], [0.0, 0.9]]), 4),
        (np.array([[0.3, 2.0], [0.4, 0.5]]), 6),
    ],
    wrong={
        "eigenvalues": (
            lambda W, steps: max(spectral_radius(W) ** k for k in range(steps + 1)),
            "You raised the spectral radius to powers. That is ‖Wᵏ‖ only for a normal W; "
            "here the eigenvectors are not at right angles.",
        ),
        "entry by entry": (
            (
                lambda W, steps: max(np.linalg.norm(np.asarray(W, dtype=float) ** k, 2) for k in range(steps + 1)),
                lambda W, steps: max(np.linalg.norm(np.eye(len(W)) * W**k, 2) for k in range(steps + 1)),
            ),
            "W**k raises each entry to a power. The matrix power is np.linalg.matrix_power(W, k), or W @ W @ …",
        ),
        "singular values": (
            lambda W, steps: max(np.linalg.norm(W, 2) ** k for k in range(steps + 1)),
            "‖W‖ᵏ is an upper bound of ‖Wᵏ‖, and here far above it: multiply the matrices first, then take the norm.",
        ),
        "the end": (
            lambda W, steps: _norms(W, steps)[-1],
            "That is ‖Wᵏ‖ at the last step. The highest value on the way is asked for.",
        ),
        "one power short": (
            lambda W, steps: max(_norms(W, steps)[:-1]),
            "The last power is missing: range(steps) ends at steps - 1, and k goes up to steps.",
        ),
        "largest entry": (
            lambda W, steps: max(np.abs(np.linalg.matrix_power(W, k)).max() for k in range(steps + 1)),
            "You took the largest entry. The norm is how much a matrix can stretch a vector: np.linalg.norm(A, 2).",
        ),
        "which k": (
            lambda W, steps: int(np.argmax(_norms(W, steps))),
            "That is the k of the peak. The norm there is asked for.",
        ),
        "all norms": (_norms, "Those are all the norms. The largest of them is asked for."),
        "identity left out": (
            lambda W, steps: max(_norms(W, steps)[1:]),
            "k begins at 0: the power W⁰ is the identity, whose norm is 1.",
        ),
        "Frobenius": (
            lambda W, steps: max(np.linalg.norm(np.linalg.matrix_power(W, k)) for k in range(steps + 1)),
            "np.linalg.norm(A) is the Frobenius norm; how much a matrix can stretch a vector is np.linalg.norm(A, 2).",
        ),
    },
    prompt="Return the largest ‖Wᵏ‖ for k = 0 … steps and run the cell again.",
)
