"""The only training loop of the book."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from seqlib.arguments import check_choice, check_integer, check_number
from seqlib.batching import Batch
from seqlib.training import random_state
from seqlib.training.checkpoint import Checkpoint
from seqlib.training.data import batch_source, to_tensors
from seqlib.training.identity import identity
from seqlib.training.objective import objective
from seqlib.training.progress import progress_bar

__all__ = ["History", "fit"]

OPTIMISERS: dict[str, Callable[..., torch.optim.Optimizer]] = {
    "sgd": torch.optim.SGD,
    "momentum": lambda parameters, lr: torch.optim.SGD(parameters, lr=lr, momentum=0.9),
    "adam": torch.optim.Adam,
}


@dataclass
class History:
    """What a training run left: one loss and one gradient norm (before clipping) a step, and the trained model."""

    loss: np.ndarray
    grad_norm: np.ndarray
    model: nn.Module = field(repr=False)

    @property
    def steps(self) -> int:
        """How many steps were taken."""
        return len(self.loss)

    def last(self, n: int = 100) -> float:
        """The mean loss of the last `n` steps."""
        return float(self.loss[-check_integer("n", n, low=1) :].mean())


def fit(
    model: nn.Module | Callable[[], nn.Module],
    data: Any,
    *,
    steps: int,
    loss: str | Callable[[nn.Module, Batch], Tensor] | None = None,
    optimiser: str | Callable[..., torch.optim.Optimizer] = "adam",
    lr: float = 1e-3,
    batch_size: int = 32,
    seed: int = 0,
    clip_norm: float | None = None,
    clip_value: float | None = None,
    checkpoint: str | os.PathLike[str] | None = None,
    checkpoint_every: int = 100,
    on_nonfinite: str = "raise",
    progress: bool | None = None,
) -> History:
    """Train a model for a number of steps.

        θ ← optimiser(θ, clip(∇_θ loss(model, batch_s))),   s = 1 … steps

    `model`: a module, or a function without arguments that builds one, called with torch seeded by `seed`.
    `data`: a task (its `sample` is called with a generator seeded by (seed, step)), a list of batches (used in turn),
    or a function of the step number that returns a Batch. The model is called with the batch's inputs, which may hold
    lengths: model(*batch.inputs).
    `loss`: "cross_entropy", "squared_error" (both over the positions of batch.mask), or a function of model and batch;
    the task's own by default.
    `clip_norm`, `clip_value`: limits of the gradient's norm and of its entries.
    `checkpoint`: a file. It is written atomically every `checkpoint_every` steps and at the end; if it exists, training
    goes on from it, and ends bit for bit where it would have ended without the interruption. A file of another run
    (data, loss, model, optimiser or any of their settings differ) or of more steps than asked for is refused.
    `on_nonfinite`: "raise" a FloatingPointError when loss or gradient is no longer finite, or "stop" there and return
    the steps before.
    `progress`: a progress bar, by default where somebody watches: in a terminal and in a live notebook.

    The model trains in training mode; a module whose parts are in different modes keeps them. The global random states
    of torch, NumPy and Python are seeded by `seed`, saved with a checkpoint, and afterwards what they were before.

    Raises:  TypeError or ValueError naming the argument; ValueError for a checkpoint that is damaged or belongs to
             other settings; FloatingPointError as said above
    Book:    chapters/01_sequences
    """
    steps, seed = check_integer("steps", steps, low=0), check_integer("seed", seed, low=0)
    batch_size = check_integer("batch_size", batch_size, low=1)
    checkpoint_every = check_integer("checkpoint_every", checkpoint_every, low=1)
    lr = check_number("lr", lr, low=0)
    clip_norm = None if clip_norm is None else check_number("clip_norm", clip_norm, above=0)
    clip_value = None if clip_value is None else check_number("clip_value", clip_value, above=0)
    check_choice("on_nonfinite", on_nonfinite, ("raise", "stop"))
    mean_loss = objective(loss, data)
    draw = batch_source(data, batch_size, seed)
    make = OPTIMISERS[check_choice("optimiser", optimiser, OPTIMISERS)] if isinstance(optimiser, str) else optimiser
    plain = {"seed": seed, "batch_size": batch_size, "lr": lr, "clip_norm": clip_norm, "clip_value": clip_value}

    with random_state.seeded(seed):
        net = model if isinstance(model, nn.Module) else model()
        if not isinstance(net, nn.Module):
            raise TypeError(f"model must be a torch module or a function that returns one, got {type(net).__name__}")
        parameters = [p for p in net.parameters() if p.requires_grad]
        if not parameters:
            raise ValueError("model must have at least one parameter to train")
        optimizer = make(parameters, lr=lr)
        losses: list[float] = []
        norms: list[float] = []
        file = None
        if checkpoint is not None:
            own = getattr(data, "loss", None) if loss is None else loss
            settings = identity(net, optimizer, data, own, plain, built=not isinstance(model, nn.Module))
            file = Checkpoint(checkpoint, settings, net, optimizer)
            losses, norms = file.resume(steps)
        modes = {module: module.training for module in net.modules()}
        if not net.training:
            net.train()
        try:
            with progress_bar(progress, steps, len(losses)) as report:
                for step in range(len(losses), steps):
                    batch = to_tensors(draw(step), net)
                    optimizer.zero_grad(set_to_none=True)
                    value = mean_loss(net, batch)
                    value.backward()
                    norm = _norm(parameters)
                    if not (torch.isfinite(value).item() and np.isfinite(norm)):
                        if on_nonfinite == "stop":
                            break
                        raise FloatingPointError(f"loss or gradient is not finite at step {step}: training diverged")
                    _clip(parameters, norm, clip_norm, clip_value)
                    optimizer.step()
                    losses.append(value.item())
                    norms.append(norm)
                    report(step + 1, losses[-1])
                    if file is not None and ((step + 1) % checkpoint_every == 0 or step + 1 == steps):
                        file.save(losses, norms)
        finally:
            for module, training in modes.items():
                module.training = training
    return History(np.array(losses), np.array(norms), net)


def _norm(parameters: list[nn.Parameter]) -> float:
    """The norm of the whole gradient. Squares of float32 leave its range early: then the gradient is scaled first."""
    grads = [p.grad.detach() for p in parameters if p.grad is not None]
    if not grads:
        return 0.0
    norm = float(torch.stack([grad.norm() for grad in grads]).norm())
    if 1e-15 < norm < 1e15:
        return norm
    largest = float(torch.stack([grad.abs().max() for grad in grads if grad.numel()]).max())  # NaN, if there is one
    if largest == 0 or not np.isfinite(largest):
        return largest
    wide = (grad.to(torch.promote_types(grad.dtype, torch.float64)) for grad in grads)
    return largest * float(torch.stack([(grad / largest).norm() for grad in wide]).norm())


def _clip(parameters: list[nn.Parameter], norm: float, clip_norm: float | None, clip_value: float | None) -> None:
    """The gradient made no longer than clip_norm, and its entries no larger than clip_value, in place."""
    grads = [p.grad for p in parameters if p.grad is not None]
    scale = 1.0 if clip_norm is None else clip_norm / (norm + 1e-6)
    for grad in grads:
        if scale < torch.finfo(grad.dtype).tiny:  # too small for this dtype; its square root is not
            grad.mul_(scale**0.5).mul_(scale**0.5)
        elif scale < 1:
            grad.mul_(scale)
        if clip_value is not None:
            grad.clamp_(-clip_value, clip_value)
