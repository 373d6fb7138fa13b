"""The practice of chapter 2, the recurrent network: right answers, and the usual wrong ones."""

from __future__ import annotations

import numpy as np

from seqlib.exercises.checker import Exercise
from seqlib.exercises.descent import adam_travel, cross_entropy_gradient
from seqlib.reference import rnn

__all__ = ["adam_travel", "cross_entropy_gradient", "floor_and_chance", "parameter_count", "step"]

_RNG = np.random.default_rng(2)


def _weights(B: int, D: int, H: int) -> tuple[np.ndarray, ...]:
    return tuple(_RNG.normal(size=shape) for shape in [(H, D), (H, H), (H,), (B, D), (B, H)])


step = Exercise(
    "step",
    lambda W_xh, W_hh, b_h, x, h: rnn.step(rnn.Params(W_xh, W_hh, b_h), x, h),
    [_weights(2, 3, 4), _weights(1, 1, 1), _weights(3, 2, 2)],
    wrong={
        "shapes": (
            (
                lambda W, U, b, x, h: np.tanh(W @ x + U @ h + b),
                lambda W, U, b, x, h: np.tanh(W @ x.T + U @ h.T + b),
            ),
            "The shapes do not fit: x and h hold one sequence a row, so they stand first, x @ W_xh.T.",
        ),
        "not transposed": (
            lambda W, U, b, x, h: np.tanh(x @ W + h @ U + b),
            "The matrices are the wrong way round: W_xh is (H, D) and x is (B, D), so the product is x @ W_xh.T.",
        ),
        "transposed": (
            lambda W, U, b, x, h: np.tanh(x @ W.T + h @ U + b),
            "W_hh is the wrong way round: with one sequence a row the product is h @ W_hh.T. Its shape does not tell, "
            "as W_hh is square.",
        ),
        "a column each": (
            lambda W, U, b, x, h: np.tanh(W @ x.T + U @ h.T + b[:, None]),
            "The numbers are right, but each sequence is a column. Transpose the result: h has shape (B, H).",
        ),
        "no bias": (lambda W, U, b, x, h: np.tanh(x @ W.T + h @ U.T), "The bias b_h is missing inside the tanh."),
        "bias outside": (
            lambda W, U, b, x, h: np.tanh(x @ W.T + h @ U.T) + b,
            "The bias stands outside the tanh. It is added before.",
        ),
        "no tanh": (lambda W, U, b, x, h: x @ W.T + h @ U.T + b, "That is the pre-activation. The tanh is missing."),
        "sigmoid": (
            lambda W, U, b, x, h: 1 / (1 + np.exp(-(x @ W.T + h @ U.T + b))),
            "You took the logistic function, which lies between 0 and 1. This network has the tanh.",
        ),
        "no memory": (
            lambda W, U, b, x, h: np.tanh(x @ W.T + b),
            "The old state h does not occur. That is a network without memory.",
        ),
        "identity": (
            lambda W, U, b, x, h: np.tanh(x @ W.T + h + b),
            "You added h itself: the popular formula, with W_hh = I. The old state has to be multiplied by W_hh.",
        ),
        "tanh of parts": (
            (
                lambda W, U, b, x, h: np.tanh(x @ W.T) + np.tanh(h @ U.T) + b,
                lambda W, U, b, x, h: np.tanh(x @ W.T) + np.tanh(h @ U.T + b),
                lambda W, U, b, x, h: np.tanh(x @ W.T + b) + np.tanh(h @ U.T),
            ),
            "The tanh is applied once, to the whole sum, not to its parts.",
        ),
    },
)

parameter_count = Exercise(
    "parameter_count",
    lambda D, H, n_out: H * (D + H + 1) + n_out * (H + 1),
    [(3, 4, 2), (2, 17, 3), (28, 128, 10)],
    wrong={
        "two biases": (
            lambda D, H, n_out: H * (D + H + 2) + n_out * (H + 1),
            "You counted two biases in the recurrent layer, as PyTorch stores them. Our equation has one.",
        ),
        "no biases": (
            lambda D, H, n_out: H * (D + H) + n_out * H,
            "The biases are missing: H in the recurrent layer, n_out in the read-out.",
        ),
        "one number a bias": (
            lambda D, H, n_out: H * (D + H) + 1 + n_out * H + 1,
            "A bias is no single number. It has one for each unit: H in the recurrent layer, n_out in the read-out.",
        ),
        "recurrent layer without bias": (
            lambda D, H, n_out: H * (D + H) + n_out * (H + 1),
            "The bias of the recurrent layer is missing: H more.",
        ),
        "no read-out": (
            lambda D, H, n_out: H * (D + H + 1),
            "That is the recurrent layer alone. The read-out has n_out · H weights and n_out biases.",
        ),
        "read-out without bias": (
            lambda D, H, n_out: H * (D + H + 1) + n_out * H,
            "The bias of the read-out is missing: n_out more.",
        ),
        "bias of size H": (
            lambda D, H, n_out: H * (D + H + 1) + n_out * H + H,
            "The bias of the read-out has one number for each output: n_out, not H.",
        ),
        "read-out from the input": (
            lambda D, H, n_out: H * (D + H + 1) + n_out * (D + 1),
            "The read-out reads the state, which has H entries, not the input.",
        ),
        "no recurrence": (
            lambda D, H, n_out: H * (D + 1) + n_out * (H + 1),
            "W_hh is missing: H · H weights from the old state to the new one.",
        ),
    },
)

floor_and_chance = Exercise(
    "floor_and_chance",
    lambda a, sigma: (sigma**2, sigma**2 / (1 - a**2)),
    [(0.6, 1.1), (-0.9, 0.2), (0.0, 2.3)],
    wrong={
        "deviation": (
            lambda a, sigma: (sigma, sigma / np.sqrt(1 - a**2)),
            "Those are standard deviations. The loss is a squared error, so it is judged by variances.",
        ),
        "floor deviation": (
            lambda a, sigma: (sigma, sigma**2 / (1 - a**2)),
            "Your floor is a standard deviation. The loss is a squared error, so take the variance of the noise.",
        ),
        "exchanged": (
            lambda a, sigma: (sigma**2 / (1 - a**2), sigma**2),
            "They are exchanged: the floor is the smaller one, the noise that nobody foresees.",
        ),
        "not squared": (
            lambda a, sigma: (sigma**2, sigma**2 / (1 - a)),
            "Take the variance of a · x: the factor a comes out squared.",
        ),
        "zero floor": (
            lambda a, sigma: (0.0, sigma**2 / (1 - a**2)),
            "The floor is not 0: the noise of the next step cannot be foreseen.",
        ),
        "variance of one value": (
            lambda a, sigma: (sigma**2 * (1 - a**2), sigma**2),
            "σ is the noise of one step, not the spread of the values: the noise is the floor.",
        ),
        "finite sum": (
            lambda a, sigma: (sigma**2, sigma**2 * (1 + a**2)),
            "You went back one step only. The old noise goes on: 1 + a² + a⁴ + …",
        ),
        "plus": (
            lambda a, sigma: (sigma**2, sigma**2 / (1 + a**2)),
            "The sign is the other way round: the old values make the spread larger, γ₀ = a² γ₀ + σ².",
        ),
        "persistence": (
            lambda a, sigma: (sigma**2, 2 * sigma**2 / (1 + a)),
            "That is the error of persistence, which says the last value again. Chance says the mean, which is 0.",
        ),
    },
)
