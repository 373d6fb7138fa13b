"""The optimisers that are known by name, built with their settings."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from seqlib.arguments import check_choice

__all__ = ["OPTIMISERS", "build"]

OPTIMISERS: dict[str, Callable[..., torch.optim.Optimizer]] = {
    "sgd": torch.optim.SGD,
    "momentum": lambda parameters, lr, weight_decay=0.0: torch.optim.SGD(
        parameters, lr=lr, momentum=0.9, weight_decay=weight_decay
    ),
    "adam": torch.optim.Adam,
    "adamw": torch.optim.AdamW,
}


def build(
    optimiser: str | Callable[..., torch.optim.Optimizer],
    parameters: list[nn.Parameter],
    lr: float,
    weight_decay: float | None,
) -> torch.optim.Optimizer:
    """The optimiser of that name, or the one that a function of parameters, lr and (if given) weight_decay returns.

        adamw:               θ' = θ - lr λ θ - lr (Adam's step for g)     decoupled: the decay is not scaled by Adam
        sgd, momentum, adam: g' = g + λ θ, and then their step for g'     the gradient of the penalty λ/2 ‖θ‖²

    Without `weight_decay` each has its own: λ = 0.01 for adamw, as in torch, and none for the others.

    Raises:  TypeError or ValueError naming optimiser or weight_decay
    Source:  Loshchilov & Hutter 2019, algorithm 2 (adamw: the decay in green, L2 in pink)
    """
    make = OPTIMISERS[check_choice("optimiser", optimiser, OPTIMISERS)] if isinstance(optimiser, str) else optimiser
    if not callable(make):
        raise TypeError(f"optimiser must be a name or a function of parameters and lr, got {type(make).__name__}")
    options = {"lr": lr}
    if weight_decay is not None:
        options["weight_decay"] = weight_decay
        if not _takes(make, "weight_decay"):
            raise TypeError(
                f"weight_decay must be None for an optimiser that does not take it, got {weight_decay}: give the "
                "function an argument weight_decay, or set the decay inside it"
            )
    made: Any = make(parameters, **options)
    if not isinstance(made, torch.optim.Optimizer):
        raise TypeError(f"optimiser must give a torch.optim.Optimizer, got {type(made).__name__}")
    return made


def _takes(function: Callable[..., Any], name: str) -> bool:
    parameters = inspect.signature(function).parameters
    return name in parameters or any(p.kind is p.VAR_KEYWORD for p in parameters.values())
