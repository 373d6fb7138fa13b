"""The linear recurrence, of chapter 16: step by step, and as an associative scan; its backward pass, which is another.

What is built on it: `seqlib.reference.mingru`, `minlstm`, `state_space`, `selective_scan` and `linear_attention`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from seqlib.arguments import check_choice, real_array

__all__ = ["METHODS", "Cache", "Cost", "Grads", "backward", "combine", "forward"]

METHODS = ("loop", "doubling", "tree")
"""The ways to compute one and the same: see `forward`."""

Pair = tuple[np.ndarray, np.ndarray]


class Cost(NamedTuple):
    """What a run has done, counted while it ran, for each entry of the state.

    work    steps h → a h + b, and combinations of two steps
    depth   how many of them one after the other: the time, if all that can be done at once is
    flops   multiplications and additions: 2 for a step, 3 for a combination
    """

    work: int
    depth: int
    flops: int

    def __add__(self, other: Cost) -> Cost:  # type: ignore[override]
        """The cost of one run after another."""
        return Cost(*(mine + its for mine, its in zip(self, other, strict=True)))


class Grads(NamedTuple):
    """Gradients of the loss: `a` and `b` (B, T, …), `h0` (B, …)."""

    a: np.ndarray
    b: np.ndarray
    h0: np.ndarray


class Cache(NamedTuple):
    """What the backward pass needs of the forward pass, and its `cost`.

    Shapes:  a (B, T, …); states (B, T + 1, …), at 0 the initial one
    """

    a: np.ndarray
    states: np.ndarray
    method: str
    cost: Cost

    @property
    def h_T(self) -> np.ndarray:
        """The final state, (B, …)."""
        return self.states[:, -1]


def combine(first: Pair, second: Pair) -> Pair:
    """Two steps as one: h → a h + b, and after it h → a' h + b'.

        (a, b) • (a', b') = (a' a, a' b + b')

    The operator is associative, and not commutative: steps may be grouped as one likes, their order must stay. (1, 0)
    is the step that changes nothing.

    Shapes:  all alike, or such that they broadcast -> (a' a, a' b + b')
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Blelloch 1990; Martin & Cundy 2018
    Book:    chapters/16_linear_recurrence
    """
    names = (("first[0]", "first[1]"), ("second[0]", "second[1]"))
    for name, pair in (("first", first), ("second", second)):
        if not isinstance(pair, tuple) or len(pair) != 2:
            raise TypeError(f"{name} must be a pair (a, b), got {type(pair).__name__}")
    pairs = (first, second)
    (a, b), (a2, b2) = (
        tuple(real_array(name, array) for name, array in zip(*both, strict=True))
        for both in zip(names, pairs, strict=True)
    )
    return _combined((a, b), (a2, b2))


def forward(
    a: np.ndarray, b: np.ndarray, h0: np.ndarray | None = None, *, method: str = "tree"
) -> tuple[np.ndarray, Cache]:
    """All states of the linear recurrence, by one of three ways.

        h_t = a_t ⊙ h_{t-1} + b_t,  t = 1 … T

        "loop"      step by step                                                    work T, depth T
        "doubling"  each step is combined with what lies 1, 2, 4, … before it       T log₂T combinations, depth ⌈log₂T⌉
        "tree"      neighbours are combined, the pairs among themselves likewise;   ≤ 2T combinations, depth ≤ 2 log₂T
                    what the pairs say gives the places between

    A scan also takes one step more, the first, with which h₀ is made part of b₁; `cache.cost` says what was done.

    Shapes:  a, b (B, T, …); h0 (B, …), zeros by default -> hs (B, T, …), cache; cache.h_T (B, …)
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Hillis & Steele 1986 ("doubling"); Blelloch 1990 ("tree"); Martin & Cundy 2018 (in networks)
    Differs: a scan multiplies a's that the loop does not: where |a| > 1 the product of many can overflow, and then
             gives NaN with a state of 0, although the loop is finite
    Book:    chapters/16_linear_recurrence
    """
    b = real_array("b", b)
    if b.ndim < 2:
        raise ValueError(f"b must have shape (B, T, …), got {b.shape}")
    B, _, *state = b.shape
    a = np.array(real_array("a", a, b.shape))  # a copy: what the caller writes into it must not change the gradient
    h0 = np.zeros((B, *state)) if h0 is None else real_array("h0", h0, (B, *state))
    method = check_choice("method", method, METHODS)
    hs, cost = _run(a, b, h0, method)
    return hs.copy(), Cache(a, np.concatenate([h0[:, None], hs], 1), method, cost)


def backward(dhs: np.ndarray, cache: Cache, *, dh_T: np.ndarray | None = None) -> Grads:
    """The gradients with respect to all that went in: a linear recurrence too, from the last step to the first.

        g_t = a_{t+1} ⊙ g_{t+1} + dhs_t,  g_T = dhs_T + dh_T        g_t = ∂L/∂h_t
        db_t = g_t        da_t = g_t ⊙ h_{t-1}        dh_0 = a_1 ⊙ g_1

    It runs in the same way as forward, so a scan has a scan for its backward pass.

    Shapes:  dhs (B, T, …), cotangent of every state; dh_T (B, …), cotangent of the final one -> Grads
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  derived in the chapter; Martin & Cundy 2018
    Book:    chapters/16_linear_recurrence
    """
    if not isinstance(cache, Cache):
        raise TypeError(f"cache must be what linear_recurrence.forward gave, got {type(cache).__name__}")
    a, before = cache.a, cache.states[:, :-1]
    dhs = real_array("dhs", dhs, a.shape)
    dlast = np.zeros_like(cache.h_T) if dh_T is None else real_array("dh_T", dh_T, cache.h_T.shape)
    if not a.shape[1]:  # no step: the final state is the initial one
        return Grads(np.zeros_like(a), np.zeros_like(a), dlast.copy())
    # reversed, and one later: what multiplies g_{t+1} on its way to t is a_{t+1}; nothing multiplies dh_T
    a_next = np.concatenate([np.ones_like(a[:, :1]), a[:, :0:-1]], 1)
    g, _ = _run(a_next, dhs[:, ::-1], dlast, cache.method)
    g = g[:, ::-1]
    return Grads(g * before, g.copy(), a[:, 0] * g[:, 0])


def _combined(first: Pair, second: Pair) -> Pair:
    (a, b), (a2, b2) = first, second
    return a2 * a, a2 * b + b2


def _run(a: np.ndarray, b: np.ndarray, h0: np.ndarray, method: str) -> tuple[np.ndarray, Cost]:
    """h_1 … h_T, (B, T, …), for arrays that are checked, and what it cost."""
    if method == "loop":
        return _loop(a, b, h0)
    dtype = np.result_type(a, b, h0)
    b = b.astype(dtype)  # a copy
    b[:, :1] += a[:, :1] * h0[:, None]
    start = min(b.shape[1], 1)  # no step, no cost
    (_, hs), cost = (_doubling if method == "doubling" else _tree)((a, b))
    return hs, cost + Cost(start, start, 2 * start)


def _loop(a: np.ndarray, b: np.ndarray, h: np.ndarray) -> tuple[np.ndarray, Cost]:
    """Step by step."""
    hs, cost = np.empty(b.shape, np.result_type(a, b, h)), Cost(0, 0, 0)
    for t in range(b.shape[1]):
        hs[:, t] = h = a[:, t] * h + b[:, t]
        cost += Cost(1, 1, 2)
    return hs, cost


def _doubling(steps: Pair) -> tuple[Pair, Cost]:
    """After the round with distance d, entry t is the steps t - 2d + 1 … t as one."""
    (a, b), T, d, cost = steps, steps[1].shape[1], 1, Cost(0, 0, 0)
    while d < T:
        a_new, b_new = _combined((a[:, :-d], b[:, :-d]), (a[:, d:], b[:, d:]))
        a, b = np.concatenate([a[:, :d], a_new], 1), np.concatenate([b[:, :d], b_new], 1)
        cost, d = cost + Cost(T - d, 1, 3 * (T - d)), 2 * d
    return (a, b), cost


def _tree(steps: Pair) -> tuple[Pair, Cost]:
    """Entry t is the steps 1 … t as one: at even t from the pairs, at odd t one step after the pairs before it."""
    a, b = steps
    T = b.shape[1]
    if T < 2:
        return steps, Cost(0, 0, 0)
    n = T // 2
    pairs = _combined((a[:, 0 : 2 * n : 2], b[:, 0 : 2 * n : 2]), (a[:, 1::2], b[:, 1::2]))
    (a_even, b_even), cost = _tree(pairs)
    cost += Cost(n, 1, 3 * n)
    all_a, all_b = np.empty(b.shape, a.dtype), np.empty_like(b)
    all_a[:, 1::2], all_b[:, 1::2] = a_even, b_even
    all_a[:, 0], all_b[:, 0] = a[:, 0], b[:, 0]
    odd = (T - 1) // 2  # places 3, 5, …
    if odd:
        all_a[:, 2::2], all_b[:, 2::2] = _combined((a_even[:, :odd], b_even[:, :odd]), (a[:, 2::2], b[:, 2::2]))
        cost += Cost(odd, 1, 3 * odd)
    return (all_a, all_b), cost
