"""The practice of chapter 7, both directions and depth: right answers, and the usual wrong ones."""

from __future__ import annotations

from typing import Any

import numpy as np

from seqlib.exercises.bidirectional_sizes import future_worth, gru_parameters
from seqlib.exercises.checker import Exercise
from seqlib.exercises.leaks import leaks
from seqlib.reference import bidirectional

__all__ = ["dx_both", "future_worth", "gru_parameters", "leaks", "sentence_vector"]

_RNG = np.random.default_rng(7)


def _padded(*lengths: int, width: int = 3, more: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Numbers (B, T, width), padding filled too, and lengths; `more` columns are padding in every row."""
    return _RNG.normal(size=(len(lengths), max(lengths) + more, width)), np.array(lengths)


def _vector(ahead: Any, behind: Any, *, swapped: bool = False) -> Any:
    """One vector a sentence: a function of row half and length for each direction."""

    def answer(out: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        H = out.shape[2] // 2
        pairs = [(ahead(row[:, :H], n), behind(row[:, H:], n)) for row, n in zip(out, lengths, strict=True)]
        return np.array([np.concatenate(pair[::-1] if swapped else pair) for pair in pairs])

    return answer


def _first(half: np.ndarray, n: int) -> np.ndarray:
    return half[0]


def _last(half: np.ndarray, n: int) -> np.ndarray:
    return half[n - 1]


def _column(half: np.ndarray, n: int) -> np.ndarray:
    return half[-1]


def _mean(half: np.ndarray, n: int) -> np.ndarray:
    return half[:n].mean(0)


def _largest(half: np.ndarray, n: int) -> np.ndarray:
    return half[:n].max(0)


sentence_vector = Exercise(
    "sentence_vector",
    bidirectional.summary,
    [_padded(4, 2, 5, width=4), _padded(3, 1, width=6, more=2), _padded(2, 3, 3, width=2, more=1)],
    wrong={
        "last column": (
            lambda out, lengths: out[:, -1],
            "For shorter sentences that is padding; for the longest, its second half is h←_n, which has read one word.",
        ),
        "last step": (
            _vector(_last, _last),
            "The first half is right. The second is h←_n, which has read one word; h← ends at the first step.",
        ),
        "first step": (
            _vector(_first, _first),
            "The second half is right. The first is h→_1, which has read one word; h→ ends at step n.",
        ),
        "directions swapped": (
            _vector(_first, _last),
            "You took each direction at the step where it begins. Take each where it ends: h→_n and h←_1.",
        ),
        "halves crossed": (
            _vector(_first, _last, swapped=True),
            "The first H entries belong to h→, the last H to h←; you took them the other way round.",
        ),
        "without lengths": (
            _vector(_column, _first),
            "The second half is right. The first is the last column, which is padding for shorter sentences.",
        ),
        "order": (
            _vector(_last, _first, swapped=True),
            "Both halves are right, but in the wrong order: the forward one comes first.",
        ),
        "one early": (
            _vector(lambda half, n: half[n - 2], _first),
            "The first half is one step early. Step n stands at index n - 1.",
        ),
        "one late": (
            (_vector(lambda half, n: half[n], _first), _vector(lambda half, n: half[min(n, len(half) - 1)], _first)),
            "The first half is one step late. Step n stands at index n - 1.",
        ),
        "second step": (
            _vector(_last, lambda half, n: half[1]),
            "The second half is that of step 2. Step 1 stands at index 0.",
        ),
        "means": (
            (_vector(_mean, _mean), lambda out, lengths: out.mean(1)),
            "That is a mean over steps. Asked for are the states at the step that each direction reads last.",
        ),
        "largest": (
            (_vector(_largest, _largest), lambda out, lengths: out.max(1)),
            "That is the largest entry of all steps. Asked for are the states at the step that each reads last.",
        ),
        "turned twice": (
            _vector(_last, lambda half, n: half[-n]),
            "Your second half is n steps from the end of the row. Step 1 comes first in out, in both halves.",
        ),
        "halves added": (
            lambda out, lengths: np.add(*np.split(_vector(_last, _first)(out, lengths), 2, axis=1)),
            "You added the two halves. They stand one after the other.",
        ),
        "even and odd": (
            lambda out, lengths: np.array(
                [np.r_[row[n - 1, ::2], row[0, 1::2]] for row, n in zip(out, lengths, strict=True)]
            ),
            "You took every second entry. The first H entries belong to h→, the last H to h←.",
        ),
    },
    prompt="Return an array of shape (B, 2H) and run the cell again.",
)


def _dx(mix: Any) -> Any:
    def answer(dx_forward: np.ndarray, dx_backward: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        return mix(dx_forward, dx_backward, lengths)

    return answer


def _by_steps(shift: int) -> Any:
    """Loops over the steps and takes the backward part from index n - shift - t; the padding is added in place."""

    def answer(dx_forward: np.ndarray, dx_backward: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        dx = np.where(_real(dx_forward, lengths), dx_forward, dx_forward + dx_backward)
        for b, n in enumerate(lengths):
            for t in range(n):
                dx[b, t] += dx_backward[b, n - shift - t]
        return dx

    return answer


def _alone(answer: Any) -> Any:
    """The same with the padding of the forward part alone."""
    return lambda f, b, n: np.where(_real(f, n), answer(f, b, n), f)


def _real(x: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    return (np.arange(x.shape[1]) < lengths[:, None])[..., None]


_turn = bidirectional.reverse
dx_both = Exercise(
    "dx_both",
    lambda dx_forward, dx_backward, lengths: dx_forward + _turn(dx_backward, lengths),
    [(_padded(*sizes, more=more)[0], *_padded(*sizes, more=more)) for sizes, more in (((4, 2, 3), 0), ((3, 5), 1))],
    wrong={
        "not turned": (
            _dx(lambda f, b, n: f + b),
            "The second one is still in the order in which h← read. Turn it round.",
        ),
        "without lengths": (
            _dx(lambda f, b, n: f + b[:, ::-1]),
            "You turned the whole row round, padding too. Each sequence is turned within its own length.",
        ),
        "wrong one": (
            _dx(lambda f, b, n: _turn(f, n) + b),
            "You turned the forward one round. It is in the right order already; the other one is not.",
        ),
        "both turned": (
            _dx(lambda f, b, n: _turn(f, n) + _turn(b, n)),
            "You turned both round. The forward one is in the right order already.",
        ),
        "padding forgotten": (
            _dx(lambda f, b, n: np.where(_real(f, n), f + _turn(b, n), f)),
            "At the padding the backward network's gradient is missing. It is added there too, in its place.",
        ),
        "padding zeros": (
            _dx(lambda f, b, n: np.where(_real(f, n), f + _turn(b, n), 0)),
            "The sequences are right, but the padding is 0. The two are added there too, in their places.",
        ),
        "padding turned too": (
            _dx(
                lambda f, b, n: f + np.array([np.r_[row[:m][::-1], row[m:][::-1]] for row, m in zip(b, n, strict=True)])
            ),
            "The sequences are right, but you turned the padding round as well. There each stays in its place.",
        ),
        "step n": (
            (_by_steps(0), _alone(_by_steps(0))),
            "You took index n - t. Step n stands at index n - 1, so the mirror of index t is n - 1 - t.",
        ),
        "mean": (
            _dx(lambda f, b, n: (f + _turn(b, n)) / 2),
            "That is the mean. Both networks read the same x, so their gradients are added.",
        ),
        "difference": (_dx(lambda f, b, n: f - _turn(b, n)), "The two are added, not subtracted."),
        "product": (_dx(lambda f, b, n: f * _turn(b, n)), "You multiplied the two. Gradients of two uses are added."),
        "side by side": (
            _dx(lambda f, b, n: np.concatenate([f, _turn(b, n)], -1)),
            "You put the two side by side. The states stand so; the gradients with respect to the same x are added.",
        ),
        "one direction": (
            _dx(lambda f, b, n: f.copy()),
            "The backward network reads x too, and its gradient is missing.",
        ),
        "other direction": (
            _dx(lambda f, b, n: _turn(b, n)),
            "The forward network reads x too, and its gradient is missing.",
        ),
        "batch turned": (
            _dx(lambda f, b, n: f + b[::-1]),
            "You turned the order of the sequences. Time is the second axis.",
        ),
    },
    prompt="Return an array of shape (B, T, D) and run the cell again.",
)
