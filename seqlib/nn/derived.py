"""One autograd.Function for every recurrent cell whose backward pass is derived by hand.

What PyTorch asks of a Function is answered here, once: second derivatives, transforms, results that the caller writes
into, frozen and tied weights, autocast, inference mode. A cell only says what it computes: see `Cell`.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Any, NamedTuple, Protocol

import torch
from torch import Tensor
from torch.autograd import forward_ad

from seqlib.nn.steps import Steps

__all__ = ["Affine", "Cell", "Inputs", "Outputs", "full_precision", "run"]


class Inputs(NamedTuple):
    """What one layer reads in one direction; of the same shape are its gradients, and which of them are wanted.

    Shapes:  data (N, D), N = Σ steps.sizes; each initial state (B, H); weights as the layer has them, None for no bias
    """

    data: Any
    initial: tuple[Any, ...]
    weights: tuple[Any, ...]


class Outputs(NamedTuple):
    """What one layer gives in one direction; of the same shape are the cotangents.

    Shapes:  out (N, H); each final state (B, H)
    """

    out: Tensor
    finals: tuple[Tensor, ...]


class Cell(Protocol):
    """A recurrent cell, as the same function three times. No result may share memory with another or with an input."""

    def loop(self, steps: Steps, inputs: Inputs) -> Outputs:
        """The plain loop, differentiated by autograd."""

    def walk(self, steps: Steps, inputs: Inputs) -> tuple[Outputs, Any]:
        """The same numbers without a graph, and what the walk back wants kept: anything that is not the caller's."""

    def walk_back(
        self, steps: Steps, inputs: Inputs, out: Tensor, kept: Any, cotangents: Outputs, needed: Inputs
    ) -> Inputs:
        """The gradients; None where none is needed. `out` and `kept` are as `walk` gave them. `kept` is given once, so
        it may be overwritten; nothing else may.
        """


def run(cell: Cell, steps: Steps, inputs: Inputs, gradient: str) -> Outputs:
    """One layer in one direction, with the gradient as derived or by autograd. A single step without a gradient is the
    formula itself: there is nothing to prepare for.
    """
    if gradient == "autograd" or (len(steps.sizes) == 1 and not torch.is_grad_enabled()) or _transformed():
        return cell.loop(steps, inputs)
    out, *finals = Derived.apply(cell, steps, len(inputs.initial), inputs.data, *inputs.initial, *inputs.weights)
    return Outputs(out, tuple(finals))


class Derived(torch.autograd.Function):
    """`cell.loop` with the derived backward pass: one node of the graph, however long the sequence is."""

    @staticmethod
    def forward(ctx: Any, cell: Cell, steps: Steps, states: int, *tensors: Any) -> tuple[Tensor, ...]:
        """Walk, and remember."""
        (out, finals), kept = cell.walk(steps, _grouped(tensors, states))
        ctx.save_for_backward(*tensors)
        ctx.cell, ctx.steps, ctx.states = cell, steps, states
        # The output is the caller's, who may write into it. Its version tells whether it still holds the states.
        # Hooks on saved tensors, as of activation checkpointing, see the inputs only: then nothing else is kept.
        nothing = torch.is_inference_mode_enabled() or _hooked()
        ctx.kept = None if nothing else (out.detach(), out._version, kept)
        return out, *finals

    @staticmethod
    def backward(ctx: Any, dout: Tensor, *dfinals: Tensor) -> tuple[Any, ...]:
        """Walk back; or, where the gradient itself is to be differentiated or transformed, go through the loop."""
        cotangents, needed = Outputs(dout, dfinals), ctx.needs_input_grad[3:]
        with full_precision(dout):
            if torch.is_grad_enabled() or _transformed(dout, *dfinals):
                return None, None, None, *_through_loop(ctx, cotangents, needed)
            cell, steps, inputs = ctx.cell, ctx.steps, _grouped(ctx.saved_tensors, ctx.states)
            # kept for the first backward pass only, so that a graph that lives on does not hold them
            (out, version, kept), ctx.kept = ctx.kept or (None, 0, None), None
            if out is None or out._version != version:
                (out, _), kept = cell.walk(steps, inputs)
            grads = cell.walk_back(steps, inputs, out, kept, cotangents, _grouped(needed, ctx.states))
        return None, None, None, grads.data, *grads.initial, *grads.weights


def _grouped(flat: tuple[Any, ...], states: int) -> Inputs:
    return Inputs(flat[0], flat[1 : 1 + states], flat[1 + states :])


def _through_loop(ctx: Any, cotangents: Outputs, needed: tuple[bool, ...]) -> list[Any]:
    """The same gradients through the plain loop, with a graph behind them if one is wanted."""
    saved, graph = ctx.saved_tensors, torch.is_grad_enabled()
    wanted = [i for i, tensor in enumerate(saved) if tensor is not None and needed[i]]
    with torch.enable_grad():
        # fresh nodes for the inputs: two arguments may be the same tensor (tied weights), each gets its own share
        fresh: tuple[Any, ...] = tuple(
            tensor if tensor is None else tensor.view_as(tensor) if graph else tensor.detach().requires_grad_()
            for tensor in saved
        )
        out, finals = ctx.cell.loop(ctx.steps, _grouped(fresh, ctx.states))
    inputs = [fresh[i] for i in wanted]
    grads = torch.autograd.grad((out, *finals), inputs, (cotangents.out, *cotangents.finals), create_graph=graph)
    result: list[Any] = [None] * len(saved)
    for i, grad in zip(wanted, grads, strict=True):
        result[i] = grad
    return result


class Affine:
    """All gradients, from those with respect to a_t = W_ih x_t + b_ih + W_hh h_{t-1} + b_hh, added up while one walks
    back from stretch to stretch.

        dx_t = W_ihᵀ da_t    dW_ih = Σ_t da_t x_tᵀ    dW_hh = Σ_t da_t h_{t-1}ᵀ    db_ih = db_hh = Σ_t da_t

    What no one needs is not computed.
    """

    def __init__(self, inputs: Inputs, needed: Inputs) -> None:
        w_ih, w_hh, b_ih, b_hh, *_ = inputs.weights
        self.data, self.w_ih = inputs.data, w_ih
        self.dx = torch.empty_like(inputs.data) if needed.data else None
        self.dw_ih, self.dw_hh, self.db_ih, self.db_hh = (
            torch.zeros_like(weight) if need else None
            for weight, need in zip((w_ih, w_hh, b_ih, b_hh), needed.weights, strict=False)
        )

    def add(self, part: slice, da: Tensor, before: Tensor, du: Tensor | None = None) -> None:
        """One stretch: its rows, da at its steps, and the states before them; `du` in the place of da for the part
        W_hh h_{t-1} + b_hh, where that has a gradient of its own.
        """
        db = da.sum(0)
        du, db_hh = (da, db) if du is None else (du, du.sum(0))
        if self.dx is not None:
            torch.mm(da, self.w_ih, out=self.dx[part])
        if self.dw_ih is not None:
            self.dw_ih.addmm_(da.t(), self.data[part])
        if self.dw_hh is not None:
            self.dw_hh.addmm_(du.t(), before)
        if self.db_ih is not None:
            self.db_ih.add_(db)
        if self.db_hh is not None:
            self.db_hh.add_(db_hh)

    def gradients(self, initial: tuple[Any, ...], *more: Any) -> Inputs:
        """All of them, with those with respect to the initial states and to further weights."""
        return Inputs(self.dx, initial, (self.dw_ih, self.dw_hh, self.db_ih, self.db_hh, *more))


def full_precision(tensor: Tensor) -> AbstractContextManager[None]:
    """Under autocast: compute in the dtype of the weights all the same, for a recurrence adds up its rounding."""
    kind = tensor.device.type
    # what kinds have autocast cannot be asked under torch.compile before 2.9
    available = kind != "meta" if torch.compiler.is_compiling() else torch.amp.is_autocast_available(kind)
    if available and torch.is_autocast_enabled(kind):
        return torch.autocast(kind, enabled=False)
    return nullcontext()


def _hooked() -> bool:
    """Whether hooks on saved tensors are active."""
    return torch._C._autograd._top_saved_tensors_default_hooks(False) is not None


def _transformed(*cotangents: Tensor) -> bool:
    """Whether torch.func, forward-mode derivatives, many cotangents at once, a tracer or a compiler are at work: they
    see into a loop of tensor operations but not into an autograd.Function.
    """
    return (
        torch._C._are_functorch_transforms_active()
        or forward_ad._current_level >= 0
        or torch.compiler.is_compiling()
        or torch.jit.is_tracing()
        or any(map(torch._C._functorch.is_legacy_batchedtensor, cotangents))
    )
