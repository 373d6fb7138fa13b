"""Layer normalisation and RMS normalisation, of chapter 13: the features of each position at one scale."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np

from seqlib.arguments import check_number, real_array

__all__ = ["Cache", "Grads", "LayerNorm", "Norm", "RMSNorm", "backward", "checked_norm", "forward"]


class LayerNorm(NamedTuple):
    """Mean 0 and variance 1 over the features of each position, then a gain and a bias for each feature.

        x̂ = (x - μ) / √(σ² + ε)        y = g · x̂ + b

    Shapes:  gain (D,); bias (D,), or None
    Source:  Ba, Kiros & Hinton 2016
    Book:    chapters/13_transformer
    """

    gain: np.ndarray
    bias: np.ndarray | None


class RMSNorm(NamedTuple):
    """Mean square 1 over the features of each position, then a gain for each feature: nothing is subtracted.

        x̂ = x / √(mean x² + ε)        y = g · x̂

    Shapes:  gain (D,)
    Source:  Zhang & Sennrich 2019
    Differs: Zhang & Sennrich have no ε
    Book:    chapters/13_transformer
    """

    gain: np.ndarray


Norm: TypeAlias = LayerNorm | RMSNorm


class Grads(NamedTuple):
    """Gradients of the loss: `params`, of the type that was given, and `x` (…, D)."""

    params: Norm
    x: np.ndarray


class Cache(NamedTuple):
    """What `backward` needs: `normed` is x̂ (…, D), `scale` the √(… + ε) (…, 1) by which x was divided."""

    params: Norm
    normed: np.ndarray
    scale: np.ndarray


def forward(params: Norm, x: np.ndarray, *, eps: float = 1e-5) -> tuple[np.ndarray, Cache]:
    """Normalise each position by its own features.

        LayerNorm   μ = mean_d x_d,  σ² = mean_d (x_d - μ)²      x̂ = (x - μ) / √(σ² + ε)        y = g · x̂ + b
        RMSNorm                                                  x̂ = x / √(mean_d x_d² + ε)     y = g · x̂

    Neither other positions nor other sequences have a part in it, as they have in batch normalisation.

    Shapes:  x (…, D) -> y, the same; cache
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Ba, Kiros & Hinton 2016; Zhang & Sennrich 2019
    Differs: ε as in torch.nn.LayerNorm; BERT has 1e-12, Llama's RMSNorm 1e-6 or 1e-5
    Book:    chapters/13_transformer
    """
    x = real_array("x", x)
    if not x.ndim or not x.shape[-1]:
        raise ValueError(f"x must have features on its last axis, got shape {x.shape}")
    params, eps = checked_norm("params", params, x.shape[-1]), check_number("eps", eps, low=0)
    centred = x - x.mean(-1, keepdims=True) if isinstance(params, LayerNorm) else x
    scale = np.sqrt((centred**2).mean(-1, keepdims=True) + eps)
    normed = centred / np.where(scale == 0, 1, scale)  # without ε, features that are all alike stay 0
    bias = 0 if isinstance(params, RMSNorm) or params.bias is None else params.bias
    return params.gain * normed + bias, Cache(params, normed, scale)


def backward(dy: np.ndarray, cache: Cache) -> Grads:
    """The gradient loses what the normalisation takes away: its mean, and its part along x̂.

        dx̂ = g · dy        dg = Σ dy · x̂        db = Σ dy            sums over all positions
        LayerNorm   dx = (dx̂ - mean dx̂ - x̂ · mean(dx̂ · x̂)) / √(σ² + ε)
        RMSNorm     dx = (dx̂ - x̂ · mean(dx̂ · x̂)) / √(mean x² + ε)

    Both hold for any ε, since x̂ is what was divided by the root with ε in it.

    Shapes:  dy (…, D) -> Grads
    Raises:  TypeError or ValueError naming the argument; ValueError where x had no scale (all features alike, ε = 0)
    Source:  derived in the chapter
    Book:    chapters/13_transformer
    """
    params, normed, scale = cache
    dy = real_array("dy", dy, normed.shape)
    if np.any(scale == 0):
        raise ValueError("x must vary where eps is 0: features that are all alike have no gradient there")
    dgain = (dy * normed).reshape(-1, normed.shape[-1]).sum(0)
    dnormed = params.gain * dy
    dcentred = dnormed - normed * (dnormed * normed).mean(-1, keepdims=True)
    if isinstance(params, RMSNorm):
        return Grads(RMSNorm(dgain), dcentred / scale)
    dx = (dcentred - dnormed.mean(-1, keepdims=True)) / scale
    dbias = None if params.bias is None else dy.reshape(-1, normed.shape[-1]).sum(0)
    return Grads(LayerNorm(dgain, dbias), dx)


def checked_norm(name: str, params: Norm, D: int) -> Norm:
    """Return a copy whose arrays are float64 and have D entries; a TypeError or ValueError otherwise."""
    if not isinstance(params, (LayerNorm, RMSNorm)):
        raise TypeError(f"{name} must be a LayerNorm or an RMSNorm, got {type(params).__name__}")
    gain = np.array(real_array(f"{name}.gain", params.gain, (D,)))
    if isinstance(params, RMSNorm):
        return RMSNorm(gain)
    return LayerNorm(gain, None if params.bias is None else np.array(real_array(f"{name}.bias", params.bias, (D,))))
