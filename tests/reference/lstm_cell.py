"""A small LSTM for the tests: what a cell with two states and four gates needs, and nothing that it does not.

It goes when seqlib.reference has an LSTM, which then takes its row in the registry.
"""

from typing import NamedTuple

import numpy as np

from seqlib.reference import recurrence
from seqlib.reference.recurrence import outer


class Params(NamedTuple):
    """W_xh (4H, D); W_hh (4H, H); b_h (4H,); gates in the order i, f, g, o."""

    W_xh: np.ndarray
    W_hh: np.ndarray
    b_h: np.ndarray


class Grads(NamedTuple):
    """Gradients, in the shapes of what they are the gradients of."""

    params: Params
    x: np.ndarray
    h0: np.ndarray
    c0: np.ndarray


class Cell:
    """i, f, o = σ(W_xh x + W_hh h + b_h), g = tanh(likewise); c' = f c + i g; h' = o tanh(c')."""

    def step(self, params, x, state):
        h, c = state
        i, f, g, o = np.split(x @ params.W_xh.T + h @ params.W_hh.T + params.b_h, 4, -1)
        i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
        c = f * c + i * g
        return (o * np.tanh(c), c), (i, f, g, o)

    def step_backward(self, params, state, new, kept, dnew):
        (_, c), (_, c_new), (i, f, g, o), (dh, dc) = state, new, kept, dnew
        tanh_c = np.tanh(c_new)
        dc = dc + dh * o * (1 - tanh_c**2)
        slopes = [g * i * (1 - i), c * f * (1 - f), i * (1 - g**2)]
        da = np.concatenate([dc * slope for slope in slopes] + [dh * tanh_c * o * (1 - o)], -1)
        return da, (da @ params.W_hh, dc * f)

    def gradients(self, params, x, states, new, kept, da):
        return Params(outer(da, x), outer(da, states[0]), da.sum((0, 1))), da @ params.W_xh


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def forward(params, x, h0=None, c0=None, *, mask=None):
    return recurrence.forward(Cell(), params, x, {"h0": h0, "c0": c0}, mask)


def backward(dhs, cache, *, dh_T=None, dc_T=None, truncate=None):
    grads, dx, (dh0, dc0) = recurrence.backward(cache, dhs, {"dh_T": dh_T, "dc_T": dc_T}, truncate)
    return Grads(grads, dx, dh0, dc0)
