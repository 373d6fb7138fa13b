"""A small LSTM for the tests: what a cell with two states and four gates needs, and nothing that it does not.

It goes when seqlib.nn has an LSTM, which then takes its row in the registry.
"""

import torch
from torch.nn.functional import linear

from seqlib.nn.derived import Outputs, affine_gradients
from seqlib.nn.recurrent import Recurrent


class LSTM(Recurrent):
    """Long short-term memory.

    i, f, o = σ(W_ih x_t + b_ih + W_hh h_{t-1} + b_hh)    g = tanh(likewise)
    c_t = f c_{t-1} + i g                                 h_t = o tanh(c_t)
    """

    gates, states = 4, ("h", "c")

    def loop(self, steps, inputs):
        data, (h_0, c_0), (w_ih, w_hh, b_ih, b_hh) = inputs
        xs, h, c = steps.split(data), h_0, c_0
        outs, cells = [data] * len(xs), [data] * len(xs)
        for t in steps.order:
            h, c = steps.carry(h, t, h_0), steps.carry(c, t, c_0)
            i, f, g, o = (linear(xs[t], w_ih, b_ih) + linear(h, w_hh, b_hh)).chunk(4, 1)
            c = f.sigmoid() * c + i.sigmoid() * g.tanh()
            h = o.sigmoid() * c.tanh()
            outs[t], cells[t] = h, c
        out, cell = torch.cat(outs), torch.cat(cells)
        return Outputs(out, (steps.last(out), steps.last(cell)))

    def walk(self, steps, inputs):
        data, (h_0, c_0), (w_ih, w_hh, b_ih, b_hh) = inputs
        a = data @ w_ih.t() if b_ih is None else torch.addmm(b_ih + b_hh, data, w_ih.t())
        out, cell = torch.empty_like(a[:, : self.hidden_size]), torch.empty_like(a[:, : self.hidden_size])
        rows, outs, cells, h, c = steps.split(a), steps.split(out), steps.split(cell), h_0, c_0
        for t in steps.order:
            h, c = steps.carry(h, t, h_0), steps.carry(c, t, c_0)
            i, f, g, o = rows[t].addmm_(h, w_hh.t()).chunk(4, 1)
            i.sigmoid_(), f.sigmoid_(), g.tanh_(), o.sigmoid_()
            c = torch.addcmul(f * c, i, g, out=cells[t])
            h = torch.mul(o, c.tanh(), out=outs[t])
        return Outputs(out, (steps.last(out), steps.last(cell))), (a, cell)

    def walk_back(self, steps, inputs, out, kept, cotangents, needed):
        """Backpropagation through time.

        dc_t = f_{t+1} dc_{t+1} + dh_t o (1 - tanh² c_t)        do = dh_t tanh c_t,  di = dc_t g,  dg = dc_t i
        dh_t = dout_t + W_hhᵀ da_{t+1}                          df = dc_t c_{t-1};   da = each times its slope
        """
        (_, c_0), w_hh, (dout, (dh_n, dc_n)) = inputs.initial, inputs.weights[1], cotangents
        a, cell = kept
        (i, f, g, o), tanh_c = a.chunk(4, 1), cell.tanh()
        # the factors of all steps at once; the walk then multiplies them by its dc_t and dh_t, in place
        c_before, into_c, forget = steps.before(cell, c_0), o * (1 - tanh_c.square()), f.clone()
        da = torch.stack([g * i * (1 - i), c_before * f * (1 - f), i * (1 - g * g), tanh_c * o * (1 - o)], 1)
        das, intos, forgets, douts = (steps.split(rows) for rows in (da, into_c, forget, dout))
        dh, dc = dh_n[:0], dc_n[:0]
        for t in reversed(steps.order):
            dh = steps.carry(dh, t, dh_n) + douts[t]
            dc = steps.carry(dc, t, dc_n) + dh * intos[t]
            das[t][:, :3].mul_(dc[:, None])
            das[t][:, 3].mul_(dh)
            dh, dc = das[t].flatten(1) @ w_hh, forgets[t].mul_(dc)
        da = da.flatten(1)
        return affine_gradients(steps, inputs, out, da, (steps.first(da) @ w_hh, steps.first(forget).clone()), needed)
