"""The linear recurrence: all states of a sequence at once, as a scan; its derived backward pass, which is another.

What is built on it: `seqlib.nn.input_gates` (MinGRU, MinLSTM), `diagonal_state_space`, `selective_scan` and `mamba`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from seqlib.arguments import check_choice, check_shape
from seqlib.nn.multi_head import transformed

__all__ = ["METHODS", "scan"]

METHODS = ("chunked", "loop", "doubling", "tree")
"""The ways to compute one and the same: see `scan`."""
SHORT = 16  # steps, up to which there is nothing to gain from chunks
WIDE = 1 << 12  # numbers in one step, from which on a step takes longer to compute than to begin


def scan(a: Tensor, b: Tensor, h0: Tensor | None = None, *, method: str = "chunked") -> Tensor:
    """All states of the linear recurrence; the last of them is the final state.

        h_t = a_t ⊙ h_{t-1} + b_t,  t = 1 … T

        "loop"      step by step                                                           depth T
        "doubling"  each step is combined with what lies 1, 2, 4, … before it              depth log₂T, work T log₂T
        "tree"      neighbours are combined, pairs likewise; then the places between       depth 2 log₂T, work 2T
        "chunked"   all chunks of √(T/3) steps at once, then from chunk to chunk, then     depth 2√(3T), work 3T
                    all chunks once more, each from its own first state; a short sequence, or one with very many
                    numbers in a step, is one chunk

    One autograd.Function with the derived backward pass: a scan of the same kind, from the last step to the first. It
    holds for any a: nothing is divided by a product, and no logarithm is taken.

    Shapes:  b (B, T, …); a such that it broadcasts to b; h0 (B, …), zeros by default -> hs (B, T, …)
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed, also for T = 0
    Source:  Hillis & Steele 1986 ("doubling"); Blelloch 1990 ("tree"); Martin & Cundy 2018 (in networks, with chunks)
    Differs: with |a| > 1 the product of the many a that a scan multiplies can overflow where the loop does not: here
             those of a chunk, and those of the whole sequence with "doubling" and "tree"
    Book:    chapters/16_linear_recurrence
    """
    for name, given in (("b", b), ("a", a), ("h0", b if h0 is None else h0)):
        if not isinstance(given, Tensor):
            raise TypeError(f"{name} must be a tensor, got {type(given).__name__}")
        if not given.is_floating_point():
            raise TypeError(f"{name} must be real-valued, got dtype {given.dtype}")
        if given.dtype != b.dtype:
            raise TypeError(f"{name} must have the dtype of b, {b.dtype}, got {given.dtype}")
    if b.ndim < 2 or b.shape[1] == 0:
        raise ValueError(f"b must have shape (B, T, …) with at least one step, got {tuple(b.shape)}")
    if a.ndim > b.ndim or any(m not in (1, n) for m, n in zip(a.shape[::-1], b.shape[::-1], strict=False)):
        raise ValueError(f"a must have the shape of b, {tuple(b.shape)}, or broadcast to it, got {tuple(a.shape)}")
    check_choice("method", method, METHODS)
    if h0 is None:
        h0 = b.new_zeros(b.shape[:1] + b.shape[2:])
    else:
        check_shape("h0", h0, b.shape[:1] + b.shape[2:])
    a = a.expand(b.shape)
    if transformed() or torch.jit.is_tracing():  # they see into a loop of tensor operations but not into a Function
        hs = []
        for t in range(b.shape[1]):
            h0 = a[:, t] * h0 + b[:, t]
            hs.append(h0)
        return torch.stack(hs, 1)
    states: Tensor = _Scan.apply(a, b, h0, method)
    return states


class _Scan(torch.autograd.Function):
    """h_t = a_t ⊙ h_{t-1} + b_t

    with g_t = ∂L/∂h_t, by `_ScanBack`:    da_t = g_t ⊙ h_{t-1}    db_t = g_t    dh_0 = a_1 ⊙ g_1
    """

    @staticmethod
    def forward(ctx: Any, a: Tensor, b: Tensor, h0: Tensor, method: str) -> Tensor:
        hs = torch.empty_like(b, memory_format=torch.contiguous_format)
        WAYS[method](a, b, h0, hs, False)
        ctx.save_for_backward(a, h0, hs)
        ctx.method = method
        return hs

    @staticmethod
    def backward(ctx: Any, dhs: Tensor) -> tuple[Any, ...]:
        a, h0, hs = ctx.saved_tensors
        g = _ScanBack.apply(a, dhs, ctx.method)
        da = dh0 = None
        if ctx.needs_input_grad[0]:
            da = g * torch.cat([h0[:, None], hs[:, :-1]], 1)
        if ctx.needs_input_grad[2]:
            dh0 = a[:, 0] * g[:, 0]
        return da, g, dh0, None


class _ScanBack(torch.autograd.Function):
    """g_t = a_{t+1} ⊙ g_{t+1} + d_t,  g_T = d_T

    and back again, where a second derivative is asked for:    δ_t = a_t ⊙ δ_{t-1} + γ_t    dd_t = δ_t
    da_t = δ_{t-1} ⊙ g_t, da_1 = 0
    """

    @staticmethod
    def forward(ctx: Any, a: Tensor, d: Tensor, method: str) -> Tensor:
        g = torch.empty_like(d, memory_format=torch.contiguous_format)
        g[:, -1] = d[:, -1]
        WAYS[method](a[:, 1:], d[:, :-1], d[:, -1], g[:, :-1], True)
        ctx.save_for_backward(a, g)
        ctx.method = method
        return g

    @staticmethod
    def backward(ctx: Any, dg: Tensor) -> tuple[Any, ...]:
        a, g = ctx.saved_tensors
        d = _Scan.apply(a, dg, torch.zeros_like(dg[:, 0]), ctx.method)
        return torch.cat([torch.zeros_like(g[:, :1]), d[:, :-1] * g[:, 1:]], 1), d, None


def _loop(a: Tensor, b: Tensor, h: Tensor, out: Tensor, back: bool) -> None:
    """Step by step, from the first to the last or `back`; the states are written into `out`."""
    steps = list(zip(a.unbind(1), b.unbind(1), out.unbind(1), strict=True))
    for factor, added, there in reversed(steps) if back else steps:
        h = torch.addcmul(added, factor, h, out=there)


def _chunked(a: Tensor, b: Tensor, h: Tensor, out: Tensor, back: bool) -> None:
    """n chunks of C steps, and what is left over as the last part of the way."""
    T = b.shape[1]
    if T <= SHORT or h.numel() >= WIDE:
        return _loop(a, b, h, out, back)
    C = math.ceil(math.sqrt(T / 3))
    n, rest = divmod(T, C)
    first, left = (slice(rest, T), slice(0, rest)) if back else (slice(0, T - rest), slice(T - rest, T))
    factors, added, there = (part[:, first].unflatten(1, (n, C)).unbind(2) for part in (a, b, out))
    order = range(C)[::-1] if back else range(C)
    # what each chunk makes of a first state: product · state + end
    product, end = factors[order[0]].clone(), added[order[0]].clone()
    for c in order[1:]:
        product.mul_(factors[c])
        torch.addcmul(added[c], factors[c], end, out=end)
    begins = torch.empty_like(end)
    for i in range(n)[::-1] if back else range(n):
        begins[:, i] = h
        h = torch.addcmul(end[:, i], product[:, i], h)
    for c in order:
        begins = torch.addcmul(added[c], factors[c], begins, out=there[c])
    _loop(a[:, left], b[:, left], h, out[:, left], back)


def _doubling(a: Tensor, b: Tensor, h: Tensor, out: Tensor, back: bool) -> None:
    """After the round with distance d, entry t is the steps t - 2d + 1 … t as one."""
    if back:
        return _flipped(_doubling, a, b, h, out)
    T, d = b.shape[1], 1
    b = _begun(a, b, h)
    while d < T:
        b = torch.cat([b[:, :d], torch.addcmul(b[:, d:], a[:, d:], b[:, :-d])], 1)
        a = torch.cat([a[:, :d], a[:, d:] * a[:, :-d]], 1)
        d *= 2
    out.copy_(b)


def _tree(a: Tensor, b: Tensor, h: Tensor, out: Tensor, back: bool) -> None:
    """Entry t is the steps 1 … t as one: at even t from the pairs, at odd t one step after the pairs before it."""
    if back:
        return _flipped(_tree, a, b, h, out)
    out.copy_(_climbed(a, _begun(a, b, h)))


def _climbed(a: Tensor, b: Tensor) -> Tensor:
    T = b.shape[1]
    if T < 2:
        return b
    n = T // 2
    even = slice(1, 2 * n, 2)
    first = slice(0, 2 * n, 2)
    pairs = _climbed(a[:, even] * a[:, first], torch.addcmul(b[:, even], a[:, even], b[:, first]))
    hs = torch.empty_like(b)
    hs[:, 1::2], hs[:, 0] = pairs, b[:, 0]
    hs[:, 2::2] = torch.addcmul(b[:, 2::2], a[:, 2::2], pairs[:, : (T - 1) // 2])
    return hs


def _begun(a: Tensor, b: Tensor, h: Tensor) -> Tensor:
    """A copy of b whose first step has the initial state in it."""
    b = b.clone()
    b[:, :1].addcmul_(a[:, :1], h[:, None])
    return b


def _flipped(way: Callable[..., None], a: Tensor, b: Tensor, h: Tensor, out: Tensor) -> None:
    there = torch.empty_like(out)
    way(a.flip(1), b.flip(1), h, there, False)
    out.copy_(there.flip(1))


WAYS = {"chunked": _chunked, "loop": _loop, "doubling": _doubling, "tree": _tree}
