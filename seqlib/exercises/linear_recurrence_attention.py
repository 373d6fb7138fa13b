"""The practice of chapter 16: one step of linear attention, whose state does not grow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from seqlib.exercises.checker import Exercise

__all__ = ["linear_attention_step"]

_RNG = np.random.default_rng(1606)
Array = np.ndarray


def _feature(u: Array) -> Array:
    """φ(u): u + 1 where u > 0, exp(u) elsewhere."""
    return np.where(u > 0, u + 1, np.exp(np.minimum(u, 0)))


def _case(B: int, Dk: int, Dv: int, t: int) -> tuple[Array, ...]:
    """A token after t others: query, key, value, and what was summed up of the others."""
    q, k = _RNG.normal(size=(2, B, Dk)).round(2)
    keys, values = _feature(_RNG.normal(size=(B, t, Dk))), _RNG.normal(size=(B, t, Dv))
    S = np.einsum("btk,btv->bkv", keys, values).round(2)
    return q, k, _RNG.normal(size=(B, Dv)).round(2), S, keys.sum(1).round(2)


def _step(
    *,
    of_query: Callable[[Array], Array] = _feature,
    of_key: Callable[[Array], Array] = _feature,
    write: Callable[[Array, Array], Array] = lambda S, new: S + new,
    count: Callable[[Array, Array, Array], Array] = lambda z, k, q: z + k,
    total: Callable[[Array, Array, Array], Array] = lambda z, q, y: (z * q).sum(-1, keepdims=True),
    late: bool = False,
    swapped: bool = False,
) -> Callable[..., tuple[Array, Array, Array]]:
    """The step with one thing different; `late` reads what was there before."""

    def answer(q: Array, k: Array, v: Array, S: Array, z: Array) -> tuple[Array, Array, Array]:
        if swapped:
            q, k = k, q
        q, k = of_query(q), of_key(k)
        S_new, z_new = write(S, k[:, :, None] * v[:, None]), count(z, k, q)
        S_read, z_read = (S, z) if late else (S_new, z_new)
        y = (q[:, None] @ S_read)[:, 0]
        return y / total(z_read, q, y), S_new, z_new

    return answer


def _of(change: Callable[[Array, Array, Array], Any]) -> Callable[..., Any]:
    return lambda *given: change(*_step()(*given))


def _old_state(*given: Array) -> Any:
    return _step()(*given)[0], given[3], given[4]


def _transposed(q: Array, k: Array, v: Array, S: Array, z: Array) -> Any:
    """S as if it were (Dv, Dk): other shapes do not fit."""
    q, k = _feature(q), _feature(k)
    S, z = S + v[:, :, None] * k[:, None], z + k
    return np.einsum("bvk,bk->bv", S, q) / (z * q).sum(-1, keepdims=True), S, z


def _of_columns(q: Array, k: Array, v: Array, S: Array, z: Array) -> Any:
    _, S, z = _step()(q, k, v, S, z)
    return (S @ _feature(q)[..., None])[..., 0] / (z * _feature(q)).sum(-1, keepdims=True), S, z


def _softmax(x: Array) -> Array:
    p = np.exp(x - x.max(-1, keepdims=True))
    s: Array = p / p.sum(-1, keepdims=True)
    return s


linear_attention_step = Exercise(
    "linear_attention_step",
    _step(),
    [_case(2, 3, 2, 4), _case(3, 2, 4, 1), _case(2, 3, 3, 0), _case(1, 4, 2, 6)],
    wrong={
        "own left out": (
            _step(late=True),
            "The new token reads what was there before it, and not itself: write its key and value first, then read.",
        ),
        "no feature of the query": (
            _step(of_query=lambda x: x),
            "φ is missing at the query. Without it weights can be negative.",
        ),
        "no feature of the key": (
            _step(of_key=lambda x: x),
            "φ is missing at the key. Without it weights can be negative, and add up to 0.",
        ),
        "no feature": (
            _step(of_query=lambda x: x, of_key=lambda x: x),
            "φ is missing, at the query and at the key.",
        ),
        "another feature": (
            (
                _step(of_query=np.exp, of_key=np.exp),
                _step(of_query=_softmax, of_key=_softmax),
                _step(of_query=lambda x: np.maximum(x, 0), of_key=lambda x: np.maximum(x, 0)),
                _step(of_query=lambda x: np.maximum(x, 0) + 1, of_key=lambda x: np.maximum(x, 0) + 1),
                _step(of_query=lambda x: np.logaddexp(0, x), of_key=lambda x: np.logaddexp(0, x)),
            ),
            "Your φ is another function: φ(u) is u + 1 where u > 0, and exp(u) elsewhere.",
        ),
        "elu without 1": (
            _step(of_query=lambda x: _feature(x) - 1, of_key=lambda x: _feature(x) - 1),
            "That is elu, which can be negative. φ(u) is elu(u) + 1: u + 1 where u > 0, and exp(u) elsewhere.",
        ),
        "not divided": (
            _step(total=lambda z, q, y: np.ones_like(y[:, :1])),
            "You did not divide by the sum of the weights, zᵀφ(q).",
        ),
        "divided by the keys": (
            _step(total=lambda z, q, y: z.sum(-1, keepdims=True)),
            "You divided by the sum of z. The sum of the weights is zᵀφ(q).",
        ),
        "outputs add up to 1": (
            _step(total=lambda z, q, y: y.sum(-1, keepdims=True)),
            "You divided by the sum of the output. What adds up to 1 are the weights, whose sum is zᵀφ(q).",
        ),
        "queries counted": (
            _step(count=lambda z, k, q: z + q),
            "You added φ(q) to z. z is the sum of the φ(k).",
        ),
        "steps counted": (
            (_step(count=lambda z, k, q: z + 1), _step(count=lambda z, k, q: z)),
            "z is the sum of the φ(k), that of the new token included.",
        ),
        "written over": (
            (_step(write=lambda S, new: new), _step(write=lambda S, new: new, count=lambda z, k, q: k)),
            "The new token writes over what was there. Add to S and z.",
        ),
        "not written": (
            _step(write=lambda S, new: S),
            "The new value is missing in S: add the outer product of φ(k) and v.",
        ),
        "query and key": (
            _step(swapped=True),
            "Query and key are swapped: the key says where to write, the query where to read.",
        ),
        "turned": (
            _transposed,
            "Your outer product is the wrong way round. S is (Dk, Dv): a row for each feature of the keys.",
        ),
        "read along the rows": (
            _of_columns,
            "You read S along the wrong axis: y = Sᵀφ(q) adds up the rows of S, weighted by φ(q).",
        ),
        "old state returned": (
            _old_state,
            "You return S and z as they were. The next step needs them with this token.",
        ),
        "output alone": (
            _of(lambda y, S, z: y),
            "That is the output. Return the new S and z beside it.",
        ),
        "without z": (
            _of(lambda y, S, z: (y, S)),
            "z is missing. Return three arrays.",
        ),
    },
    prompt="Return three arrays, (B, Dv), (B, Dk, Dv) and (B, Dk), and run the cell again.",
)
