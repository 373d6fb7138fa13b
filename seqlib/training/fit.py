"""The only training loop of the book."""

from __future__ import annotations

import contextlib
import math
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader

from seqlib.arguments import check_choice, check_integer, check_number
from seqlib.batching import Batch
from seqlib.training import callback, loader, optimisers, random_state
from seqlib.training.carry import Carry
from seqlib.training.checkpoint import Checkpoint
from seqlib.training.data import batch_source, to_tensors
from seqlib.training.gradient import check_precision, clip, gradient, norm
from seqlib.training.history import History, Records
from seqlib.training.identity import identity, of_schedule
from seqlib.training.objective import Loss, at_step, judged_by, objective
from seqlib.training.progress import progress_bar
from seqlib.training.schedules import LearningRate
from seqlib.training.validation import Validation

__all__ = ["fit"]


def fit(
    model: nn.Module | Callable[[], nn.Module],
    data: Any,
    *,
    steps: int,
    loss: str | Callable[[nn.Module, Batch], Tensor] | None = None,
    optimiser: str | Callable[..., torch.optim.Optimizer] = "adam",
    lr: float = 1e-3,
    weight_decay: float | None = None,
    schedule: Callable[[int], float] | None = None,
    batch_size: int = 32,
    accumulate: int = 1,
    precision: str = "full",
    seed: int = 0,
    clip_norm: float | None = None,
    clip_value: float | None = None,
    validation: Any = None,
    validate_every: int = 100,
    patience: int | None = None,
    checkpoint: str | os.PathLike[str] | None = None,
    checkpoint_every: int = 100,
    on_nonfinite: str = "raise",
    on_step: Callable[[callback.Step], Any] | None = None,
    progress: bool | None = None,
) -> History:
    """Train a model for a number of steps.

        θ ← optimiser(θ, clip(∇_θ L_s), η_s),   s = 0 … steps - 1
        L_s = loss(model, batch_s);   with accumulate = k the mean over all positions of the batches sk … sk + k - 1

    `model`: a module, or a function without arguments that builds one, called with torch seeded by `seed`.
    `data`: a task (its `sample` is called with a generator seeded by (seed, step)), a list of batches (used in turn), a
    torch DataLoader that gives a Batch (pass after pass, shuffled anew in each as `seed` and its generator say), or a
    function of the number of the batch (the step, where nothing is accumulated) that returns a Batch. The model is
    called with the batch's inputs, which may hold lengths: model(*batch.inputs). Inputs are those of the data at every
    step, for a language model the true symbols before: teacher forcing. `seqlib.batching.Chunks` continue each other:
    the model gets the state that it had at the end of the batch before, model(*batch.inputs, state=…) -> out, state, as
    a constant: backpropagation through time is truncated there. The state is in the checkpoint.
    `loss`: "cross_entropy", "squared_error" (both over the positions of batch.mask), `CrossEntropy` with label
    smoothing, `ScheduledSampling` (both judged by the plain cross-entropy in validation), or a function of model and
    batch, which must be a mean over these positions for `accumulate` and `validation`; the task's own by default.
    `optimiser`: "sgd", "momentum", "adam", "adamw", or a function of parameters and lr (and weight_decay, if given).
    `weight_decay`: λ. Decoupled in "adamw" (0.01 by default), the gradient of λ/2 ‖θ‖² in the others (0 by default).
    `schedule`: by what the learning rate is multiplied at step 0, 1, …: `Warmup`, `Cosine`, `StepDecay` of
    seqlib.training, or a function of the step number.
    `accumulate`: how many batches a step takes together, as one large batch, in the memory of one. Steps are updates. A
    list or DataLoader that comes to its end is begun again in the middle of a step, so no step has fewer batches.
    (Batch normalisation still sees one batch at a time.)
    `precision`: "full", or "bfloat16": torch's autocast, with weights, optimiser and loss in float32. The recurrent
    layers of seqlib.nn compute in float32 all the same, so of a recurrent model only embedding and read-out gain. On a
    processor with AVX512-BF16 a step took 0.4 of the time for matrix products of 1024, 0.7 to 0.9 for recurrent models;
    on one without, more than 8 times as long (tests/benchmarks/mixed_precision.py).
    `clip_norm`, `clip_value`: limits of the norm and of the entries of the gradient of a step, accumulated.
    `validation`: data as above, other than `data` (a task may be the same one: what is drawn is new). `evaluate`
    measures the loss on it, in full precision, every `validate_every` steps and at the end, and changes nothing of the
    training. The best weights are kept: see History. `patience`: stop after so many validations in a row without a new
    best one.
    `checkpoint`: a file. It is written atomically every `checkpoint_every` steps and at the end; if it exists, training
    goes on from it, and ends bit for bit where it would have ended without the interruption. A file of another run
    (data, loss, model, optimiser or any of their settings differ) or of more steps than asked for is refused.
    `on_nonfinite`: "raise" a FloatingPointError when loss or gradient is no longer finite, or "stop" there and return
    the steps before.
    `on_step`: a function that is called after every step with a `Step`; what it returns does not matter.
    `progress`: a progress bar, by default where somebody watches: in a terminal and in a live notebook.

    The model trains in training mode; a module whose parts are in different modes keeps them. The global random states
    of torch, NumPy and Python are seeded by `seed`, saved with a checkpoint, and afterwards what they were before.

    Raises:  TypeError or ValueError naming the argument; ValueError for a checkpoint that is damaged or belongs to
             other settings; FloatingPointError as said above; RuntimeError if `on_step` changes the training, and
             where gradients are off
    Book:    chapters/01_sequences
    """
    if not torch.is_grad_enabled():
        off = "inference_mode()" if torch.is_inference_mode_enabled() else "no_grad() or torch.set_grad_enabled(False)"
        raise RuntimeError(f"fit must be called where gradients are on, but torch.{off} has switched them off")
    steps, seed = check_integer("steps", steps, low=0), check_integer("seed", seed, low=0)
    batch_size = check_integer("batch_size", batch_size, low=1)
    accumulate = check_integer("accumulate", accumulate, low=1)
    checkpoint_every = check_integer("checkpoint_every", checkpoint_every, low=1)
    lr = check_number("lr", lr, low=0)
    weight_decay = None if weight_decay is None else check_number("weight_decay", weight_decay, low=0)
    clip_norm = None if clip_norm is None else check_number("clip_norm", clip_norm, above=0)
    clip_value = None if clip_value is None else check_number("clip_value", clip_value, above=0)
    check_choice("on_nonfinite", on_nonfinite, ("raise", "stop"))
    if on_step is not None and not callable(on_step):
        raise TypeError(f"on_step must be a function of a seqlib.training.Step, got {type(on_step).__name__}")
    run_loss, own = objective(loss, data), getattr(data, "loss", None) if loss is None else loss
    draw = batch_source(data, batch_size, seed)
    watch = Validation(validation, data, validate_every, patience, seed, judged_by(own))

    with random_state.seeded(seed):
        net = _built(model)
        parameters = _trainable(net, precision)
        rate = LearningRate(optimisers.build(optimiser, parameters, lr, weight_decay), schedule)
        carry = Carry(data)
        run = _Run(net, parameters, run_loss, draw, carry, rate, accumulate, precision, clip_norm, clip_value)
        records, file = Records(), None
        if checkpoint is not None:
            plain: dict[str, Any] = {"seed": seed, "batch_size": batch_size, "lr": lr}
            plain |= {"clip_norm": clip_norm, "clip_value": clip_value}
            plain |= {"weight_decay": weight_decay, "accumulate": accumulate, "precision": precision}
            settings = _settings(run, data, own, plain, watch, built=not isinstance(model, nn.Module))
            file = Checkpoint(checkpoint, settings, net, rate, watch, carry)
            records = file.resume(steps)
        with _training(net), progress_bar(progress, steps, len(records.loss)) as report:
            for step in range(len(records.loss), steps):
                if watch.stopped:
                    break
                value, length, eta = run.step(step)
                if not (math.isfinite(value) and math.isfinite(length)):
                    if on_nonfinite == "stop":
                        break
                    raise FloatingPointError(f"loss or gradient is not finite at step {step}: training diverged")
                records.add(value, length, eta)
                measured = watch.measure(net, step + 1) if watch.due(step + 1) else None
                report(step + 1, value)
                if file is not None and ((step + 1) % checkpoint_every == 0 or step + 1 == steps or watch.stopped):
                    file.save(records)
                if on_step is not None:
                    callback.call(on_step, callback.Step(step + 1, value, length, eta, measured), net, rate.optimizer)
            watch.finish(net, len(records.loss))  # not in the file: a run that goes on does not end here
    return records.history(net, watch)


@dataclass
class _Run:
    """What does not change from step to step."""

    net: nn.Module
    parameters: list[nn.Parameter]
    loss: Loss
    draw: Callable[[int], Batch]
    carry: Carry
    rate: LearningRate
    accumulate: int
    precision: str
    clip_norm: float | None
    clip_value: float | None

    def step(self, step: int) -> tuple[float, float, float]:
        """One update, unless loss or gradient is not finite. Returns loss, norm of the gradient and learning rate."""
        eta = self.rate.set(step)
        first = step * self.accumulate
        batches = [to_tensors(self.draw(n), self.net) for n in range(first, first + self.accumulate)]
        self.rate.optimizer.zero_grad(set_to_none=True)
        loss = self.carry.over(at_step(self.loss, step), first)
        value = gradient(loss, self.net, batches, self.precision)
        length = norm(self.parameters)
        if math.isfinite(value) and math.isfinite(length):
            clip(self.parameters, length, self.clip_norm, self.clip_value)
            self.rate.optimizer.step()
        return value, length, eta


def _built(model: Any) -> nn.Module:
    net = model if isinstance(model, nn.Module) else model()
    if not isinstance(net, nn.Module):
        raise TypeError(f"model must be a torch module or a function that returns one, got {type(net).__name__}")
    return net


def _trainable(net: nn.Module, precision: str) -> list[nn.Parameter]:
    parameters = [p for p in net.parameters() if p.requires_grad]
    if not parameters:
        raise ValueError("model must have at least one parameter to train")
    if any(p.is_inference() for p in net.parameters()):
        raise ValueError("model must be built outside torch.inference_mode(): its weights cannot be trained")
    check_precision(precision, list(net.parameters()))
    return parameters


def _settings(
    run: _Run, data: Any, loss: Any, plain: dict[str, Any], watch: Validation, *, built: bool
) -> dict[str, Any]:
    """The identity of the run; ValueError if its data cannot be read again from the middle."""
    if isinstance(data, DataLoader) and (reason := loader.not_resumable(data)):
        raise ValueError(f"checkpoint must be None for data that cannot be resumed: {reason}")
    with random_state.kept():  # a first batch is looked at
        found = identity(run.net, run.rate.optimizer, data, loss, plain, built=built)
        return found | of_schedule(run.rate.schedule) | watch.settings()


@contextlib.contextmanager
def _training(net: nn.Module) -> Iterator[None]:
    """The model in training mode, unless its parts are in different modes; afterwards as it was."""
    modes = {module: module.training for module in net.modules()}
    if not net.training:
        net.train()
    try:
        yield
    finally:
        for module, training in modes.items():
            module.training = training
