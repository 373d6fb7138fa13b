"""The practice of chapter 13: a block put together from its parts, and what it costs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from seqlib.exercises.checker import Exercise

__all__ = ["block_costs", "pre_norm_block"]

_RNG = np.random.default_rng(2002)
Array = np.ndarray
Part = Callable[[Array], Array]


def _norm(gain: Array, bias: Array) -> Part:
    def norm(x: Array) -> Array:
        centred = x - x.mean(-1, keepdims=True)
        return gain * centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-5) + bias

    return norm


def _attention(W: Array, mixing: Array) -> Part:
    """A stand-in that mixes positions with fixed weights."""

    def attention(x: Array) -> Array:
        return mixing @ x @ W.T

    return attention


def _feed_forward(W_1: Array, W_2: Array) -> Part:
    def feed_forward(x: Array) -> Array:
        return np.maximum(x @ W_1.T, 0) @ W_2.T

    return feed_forward


def _case(B: int, T: int, D: int) -> tuple[Array, Part, Part, Part, Part]:
    x = _RNG.uniform(-2, 2, (B, T, D)).round(2)
    W, W_1, W_2 = (_RNG.uniform(-1, 1, shape).round(2) for shape in ((D, D), (2 * D, D), (D, 2 * D)))
    mixing = np.tri(T) / np.arange(1, T + 1)[:, None]
    norms = [_norm(_RNG.uniform(0.5, 2, D).round(2), _RNG.uniform(-1, 1, D).round(2)) for _ in range(2)]
    return (x, _attention(W, mixing), _feed_forward(W_1, W_2), norms[0], norms[1])


def _block(x: Array, attention: Part, feed_forward: Part, norm_1: Part, norm_2: Part) -> Array:
    x = x + attention(norm_1(x))
    return x + feed_forward(norm_2(x))


def _two(first: Callable[..., Array], second: Callable[..., Array] | None = None) -> Callable[..., Array]:
    """Both parts put on the stream in another way, `first` and, if it differs, `second`: of x, the part, its norm."""
    second = second or first
    return lambda x, attention, feed_forward, norm_1, norm_2: second(first(x, attention, norm_1), feed_forward, norm_2)


def _pre(x: Array, part: Part, norm: Part) -> Array:
    return x + part(norm(x))


def _bare(x: Array, part: Part, norm: Part) -> Array:
    return part(norm(x))


pre_norm_block = Exercise(
    "pre_norm_block",
    _block,
    [_case(2, 3, 4), _case(3, 3, 3), _case(1, 4, 5)],
    wrong={
        "post-norm": (
            _two(lambda x, part, norm: norm(x + part(x))),
            "That is post-norm, the block of 2017: it normalises the stream. Pre-norm normalises what a part reads, "
            "and leaves the stream alone.",
        ),
        "output normalised": (
            _two(lambda x, part, norm: x + norm(part(x))),
            "You normalised what each part gives. Normalise what it reads.",
        ),
        "normalised twice": (
            (
                _two(lambda x, part, norm: norm(x + part(norm(x)))),
                _two(lambda x, part, norm: x + norm(part(norm(x)))),
                lambda x, a, f, n_1, n_2: n_2(_block(x, a, f, n_1, n_2)),
            ),
            "You normalise once more than is asked. In this block nothing but the input of a part is normalised.",
        ),
        "the stream is normalised": (
            (
                _two(lambda x, part, norm: norm(x) + part(norm(x))),
                _two(lambda x, part, norm: norm(x) + part(norm(x)), _pre),
                _two(_pre, lambda x, part, norm: norm(x) + part(norm(x))),
            ),
            "You wrote x = norm(x) and added to that. The stream keeps x itself; only the part reads norm(x).",
        ),
        "no residual": (
            (
                _two(_bare),
                _two(_bare, _pre),
                _two(_pre, _bare),
            ),
            "A residual is missing: what a part gives is added to what was there before it.",
        ),
        "added to the input": (
            (
                lambda x, a, f, n_1, n_2: x + f(n_2(x + a(n_1(x)))),
                lambda x, a, f, n_1, n_2: x + f(n_2(a(n_1(x)))),
            ),
            "The second residual adds to the input of the block, and loses what attention wrote. Add to the stream as "
            "attention left it.",
        ),
        "side by side": (
            lambda x, a, f, n_1, n_2: x + a(n_1(x)) + f(n_2(x)),
            "Your two parts read the same x. The feed-forward network reads what attention has added to.",
        ),
        "feed-forward first": (
            (
                lambda x, a, f, n_1, n_2: _block(x, f, a, n_2, n_1),
                lambda x, a, f, n_1, n_2: _block(x, f, a, n_1, n_2),
            ),
            "Attention comes first, then the feed-forward network.",
        ),
        "norms swapped": (
            lambda x, a, f, n_1, n_2: _block(x, a, f, n_2, n_1),
            "The norms are swapped: norm_1 is attention's, norm_2 the feed-forward network's.",
        ),
        "one norm": (
            (
                lambda x, a, f, n_1, n_2: _block(x, a, f, n_1, n_1),
                lambda x, a, f, n_1, n_2: _block(x, a, f, n_2, n_2),
            ),
            "You used one norm for both parts. Each has its own.",
        ),
        "a norm left out": (
            (
                _two(lambda x, part, norm: x + part(x)),
                _two(lambda x, part, norm: x + part(x), _pre),
                _two(_pre, lambda x, part, norm: x + part(x)),
            ),
            "A part reads x as it is. Normalise before both.",
        ),
        "half a block": (
            (
                lambda x, a, f, n_1, n_2: x + a(n_1(x)),
                lambda x, a, f, n_1, n_2: x + f(n_2(x)),
            ),
            "That is half a block: attention and the feed-forward network are both needed.",
        ),
        "mean": (
            _two(lambda x, part, norm: (x + part(norm(x))) / 2),
            "You took a mean of both. What a part gives is added.",
        ),
        "subtracted": (_two(lambda x, part, norm: x - part(norm(x))), "What a part gives is added, not subtracted."),
        "added twice": (
            lambda x, a, f, n_1, n_2: x + _block(x, a, f, n_1, n_2),
            "The input is in the stream already: you added it again at the end.",
        ),
    },
    prompt="Return an array of shape (B, T, D) and run the cell again.",
)


def _count(
    D: int,
    F: int,
    T: int,
    *,
    square: float = 4,
    attention_bias: float = 4,
    between: float = 2,
    hidden_bias: float = 1,
    out_bias: float = 1,
    norms: float = 4,
    flop: float = 2,
    pairs: float = 2,
    heads: float = 1,
) -> tuple[Any, Any]:
    """Parameters and FLOP from how often each piece is counted."""
    parameters = square * D * D + attention_bias * D + between * D * F + hidden_bias * F + out_bias * D + norms * D
    return parameters, flop * (T * (square * D * D + between * D * F) + heads * pairs * T * T * D)


def _costs(d_model: int, n_heads: int, hidden_size: int, T: int) -> tuple[int, int]:
    return _count(d_model, hidden_size, T)


def _counted(**often: float) -> Callable[..., tuple[Any, Any]]:
    return lambda d_model, n_heads, hidden_size, T: _count(d_model, hidden_size, T, **often)


block_costs = Exercise(
    "block_costs",
    _costs,
    [(8, 2, 32, 5), (512, 8, 2048, 100), (12, 3, 20, 40)],
    wrong={
        "times the heads": (
            (
                lambda D, n, F, T: _count(D, F, T, square=4 * n, attention_bias=4 * n),
                lambda D, n, F, T: _count(D, F, T, square=3 * n + 1, attention_bias=3 * n + 1),
                lambda D, n, F, T: _count(D, F, T, heads=n),
            ),
            "You multiplied by the number of heads. They share d_model: n heads of d_model / n features cost what one "
            "head of d_model features does.",
        ),
        "W_o left out": (
            (_counted(square=3, attention_bias=3), _counted(square=3)),
            "You counted three matrices of attention. W_o, which mixes the heads, is the fourth.",
        ),
        "no biases": (
            (
                _counted(attention_bias=0, hidden_bias=0, out_bias=0),
                _counted(hidden_bias=0, out_bias=0),
                _counted(attention_bias=0, hidden_bias=0, out_bias=0, norms=2),
            ),
            "Biases are missing: each of the six matrices has one, as long as it has rows, and so has each norm.",
        ),
        "biases of the feed-forward network": (
            (_counted(hidden_bias=2, out_bias=0), _counted(hidden_bias=0, out_bias=2)),
            "The biases of the feed-forward network have hidden_size entries, then d_model.",
        ),
        "4 d_model too few": (
            (_counted(norms=0), _counted(attention_bias=0)),
            "You are 4 d_model parameters short. So many are the biases of attention's four matrices, and so many are "
            "the gains and biases of the two norms. Both are counted.",
        ),
        "norms without biases": (
            (_counted(norms=2), _counted(attention_bias=2)),
            "You are 2 d_model parameters short. Each of the two norms has a gain and a bias, and each of attention's "
            "four matrices has a bias.",
        ),
        "one matrix between": (
            _counted(between=1),
            "The feed-forward network has two matrices, out to hidden_size and back.",
        ),
        "multiplications alone": (
            _counted(flop=1),
            "You counted a multiplication and its addition as one operation. They are two.",
        ),
        "pairs left out": (
            _counted(pairs=0),
            "You left out the products between positions: queries with keys, and weights with values.",
        ),
        "pairs once": (
            _counted(pairs=1),
            "Pairs of positions meet twice: queries with keys, and weights with values. No mask halves their number.",
        ),
        "matrices alone": (
            lambda D, n, F, T: (_count(D, F, T)[0], 2 * T * _count(D, F, T)[0] + 4 * T * T * D),
            "You counted 2 FLOP for each parameter. Only matrices are asked for; biases and norms are not.",
        ),
        "one position": (
            (
                lambda D, n, F, T: (_count(D, F, T)[0], _count(D, F, 1)[1]),
                lambda D, n, F, T: (_count(D, F, T)[0], _count(D, F, T)[1] / T),
            ),
            "That is the cost of one position. There are T.",
        ),
        "pairs in one head": (
            lambda D, n, F, T: _count(D, F, T, heads=1 / n),
            "You counted the pairs of one head of d_model / n features. There are n heads.",
        ),
        "order": (lambda *given: _costs(*given)[::-1], "They are swapped: parameters first, then FLOP."),
        "parameters alone": (
            lambda *given: _costs(*given)[0],
            "Those are the parameters. Return the FLOP beside them.",
        ),
        "added up": (lambda *given: sum(_costs(*given)), "Those are two numbers; do not add them."),
    },
    prompt="Return two numbers and run the cell again.",
)
