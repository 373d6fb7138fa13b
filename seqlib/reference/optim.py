"""Optimisers and gradient clipping as pure functions: parameters in, new parameters out.

Parameters and gradients are any nest of arrays: a NamedTuple such as `rnn.Params`, a tuple, list or dict, or one array.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from seqlib.arguments import check_integer, check_number, check_shape, real_array

__all__ = ["AdamState", "adam", "adamw", "clip_by_norm", "clip_by_value", "momentum", "sgd"]


class AdamState(NamedTuple):
    """Running means of the gradient (`m`) and of its square (`v`), and the number of steps taken."""

    m: Any
    v: Any
    steps: int


def sgd(params: Any, grads: Any, *, lr: float) -> Any:
    """One step of gradient descent.

        θ' = θ - lr g

    Shapes:  grads as params -> params
    Raises:  TypeError or ValueError naming the argument
    Source:  Robbins & Monro 1951; equal to torch.optim.SGD
    Book:    chapters/02_rnn
    """
    lr = check_number("lr", lr, low=0)
    params, grads = _pair(params, grads)
    return _finite("params", lambda: _map(lambda p, g: p - lr * g, params, grads))


def momentum(
    params: Any, grads: Any, state: Any = None, *, lr: float, beta: float = 0.9, nesterov: bool = False
) -> tuple[Any, Any]:
    """One step of gradient descent with momentum; `state` is the velocity v, None before the first step.

        v' = β v + g        θ' = θ - lr v'        Nesterov: θ' = θ - lr (g + β v')

    Shapes:  grads, state as params -> params, state
    Raises:  TypeError or ValueError naming the argument
    Source:  Polyak 1964; Sutskever et al. 2013
    Differs: torch.optim.SGD's form, in which lr scales the velocity; in Polyak's it scales the gradient alone
    Book:    chapters/02_rnn
    """
    lr, beta = check_number("lr", lr, low=0), check_number("beta", beta, low=0, high=1)
    params, grads = _pair(params, grads)
    before = _map(np.zeros_like, grads) if state is None else _like("state", state, params)
    velocity = _finite("state", lambda: _map(lambda v, g: beta * v + g, before, grads))
    ahead = _finite("g + β v'", lambda: _map(lambda g, v: g + beta * v, grads, velocity)) if nesterov else velocity
    return _finite("params", lambda: _map(lambda p, v: p - lr * v, params, ahead)), velocity


def adam(
    params: Any,
    grads: Any,
    state: AdamState | None = None,
    *,
    lr: float = 1e-3,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
) -> tuple[Any, AdamState]:
    """One step of Adam; `state` is None before the first step.

        m' = β₁ m + (1 - β₁) g      m̂ = m' / (1 - β₁ᵗ)
        v' = β₂ v + (1 - β₂) g²     v̂ = v' / (1 - β₂ᵗ)      θ' = θ - lr m̂ / (√v̂ + ε)

    Shapes:  grads as params -> params, state
    Raises:  TypeError or ValueError naming the argument; ValueError if the square of an entry of the gradient leaves
             float64, which it does from about 1e154 on
    Source:  Kingma & Ba 2015, algorithm 1; equal to torch.optim.Adam
    Differs: torch takes such an entry, and no longer moves the parameter: its v is infinite from then on
    Book:    chapters/02_rnn
    """
    lr, eps = check_number("lr", lr, low=0), check_number("eps", eps, low=0)
    if not isinstance(betas, tuple | list) or len(betas) != 2:
        raise TypeError(f"betas must be a pair of numbers, got {betas!r}")
    b1, b2 = (check_number(f"betas[{i}]", b, low=0) for i, b in enumerate(betas))
    if max(b1, b2) >= 1:
        raise ValueError(f"betas must be smaller than 1, got {betas}")
    params, grads = _pair(params, grads)
    if state is None:
        state = AdamState(_map(np.zeros_like, grads), _map(np.zeros_like, grads), 0)
    elif not isinstance(state, AdamState):
        raise TypeError(f"state must be an AdamState or None, got {type(state).__name__}")
    t = check_integer("state.steps", state.steps, low=0) + 1
    m = _map(lambda m, g: b1 * m + (1 - b1) * g, _like("state.m", state.m, params), grads)
    before = _like("state.v", state.v, params)
    if any(np.any(np.real(leaf) < 0) for leaf in _leaves(before)):
        raise ValueError("state.v must not be negative: it is a mean of squares")
    v = _finite("state.v", lambda: _map(lambda v, g: b2 * v + (1 - b2) * g**2, before, grads))
    if eps == 0 and not all(np.all(leaf) for leaf in _leaves(v)):
        raise ValueError("eps must be greater than 0 where the mean of squares is 0: 0/0 is no step")
    new = _finite(
        "params",
        lambda: _map(lambda p, m, v: p - lr * (m / (1 - b1**t)) / (np.sqrt(v / (1 - b2**t)) + eps), params, m, v),
    )
    return new, AdamState(m, v, t)


def adamw(
    params: Any,
    grads: Any,
    state: AdamState | None = None,
    *,
    lr: float = 1e-3,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 0.01,
) -> tuple[Any, AdamState]:
    """One step of Adam with decoupled weight decay; `state` is None before the first step.

        θ' = θ - lr λ θ - lr m̂ / (√v̂ + ε)      m̂, v̂ as in adam, λ = weight_decay

    Every parameter shrinks by the same part. With the gradient of the penalty λ/2 ‖θ‖² in Adam, which is
    adam(params, grads + λ params), the decay goes through m̂ and √v̂ and is least where gradients are large.

    Shapes:  grads as params -> params, state
    Raises:  TypeError or ValueError naming the argument
    Source:  Loshchilov & Hutter 2019, algorithm 2; equal to torch.optim.AdamW
    Differs: the decay is multiplied by lr, as in torch; in the paper by the factor of the schedule alone
    """
    lr, decay = check_number("lr", lr, low=0), check_number("weight_decay", weight_decay, low=0)
    params, grads = _pair(params, grads)
    return adam(_map(lambda p: p - lr * decay * p, params), grads, state, lr=lr, betas=betas, eps=eps)


def clip_by_norm(grads: Any, max_norm: float) -> tuple[Any, float]:
    """Shorten the gradient, all arrays together, to at most `max_norm`; its direction stays.

        g' = g min(1, max_norm / (‖g‖ + 1e-6))

    Shapes:  grads -> grads, ‖g‖ before clipping
    Raises:  TypeError or ValueError naming the argument; ValueError if ‖g‖ itself leaves float64
    Source:  Pascanu, Mikolov & Bengio 2013, algorithm 1
    Differs: the 1e-6 is torch's (`clip_grad_norm_`), against division by zero; the norm is right where the squares of
             entries leave the range of float64, too
    Book:    chapters/04_gradients
    """
    max_norm = check_number("max_norm", max_norm, low=0)
    grads = _arrays("grads", grads)
    norm = _norm(_leaves(grads))
    scale = min(1.0, max_norm / (norm + 1e-6))
    return _map(lambda g: scale * g, grads), norm


def clip_by_value(grads: Any, limit: float) -> Any:
    """Cut every entry of the gradient off at ±limit; its direction changes.

        g'_i = max(-limit, min(limit, g_i))

    Shapes:  grads -> grads
    Raises:  TypeError or ValueError naming the argument
    Source:  Mikolov 2012 (thesis), section 3.2.2; equal to torch's `clip_grad_value_`
    Book:    chapters/04_gradients
    """
    limit = check_number("limit", limit, low=0)
    return _map(lambda g: np.clip(g, -limit, limit), _arrays("grads", grads))


def _map(f: Callable[..., Any], tree: Any, *others: Any) -> Any:
    if isinstance(tree, dict):
        return {key: _map(f, tree[key], *(o[key] for o in others)) for key in tree}
    if isinstance(tree, tuple | list):
        items = [_map(f, *parts) for parts in zip(tree, *others, strict=True)]
        return type(tree)(*items) if hasattr(tree, "_fields") else type(tree)(items)
    return f(tree, *others)


def _leaves(tree: Any) -> list[np.ndarray]:
    if isinstance(tree, dict):
        tree = list(tree.values())
    return [leaf for part in tree for leaf in _leaves(part)] if isinstance(tree, tuple | list) else [tree]


def _norm(leaves: list[np.ndarray]) -> float:
    """The norm of all arrays together, in units near the largest entry: no square leaves the range of float64."""
    largest = max((float(np.abs(g).max()) for g in leaves if g.size), default=0.0)
    if largest == 0:
        return 0.0
    unit = math.ldexp(0.5, math.frexp(largest)[1])  # a power of two: dividing by it rounds nothing
    return float(_finite("‖g‖", lambda: unit * math.sqrt(sum(float((np.abs(g / unit) ** 2).sum()) for g in leaves))))


def _finite(name: str, made: Callable[[], Any]) -> Any:
    """What `made` gives; ValueError if a number in it has left float64. Finite arguments do not make it so."""
    with np.errstate(over="ignore", invalid="ignore"):
        result = made()
    if not all(np.isfinite(leaf).all() for leaf in _leaves(result)):
        raise ValueError(f"grads, or lr, must be smaller: {name} would leave float64; clip the gradient first")
    return result


def _arrays(name: str, tree: Any) -> Any:
    """The same nest with every leaf a checked array."""
    if isinstance(tree, dict):
        return {key: _arrays(f"{name}[{key!r}]", part) for key, part in tree.items()}
    if isinstance(tree, tuple | list):
        names = getattr(tree, "_fields", None)
        parts = [_arrays(f"{name}.{names[i]}" if names else f"{name}[{i}]", part) for i, part in enumerate(tree)]
        return type(tree)(*parts) if names else type(tree)(parts)
    return real_array(name, tree)


def _like(name: str, tree: Any, params: Any) -> Any:
    """`tree` as checked arrays, with the structure and the shapes of `params`."""
    tree = _arrays(name, tree)
    if _skeleton(tree) != _skeleton(params):
        raise ValueError(f"{name} must be nested as params: {_skeleton(params)}, got {_skeleton(tree)}")
    for i, (leaf, wanted) in enumerate(zip(_leaves(tree), _leaves(params), strict=True)):
        check_shape(f"{name} (array {i})", leaf, wanted.shape)
    return tree


def _pair(params: Any, grads: Any) -> tuple[Any, Any]:
    params = _arrays("params", params)
    return params, _like("grads", grads, params)


def _skeleton(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {key: _skeleton(part) for key, part in tree.items()}
    return [_skeleton(part) for part in tree] if isinstance(tree, tuple | list) else "array"
