"""The LSTM in PyTorch: a drop-in for torch.nn.LSTM whose backward pass is the derived one."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import linear

from seqlib.arguments import check_integer
from seqlib.nn.derived import Affine, Inputs, Outputs
from seqlib.nn.recurrent import Recurrent
from seqlib.nn.steps import Steps

__all__ = ["LSTM"]


class LSTM(Recurrent):
    """Long short-term memory, a drop-in for torch.nn.LSTM.

        i, f, o = σ(W_ih x_t + b_ih + W_hh h_{t-1} + b_hh)    g = tanh(likewise)
        c_t = f c_{t-1} + i g                                 h_t = o tanh(c_t),  with `proj_size` W_hr (o tanh(c_t))

    Shapes:  input (T, B, D), with batch_first (B, T, D), unbatched (T, D), or a PackedSequence;
             hx: h_0 (layers·directions, B, P) and c_0 (layers·directions, B, H), P = proj_size or else H
             -> out (T, B, directions·P), (h_n, c_n) as hx
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Hochreiter & Schmidhuber 1997; Gers, Schmidhuber & Cummins 2000 (forget gate); Sak, Senior & Beaufays 2014
             (projection)
    Differs: the backward pass runs over the whole sequence at once (`gradient="derived"`); the plain loop is
             `gradient="autograd"`. The derived rung takes tanh a as 2σ(2a) - 1, which is faster: g and tanh c are off
             by up to one rounding of 1, so those as small as 1e-6 have fewer right digits. Errors are ValueError or
             TypeError where torch raises RuntimeError
    Book:    chapters/05_lstm
    """

    gates = 4
    states = ("h", "c")

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        proj_size: int = 0,
        *arguments: Any,
        **options: Any,
    ) -> None:
        most = check_integer("hidden_size", hidden_size, low=1) - 1
        self.proj_size = check_integer("proj_size", proj_size, low=0, high=most)
        super().__init__(
            input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional, *arguments, **options
        )

    @property
    def widths(self) -> tuple[int, ...]:
        """Those of h and of c."""
        return self.proj_size or self.hidden_size, self.hidden_size

    def shapes(self, width: int) -> dict[str, tuple[int, ...]]:
        """The kinds of parameters of a layer, `weight_hr` if there is a projection."""
        projection = {"weight_hr": (self.proj_size, self.hidden_size)} if self.proj_size else {}
        return super().shapes(width) | projection

    def loop(self, steps: Steps, inputs: Inputs) -> Outputs:
        """The formula, step by step: the rung to read."""
        data, (h_0, c_0), (w_ih, w_hh, b_ih, b_hh, *w_hr) = inputs
        xs, h, c = steps.split(data), h_0, c_0
        outs, cells = [data] * len(steps.sizes), [data] * len(steps.sizes)
        for t in steps.order:
            h, c = steps.carry(h, t, h_0), steps.carry(c, t, c_0)
            i, f, g, o = (linear(xs[t], w_ih, b_ih) + linear(h, w_hh, b_hh)).chunk(4, 1)
            c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
            h = torch.sigmoid(o) * torch.tanh(c)
            if w_hr:
                h = linear(h, *w_hr)
            outs[t], cells[t] = h, c
        out, cell = torch.cat(outs), torch.cat(cells)
        return Outputs(out, (steps.last(out), steps.last(cell)))

    def walk(self, steps: Steps, inputs: Inputs) -> tuple[Outputs, tuple[Tensor, Tensor | None]]:
        """A row of `kept` is [C | i f g o] with C = -2c, for tanh c = 1 - 2σ(-2c), and m = o tanh c.

        The rows of g are doubled in the weights, for tanh a = 2σ(2a) - 1. Then one σ serves all four gates.
        """
        data, (h_0, c_0), (w_ih, w_hh, b_ih, b_hh, *w_hr) = inputs
        H = self.hidden_size
        w_x, w_h = _doubled(w_ih, H).t(), _doubled(w_hh, H).t()
        b = data.new_zeros(4 * H) if b_ih is None else _doubled(b_ih + b_hh, H)
        kept, m = data.new_empty(len(data), 5 * H), data.new_empty(len(data), H)
        out = data.new_empty(len(data), self.proj_size) if w_hr else m
        h, C, minus_one = h_0, -2 * c_0, data.new_full((), -1)
        C_0 = C
        with torch.inference_mode():  # nothing that is made here leaves: views cost less
            sums, outs, ms = steps.split(kept[:, H:]), steps.split(out), steps.split(m)
            Cs, is_, fs, gs, os = map(steps.split, kept.chunk(5, 1))
            for order, part in steps.stretches(H):
                torch.addmm(b, data[part], w_x, out=kept[part, H:])
                for t in order:
                    if not steps.uniform:
                        h, C = steps.carry(h, t, h_0), steps.carry(C, t, C_0)
                    sums[t].addmm_(h, w_h).sigmoid_()
                    g, o = gs[t], os[t]
                    torch.add(minus_one, g, alpha=2, out=g)
                    C = torch.mul(fs[t], C, out=Cs[t]).addcmul_(is_[t], g, value=-2)
                    h = torch.sigmoid(C, out=ms[t])
                    torch.addcmul(o, o, h, value=-2, out=h)
                    if w_hr:
                        h = torch.mm(h, w_hr[0].t(), out=outs[t])
        finals = steps.last(out), steps.last(kept[:, :H]).mul_(-0.5)
        return Outputs(out, finals), (kept, m if w_hr else None)

    def walk_back(
        self, steps: Steps, inputs: Inputs, out: Tensor, kept: Any, cotangents: Outputs, needed: Inputs
    ) -> Inputs:
        """Backpropagation through time.

        dh_t = dout_t + W_hhᵀ da_{t+1}    dm_t = dh_t, with a projection W_hrᵀ dh_t    do = dm_t tanh c_t
        dc_t = f_{t+1} dc_{t+1} + dm_t o (1 - tanh² c_t)    di = dc_t g    df = dc_t c_{t-1}    dg = dc_t i
        """
        (h_0, c_0), (_, w_hh, _, _, *w_hr) = inputs.initial, inputs.weights
        (dout, (dh_n, dc_n)), (kept, m), H = cotangents, kept, self.hidden_size
        m = out if m is None else m
        affine, dhs = Affine(inputs, needed), torch.empty_like(out) if w_hr else None
        C_0, later, dh, e, dc = -2 * c_0, kept[:0, H:], dh_n[:0], dc_n[:0], dc_n[:0]
        with torch.inference_mode():  # nothing that is made here leaves: views cost less
            Cs, sums, douts = steps.split(kept[:, :H]), steps.split(kept[:, H:]), steps.split(dout)
            inner, os = steps.split(kept[:, : 4 * H].unflatten(1, (4, H))), steps.split(kept[:, 4 * H :])
            for order, part in reversed(steps.stretches(H)):
                first, last = min(order), max(order)
                into_c = _factors(kept[part], steps.before(kept[:, :H], C_0, order), m[part])
                intos = into_c.split_with_sizes(steps.sizes[first : last + 1])
                for t in reversed(order):
                    if steps.uniform and len(later):
                        torch.addmm(douts[t], later, w_hh, out=dh)
                    else:  # sequences begin or end here
                        dh = douts[t] + steps.carry(later @ w_hh, t, dh_n)
                        e = steps.carry(e, t, dc_n)
                        dc = torch.empty_like(e)
                    dm = dh @ w_hr[0] if w_hr else dh
                    torch.addcmul(e, intos[t - first], dm, value=4, out=dc)
                    inner[t].mul_(dc.unsqueeze(1))
                    os[t].mul_(dm)
                    later, e = sums[t], Cs[t]
                    if dhs is not None:
                        steps.split(dhs)[t].copy_(dh)
                affine.add(part, kept[part, H:], steps.before(out, h_0, order))
        dh_0, dc_0 = steps.first(kept[:, H:]) @ w_hh, steps.first(kept[:, :H]).clone()
        return affine.gradients((dh_0, dc_0), *(() if dhs is None else (dhs.t() @ m,)))

    def extra_repr(self) -> str:
        """As torch prints it, the projection among the sizes."""
        sizes, projection = f"{self.input_size}, {self.hidden_size}", f", proj_size={self.proj_size}"
        return super().extra_repr().replace(sizes, sizes + projection * bool(self.proj_size), 1)


def _doubled(rows: Tensor, H: int) -> Tensor:
    """A copy with the rows of g doubled."""
    i, f, g, o = rows.split(H)
    return torch.cat([i, f, 2 * g, o])


def _factors(kept: Tensor, C_before: Tensor, m: Tensor) -> Tensor:
    """What dc_t and dm_t are multiplied by to give da, for many steps at once and in place of what was kept.

        [C | i f g o] becomes [f | g i(1-i) | c_{t-1} f(1-f) | i(1-g²) | tanh c o(1-o)]

    Returns o (1 - tanh² c) / 4, with which dm_t goes into dc_t: q(1-q)o, where tanh c = 1 - 2q.
    """
    C, i, f, g, o = kept.chunk(5, 1)
    q, forget, one = torch.sigmoid(C), f.clone(), torch.ones_like(C[:1, :1])
    into_c = q.addcmul_(q, q, value=-1).mul_(o)
    torch.addcmul(m, m, o, value=-1, out=o)
    f.addcmul_(f, f, value=-1).mul_(C_before).mul_(-0.5)
    into_g = torch.addcmul(one, g, g, value=-1).mul_(i)
    i.addcmul_(i, i, value=-1).mul_(g)
    g.copy_(into_g)
    C.copy_(forget)
    return into_c
