"""Positions, of chapter 13: sinusoids that are added to the inputs, and rotations of queries and keys."""

from __future__ import annotations

from typing import Any

import numpy as np

from seqlib.arguments import check_choice, check_integer, check_number, real_array

__all__ = ["frequencies", "rotated", "rotated_backward", "sinusoidal"]


def frequencies(D: int, base: float = 10_000.0) -> np.ndarray:
    """How many radians each pair of features turns per position: from 1 down to nearly 1 / base.

        ω_i = base^(-2i / D),  i = 0 … D/2 - 1

    Shapes:  -> (D / 2,)
    Raises:  TypeError or ValueError naming the argument; D must be even
    Source:  Vaswani et al. 2017, section 3.5
    Book:    chapters/13_transformer
    """
    D = check_integer("D", D, low=2)
    if D % 2:
        raise ValueError(f"D must be even: features turn in pairs, got {D}")
    base = check_number("base", base, low=1)
    return np.asarray(base ** (-np.arange(0, D, 2) / D))


def sinusoidal(positions: Any, D: int, base: float = 10_000.0) -> np.ndarray:
    """A vector for each position, to be added to what stands there.

        PE[t, 2i] = sin(t ω_i)        PE[t, 2i + 1] = cos(t ω_i)

    Shapes:  positions (T,), numbers; an integer T stands for 0 … T - 1 -> (T, D)
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Vaswani et al. 2017, section 3.5
    Book:    chapters/13_transformer
    """
    angles = _angles(positions, D, base)
    return np.stack([np.sin(angles), np.cos(angles)], -1).reshape(len(angles), D)


def rotated(x: np.ndarray, positions: Any = None, *, base: float = 10_000.0, pairs: str = "interleaved") -> np.ndarray:
    """Turn each pair of features by an angle that grows with the position (rotary position embedding, RoPE).

        (u, v) at position t  ->  (u cos tω_i - v sin tω_i,  u sin tω_i + v cos tω_i)

    The product of a query at t with a key at s then depends on t - s alone: rotated(q, t)ᵀ rotated(k, s) =
    rotated(q, t - s)ᵀ k. Values are not rotated.

    Shapes:  x (…, T, D), D even; positions (T,), numbers, 0 … T - 1 by default -> (…, T, D). `pairs` says which
             features make pair i: "interleaved" 2i and 2i + 1, "halves" i and i + D/2
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Su et al. 2021, section 3.2.2; "halves" is the order of GPT-NeoX and of Llama in Hugging Face transformers
    Book:    chapters/13_transformer
    """
    return _turned(x, positions, base, pairs, 1)


def rotated_backward(
    dy: np.ndarray, positions: Any = None, *, base: float = 10_000.0, pairs: str = "interleaved"
) -> np.ndarray:
    """The gradient with respect to x: a rotation's transpose is the rotation by the opposite angle.

        (du, dv)  ->  (du cos tω_i + dv sin tω_i,  -du sin tω_i + dv cos tω_i)

    Shapes:  dy (…, T, D) -> dx, the same; the other arguments as in `rotated`
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  derived in the chapter
    Book:    chapters/13_transformer
    """
    return _turned(dy, positions, base, pairs, -1)


def _turned(x: np.ndarray, positions: Any, base: float, pairs: str, sign: int) -> np.ndarray:
    x = real_array("x" if sign > 0 else "dy", x)
    if x.ndim < 2:
        raise ValueError(f"x must have shape (…, T, D), got {x.shape}")
    T, D = x.shape[-2:]
    check_choice("pairs", pairs, ("interleaved", "halves"))
    angles = sign * _angles(T if positions is None else positions, D, base)
    if len(angles) != T:
        raise ValueError(f"positions must have an entry for each of {T} places, got {len(angles)}")
    cos, sin = np.cos(angles), np.sin(angles)
    if pairs == "halves":
        u, v = x[..., : D // 2], x[..., D // 2 :]
        return np.concatenate([u * cos - v * sin, u * sin + v * cos], -1)
    u, v = x[..., 0::2], x[..., 1::2]
    return np.stack([u * cos - v * sin, u * sin + v * cos], -1).reshape(x.shape)


def _angles(positions: Any, D: int, base: float) -> np.ndarray:
    """t ω_i for each position and pair (T, D / 2)."""
    if np.ndim(positions) == 0:
        positions = np.arange(check_integer("positions", positions, low=0), dtype=np.float64)
    return real_array("positions", positions, ("T",))[:, None] * frequencies(D, base)
