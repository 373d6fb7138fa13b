"""Positions for a Transformer: sinusoids that are added to the inputs, and rotations of queries and keys."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from seqlib.arguments import check_integer, check_number, check_shape

__all__ = ["check_positions", "rotated", "rotation", "sinusoids"]


def sinusoids(positions: Tensor, d_model: int, base: float = 10_000.0, *, dtype: torch.dtype | None = None) -> Tensor:
    """A vector for each position, to be added to what stands there.

        PE[t, 2i] = sin(t ω_i)        PE[t, 2i + 1] = cos(t ω_i)        ω_i = base^(-2i / d_model)

    The angles are taken in float64: in float32 they would be off by 1e-4 at position 1000 already.

    Shapes:  positions (…,) -> (…, d_model), d_model even
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Vaswani et al. 2017, section 3.5
    Book:    chapters/13_transformer
    """
    angles = _angles(positions, "d_model", d_model, base)
    return torch.stack([angles.sin(), angles.cos()], -1).flatten(-2).to(dtype or torch.get_default_dtype())


def rotation(positions: Tensor, d_k: int, base: float = 10_000.0, *, dtype: torch.dtype | None = None) -> Tensor:
    """By how much each pair of features is turned at each position, as complex numbers e^{i t ω_i}: see `rotated`.

    Shapes:  positions (…,) -> (…, d_k / 2), complex, of a precision that goes with the real `dtype`
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    """
    angles = _angles(positions, "d_k", d_k, base)
    kind = torch.complex128 if (dtype or torch.get_default_dtype()) == torch.float64 else torch.complex64
    return torch.polar(torch.ones_like(angles), angles).to(kind)


def rotated(x: Tensor, turn: Tensor) -> Tensor:
    """Turn each pair of features, 2i and 2i + 1, by its angle (rotary position embedding, RoPE).

        u + iv at position t  ->  (u + iv) e^{i t ω_i}

    Shapes:  x (…, d_k), turn (…, d_k / 2) from `rotation`, of shapes that go together -> (…, d_k)
    Source:  Su et al. 2021, section 3.2.2
    Differs: Hugging Face's Llama has pairs i and i + d_k / 2: there the rows of W_q and W_k stand in another order
    Book:    chapters/13_transformer
    """
    wide = x.double() if turn.dtype == torch.complex128 else x.float()
    turned = torch.view_as_complex(wide.unflatten(-1, (-1, 2))) * turn
    return torch.view_as_real(turned).flatten(-2).to(x.dtype)


def check_positions(positions: Any, B: int, T: int, device: torch.device) -> Tensor:
    """The positions of T places in each of B sequences, 0 … T - 1 unless given; a TypeError or ValueError naming them
    otherwise.

    Shapes:  positions (T,), (1, T) or (B, T), numbers -> the same
    """
    if positions is None:
        return torch.arange(T, device=device)
    try:
        positions = torch.as_tensor(list(positions) if isinstance(positions, range) else positions, device=device)
    except (TypeError, ValueError, RuntimeError) as error:
        raise TypeError(f"positions must be numbers, a tensor or an array of them, got {positions!r}") from error
    if positions.is_complex() or positions.dtype == torch.bool:
        raise TypeError(f"positions must be numbers, got dtype {positions.dtype}")
    # more rows than sequences would make sequences of them
    wanted = (T,) if positions.ndim < 2 else (1 if positions.shape[0] == 1 else B, T)
    check_shape("positions", positions, wanted)
    return positions


def _angles(positions: Tensor, name: str, size: int, base: float) -> Tensor:
    """t ω_i for each position and pair (…, size / 2), in float64."""
    size, base = check_integer(name, size, low=2), check_number("base", base, low=1)
    if size % 2:
        raise ValueError(f"{name} must be even: features turn in pairs, got {size}")
    order = torch.arange(0, size, 2, dtype=torch.float64, device=positions.device)
    return positions.double().unsqueeze(-1) * base ** (-order / size)
