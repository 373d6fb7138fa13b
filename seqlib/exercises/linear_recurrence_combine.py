"""The practice of chapter 16: two steps of a linear recurrence as one."""

from __future__ import annotations

from collections.abc import Callable
from operator import matmul
from typing import Any

import numpy as np

from seqlib.exercises.checker import Exercise

__all__ = ["combine_steps"]

_RNG = np.random.default_rng(1601)


def _case(*shape: int) -> tuple[np.ndarray, ...]:
    """Two steps, of arrays of any shape."""
    signs = _RNG.choice([-1, 1], (4, *shape))
    return tuple((_RNG.uniform(0.2, 1.9, (4, *shape)) * signs).round(2))


def _by_matrix(product: Callable[[Any, Any], Any]) -> tuple[Callable[..., Any], ...]:
    """The step with a product of matrices for one of entries: in both places, in the factor, in what is added."""
    return (
        lambda a, b, a2, b2: (product(a2, a), product(a2, b) + b2),
        lambda a, b, a2, b2: (product(a2, a), a2 * b + b2),
        lambda a, b, a2, b2: (a2 * a, product(a2, b) + b2),
    )


combine_steps = Exercise(
    "combine_steps",
    lambda a, b, a2, b2: (a2 * a, a2 * b + b2),
    [(0.5, 2.0, -1.5, 4.0), _case(3), _case(2, 4), _case(2, 3, 2)],
    wrong={
        "other way round": (
            lambda a, b, a2, b2: (a2 * a, a * b2 + b),
            "You took the second step first. (a, b) comes first, and the second step multiplies all that it made.",
        ),
        "b not multiplied": (
            lambda a, b, a2, b2: (a2 * a, b + b2),
            "The first b is only added. It is part of the state when the second step comes, and is multiplied by a2.",
        ),
        "own factors": (
            lambda a, b, a2, b2: (a2 * a, a * b + b2),
            "You multiplied b by its own a. What meets b is the factor of the step after it.",
        ),
        "both factors": (
            lambda a, b, a2, b2: (a2 * a, a2 * a * b + b2),
            "You multiplied b by both factors. It enters after the first of them: only a2 multiplies it.",
        ),
        "everything multiplied": (
            lambda a, b, a2, b2: (a2 * a, a2 * (b + b2)),
            "You multiplied b2 by a2, too. A step multiplies the state before it, and then adds its b.",
        ),
        "second b left out": (
            lambda a, b, a2, b2: (a2 * a, a2 * b),
            "b2 is missing: the second step adds it.",
        ),
        "first b left out": (
            lambda a, b, a2, b2: (a2 * a, b2 + 0 * b),
            "b is missing: the first step adds it, and the second multiplies it.",
        ),
        "b's multiplied": (
            lambda a, b, a2, b2: (a2 * a, b * b2),
            "You multiplied both b. Put a h + b in place of h into a2 h + b2, and multiply out.",
        ),
        "factors added": (
            lambda a, b, a2, b2: (a + a2, a2 * b + b2),
            "You added the factors. Put a h + b in place of h into a2 h + b2: h is multiplied by a, and then by a2.",
        ),
        "product of matrices": (
            tuple(made for product in (matmul, np.matmul, np.dot) for made in _by_matrix(product)),
            "Each entry of the state has a step of its own: multiply entry by entry, with *, and not with @ or np.dot.",
        ),
        "second factor alone": (
            (lambda a, b, a2, b2: (a2, a2 * b + b2), lambda a, b, a2, b2: (a, a2 * b + b2)),
            "One of the factors is missing: h is multiplied by a, and then by a2.",
        ),
        "second alone": (
            lambda a, b, a2, b2: (a2, b2),
            "That is the second step alone. What the first has done to h is lost.",
        ),
        "b alone": (
            lambda a, b, a2, b2: a2 * b + b2,
            "That is what is added. Return what h is multiplied by before it: two things.",
        ),
        "turned": (
            lambda a, b, a2, b2: (a2 * b + b2, a2 * a),
            "Return first what multiplies h, and then what is added.",
        ),
    },
    prompt="Return two things of the shape of a, and run the cell again.",
)
