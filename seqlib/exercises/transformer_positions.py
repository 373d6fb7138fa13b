"""The practice of chapter 13: sinusoids for positions, and queries and keys that turn with theirs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from seqlib.exercises.checker import Exercise

__all__ = ["rotate", "sinusoids"]

_RNG = np.random.default_rng(2104)
Array = np.ndarray


def _omega(D: int) -> Array:
    """How far each pair turns per position: (D / 2,)."""
    return 10_000.0 ** (-np.arange(0, D, 2) / D)


def _laid(even: Array, odd: Array) -> Array:
    """Two arrays (…, D / 2) as the even and the odd features of one (…, D)."""
    return np.stack([even, odd], -1).reshape(*even.shape[:-1], -1)


def _waves(T: int, omega: Array) -> Array:
    angles = np.arange(T)[:, None] * omega
    return _laid(np.sin(angles), np.cos(angles))


def _sinusoids(T: int, D: int) -> Array:
    return _waves(T, _omega(D))


def _with(omega: Callable[[int], Array]) -> Callable[[int, int], Array]:
    """Other frequencies of the pairs."""
    return lambda T, D: _waves(T, omega(D))


def _feature_by_feature(omega: Callable[[int], Array]) -> Callable[[int, int], Array]:
    """A frequency for each feature (D,)."""

    def waves(T: int, D: int) -> Array:
        angles = np.arange(T)[:, None] * omega(D)
        return np.where(np.arange(D) % 2, np.cos(angles), np.sin(angles))

    return waves


_OTHER: dict[str, tuple[tuple[Callable[[int], Array], ...], str]] = {
    "exponent not doubled": (
        (lambda D: 10_000.0 ** (-np.arange(D // 2) / D),),
        "The exponent of pair i is −2i / D. Yours is −i / D, so that the slowest pair is 100 times too fast.",
    ),
    "exponent turned over": (
        (lambda D: 10_000.0 ** (np.arange(0, D, 2) / D),),
        "The sign of the exponent is wrong: pairs get slower and slower, not faster.",
    ),
    "one frequency": (
        (lambda D: np.ones(D // 2), lambda D: np.full(D // 2, 1 / 10_000)),
        "All your pairs turn at the same rate. Pair i has ω_i = 10000^(−2i / D).",
    ),
    "e for 10000": (
        (lambda D: np.exp(-np.arange(0, D, 2) / D),),
        "You took exp(−2i / D). The base is 10000: multiply the exponent by its logarithm.",
    ),
    "other spacing": (
        (
            lambda D: 10_000.0 ** (-np.arange(D // 2) / max(D // 2 - 1, 1)),
            lambda D: 10_000.0 ** (-np.arange(1, D // 2 + 1) / (D // 2)),
        ),
        "Your frequencies are spaced otherwise. Here i goes from 0 to D/2 − 1, and the exponent is −2i / D.",
    ),
    "product for a power": (
        (
            lambda D: 1 / (10_000.0 * np.arange(0, D, 2) / D),
            lambda D: 1 / (10_000.0 * (1 + np.arange(0, D, 2) / D)),
            lambda D: 10_000.0 * -np.arange(0, D, 2) / D,
        ),
        "You multiplied 10000 by the exponent. It is a power: **, not *.",
    ),
    "turns for radians": (
        (lambda D: 2 * np.pi * _omega(D), lambda D: np.deg2rad(_omega(D)), lambda D: np.pi * _omega(D)),
        "There is no π here: the first pair turns by 1 radian per position.",
    ),
}


def _per_feature() -> tuple[Callable[[int], Array], ...]:
    """Frequencies of single features (D,), where a pair shares one."""
    return lambda D: 10_000.0 ** (-np.arange(D) / D), lambda D: 10_000.0 ** (-2 * np.arange(D) / D)


sinusoids = Exercise(
    "sinusoids",
    _sinusoids,
    [(5, 6), (4, 4), (7, 10), (6, 8)],
    wrong={
        **{id: (tuple(map(_with, made)), why) for id, (made, why) in _OTHER.items()},
        "a frequency for each feature": (
            tuple(map(_feature_by_feature, _per_feature())),
            "Sine and cosine of a pair share a frequency. Yours has another one for each feature: i counts pairs.",
        ),
        "halves": (
            lambda T, D: np.concatenate([_sinusoids(T, D)[:, 0::2], _sinusoids(T, D)[:, 1::2]], 1),
            "You put all sines before all cosines. They alternate: feature 2i is a sine, 2i + 1 the cosine.",
        ),
        "cosines first": (
            lambda T, D: _laid(_sinusoids(T, D)[:, 1::2], _sinusoids(T, D)[:, 0::2]),
            "Sine and cosine are swapped: the even features are sines.",
        ),
        "from 1": (
            lambda T, D: _sinusoids(T + 1, D)[1:],
            "You count positions from 1. They are 0 … T − 1.",
        ),
        "one more": (lambda T, D: _sinusoids(T + 1, D), "That is one position too many: 0 … T − 1."),
        "transposed": (lambda T, D: _sinusoids(T, D).T, "Yours is (D, T). A row belongs to a position: (T, D)."),
        "sines alone": (
            (
                lambda T, D: np.sin(np.arange(T)[:, None] * np.repeat(_omega(D), 2)),
                lambda T, D: np.cos(np.arange(T)[:, None] * np.repeat(_omega(D), 2)),
                lambda T, D: _sinusoids(T, D)[:, 0::2],
                lambda T, D: np.sin(np.arange(T)[:, None] * _per_feature()[0](D)),
            ),
            "Each pair needs both a sine and a cosine: with one alone, two positions can look the same.",
        ),
        "divided by T": (
            (
                lambda T, D: _laid(*(f(np.arange(T)[:, None] / T * _omega(D)) for f in (np.sin, np.cos))),
                lambda T, D: _laid(*(f(np.arange(T)[:, None] / max(T - 1, 1) * _omega(D)) for f in (np.sin, np.cos))),
            ),
            "You divided the positions by their number. Then a position means something else in each length.",
        ),
        "angles": (
            (
                lambda T, D: np.arange(T)[:, None] * _omega(D),
                lambda T, D: np.arange(T)[:, None] * np.repeat(_omega(D), 2),
            ),
            "Those are the angles t ω_i. Take their sines and cosines.",
        ),
    },
    prompt="Return an array of shape (T, D) and run the cell again.",
)


def _case(B: int, T: int, D: int, positions: list[int]) -> tuple[Array, Array]:
    return _RNG.uniform(-2, 2, (B, T, D)).round(2), np.array(positions)


def _rotated(x: Array, positions: Array, *, omega: Callable[[int], Array] = _omega, sign: int = 1) -> Array:
    angles = sign * positions[:, None] * omega(x.shape[-1])
    u, v, cos, sin = x[..., 0::2], x[..., 1::2], np.cos(angles), np.sin(angles)
    return _laid(u * cos - v * sin, u * sin + v * cos)


def _pairs(formula: Callable[..., tuple[Any, Any]]) -> Callable[[Array, Array], Array]:
    """Another pair, made of (u, v, cos, sin)."""

    def answer(x: Array, positions: Array) -> Array:
        angles = positions[:, None] * _omega(x.shape[-1])
        return _laid(*formula(x[..., 0::2], x[..., 1::2], np.cos(angles), np.sin(angles)))

    return answer


def _in_halves(x: Array, positions: Array, sign: int = 1) -> Array:
    angles = sign * positions[:, None] * _omega(x.shape[-1])
    u, v = np.split(x, 2, -1)
    return np.concatenate([u * np.cos(angles) - v * np.sin(angles), u * np.sin(angles) + v * np.cos(angles)], -1)


def _along_the_batch(x: Array, positions: Array) -> Array:
    """Angles (T, 1, D / 2): stops with a ValueError unless B is T or 1."""
    angles = positions[:, None, None] * _omega(x.shape[-1])
    u, v, cos, sin = x[..., 0::2], x[..., 1::2], np.cos(angles), np.sin(angles)
    return _laid(u * cos - v * sin, u * sin + v * cos)


def _every_feature(omega: Callable[[int], Array]) -> Callable[[Array, Array], Array]:
    """A frequency for each feature, cos and sin of which meet x and its pairs turned by a quarter."""

    def answer(x: Array, positions: Array) -> Array:
        angles = positions[:, None] * omega(x.shape[-1])
        return x * np.cos(angles) + _laid(-x[..., 1::2], x[..., 0::2]) * np.sin(angles)

    return answer


rotate = Exercise(
    "rotate",
    _rotated,
    [
        _case(2, 4, 6, [0, 1, 2, 3]),
        _case(3, 3, 4, [5, 2, 9]),  # as many sequences as positions, which are in no order
        _case(2, 5, 8, [3, 4, 5, 6, 7]),
    ],
    wrong={
        "other way": (
            lambda x, positions: _rotated(x, positions, sign=-1),
            "Your pairs turn the other way. u becomes u cos − v sin, v becomes u sin + v cos.",
        ),
        "halves": (
            (_in_halves, lambda x, positions: _in_halves(x, positions, -1)),
            "You paired feature i with i + D/2, as Llama does. Here a pair is 2i and 2i + 1, side by side.",
        ),
        "laid in halves": (
            lambda x, positions: np.concatenate(
                [_rotated(x, positions)[..., 0::2], _rotated(x, positions)[..., 1::2]], -1
            ),
            "You turned the right pairs, but put all first members before all second ones. Put each back where it was.",
        ),
        "a reflection": (
            (
                _pairs(lambda u, v, cos, sin: (u * cos + v * sin, u * sin - v * cos)),
                _pairs(lambda u, v, cos, sin: (u * cos - v * sin, -u * sin - v * cos)),
                _pairs(lambda u, v, cos, sin: (u * cos - v * sin, u * sin - v * cos)),
                _pairs(lambda u, v, cos, sin: (u * cos + v * sin, u * sin + v * cos)),
            ),
            "Exactly one sine has a minus, and no cosine has: anything else is no rotation.",
        ),
        "turned already": (
            _pairs(lambda u, v, cos, sin: (u * cos - v * sin, (u * cos - v * sin) * sin + v * cos)),
            "The second line uses the u that the first has turned already. Keep the old one.",
        ),
        "sine and cosine swapped": (
            _pairs(lambda u, v, cos, sin: (u * sin - v * cos, u * cos + v * sin)),
            "Sine and cosine are swapped: at position 0 nothing turns.",
        ),
        "pair swapped": (
            _pairs(lambda u, v, cos, sin: (u * sin + v * cos, u * cos - v * sin)),
            "The two members of each pair are swapped in what you return.",
        ),
        "cosine alone": (
            (
                _pairs(lambda u, v, cos, sin: (u * cos, v * cos)),
                _pairs(lambda u, v, cos, sin: (u * cos, v * sin)),
            ),
            "Each new member is made of both old ones.",
        ),
        "positions not used": (
            (
                lambda x, positions: _rotated(x, np.arange(x.shape[1])),
                lambda x, positions: _rotated(x, np.arange(1, x.shape[1] + 1)),
            ),
            "You counted positions yourself. They are given: `positions` begins anywhere.",
        ),
        "from 1": (lambda x, positions: _rotated(x, positions + 1), "You added 1 to the positions."),
        "along the batch": (
            _along_the_batch,
            "Your angles lie along the sequences. They belong to the positions, the last axis but one.",
        ),
        "added": (
            (
                _pairs(lambda u, v, cos, sin: (u + sin, v + cos)),
                _pairs(lambda u, v, cos, sin: (u + cos, v + sin)),
            ),
            "You added sinusoids, as in 2017. Here nothing is added: pairs are turned.",
        ),
        "not turned": (lambda x, positions: x, "That is x as it was given."),
        "a frequency for each feature": (
            tuple(map(_every_feature, _per_feature())),
            "The two members of a pair turn by the same angle. i counts pairs, from 0 to D/2 − 1.",
        ),
        **{
            id: (tuple(lambda x, positions, omega=omega: _rotated(x, positions, omega=omega) for omega in made), why)
            for id, (made, why) in _OTHER.items()
        },
    },
    prompt="Return an array of shape (B, T, D) and run the cell again.",
)
