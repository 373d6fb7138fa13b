"""The recurrent network in PyTorch: a drop-in for torch.nn.RNN whose backward pass is the derived one."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd import forward_ad
from torch.nn.functional import linear

from seqlib.arguments import check_choice
from seqlib.nn.recurrent import Recurrent, States, Steps, full_precision

__all__ = ["RNN", "loop"]


class RNN(Recurrent):
    """Recurrent network with tanh or relu, a drop-in for torch.nn.RNN.

        h_t = φ(W_ih x_t + b_ih + W_hh h_{t-1} + b_hh)

    Shapes:  input (T, B, D), with batch_first (B, T, D), unbatched (T, D), or a PackedSequence;
             hx (layers·directions, B, H) -> out (T, B, directions·H), h_n as hx
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Elman 1990; backward pass: Werbos 1990
    Differs: the backward pass runs over the whole sequence at once (`backward="derived"`); the plain loop is
             `backward="autograd"`. Errors are ValueError or TypeError where torch raises RuntimeError
    Book:    chapters/02_rnn, chapters/03_bptt
    """

    gates = 1
    states = ("h",)

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        nonlinearity: str = "tanh",
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        device: Any = None,
        dtype: torch.dtype | None = None,
        *,
        backward: str = "derived",
    ) -> None:
        self.nonlinearity = check_choice("nonlinearity", nonlinearity, ("tanh", "relu"))
        super().__init__(
            input_size,
            hidden_size,
            num_layers,
            bias,
            batch_first,
            dropout,
            bidirectional,
            device,
            dtype,
            backward=backward,
        )

    @property
    def mode(self) -> str:
        """torch's name of the nonlinearity."""
        return f"RNN_{self.nonlinearity.upper()}"

    def layer(self, data: Tensor, initial: States, weights: list[nn.Parameter], steps: Steps) -> tuple[Tensor, States]:
        """Run one layer in one direction, by the derived backward pass or by the plain loop."""
        w_ih, w_hh, *biases = weights
        b_ih, b_hh = biases if self.bias else (None, None)
        by_loop = self.backward == "autograd" or _transformed(data)
        out, h_n = (loop if by_loop else _Derived.apply)(
            data, initial[0], w_ih, w_hh, b_ih, b_hh, steps, self.nonlinearity
        )
        return out, (h_n,)


def loop(
    data: Tensor,
    h_0: Tensor,
    w_ih: Tensor,
    w_hh: Tensor,
    b_ih: Tensor | None,
    b_hh: Tensor | None,
    steps: Steps,
    nonlinearity: str,
) -> tuple[Tensor, Tensor]:
    """One layer in one direction as a plain loop, differentiated by autograd: the rung to read.

        h_t = φ(W_ih x_t + b_ih + W_hh h_{t-1} + b_hh)

    Shapes:  data (N, D), packed as `steps` says; h_0 (B, H) -> out (N, H), h_n (B, H)
    Source:  Elman 1990
    """
    phi = torch.tanh if nonlinearity == "tanh" else torch.relu
    xs, h, outs = steps.split(data), h_0, [data] * len(steps.sizes)
    for t in steps.order:
        h = phi(linear(xs[t], w_ih, b_ih) + linear(steps.carry(h, t, h_0), w_hh, b_hh))
        outs[t] = h
    out = torch.cat(outs)
    return out, steps.last(out)


class _Derived(torch.autograd.Function):
    """`loop` with the backward pass of chapter 3: no graph a step, every weight gradient one matrix product."""

    @staticmethod
    def forward(
        ctx: Any,
        data: Tensor,
        h_0: Tensor,
        w_ih: Tensor,
        w_hh: Tensor,
        b_ih: Tensor | None,
        b_hh: Tensor | None,
        steps: Steps,
        nonlinearity: str,
    ) -> tuple[Tensor, Tensor]:
        out = _states(data, h_0, w_ih, w_hh, b_ih, b_hh, steps, nonlinearity)
        ctx.save_for_backward(data, h_0, w_ih, w_hh, b_ih, b_hh)
        ctx.steps, ctx.nonlinearity = steps, nonlinearity
        # The output is the caller's, who may write into it. Its version tells whether it still holds the states.
        ctx.kept = None if torch.is_inference_mode_enabled() else (out.detach(), out._version)
        return out, steps.last(out)

    @staticmethod
    def backward(ctx: Any, dout: Tensor, dh_n: Tensor) -> tuple[Any, ...]:
        if torch.is_grad_enabled() or _transformed(dout, dh_n):  # second derivatives, or many cotangents at once
            return _through_loop(ctx, dout, dh_n)
        with full_precision(dout):
            return _through_time(ctx, dout, dh_n)


def _states(
    data: Tensor,
    h_0: Tensor,
    w_ih: Tensor,
    w_hh: Tensor,
    b_ih: Tensor | None,
    b_hh: Tensor | None,
    steps: Steps,
    nonlinearity: str,
) -> Tensor:
    """The states of `loop`, without a graph: the input products of all steps are one product, and each step adds its
    recurrent product to them in place.
    """
    out = data @ w_ih.t() if b_ih is None or b_hh is None else torch.addmm(b_ih + b_hh, data, w_ih.t())
    rows, h, w = steps.split(out), h_0, w_hh.t()
    phi = Tensor.tanh_ if nonlinearity == "tanh" else Tensor.relu_
    for t in steps.order:
        h = phi(rows[t].addmm_(h if steps.uniform else steps.carry(h, t, h_0), w))
    return out


def _through_time(ctx: Any, dout: Tensor, dh_n: Tensor) -> tuple[Any, ...]:
    """Backpropagation through time.

    dh_t = dout_t + W_hhᵀ da_{t+1}          da_t = dh_t φ'(a_t),  φ'(a_t) = 1 - h_t² or [h_t > 0]
    dx_t = W_ihᵀ da_t    dh_0 = W_hhᵀ da_1    dW_ih = Σ_t da_t x_tᵀ    dW_hh = Σ_t da_t h_{t-1}ᵀ    db = Σ_t da_t
    """
    steps, needed, saved = ctx.steps, ctx.needs_input_grad, ctx.saved_tensors
    data, h_0, w_ih, w_hh, b_ih, _ = saved
    # kept for the first backward pass only, so that a graph that lives on does not hold them
    (out, version), ctx.kept = ctx.kept or (None, 0), None
    if out is None or out._version != version:
        out = _states(*(*saved, steps, ctx.nonlinearity))
    # `da` starts as φ' of all steps at once; the walk then multiplies each step by its dh_t, in place
    da = torch.addcmul(out.new_ones(()), out, out, value=-1) if ctx.nonlinearity == "tanh" else out.sign()
    rows, douts = steps.split(da), steps.split(dout)
    t, *earlier = reversed(steps.order)
    dh = douts[t] + dh_n[: steps.sizes[t]]
    later = rows[t].mul_(dh)
    for t in earlier:
        if steps.uniform or len(later) == steps.sizes[t]:
            torch.addmm(douts[t], later, w_hh, out=dh)
        else:  # sequences begin or end here
            dh = douts[t] + steps.carry(later @ w_hh, t, dh_n)
        later = rows[t].mul_(dh)
    db = da.sum(0) if b_ih is not None and (needed[4] or needed[5]) else None
    return (
        da @ w_ih if needed[0] else None,
        steps.first(da) @ w_hh if needed[1] else None,
        da.t() @ data if needed[2] else None,
        steps.state_product(da, out, h_0) if needed[3] else None,
        db,
        db if db is None else db.clone(),  # two biases, two gradients: who scales one in place must not scale both
        None,
        None,
    )


def _through_loop(ctx: Any, dout: Tensor, dh_n: Tensor) -> tuple[Any, ...]:
    """The same gradients through the plain loop, with a graph behind them if one is wanted."""
    saved: list[Any] = list(ctx.saved_tensors)
    graph = torch.is_grad_enabled()
    wanted = [i for i, tensor in enumerate(saved) if tensor is not None and ctx.needs_input_grad[i]]
    with torch.enable_grad():
        # fresh nodes for the inputs: two arguments may be the same tensor (tied weights), each gets its own share
        inputs: list[Any] = [
            tensor if tensor is None else tensor.view_as(tensor) if graph else tensor.detach().requires_grad_()
            for tensor in saved
        ]
        outputs = loop(*(*inputs, ctx.steps, ctx.nonlinearity))
    grads = torch.autograd.grad(outputs, [inputs[i] for i in wanted], (dout, dh_n), create_graph=graph)
    result: list[Any] = [None] * 8
    for i, grad in zip(wanted, grads, strict=True):
        result[i] = grad
    return tuple(result)


def _transformed(*tensors: Tensor) -> bool:
    """Whether torch.func, forward-mode derivatives or a compiler are at work: they see into a loop of tensor
    operations but not into an autograd.Function.
    """
    return (
        torch._C._are_functorch_transforms_active()
        or forward_ad._current_level >= 0
        or torch.compiler.is_compiling()
        or any(map(torch._C._functorch.is_legacy_batchedtensor, tensors))
    )
