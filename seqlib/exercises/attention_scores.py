"""The practice of chapter 12: the additive score of every query with every key."""

from __future__ import annotations

from typing import Any

import numpy as np

from seqlib.exercises._softmax import softmax
from seqlib.exercises.checker import Exercise

__all__ = ["additive_scores"]

_RNG = np.random.default_rng(1409)
Case = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def _case(B: int, T: int, S: int, Dq: int, Dk: int, A: int) -> Case:
    shapes = ((B, T, Dq), (B, S, Dk), (A, Dq), (A, Dk), (A,))
    query, keys, W_a, U_a, v_a = (_RNG.uniform(-1.5, 1.5, shape).round(2) for shape in shapes)
    return query, keys, W_a, U_a, v_a


def _pairs(of_query: np.ndarray, of_key: np.ndarray) -> np.ndarray:
    """What goes into the tanh, for each pair: (B, T, S, A)."""
    return of_query[:, :, None] + of_key[:, None]


def _inside(q: np.ndarray, k: np.ndarray, W: np.ndarray, U: np.ndarray) -> np.ndarray:
    return _pairs(q @ W.T, k @ U.T)


def _right(q: np.ndarray, k: np.ndarray, W: np.ndarray, U: np.ndarray, v: np.ndarray) -> np.ndarray:
    return np.tanh(_inside(q, k, W, U)) @ v


def _sigmoid(a: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-a))


def _untransposed(first: bool, second: bool) -> Any:
    """W_a, U_a or both not transposed: stops with a ValueError, unless they are square."""
    return lambda q, k, W, U, v: np.tanh(_pairs(q @ (W if first else W.T), k @ (U if second else U.T))) @ v


additive_scores = Exercise(
    "additive_scores",
    _right,
    [
        _case(2, 3, 4, 2, 6, 5),
        _case(3, 2, 2, 3, 2, 4),  # as many queries as keys: pairs i = t do not stop
        _case(2, 3, 2, 3, 3, 3),  # square matrices
    ],
    wrong={
        "step by step": (
            (
                lambda q, k, W, U, v: np.tanh(q @ W.T + k @ U.T) @ v,
                lambda q, k, W, U, v: np.tanh(q @ W.T + (k @ U.T)[:, : q.shape[1]]) @ v,
                lambda q, k, W, U, v: np.diagonal(_right(q, k, W, U, v), axis1=1, axis2=2),
            ),
            "You paired query t with key i = t. Every query meets every key: give each an axis of size 1 for the "
            "places of the other, and add.",
        ),
        "tanh left out": (
            lambda q, k, W, U, v: _inside(q, k, W, U) @ v,
            "The tanh is missing. Without it the query adds the same to all scores of its row, and the softmax "
            "forgets it.",
        ),
        "tanh at the end": (
            (
                lambda q, k, W, U, v: np.tanh(_inside(q, k, W, U) @ v),
                lambda q, k, W, U, v: np.tanh(_right(q, k, W, U, v)),
            ),
            "The tanh comes before v_a, at each of the A units. The score itself is not squashed.",
        ),
        "tanh of each": (
            lambda q, k, W, U, v: _pairs(np.tanh(q @ W.T), np.tanh(k @ U.T)) @ v,
            "You took the tanh of the two parts apart. Add them first: the tanh of the sum is what mixes them.",
        ),
        "v inside": (
            lambda q, k, W, U, v: np.tanh(_inside(q, k, W, U) * v).sum(-1),
            "v_a is inside your tanh. It weights the units afterwards.",
        ),
        "v left out": (
            (
                lambda q, k, W, U, v: np.tanh(_inside(q, k, W, U)).sum(-1),
                lambda q, k, W, U, v: np.tanh(_inside(q, k, W, U)).mean(-1),
            ),
            "You left out v_a, which weights the units.",
        ),
        "hidden layer": (
            (
                lambda q, k, W, U, v: np.tanh(_inside(q, k, W, U)),
                lambda q, k, W, U, v: np.tanh(_inside(q, k, W, U)) * v,
            ),
            "Yours still has the axis of the A units. The score is their sum, weighted by v_a.",
        ),
        "mean over units": (
            (
                lambda q, k, W, U, v: _right(q, k, W, U, v) / len(v),
                lambda q, k, W, U, v: _right(q, k, W, U, v) / np.sqrt(len(v)),
            ),
            "You divided by the number of units, or its root. The score is the plain sum.",
        ),
        "multiplied": (
            (
                lambda q, k, W, U, v: np.tanh((q @ W.T)[:, :, None] * (k @ U.T)[:, None]) @ v,
                lambda q, k, W, U, v: (q @ W.T) @ (k @ U.T).swapaxes(1, 2),
                lambda q, k, W, U, v: np.tanh(q @ W.T) @ np.tanh(k @ U.T).swapaxes(1, 2),
                lambda q, k, W, U, v: np.tanh((q @ W.T) @ (k @ U.T).swapaxes(1, 2)),
                lambda q, k, W, U, v: (q @ W.T * v) @ (k @ U.T).swapaxes(1, 2),
            ),
            "You multiplied what comes from the query and what comes from the key. Here they are added.",
        ),
        "subtracted": (
            lambda q, k, W, U, v: np.tanh(_pairs(q @ W.T, -(k @ U.T))) @ v,
            "You took the one from the other. They are added.",
        ),
        "matrices swapped": (
            lambda q, k, W, U, v: np.tanh(_inside(q, k, U, W)) @ v,
            "W_a and U_a are swapped: W_a meets the query, U_a the key.",
        ),
        "not transposed": (
            (_untransposed(True, True), _untransposed(True, False), _untransposed(False, True)),
            "W_a and U_a are stored (out, in): for a batch of rows multiply by the transposed one, query @ W_a.T.",
        ),
        "keys first": (
            lambda *given: _right(*given).swapaxes(1, 2),
            "Your scores are (B, S, T). A row belongs to a query: (B, T, S).",
        ),
        "weights": (
            (
                lambda *given: softmax(_right(*given)),
                lambda *given: softmax(_right(*given), 1),
            ),
            "You went on to the softmax. Asked for are the scores.",
        ),
        "another function": (
            (
                lambda q, k, W, U, v: _sigmoid(_inside(q, k, W, U)) @ v,
                lambda q, k, W, U, v: np.maximum(_inside(q, k, W, U), 0) @ v,
            ),
            "The function of the hidden units is the tanh.",
        ),
        "query alone": (
            lambda q, k, W, U, v: np.tanh(_pairs(q @ W.T, 0 * (k @ U.T))) @ v,
            "Your scores do not depend on the keys.",
        ),
        "keys alone": (
            lambda q, k, W, U, v: np.tanh(_pairs(0 * (q @ W.T), k @ U.T)) @ v,
            "Your scores do not depend on the query.",
        ),
        "sign": (lambda *given: -_right(*given), "The sign is wrong: these are scores, and no loss."),
    },
    prompt="Return an array of shape (B, T, S) and run the cell again.",
)
