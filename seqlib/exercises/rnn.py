"""The practice of chapter 2, the recurrent network: right answers, and the usual wrong ones."""

from __future__ import annotations

from typing import Any

import numpy as np

from seqlib.exercises.checker import Exercise
from seqlib.reference import losses, optim, rnn

__all__ = ["adam_travel", "cross_entropy_gradient", "floor_and_chance", "parameter_count", "step"]

_RNG = np.random.default_rng(2)


def _weights(B: int, D: int, H: int) -> tuple[np.ndarray, ...]:
    return tuple(_RNG.normal(size=shape) for shape in [(H, D), (H, H), (H,), (B, D), (B, H)])


step = Exercise(
    "step",
    lambda W_xh, W_hh, b_h, x, h: rnn.step(rnn.Params(W_xh, W_hh, b_h), x, h),
    [_weights(2, 3, 4), _weights(1, 1, 1), _weights(3, 2, 2)],
    wrong={
        "no bias": (
            lambda W_xh, W_hh, b_h, x, h: np.tanh(x @ W_xh.T + h @ W_hh.T),
            "The bias b_h is missing inside the tanh.",
        ),
        "no tanh": (
            lambda W_xh, W_hh, b_h, x, h: x @ W_xh.T + h @ W_hh.T + b_h,
            "That is the pre-activation. The tanh is missing.",
        ),
        "transposed": (
            lambda W_xh, W_hh, b_h, x, h: np.tanh(x @ W_xh.T + h @ W_hh + b_h),
            "W_hh is the wrong way round: with one sequence a row the product is h @ W_hh.T. Its shape does not tell, "
            "as W_hh is square.",
        ),
        "no memory": (
            lambda W_xh, W_hh, b_h, x, h: np.tanh(x @ W_xh.T + b_h),
            "The old state h does not occur. That is a network without memory.",
        ),
        "identity": (
            lambda W_xh, W_hh, b_h, x, h: np.tanh(x @ W_xh.T + h + b_h),
            "You added h itself: the popular formula, with W_hh = I. The old state has to be weighed by W_hh.",
        ),
        "tanh of parts": (
            lambda W_xh, W_hh, b_h, x, h: np.tanh(x @ W_xh.T) + np.tanh(h @ W_hh.T) + b_h,
            "The tanh is applied once, to the whole sum, not to its parts.",
        ),
    },
)

parameter_count = Exercise(
    "parameter_count",
    lambda D, H, n_out: H * (D + H + 1) + n_out * (H + 1),
    [(3, 4, 2), (1, 16, 1), (28, 128, 10)],
    wrong={
        "two biases": (
            lambda D, H, n_out: H * (D + H + 2) + n_out * (H + 1),
            "You counted two biases in the recurrent layer, as PyTorch stores them. Our equation has one.",
        ),
        "no biases": (
            lambda D, H, n_out: H * (D + H) + n_out * H,
            "The biases are missing: H in the recurrent layer, n_out in the read-out.",
        ),
        "no read-out": (
            lambda D, H, n_out: H * (D + H + 1),
            "That is the recurrent layer alone. The read-out has n_out · H weights and n_out biases.",
        ),
        "read-out without bias": (
            lambda D, H, n_out: H * (D + H + 1) + n_out * H,
            "The bias of the read-out is missing: n_out more.",
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


def _logits(N: int, V: int) -> tuple[np.ndarray, np.ndarray]:
    return _RNG.normal(size=(N, V)), _RNG.integers(0, V, N)


def _gradient(logits: np.ndarray, targets: np.ndarray) -> np.ndarray:
    return losses.cross_entropy_backward(losses.cross_entropy(logits, targets)[1])


def _softmax(logits: np.ndarray) -> np.ndarray:
    return np.exp(losses.log_softmax(logits))


cross_entropy_gradient = Exercise(
    "cross_entropy_gradient",
    _gradient,
    [_logits(4, 3), _logits(2, 5), (np.array([[1000.0, 1001.0, 999.0], [0.0, 1.0, 2.0]]), np.array([0, 2]))],
    wrong={
        "sign": (
            lambda z, k: -_gradient(z, k),
            "The sign is the other way round: probability minus truth. The loss falls when the true score rises.",
        ),
        "sum": (
            lambda z, k: _gradient(z, k) * len(k),
            "That is the gradient of the sum. The loss is the mean over the N positions, so divide by N.",
        ),
        "no one-hot": (
            lambda z, k: _softmax(z) / len(k),
            "The target does not occur: subtract 1 at the true symbol of each row.",
        ),
        "over all entries": (
            lambda z, k: _gradient(z, k) * len(k) / z.size,
            "You divided by the number of entries N · V. The mean is over the N positions.",
        ),
        "logits for probabilities": (
            lambda z, k: (z - np.eye(z.shape[1])[k]) / len(k),
            "You subtracted the truth from the scores. Take the softmax of the scores first.",
        ),
        "derivative of p": (
            lambda z, k: -np.eye(z.shape[1])[k] / _softmax(z) / len(k),
            "That is the derivative by the probability, -1/p. Go on, through the softmax to the logits.",
        ),
    },
    tol=1e-7,
)


def _travel(gradients: np.ndarray, lr: float, **options: Any) -> np.ndarray:
    theta, state = np.zeros(gradients.shape[1]), None
    for g in gradients:
        theta, state = optim.adam(theta, g, state, lr=lr, **options)
    return theta


def _adam(
    gradients: np.ndarray, lr: float, *, correct_m: bool = True, correct_u: bool = True, root: bool = True
) -> np.ndarray:
    m = u = moved = np.zeros(gradients.shape[1])
    for t, g in enumerate(gradients, start=1):
        m, u = 0.9 * m + 0.1 * g, 0.999 * u + 0.001 * g**2
        m_hat = m / (1 - 0.9**t) if correct_m else m
        u_hat = u / (1 - 0.999**t) if correct_u else u
        moved = moved - lr * m_hat / ((np.sqrt(u_hat) if root else u_hat) + 1e-8)
    return moved


adam_travel = Exercise(
    "adam_travel",
    _travel,
    [(_RNG.normal(size=(5, 3)), 0.1), (np.array([[2.0, -0.5]]), 0.01), (_RNG.normal(size=(12, 2)), 1e-3)],
    wrong={
        "no correction": (
            lambda g, lr: _adam(g, lr, correct_m=False, correct_u=False),
            "The bias correction is missing: divide m by 1 - 0.9^t and u by 1 - 0.999^t.",
        ),
        "one correction": (
            lambda g, lr: _adam(g, lr, correct_u=False),
            "Only m is corrected. The mean of the squares starts at 0 too: divide u by 1 - 0.999^t.",
        ),
        "other correction": (
            lambda g, lr: _adam(g, lr, correct_m=False),
            "Only u is corrected. The mean of the gradients starts at 0 too: divide m by 1 - 0.9^t.",
        ),
        "no root": (lambda g, lr: _adam(g, lr, root=False), "The square root of u is missing in the denominator."),
        "uphill": (lambda g, lr: -_travel(g, lr), "You went uphill: the step is subtracted."),
        "t from 0": (
            lambda g, lr: _travel(g, lr, betas=(0.999, 0.9)),
            "The two betas are exchanged: 0.9 is for the gradient, 0.999 for its square.",
        ),
        "sgd": (lambda g, lr: -lr * g.sum(0), "That is plain gradient descent. Adam divides by the root of u."),
    },
)

floor_and_chance = Exercise(
    "floor_and_chance",
    lambda a, sigma: (sigma**2, sigma**2 / (1 - a**2)),
    [(0.5, 1.0), (-0.9, 0.2), (0.0, 2.0)],
    wrong={
        "deviation": (
            lambda a, sigma: (sigma, sigma / np.sqrt(1 - a**2)),
            "Those are standard deviations. The loss is a squared error, so it is judged by variances.",
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
    },
)
