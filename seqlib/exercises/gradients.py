"""The practice of chapter 4, vanishing and exploding gradients: right answers, and the usual wrong ones."""

from __future__ import annotations

from typing import Any

import numpy as np

from seqlib.exercises.checker import Exercise
from seqlib.exercises.powers import horizon, peak, spectral_radius
from seqlib.reference import optim, rnn

__all__ = ["clip_together", "gradient_bound", "horizon", "peak", "step_jacobian"]

_RNG = np.random.default_rng(4)


def _states(T: int, H: int) -> np.ndarray:
    return np.tanh(_RNG.normal(size=(T, H)))


def _jacobian(W_hh: np.ndarray, h_next: np.ndarray) -> np.ndarray:
    params = rnn.Params(np.zeros((len(W_hh), 1)), W_hh, np.zeros(len(W_hh)))
    return rnn.jacobian(params, h_next[None])[0]


step_jacobian = Exercise(
    "step_jacobian",
    _jacobian,
    [
        (np.array([[0.5, 2.0], [-1.0, 0.25]]), np.array([0.3, -0.6])),
        (_RNG.normal(size=(3, 3)), _states(1, 3)[0]),
        (np.array([[0.9]]), np.array([0.8])),
    ],
    wrong={
        "columns": (
            lambda W, h: W * (1 - h**2),
            "You scaled the columns of W_hh. The slope belongs to the unit that is computed, h_next[i], "
            "and that unit is row i: (1 - h_next²)[:, None] * W_hh.",
        ),
        "transposed": (
            lambda W, h: ((1 - h**2)[:, None] * W).T,
            "That is the transpose. Entry [i, j] is the effect on the new unit i of the old unit j; "
            "the transpose is what the backward pass multiplies by.",
        ),
        "no slope": (lambda W, h: W, "The slope tanh' is missing. W_hh alone is the Jacobian of a linear network."),
        "tanh twice": (
            lambda W, h: (1 - np.tanh(h) ** 2)[:, None] * W,
            "You took the tanh twice. h_next is already tanh(a), so the slope at a is 1 - h_next².",
        ),
        "product of matrices": (
            lambda W, h: np.outer(1 - h**2, np.ones(len(h))) @ W,
            "You multiplied by a full matrix of slopes. The slopes stand on a diagonal: each scales its own row.",
        ),
        "no square": (
            lambda W, h: (1 - h)[:, None] * W,
            "The slope of tanh at a is 1 - tanh(a)², with a square; yours is 1 - tanh(a).",
        ),
        "W transposed": (
            lambda W, h: (1 - h**2)[:, None] * W.T,
            "You transposed W_hh alone. Entry [i, j] is a slope of unit i times W_hh[i, j]; "
            "the transpose comes in the backward pass, and of the whole Jacobian.",
        ),
        "diagonal only": (
            lambda W, h: np.diag(1 - h**2) * W,
            "* multiplies entry by entry and leaves the diagonal alone. The product of matrices is @.",
        ),
        "vector": (
            (lambda W, h: W @ (1 - h**2), lambda W, h: (1 - h**2) @ W),
            "That is a vector. The Jacobian has a row for each new unit and a column for each old one: "
            "scale the rows of W_hh, and add nothing up.",
        ),
    },
    prompt="Return the H × H matrix ∂h_next/∂h and run the cell again.",
)


def _bound(W_hh: np.ndarray, hs: np.ndarray) -> float:
    return float(np.prod(np.linalg.norm(W_hh, 2) * (1 - hs**2).max(axis=1)))


def _product(W_hh: np.ndarray, hs: np.ndarray) -> np.ndarray:
    product = np.eye(len(W_hh))
    for h in hs:
        product = _jacobian(W_hh, h) @ product
    return product


gradient_bound = Exercise(
    "gradient_bound",
    _bound,
    [
        (np.array([[0.9, 5.0], [0.0, 0.9]]), np.array([[0.0, 0.5], [0.8, 0.6], [0.9, 0.3]])),
        (_RNG.normal(size=(4, 4)), _states(5, 4)),
        (np.array([[1.1]]), np.array([[0.2], [0.4]])),
    ],
    wrong={
        "eigenvalue": (
            lambda W, hs: np.prod(spectral_radius(W) * (1 - hs**2).max(axis=1)),
            "You used the largest |eigenvalue|. That bounds nothing unless W_hh is normal: "
            "the length of W v is bounded by the largest singular value.",
        ),
        "mean slope": (
            lambda W, hs: np.prod(np.linalg.norm(W, 2) * (1 - hs**2).mean(axis=1)),
            "You took the mean slope of each step. The gradient may run through the steepest unit, "
            "so a bound needs the largest slope.",
        ),
        "Frobenius": (
            lambda W, hs: np.prod(np.linalg.norm(W) * (1 - hs**2).max(axis=1)),
            "np.linalg.norm(W) is the Frobenius norm. It also bounds, but not tightly: "
            "the norm of a matrix as a map is np.linalg.norm(W, 2).",
        ),
        "one step short": (
            lambda W, hs: np.prod(np.linalg.norm(W, 2) * (1 - hs[:-1] ** 2).max(axis=1)),
            "One factor is missing: each state in hs is the result of one step, so there are len(hs) factors.",
        ),
        "sum": (
            lambda W, hs: np.sum(np.linalg.norm(W, 2) * (1 - hs**2).max(axis=1)),
            "You added the factors. The bound of a product is the product of the bounds.",
        ),
        "wrong axis": (
            lambda W, hs: np.prod(np.linalg.norm(W, 2) * (1 - hs**2).max(axis=0)),
            "That is the largest slope of each unit over time. Each step needs its own: "
            "the largest over the units, axis=1.",
        ),
        "smallest slope": (
            (
                lambda W, hs: np.prod(np.linalg.norm(W, 2) * (1 - hs**2).min(axis=1)),
                lambda W, hs: np.prod(np.linalg.norm(W, 2) * (1 - hs.max(axis=1) ** 2)),
            ),
            "A bound needs the largest slope of each step, and 1 - h² is largest where h is nearest to 0.",
        ),
        "the norm itself": (
            lambda W, hs: np.linalg.norm(_product(W, hs), 2),
            "That is the norm itself, of the product of all Jacobians. A bound of it is asked for, "
            "from the slopes and ‖W_hh‖.",
        ),
        "one slope": (
            lambda W, hs: (np.linalg.norm(W, 2) * (1 - hs**2).max()) ** len(hs),
            "You took the largest slope of all for every step. That bounds too, but each step has its own.",
        ),
        "norm once": (
            lambda W, hs: np.linalg.norm(W, 2) * np.prod((1 - hs**2).max(axis=1)),
            "‖W_hh‖ occurs once. The matrix acts at every step, so it is a factor of each.",
        ),
        "each Jacobian": (
            lambda W, hs: np.prod([np.linalg.norm((1 - h**2)[:, None] * W, 2) for h in hs]),
            "You took the norm of each whole Jacobian. That bound is true, and tighter still; "
            "here the slopes and W_hh are bounded apart.",
        ),
        "tanh twice": (
            lambda W, hs: np.prod(np.linalg.norm(W, 2) * (1 - np.tanh(hs) ** 2).max(axis=1)),
            "You took the tanh twice. hs holds tanh(a) already, so the slope is 1 - hs².",
        ),
        "no slopes": (
            lambda W, hs: np.linalg.norm(W, 2) ** len(hs),
            "That bound is true but leaves out the slopes tanh', which make it smaller.",
        ),
    },
    prompt="Return one number that ‖∂h_T/∂h_t‖ cannot exceed, and run the cell again.",
)


def _clip(grads: list[np.ndarray], max_norm: float) -> list[np.ndarray]:
    return list(optim.clip_by_norm(list(grads), max_norm)[0])


def _joint(grads: list[Any]) -> float:
    return float(np.sqrt(sum((g**2).sum() for g in grads)))


clip_together = Exercise(
    "clip_together",
    _clip,
    [
        ([np.array([3.0, 0.5]), np.array([[4.0]])], 1.5),
        ([np.array([0.3, -0.1]), np.array([[0.2]])], 0.9),
        ([np.array([0.7, -0.6]), np.array([[1.2, 0.4], [-0.5, 0.9]])], 1.7),
        ([np.array([-2.0, 1.0, 0.5]), np.array([[0.1, -0.2]])], 2.0),
    ],
    wrong={
        "each alone": (
            lambda grads, c: [g * min(1, c / np.linalg.norm(g)) for g in grads],
            "You clipped each array by its own norm, which turns the gradient. "
            "One norm over all arrays together, and one factor for all.",
        ),
        "by value": (
            lambda grads, c: [np.clip(g, -c, c) for g in grads],
            "That is clipping by value: entries are cut one by one, and the direction changes.",
        ),
        "always": (
            lambda grads, c: [g * (c / _joint(grads)) for g in grads],
            "You rescale short gradients too, and make them longer. The factor is min(1, max_norm / norm).",
        ),
        "largest entry": (
            lambda grads, c: [g * min(1, c / max(np.abs(a).max() for a in grads)) for g in grads],
            "You compared the largest entry with the limit. The norm is over all entries: √(sum of squares).",
        ),
        "sum of the norms": (
            lambda grads, c: [g * min(1, c / sum(np.linalg.norm(a) for a in grads)) for g in grads],
            "The norms of the arrays do not add up. Add the squares of all entries, then take the root.",
        ),
        "max for min": (
            lambda grads, c: [g * max(1, c / _joint(grads)) for g in grads],
            "You lengthen short gradients and leave long ones. The factor is min(1, max_norm / norm).",
        ),
        "to length 1": (
            lambda grads, c: [g / _joint(grads) if _joint(grads) > c else g for g in grads],
            "You made the length 1. It shall be max_norm: the factor is max_norm / norm.",
        ),
        "one vector": (
            lambda grads, c: np.concatenate([g.ravel() for g in _clip(grads, c)]),
            "The numbers are right, but you return them in one vector. Return a list of arrays of the shapes you got.",
        ),
        "spectral norm": (
            lambda grads, c: [g * min(1, c / _joint([np.linalg.norm(a, 2) for a in grads])) for g in grads],
            "np.linalg.norm(A, 2) of a matrix is how much it can stretch a vector. "
            "The norm of a gradient is over all its entries: √(sum of squares).",
        ),
        "norm returned too": (
            lambda grads, c: (_clip(grads, c), _joint(grads)),
            "You return a pair. Return the list of arrays alone.",
        ),
        "no root": (
            lambda grads, c: [g * min(1, c / _joint(grads) ** 2) for g in grads],
            "You divided by the squared norm: the square root is missing.",
        ),
    },
    prompt="Return the list of clipped arrays and run the cell again.",
)
