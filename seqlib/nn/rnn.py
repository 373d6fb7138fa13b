"""The recurrent network in PyTorch: a drop-in for torch.nn.RNN whose backward pass is the derived one."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from seqlib.arguments import check_choice
from seqlib.nn.recurrent import Recurrent, States

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
            input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional, device, dtype, backward=backward
        )

    @property
    def mode(self) -> str:
        """torch's name of the nonlinearity."""
        return f"RNN_{self.nonlinearity.upper()}"

    def layer(self, data: Tensor, states: States, weights: list[Tensor], sizes: list[int], reverse: bool) -> Any:
        """Run one layer in one direction, by the derived backward pass or by the plain loop."""
        w_ih, w_hh, *biases = weights
        b_ih, b_hh = biases if self.bias else (None, None)
        arguments = (data, states[0], w_ih, w_hh, b_ih, b_hh, sizes, reverse, self.nonlinearity)
        with torch.autocast(data.device.type, enabled=False):
            out, h_n = loop(*arguments) if self.backward == "autograd" else _Derived.apply(*arguments)
        return out, (h_n,)

    def extra_repr(self) -> str:
        """The constructor's arguments that differ from their defaults, as torch prints them."""
        return super().extra_repr() + ("" if self.nonlinearity == "tanh" else f", nonlinearity={self.nonlinearity}")


def loop(
    data: Tensor,
    h_0: Tensor,
    w_ih: Tensor,
    w_hh: Tensor,
    b_ih: Tensor | None,
    b_hh: Tensor | None,
    sizes: list[int],
    reverse: bool,
    nonlinearity: str,
) -> tuple[Tensor, Tensor]:
    """One layer in one direction as a plain loop, differentiated by autograd: the rung to read.

        h_t = φ(W_ih x_t + b_ih + W_hh h_{t-1} + b_hh)

    Shapes:  data (N, D), packed by `sizes`; h_0 (B, H) -> out (N, H), h_n (B, H)
    """
    phi = torch.tanh if nonlinearity == "tanh" else torch.relu
    xs = data.split(sizes)
    h, outs = h_0, [data] * len(sizes)
    for t in _order(len(sizes), reverse):
        n = sizes[t]
        new = phi(torch.nn.functional.linear(xs[t], w_ih, b_ih) + torch.nn.functional.linear(h[:n], w_hh, b_hh))
        outs[t] = new
        h = new if n == len(h) else torch.cat([new, h[n:]])  # sequences with no step t keep their state
    return torch.cat(outs), h


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
        sizes: list[int],
        reverse: bool,
        nonlinearity: str,
    ) -> tuple[Tensor, Tensor]:
        # the input products of all steps in one; each step then adds its recurrent product in place
        out = data @ w_ih.t() if b_ih is None else torch.addmm(b_ih + b_hh, data, w_ih.t())
        steps = out.split(sizes)
        w = w_hh.t()
        phi = Tensor.tanh_ if nonlinearity == "tanh" else Tensor.relu_
        if sizes[0] == sizes[-1]:
            h = h_0
            for step in reversed(steps) if reverse else steps:
                h = phi(step.addmm_(h, w))
            h_n = h.clone()
        else:
            h_n = h_0.clone()
            for t in _order(len(sizes), reverse):
                h = phi(steps[t].addmm_(h_n[: sizes[t]], w))
                h_n[: sizes[t]] = h
        ctx.save_for_backward(data, h_0, w_ih, w_hh, b_ih, b_hh, out)
        ctx.sizes, ctx.reverse, ctx.nonlinearity = sizes, reverse, nonlinearity
        return out, h_n

    @staticmethod
    def backward(ctx: Any, dout: Tensor, dh_n: Tensor) -> tuple[Any, ...]:
        if torch.is_grad_enabled():  # a graph of the gradient itself is wanted (create_graph=True)
            return _through_loop(ctx, dout, dh_n)
        data, h_0, w_ih, w_hh, b_ih, _, out = ctx.saved_tensors
        sizes = ctx.sizes
        order = _order(len(sizes), ctx.reverse)
        slope = 1 - out * out if ctx.nonlinearity == "tanh" else (out > 0).to(out.dtype)
        da = torch.empty_like(out)
        das, douts, slopes = da.split(sizes), dout.split(sizes), slope.split(sizes)
        if sizes[0] == sizes[-1]:
            steps = [(das[t], douts[t], slopes[t]) for t in reversed(order)]
            last, *rest = steps
            later = torch.add(last[1], dh_n, out=last[0]).mul_(last[2])
            for step, direct, factor in rest:  # dh_t = dout_t + W_hhᵀ da_{t+1};  da_t = dh_t φ'(a_t)
                later = torch.addmm(direct, later, w_hh, out=step).mul_(factor)
            dh_0 = later @ w_hh if ctx.needs_input_grad[1] else None
        else:
            dh = dh_n.clone()
            for t in reversed(order):
                n = sizes[t]
                torch.add(douts[t], dh[:n], out=das[t]).mul_(slopes[t])
                torch.mm(das[t], w_hh, out=dh[:n])
            dh_0 = dh
        dw_hh = _state_product(da, out, h_0, ctx) if ctx.needs_input_grad[3] else None
        dw_ih = da.t() @ data if ctx.needs_input_grad[2] else None
        db = da.sum(0) if b_ih is not None and (ctx.needs_input_grad[4] or ctx.needs_input_grad[5]) else None
        dx = da @ w_ih if ctx.needs_input_grad[0] else None
        return dx, dh_0, dw_ih, dw_hh, db, db, None, None, None


def _state_product(da: Tensor, out: Tensor, h_0: Tensor, ctx: Any) -> Tensor:
    """dW_hh = Σ_t da_t h_{t-1}ᵀ, with the states shifted by one step against the gradients."""
    sizes, reverse = ctx.sizes, ctx.reverse
    B = sizes[0]
    if B == sizes[-1]:
        first, later, before = (da[-B:], da[:-B], out[B:]) if reverse else (da[:B], da[B:], out[:-B])
        return torch.addmm(first.t() @ h_0, later.t(), before)
    outs = out.split(sizes)
    if not reverse:
        before = torch.cat([h_0, *(outs[t - 1][: sizes[t]] for t in range(1, len(sizes)))])
    else:  # a sequence's last step is its first in this direction: it starts from its row of h_0
        parts = [torch.cat([outs[t + 1], h_0[sizes[t + 1] : sizes[t]]]) for t in range(len(sizes) - 1)]
        before = torch.cat([*parts, h_0[: sizes[-1]]])
    return da.t() @ before


def _through_loop(ctx: Any, dout: Tensor, dh_n: Tensor) -> tuple[Any, ...]:
    """The same gradients with a graph behind them, for second derivatives."""
    saved = ctx.saved_tensors[:6]
    wanted = [i for i, tensor in enumerate(saved) if tensor is not None and ctx.needs_input_grad[i]]
    # fresh nodes for the inputs: two arguments may be the same tensor (tied weights), each gets its own share
    inputs = [None if tensor is None else tensor.view_as(tensor) for tensor in saved]
    outputs = loop(*inputs, ctx.sizes, ctx.reverse, ctx.nonlinearity)  # type: ignore[arg-type]
    grads = torch.autograd.grad(outputs, [inputs[i] for i in wanted], (dout, dh_n), create_graph=True)
    result: list[Any] = [None] * 9
    for i, grad in zip(wanted, grads, strict=True):
        result[i] = grad
    return tuple(result)


def _order(T: int, reverse: bool) -> range:
    return range(T - 1, -1, -1) if reverse else range(T)
