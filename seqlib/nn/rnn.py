"""The recurrent network in PyTorch: a drop-in for torch.nn.RNN whose backward pass is the derived one."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import linear

from seqlib.arguments import check_choice
from seqlib.nn.derived import Affine, Inputs, Outputs
from seqlib.nn.recurrent import Recurrent
from seqlib.nn.steps import Steps

__all__ = ["RNN"]


class RNN(Recurrent):
    """Recurrent network with tanh or relu, a drop-in for torch.nn.RNN.

        h_t = φ(W_ih x_t + b_ih + W_hh h_{t-1} + b_hh)

    Shapes:  input (T, B, D), with batch_first (B, T, D), unbatched (T, D), or a PackedSequence;
             hx (layers·directions, B, H) -> out (T, B, directions·H), h_n as hx
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Elman 1990; backward pass: Werbos 1990
    Differs: the backward pass runs over the whole sequence at once (`gradient="derived"`); the plain loop is
             `gradient="autograd"`. Errors are ValueError or TypeError where torch raises RuntimeError
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
        *arguments: Any,
        **options: Any,
    ) -> None:
        self.nonlinearity = check_choice("nonlinearity", nonlinearity, ("tanh", "relu"))
        super().__init__(input_size, hidden_size, num_layers, *arguments, **options)

    @property
    def mode(self) -> str:
        """torch's name of the nonlinearity."""
        return f"RNN_{self.nonlinearity.upper()}"

    def loop(self, steps: Steps, inputs: Inputs) -> Outputs:
        """The formula, step by step: the rung to read."""
        data, (h_0,), (w_ih, w_hh, b_ih, b_hh) = inputs
        phi = torch.tanh if self.nonlinearity == "tanh" else torch.relu
        xs, h, outs = steps.split(data), h_0, [data] * len(steps.sizes)
        for t in steps.order:
            h = phi(linear(xs[t], w_ih, b_ih) + linear(steps.carry(h, t, h_0), w_hh, b_hh))
            outs[t] = h
        out = torch.cat(outs)
        return Outputs(out, (steps.last(out),))

    def walk(self, steps: Steps, inputs: Inputs) -> tuple[Outputs, None]:
        """The input products of all steps are one product; each step adds its recurrent product to them in place."""
        data, (h_0,), (w_ih, w_hh, b_ih, b_hh) = inputs
        out = data @ w_ih.t() if b_ih is None else torch.addmm(b_ih + b_hh, data, w_ih.t())
        rows, h, w = steps.split(out), h_0, w_hh.t()
        phi = Tensor.tanh_ if self.nonlinearity == "tanh" else Tensor.relu_
        for t in steps.order:
            h = phi(rows[t].addmm_(h if steps.uniform else steps.carry(h, t, h_0), w))
        return Outputs(out, (steps.last(out),)), None

    def walk_back(
        self, steps: Steps, inputs: Inputs, out: Tensor, kept: None, cotangents: Outputs, needed: Inputs
    ) -> Inputs:
        """Backpropagation through time.

        dh_t = dout_t + W_hhᵀ da_{t+1}    da_t = dh_t φ'(a_t),  φ'(a_t) = 1 - h_t² or [h_t > 0]    dh_0 = W_hhᵀ da_1
        """
        (h_0,), w_hh, (dout, (dh_n,)), one = inputs.initial, inputs.weights[1], cotangents, out.new_ones(())
        douts, dh_0, affine = steps.split(dout), torch.empty_like(h_0), Affine(inputs, needed)
        dh, later = dh_n[:0], out[:0]  # of the step after the last one: no rows
        for order, part in reversed(steps.stretches(self.hidden_size)):
            # `da` starts as φ' of all steps at once; the walk then multiplies each step by its dh_t, in place
            h = out[part]
            da = torch.addcmul(one, h, h, value=-1) if self.nonlinearity == "tanh" else h.sign()
            rows = steps.within(da, order)
            for t in reversed(order):
                if len(later) == steps.sizes[t]:
                    torch.addmm(douts[t], later, w_hh, out=dh)
                else:  # sequences begin or end here
                    dh = douts[t] + steps.carry(later @ w_hh, t, dh_n, dh_0)
                later = rows[t].mul_(dh)
            affine.add(part, da, steps.before(out, h_0, order))
        dh_0[: len(later)] = later @ w_hh
        return affine.gradients((dh_0,))
