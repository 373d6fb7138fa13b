"""Masks: who may attend to what. Boolean, True = may attend, as in torch's scaled_dot_product_attention."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from seqlib.arguments import check_integer, check_lengths, check_shape

__all__ = ["causal_mask", "check_attention_mask", "combined_mask", "padding_mask"]


def padding_mask(lengths: Any, S: int | None = None, *, device: Any = None) -> Tensor:
    """Every query may attend to what is real, and to no padding.

        mask[b, s] = s < lengths[b]

    Shapes:  lengths (B,) integers, also as an array -> (B, S) boolean; S is the greatest length unless given
    Raises:  TypeError or ValueError naming the argument, also for a length greater than S
    Differs: torch.nn.MultiheadAttention's key_padding_mask is the opposite, True = padding
    Book:    chapters/12_attention
    """
    S = None if S is None else check_integer("S", S, low=0)
    real = check_lengths("lengths", lengths.cpu() if isinstance(lengths, Tensor) else lengths, S)
    longest = int(real.max(initial=0)) if S is None else S
    return torch.arange(longest, device=device) < torch.from_numpy(real).to(device)[:, None]


def causal_mask(T: int, S: int | None = None, *, device: Any = None) -> Tensor:
    """No query may attend to what comes after it. The queries are the last T of S positions, and S = T unless given.

        mask[0, t, s] = s ≤ S - T + t

    Shapes:  -> (1, T, S) boolean, the same for every sequence
    Raises:  TypeError or ValueError naming the argument, also for S < T
    Book:    chapters/12_attention
    """
    T = check_integer("T", T, low=0)
    S = T if S is None else check_integer("S", S, low=T)
    return torch.ones(1, T, S, dtype=torch.bool, device=device).tril(S - T)


def combined_mask(*masks: Tensor | None) -> Tensor | None:
    """A query may attend where every mask lets it. None lets it everywhere; of no mask at all None is made.

        mask[b, t, s] = Π_i mask_i[b, t, s],   where a mask (B, S) is the same for every t

    Shapes:  each (B, S) or (B, T, S), where B and T may be 1 -> (B, T, S); a single one stays as it is
    Raises:  TypeError or ValueError naming the mask that does not fit
    Book:    chapters/12_attention
    """
    given = [(f"masks[{i}]", mask) for i, mask in enumerate(masks) if mask is not None]
    for name, mask in given:
        _check_kind(name, mask)
    if len(given) < 2:
        return given[0][1] if given else None
    combined = _for_every_query(given[0][1])
    for name, mask in given[1:]:
        other = _for_every_query(mask)
        if any(a != b and 1 not in (a, b) for a, b in zip(combined.shape[:2], other.shape[:2], strict=True)) or (
            combined.shape[2] != other.shape[2]
        ):
            raise ValueError(f"{name} must fit the masks before it, {tuple(combined.shape)}, got {tuple(mask.shape)}")
        combined = combined & other
    return combined


def check_attention_mask(name: str, mask: Any, B: int, T: int, S: int) -> Tensor:
    """Return the mask with an axis for the queries, (B, T, S), where B and T may still be 1.

    Shapes:  mask (B, S) or (B, T, S), where B and T may be 1
    Raises:  TypeError or ValueError naming the mask: numbers are not taken for truth values
    """
    _check_kind(name, mask)
    spread = _for_every_query(mask)
    if spread.shape[0] not in (1, B) or spread.shape[1] not in (1, T) or spread.shape[2] != S:
        raise ValueError(f"{name} must have shape ({B}, {S}) or ({B}, {T}, {S}), got {tuple(mask.shape)}")
    return spread


def _check_kind(name: str, mask: Any) -> None:
    if not isinstance(mask, Tensor):
        raise TypeError(f"{name} must be a tensor, got {type(mask).__name__}")
    if mask.dtype != torch.bool:
        raise TypeError(f"{name} must be boolean (True = may attend), got dtype {mask.dtype}")
    if mask.ndim not in (2, 3):
        check_shape(name, mask, ("B", "T", "S"))


def _for_every_query(mask: Tensor) -> Tensor:
    return mask[:, None] if mask.ndim == 2 else mask
