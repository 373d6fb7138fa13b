"""Multi-head attention, of chapter 13: several attentions side by side, each in a few dimensions of its own."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from seqlib.arguments import check_integer, check_mask, real_array
from seqlib.reference import attention
from seqlib.reference.attention_scores import Dot, ScaledDot
from seqlib.reference.positions import rotated, rotated_backward
from seqlib.reference.recurrence import outer

__all__ = ["Cache", "Grads", "Params", "Rotary", "backward", "checked_params", "forward", "heads", "merged"]


class Params(NamedTuple):
    """The projections of every head, one below another: the rows of head i of W_q are i d_k … (i + 1) d_k - 1.

    Shapes:  W_q (n_heads d_k, D); W_k (n_kv d_k, Ds); W_v (n_kv d_v, Ds); W_o (D, n_heads d_v); b_q, b_k, b_v, b_o as
             long as the rows of their matrix, or None. n_kv is n_heads, or a divisor of it: then n_heads / n_kv heads
             beside one another share a key and a value (grouped queries)
    Source:  Vaswani et al. 2017, section 3.2.2; Ainslie et al. 2023 (grouped queries)
    Book:    chapters/13_transformer
    """

    W_q: np.ndarray
    W_k: np.ndarray
    W_v: np.ndarray
    W_o: np.ndarray
    b_q: np.ndarray | None = None
    b_k: np.ndarray | None = None
    b_v: np.ndarray | None = None
    b_o: np.ndarray | None = None


class Rotary(NamedTuple):
    """Rotary positions of queries and keys; what the fields mean is said in `seqlib.reference.positions.rotated`.

    Shapes:  positions (T,), or None for 0 … T - 1
    """

    positions: Any = None
    base: float = 10_000.0
    pairs: str = "interleaved"


class Grads(NamedTuple):
    """Gradients of the loss: `params`, `x` (B, T, D) and `source` (B, S, Ds), None where x attends to itself."""

    params: Params
    x: np.ndarray
    source: np.ndarray | None


class Cache(NamedTuple):
    """What `backward` needs; `weights` (B, n_heads, T, S) says how much of each value is in each head's context."""

    params: Params
    x: np.ndarray
    source: np.ndarray | None
    attended: attention.Cache
    context: np.ndarray
    rotary: Rotary | None
    n_heads: int

    @property
    def weights(self) -> np.ndarray:
        """The attention of each head."""
        return self.attended.weights.reshape(len(self.x), self.n_heads, *self.attended.weights.shape[1:])


def forward(
    params: Params,
    x: np.ndarray,
    source: np.ndarray | None = None,
    mask: np.ndarray | None = None,
    *,
    n_heads: int,
    causal: bool = False,
    rotary: Rotary | None = None,
    scaled: bool = True,
) -> tuple[np.ndarray, Cache]:
    """Each position of x asks every position of the source, once in each head; without a source, of x itself.

        q_i = W_q,i x + b_q,i      k_i = W_k,i s + b_k,i      v_i = W_v,i s + b_v,i      head i = 1 … n_heads
        head_i = softmax(q_i k_iᵀ / √d_k) v_i                 out = W_o [head_1; …; head_n] + b_o

    With `rotary` q_i and k_i are turned by their positions before the product. With `causal` position t asks the
    positions up to its own. A position that may ask nothing has the heads 0, and b_o comes out.

    Shapes:  x (B, T, D); source (B, S, Ds), or None: S = T; mask boolean, (B, S) or (B, T, S), True = may attend
             -> out (B, T, D), cache; cache.weights (B, n_heads, T, S)
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Vaswani et al. 2017, section 3.2.2; Su et al. 2021 (rotary)
    Differs: `scaled=False` leaves out the √d_k, to see what it is good for
    Book:    chapters/13_transformer
    """
    x = np.array(real_array("x", x, ("B", "T", "D")))
    B, T, D = x.shape
    if source is not None:
        source = np.array(real_array("source", source, (B, "S", "Ds")))
        if causal or rotary is not None:
            raise ValueError("causal and rotary are for a sequence that attends to itself: leave out source")
    asked = x if source is None else source
    S = asked.shape[1]
    n_heads = check_integer("n_heads", n_heads, low=1)
    params = checked_params("params", params, D, asked.shape[2], n_heads)
    allowed = np.ones((B, T, S), bool) if mask is None else _for_each_query(mask, B, T, S)
    if causal:
        allowed = allowed & np.tri(T, dtype=bool)

    d_k = len(params.W_q) // n_heads
    n_kv = len(params.W_k) // d_k
    query = heads(_projected(params.W_q, params.b_q, x), n_heads)
    keys = heads(_projected(params.W_k, params.b_k, asked), n_kv)
    values = heads(_projected(params.W_v, params.b_v, asked), n_kv)
    if rotary is not None:
        query, keys = rotated(query, **rotary._asdict()), rotated(keys, **rotary._asdict())
    keys, values = (np.repeat(shared, n_heads // n_kv, 1) for shared in (keys, values))
    query, keys, values = (each.reshape(B * n_heads, *each.shape[2:]) for each in (query, keys, values))
    score = ScaledDot() if scaled else Dot()
    context, attended = attention.forward(score, query, keys, values, np.repeat(allowed, n_heads, 0))
    joined = merged(context.reshape(B, n_heads, T, -1))
    out = _projected(params.W_o, params.b_o, joined)
    return out, Cache(params, x, source, attended, joined, rotary, n_heads)


def backward(dout: np.ndarray, cache: Cache, dweights: np.ndarray | None = None) -> Grads:
    """The gradient of the loss with respect to x, the source and the weights.

        dhead = W_oᵀ dout, cut into heads        dq_i, dk_i, dv_i as in `attention.backward`, turned back with `rotary`
        dx = W_qᵀ dq        dsource = W_kᵀ dk + W_vᵀ dv        what asks itself gets the sum of both

    A key that several heads share gets the sum of what they send.

    Shapes:  dout (B, T, D); dweights (B, n_heads, T, S), or None for zeros -> Grads
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  derived in the chapter
    Book:    chapters/13_transformer
    """
    params, x, source, attended, joined, rotary, n_heads = cache
    asked, (B, T, D), S = x if source is None else source, x.shape, attended.weights.shape[2]
    dout = real_array("dout", dout, (B, T, D))
    if dweights is not None:
        dweights = real_array("dweights", dweights, (B, n_heads, T, S)).reshape(B * n_heads, T, S)
    d_k = len(params.W_q) // n_heads
    n_kv = len(params.W_k) // d_k
    dcontext = heads(dout @ params.W_o, n_heads)
    grads = attention.backward(dcontext.reshape(B * n_heads, T, -1), attended, dweights)
    assert grads.values is not None  # the values are not the keys here
    dquery = grads.query.reshape(B, n_heads, T, d_k)
    dkeys, dvalues = (shared.reshape(B, n_kv, n_heads // n_kv, S, -1).sum(2) for shared in (grads.keys, grads.values))
    if rotary is not None:
        dquery, dkeys = (rotated_backward(d, **rotary._asdict()) for d in (dquery, dkeys))
    dq, dk, dv = (merged(d) for d in (dquery, dkeys, dvalues))
    of_biases = (
        None if bias is None else d.sum((0, 1)) for bias, d in zip(params[4:], (dq, dk, dv, dout), strict=True)
    )
    dparams = Params(outer(dq, x), outer(dk, asked), outer(dv, asked), outer(dout, joined), *of_biases)
    dx, dsource = dq @ params.W_q, dk @ params.W_k + dv @ params.W_v
    return Grads(dparams, dx + dsource, None) if source is None else Grads(dparams, dx, dsource)


def heads(x: np.ndarray, n: int) -> np.ndarray:
    """Cut the features into n heads: (B, T, n d) -> (B, n, T, d)."""
    B, T, width = x.shape
    return x.reshape(B, T, n, width // n).swapaxes(1, 2)


def merged(x: np.ndarray) -> np.ndarray:
    """Lay the heads side by side again: (B, n, T, d) -> (B, T, n d)."""
    B, n, T, d = x.shape
    return x.swapaxes(1, 2).reshape(B, T, n * d)


def checked_params(name: str, params: Params, D: int, Ds: int, n_heads: int) -> Params:
    """Return a copy whose arrays are float64 and fit x, source and each other; a TypeError or ValueError otherwise."""
    if not isinstance(params, Params):
        raise TypeError(f"{name} must be a multi_head.Params, got {type(params).__name__}")
    wanted: tuple[tuple[int | str, int | str], ...] = (("Hq", D), ("Hk", Ds), ("Hv", Ds), (D, "Ho"))
    matrices = [
        real_array(f"{name}.{field}", value, shape)
        for field, value, shape in zip(params._fields[:4], params[:4], wanted, strict=True)
    ]
    q, k, v, o = len(matrices[0]), len(matrices[1]), len(matrices[2]), matrices[3].shape[1]
    if not q or q % n_heads:
        raise ValueError(f"{name}.W_q must have as many rows for each of {n_heads} heads, got {q} rows")
    d_k = q // n_heads
    if not k or k % d_k or n_heads % (k // d_k):
        raise ValueError(
            f"{name}.W_k must have {d_k} rows for each of n_kv heads, n_kv a divisor of {n_heads}, got {k} rows"
        )
    n_kv = k // d_k
    if not v or v % n_kv:
        raise ValueError(f"{name}.W_v must have as many rows for each of {n_kv} heads, got {v} rows")
    if o != v // n_kv * n_heads:
        raise ValueError(f"{name}.W_o must have {v // n_kv * n_heads} columns, d_v for each head, got {o}")
    biases = (
        None if value is None else np.array(real_array(f"{name}.{field}", value, (size,)))
        for field, value, size in zip(params._fields[4:], params[4:], (q, k, v, D), strict=True)
    )
    return Params(*(np.array(matrix) for matrix in matrices), *biases)


def _projected(W: np.ndarray, b: np.ndarray | None, x: np.ndarray) -> np.ndarray:
    return x @ W.T + (0 if b is None else b)


def _for_each_query(mask: np.ndarray, B: int, T: int, S: int) -> np.ndarray:
    """The mask as (B, T, S): a row of (B, S) holds for all queries."""
    if np.ndim(mask) == 2:
        return np.repeat(check_mask("mask", mask, (B, S))[:, None], T, 1)
    return check_mask("mask", mask, (B, T, S))
