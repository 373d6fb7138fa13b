"""The practice of chapter 16: all states of a linear recurrence, from a state that is not 0."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from seqlib.exercises.checker import Exercise

__all__ = ["scan_states"]

_RNG = np.random.default_rng(1603)
Array = np.ndarray


def _case(B: int, T: int, H: int, zeros: bool = False) -> tuple[Array, ...]:
    """Steps with factors of both signs, and a start; `zeros` makes one factor of the second step 0."""
    a = (_RNG.uniform(0.3, 1.2, (B, T, H)) * _RNG.choice([-1, 1], (B, T, H))).round(2)
    a[:, :1] = -abs(a[:, :1])
    if zeros:
        a[0, 1, 0] = 0
    b, h0 = _RNG.normal(size=(B, T, H)), _RNG.uniform(0.5, 2, (B, H))
    return a, b.round(2), h0.round(2)


def _loop(a: Array, b: Array, h: Array, order: slice = slice(None)) -> Array:
    hs = np.empty(b.shape)
    for t in range(b.shape[1])[order]:
        hs[:, t] = h = a[:, t] * h + b[:, t]
    return hs


def _started(a: Array, b: Array, h0: Array) -> Array:
    """b with the start in the first of them."""
    b = b.copy()
    b[:, :1] += a[:, :1] * h0[:, None]
    return b


def _doubling(
    *,
    put: Callable[[Array, Array, Array, Array], Array] = lambda a, b, a2, b2: a2 * b + b2,
    multiply: bool = True,
    first: bool = False,
    rounds: Callable[[int], int] = lambda T: (T - 1).bit_length(),
    distance: Callable[[int], int] = lambda k: 2**k,
) -> Callable[..., Array]:
    """The scan in rounds, with one thing different."""

    def answer(a: Array, b: Array, h0: Array) -> Array:
        a, b = a.copy(), _started(a, b, h0)
        for d in map(distance, range(rounds(b.shape[1]))):
            new = a.copy()
            new[:, d:] = a[:, d:] * a[:, :-d] if multiply else a[:, d:]
            if first:
                a = new
            b_new = b.copy()
            b_new[:, d:] = put(a[:, :-d], b[:, :-d], a[:, d:], b[:, d:])
            a, b = new, b_new
        return b

    return answer


def _divided(a: Array, b: Array, h0: Array) -> Array:
    """By products of all factors so far, which may be 0."""
    products = np.cumprod(a, 1)
    made: Array = products * (h0[:, None] + np.cumsum(b / products, 1))
    return made


def _logarithms(a: Array, b: Array, h0: Array) -> Array:
    """The same with the products as sums of logarithms, which negative factors do not have."""
    sums = np.cumsum(np.log(a), 1)
    made: Array = np.exp(sums) * (h0[:, None] + np.cumsum(b * np.exp(-sums), 1))
    return made


def _late(a: Array, b: Array, h0: Array) -> Array:
    """With the factor of the step before, and none at first."""
    return _loop(np.concatenate([np.ones_like(a[:, :1]), a[:, :-1]], 1), b, h0)


def _from_zero(a: Array, b: Array, h0: Array) -> Array:
    return _loop(a, b, 0 * h0)


def _all(a: Array, b: Array, h0: Array) -> Array:
    return np.concatenate([h0[:, None], _loop(a, b, h0)], 1)


def _inside(a: Array, b: Array, h0: Array) -> Array:
    """h' = a (h + b)."""
    return _loop(a, a * b, h0)


def _over_batch(a: Array, b: Array, h0: Array) -> Array:
    """Along the first axis, from the start of the first sequence."""
    h, hs = h0[0], np.empty(b.shape)
    for i in range(len(b)):
        for t in range(b.shape[1]):
            hs[i, t] = h = a[i, t] * h + b[i, t]
    return hs


scan_states = Exercise(
    "scan_states",
    _loop,
    [_case(2, 5, 3), _case(1, 1, 2), _case(3, 7, 2, True), _case(2, 8, 1)],
    wrong={
        "no start": (
            (_from_zero, lambda a, b, h0: _doubling()(a, b, 0 * h0)),
            "Your states begin at 0. They begin at h0: the first state is a_1 h0 + b_1.",
        ),
        "start not multiplied": (
            lambda a, b, h0: _loop(a, b, np.divide(h0, a[:, 0])),
            "You added h0 to the first b as it is. The first step multiplies it by a_1.",
        ),
        "start added everywhere": (
            (
                lambda a, b, h0: _from_zero(a, b, h0) + h0[:, None],
                lambda a, b, h0: _from_zero(a, b, h0) + a * h0[:, None],
            ),
            "You added the start to every state alike. It fades: at t it is multiplied by a_1 … a_t.",
        ),
        "start in every b": (
            lambda a, b, h0: _from_zero(a, b + a * h0[:, None], h0),
            "You put h0 into every step. It enters once, at the first.",
        ),
        "each step alone": (
            lambda a, b, h0: a * h0[:, None] + b,
            "Each step of yours begins at h0. It begins at the state of the step before.",
        ),
        "factor of the step before": (
            _late,
            "Your factors are one step off: the state h_(t−1) is multiplied by a_t.",
        ),
        "inside the product": (
            _inside,
            "You multiplied b by its own factor: h is multiplied first, and then b is added.",
        ),
        "sum": (
            (lambda a, b, h0: h0[:, None] + np.cumsum(b, 1), lambda a, b, h0: _loop(1 + 0 * a, b, a[:, 0] * h0)),
            "Your states are sums. What was before is multiplied by a_t at each step.",
        ),
        "factors multiplied first": (
            _doubling(first=True),
            "In a round you made the new a before the new b. The b's need the factors as they were: make b first, or "
            "keep the old a.",
        ),
        "factors kept": (
            _doubling(multiply=False),
            "The factors stay as they were. A step that is two steps has the product of both factors.",
        ),
        "a round too few": (
            _doubling(rounds=lambda T: T.bit_length() - 1),
            "A round is missing: where T is no power of 2, log₂ T is rounded up.",
        ),
        "neighbours in each round": (
            _doubling(distance=lambda k: 1),
            "Each of your rounds reaches one step back. After a round each entry stands for twice as many steps, so "
            "the distance doubles.",
        ),
        "distance grows by one": (
            _doubling(distance=lambda k: k + 1),
            "Your distances are 1, 2, 3, …. They are 1, 2, 4, …: each is as many steps as an entry stands for.",
        ),
        "other way round": (
            _doubling(put=lambda a, b, a2, b2: a * b2 + b),
            "You combined a step with the one before it as if it came first. The earlier b is multiplied by the "
            "factor of the later step.",
        ),
        "divided": (
            _divided,
            "You divide by the product of all factors so far. Where a factor is 0, that is 0/0: a step may forget "
            "everything. Do not divide.",
        ),
        "logarithms": (
            _logarithms,
            "You took logarithms of the factors. Here they may be negative or 0, and have none.",
        ),
        "states before": (
            lambda a, b, h0: _all(a, b, h0)[:, :-1],
            "Those are the states before each step. Return those after it: h_1 … h_T.",
        ),
        "start among them": (
            _all,
            "h0 is among your states. Return h_1 … h_T: T of them.",
        ),
        "last alone": (
            lambda a, b, h0: _loop(a, b, h0)[:, -1],
            "That is the last state. All of them are asked for.",
        ),
        "backwards": (
            lambda a, b, h0: _loop(a, b, h0, slice(None, None, -1)),
            "You go from the last step to the first. The states go on from the first.",
        ),
        "one sequence": (
            _over_batch,
            "You go on from one sequence to the next. Each begins at its own h0.",
        ),
    },
    prompt="Return an array of shape (B, T, H) and run the cell again.",
)
