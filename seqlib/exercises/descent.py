"""The practice of chapter 2 on going downhill, a gradient and an optimiser: right answers, and the usual wrong ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from seqlib.exercises.checker import Exercise
from seqlib.reference import losses, optim

__all__ = ["adam_travel", "cross_entropy_gradient"]

_RNG = np.random.default_rng(22)


def _logits(N: int, V: int) -> tuple[np.ndarray, np.ndarray]:
    return _RNG.normal(size=(N, V)), _RNG.integers(0, V, N)


def _softmax(z: np.ndarray) -> np.ndarray:
    return np.exp(losses.log_softmax(z))


def _softmax_by_hand(z: np.ndarray, *, axis: int | None = 1, keepdims: bool = True, stable: bool = False) -> np.ndarray:
    e = np.exp(z - z.max(axis=1, keepdims=True) if stable else z)
    return np.asarray(e / e.sum(axis=axis, keepdims=keepdims))


def _gradient(z: np.ndarray, k: np.ndarray, p: np.ndarray | None = None) -> np.ndarray:
    return ((_softmax(z) if p is None else p) - np.eye(z.shape[1])[k]) / len(k)


def _minus_one_at(p: np.ndarray, place: Any) -> np.ndarray:
    p[place] -= 1
    return p / len(p)


def _stable_or_not(f: Callable[..., Any]) -> tuple[Callable[..., Any], ...]:
    """A mistake in what is done with the probabilities p, with a softmax that overflows and one that does not."""
    return (lambda z, k: f(z, k, _softmax(z)), lambda z, k: f(z, k, _softmax_by_hand(z)))


cross_entropy_gradient = Exercise(
    "cross_entropy_gradient",
    lambda z, k: losses.cross_entropy_backward(losses.cross_entropy(z, k)[1]),
    [
        _logits(4, 3),
        _logits(3, 3),
        _logits(2, 5),
        (np.array([[1000.0, 1001.0, 999.0], [0.0, 1.0, 2.5]]), np.array([0, 2])),
    ],
    wrong={
        "overflow": (
            lambda z, k: _gradient(z, k, _softmax_by_hand(z)),
            "The exponential of 1000 is infinite for a computer, and ∞/∞ is NaN. Subtract the largest score of each "
            "row before the exponential: the softmax stays the same.",
        ),
        "wrong axis": (
            (
                lambda z, k: _gradient(z, k, _softmax_by_hand(z, axis=0)),
                lambda z, k: _gradient(z, k, _softmax_by_hand(z, axis=0, stable=True)),
                lambda z, k: _gradient(z, k, np.exp(losses.log_softmax(z.T)).T),
                lambda z, k: _gradient(z, k, _softmax_by_hand(z, axis=None)),
                lambda z, k: _gradient(z, k, np.exp(z - z.max()) / np.exp(z - z.max()).sum()),
            ),
            "The softmax is of each row: its sum is over the V symbols, axis=1, with keepdims=True.",
        ),
        "no keepdims": (
            (
                lambda z, k: _gradient(z, k, _softmax_by_hand(z, keepdims=False)),
                lambda z, k: _gradient(z, k, _softmax_by_hand(z, keepdims=False, stable=True)),
            ),
            "The sums of the rows have shape (N,): they divide columns, or fit nothing. Keep the axis: keepdims=True.",
        ),
        "whole columns": (
            (
                *_stable_or_not(lambda z, k, p: _minus_one_at(p, np.s_[:, k])),
                *_stable_or_not(lambda z, k, p: _minus_one_at(p, k)),
            ),
            "You subtracted 1 in whole rows or columns. Take one entry a row: p[np.arange(N), targets].",
        ),
        "sign": (
            _stable_or_not(lambda z, k, p: -_gradient(z, k, p)),
            "The sign is the other way round: probability minus truth. The loss falls when the true score rises.",
        ),
        "sum": (
            _stable_or_not(lambda z, k, p: _gradient(z, k, p) * len(k)),
            "That is the gradient of the sum. The loss is the mean over the N positions, so divide by N.",
        ),
        "no one-hot": (
            _stable_or_not(lambda z, k, p: p / len(k)),
            "The target does not occur: subtract 1 at the true symbol of each row.",
        ),
        "over all entries": (
            _stable_or_not(lambda z, k, p: _gradient(z, k, p) * len(k) / z.size),
            "You divided by the number of entries N · V. The mean is over the N positions.",
        ),
        "loss": (
            _stable_or_not(lambda z, k, p: -np.log(p[np.arange(len(k)), k]).mean()),
            "That is the loss. Its gradient has one number for each logit.",
        ),
        "logits for probabilities": (
            lambda z, k: _gradient(z, k, z),
            "You subtracted the truth from the scores. Take the softmax of the scores first.",
        ),
        "derivative of p": (
            lambda z, k: -np.eye(z.shape[1])[k] / _softmax(z) / len(k),
            "That is the derivative with respect to the probability, -1/p. Go on, through the softmax to the logits.",
        ),
    },
)


def _travel(gradients: np.ndarray, lr: float, *, b1: float = 0.9, b2: float = 0.999) -> np.ndarray:
    theta, state = np.zeros(gradients.shape[1]), None
    for g in gradients:
        theta, state = optim.adam(theta, g, state, lr=lr, betas=(b1, b2))
    return theta


def _adam(
    gradients: np.ndarray,
    lr: float,
    *,
    m_from: int | None = 1,
    u_from: int | None = 1,
    new: tuple[float, float] = (0.1, 0.001),
    below: Callable[[np.ndarray], np.ndarray] = lambda u: np.sqrt(u) + 1e-8,
) -> np.ndarray:
    """Adam written out: the first t of the corrections (None: none), the weights of the new, the denominator."""
    m, u, moved = np.zeros((3, gradients.shape[1]))
    for t, g in enumerate(gradients):
        m, u = 0.9 * m + new[0] * g, 0.999 * u + new[1] * g**2
        m_hat = m if m_from is None else m / (1 - 0.9 ** (t + m_from))
        u_hat = u if u_from is None else u / (1 - 0.999 ** (t + u_from))
        moved = moved - lr * m_hat / below(u_hat)
    return moved


_SMALL = _RNG.normal(size=(4, 3)) * [1.0, 1e-4, 1e-8]  # where ε counts, and where it stands

adam_travel = Exercise(
    "adam_travel",
    _travel,
    [(_RNG.normal(size=(5, 3)), 0.1), (_SMALL, 0.01), (_RNG.normal(size=(12, 2)), 1e-3)],
    wrong={
        "t from 0": (
            lambda g, lr: _adam(g, lr, m_from=0, u_from=0),
            "Your first t is 0, so the corrections divide by 1 - 0.9⁰ = 0. The first step is t = 1.",
        ),
        "t from 2": (
            lambda g, lr: _adam(g, lr, m_from=2, u_from=2),
            "Your first t is 2: it is raised before the first step, and once more. The first step is t = 1.",
        ),
        "no epsilon": (
            lambda g, lr: _adam(g, lr, below=np.sqrt),
            "ε is missing. It keeps the step small where the gradient is tiny, and finite where it is 0.",
        ),
        "epsilon in the root": (
            lambda g, lr: _adam(g, lr, below=lambda u: np.sqrt(u + 1e-8)),
            "ε stands inside the root. It is added to the root.",
        ),
        "no correction": (
            lambda g, lr: _adam(g, lr, m_from=None, u_from=None),
            "The bias correction is missing: divide m by 1 - 0.9ᵗ and u by 1 - 0.999ᵗ.",
        ),
        "one correction": (
            lambda g, lr: _adam(g, lr, u_from=None),
            "Only m is corrected. The mean of the squares starts at 0 too: divide u by 1 - 0.999ᵗ.",
        ),
        "other correction": (
            lambda g, lr: _adam(g, lr, m_from=None),
            "Only u is corrected. The mean of the gradients starts at 0 too: divide m by 1 - 0.9ᵗ.",
        ),
        "no mean": (
            lambda g, lr: _adam(g, lr, new=(1.0, 1.0)),
            "m and u are means: the new gradient counts 1 - β, not 1.",
        ),
        "no root": (
            lambda g, lr: _adam(g, lr, below=lambda u: u + 1e-8),
            "The square root of u is missing in the denominator.",
        ),
        "uphill": (lambda g, lr: -_travel(g, lr), "You went uphill: the step is subtracted."),
        "betas exchanged": (
            lambda g, lr: _travel(g, lr, b1=0.999, b2=0.9),
            "The two betas are exchanged: 0.9 is for the gradient, 0.999 for its square.",
        ),
        "path": (
            (
                lambda g, lr: np.array([_travel(g[:t], lr) for t in range(1, len(g) + 1)]),
                lambda g, lr: np.array([_travel(g[:t], lr) for t in range(len(g) + 1)]),
            ),
            "Those are all the places on the way. The last one is asked for.",
        ),
        "length": (
            lambda g, lr: np.linalg.norm(_travel(g, lr)),
            "That is the length of the way. θ_t - θ_0 has one number for each parameter.",
        ),
        "last step": (
            lambda g, lr: _travel(g, lr) - _travel(g[:-1], lr),
            "That is the last step alone. Add up all steps.",
        ),
        "sgd": (lambda g, lr: -lr * g.sum(0), "That is plain gradient descent. Adam divides by the root of u."),
    },
)
