"""The gated recurrent unit in PyTorch: a drop-in for torch.nn.GRU whose backward pass is the derived one."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import linear

from seqlib.nn.derived import Affine, Inputs, Outputs
from seqlib.nn.recurrent import Recurrent
from seqlib.nn.steps import Steps

__all__ = ["GRU"]


class GRU(Recurrent):
    """Gated recurrent unit, a drop-in for torch.nn.GRU.

        r, z = σ(W_ih x_t + b_ih + W_hh h_{t-1} + b_hh)    q = W_hn h_{t-1} + b_hn    n = tanh(W_in x_t + b_in + r q)
        h_t = (1 - z) n + z h_{t-1}

    Shapes:  input (T, B, D), with batch_first (B, T, D), unbatched (T, D), or a PackedSequence;
             hx (layers·directions, B, H) -> out (T, B, directions·H), h_n as hx
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Cho et al. 2014, with the reset gate after the product, as torch.nn.GRU has it
    Differs: the backward pass runs over the whole sequence at once (`gradient="derived"`); the plain loop is
             `gradient="autograd"`. The derived rung takes tanh a as 2σ(2a) - 1, which is faster: n is off by up to one
             rounding of 1, so one as small as 1e-6 has fewer right digits. Errors are ValueError or TypeError where
             torch raises RuntimeError
    Book:    chapters/06_gru
    """

    gates = 3
    states = ("h",)

    def loop(self, steps: Steps, inputs: Inputs) -> Outputs:
        """The formula, step by step: the rung to read."""
        data, (h_0,), (w_ih, w_hh, b_ih, b_hh) = inputs
        xs, h, outs = steps.split(data), h_0, [data] * len(steps.sizes)
        for t in steps.order:
            h = steps.carry(h, t, h_0)
            a_r, a_z, a_n = linear(xs[t], w_ih, b_ih).chunk(3, 1)
            u_r, u_z, q = linear(h, w_hh, b_hh).chunk(3, 1)
            r, z = torch.sigmoid(a_r + u_r), torch.sigmoid(a_z + u_z)
            n = torch.tanh(a_n + r * q)
            h = outs[t] = (1 - z) * n + z * h
        out = torch.cat(outs)
        return Outputs(out, (steps.last(out),))

    def walk(self, steps: Steps, inputs: Inputs) -> tuple[Outputs, Tensor]:
        """A row of `kept` is [n | r | z | q]: the input product goes into n, r, z, and the recurrent one into r, z, q.

        The rows of n are doubled, for tanh a = 2σ(2a) - 1.
        """
        data, (h_0,), (w_ih, w_hh, b_ih, b_hh) = inputs
        H = self.hidden_size
        b_ih, b_hh = (data.new_zeros(3 * H) if b is None else b for b in (b_ih, b_hh))
        (w_rz, w_n), (b_rz, b_n), (c_rz, c_n) = (p.split([2 * H, H]) for p in (w_ih, b_ih, b_hh))
        w_x, w_h, b = torch.cat([2 * w_n, w_rz]).t(), w_hh.t(), torch.cat([2 * b_n, b_rz + c_rz])
        out, kept = data.new_empty(len(data), H), data.new_empty(len(data), 4 * H)
        ns, rs, zs, qs = map(steps.split, kept.chunk(4, 1))
        gates, sums, outs = steps.split(kept[:, H : 3 * H]), steps.split(kept[:, H:]), steps.split(out)
        h, minus_one = h_0, data.new_full((), -1)
        for order, part in steps.stretches(H):
            torch.addmm(b, data[part], w_x, out=kept[part, : 3 * H])
            kept[part, 3 * H :] = c_n
            for t in order:
                h = h if steps.uniform else steps.carry(h, t, h_0)
                sums[t].addmm_(h, w_h)
                gates[t].sigmoid_()
                n = ns[t].addcmul_(rs[t], qs[t], value=2).sigmoid_()
                torch.add(minus_one, n, alpha=2, out=n)
                h = torch.lerp(n, h, zs[t], out=outs[t])
        return Outputs(out, (steps.last(out),)), kept

    def walk_back(
        self, steps: Steps, inputs: Inputs, out: Tensor, kept: Tensor, cotangents: Outputs, needed: Inputs
    ) -> Inputs:
        """Backpropagation through time.

        da_n = dh_t (1 - z)(1 - n²)    dq = da_n r    da_r = da_n q r(1 - r)    da_z = dh_t (h_{t-1} - n) z(1 - z)
        dh_{t-1} = dout_{t-1} + z dh_t + W_hhᵀ [da_r, da_z, dq]
        """
        data, (h_0,), (w_ih, w_hh, *biases) = inputs
        dout, (dh_n,) = cotangents
        H, one, dh_0 = self.hidden_size, data.new_ones(()), torch.empty_like(h_0)
        affine = Affine(inputs._replace(weights=(w_ih.roll(H, 0), w_hh, *biases)), needed)  # rows n, r, z, as `kept`
        rows, sums, douts = steps.split(kept.view(-1, 4, H)), steps.split(kept[:, H:]), steps.split(dout)
        spare = torch.empty_like(h_0)
        dh, later, z_later = dh_n[:0], kept[:0, H:], kept[:0, :H]  # of the step after the last one: no rows
        for order, part in reversed(steps.stretches(H)):
            # the factors of all steps at once; the walk then multiplies them by its dh_t, in place
            n, r, z, q = kept[part].chunk(4, 1)
            z_kept, h_before = z.clone(), steps.before(out, h_0, order)
            z.addcmul_(z, z, value=-1).mul_(h_before - n)
            torch.addcmul(one, n, n, value=-1, out=n).mul_(1 - z_kept)
            into_r = n * q
            torch.mul(n, r, out=q)
            r.addcmul_(r, r, value=-1).mul_(into_r)
            zs = steps.within(z_kept, order)
            for t in reversed(order):
                if steps.uniform and len(dh):
                    dh, spare = torch.addmm(douts[t], later, w_hh, out=spare).addcmul_(z_later, dh), dh
                else:  # sequences begin or end here
                    dh = douts[t] + steps.carry(torch.addmm(z_later * dh, later, w_hh), t, dh_n, dh_0)
                rows[t].mul_(dh.unsqueeze(1))
                later, z_later = sums[t], zs[t]
            affine.add(part, kept[part, : 3 * H], h_before, du=kept[part, H:])
        dh_0[: len(later)] = torch.addmm(z_later * dh, later, w_hh)
        grads = affine.gradients((dh_0,))
        dw_ih, dw_hh, db_ih, db_hh = grads.weights
        dw_ih, db_ih = (None if d is None else d.roll(-H, 0) for d in (dw_ih, db_ih))
        return grads._replace(weights=(dw_ih, dw_hh, db_ih, db_hh))
