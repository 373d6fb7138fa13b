"""Layers with which positions of a sequence read one another, for longer_16_costs.py: all of about as many parameters.

Each reads vectors of some width and gives vectors of the same: out, state = net(x, state), x (B, T, width); and a step
of it, x (B, width). The width is that with which it comes nearest to the parameters of an LSTM of 64 units, among the
multiples of 8, in which processors compute. So a vector costs about as many products in all of them, and what differs
is how positions are mixed.
"""

from functools import cache

from torch import nn
from torch.nn.functional import gelu, glu

from seqlib.nn import GRU, LSTM, DiagonalStateSpace, LinearAttention, Mamba, MinGRU, MultiHeadAttention

UNITS, EVERY, WIDEST = 64, 8, 256


class Stepped(nn.Module):
    """An LSTM or GRU, of seqlib or torch."""

    def __init__(self, kind, width):
        super().__init__()
        self.core = kind(width, width, batch_first=True)

    def forward(self, x, state=None):
        return self.core(x, state)

    def step(self, x, state=None):
        out, state = self.core(x[:, None], state)
        return out[:, 0], state


class Attention(nn.Module):
    """Causal attention in one head, with an explicit softmax, whose weights are stored, or fused, which stores none.

    The state are its keys and values.
    """

    def __init__(self, width, explicit):
        super().__init__()
        self.core, self.explicit = MultiHeadAttention(width, 1), explicit

    def forward(self, x, state=None):
        query, own = self.core.project(x)
        state = own if state is None else state.extended(own)
        return self.core.attend(query, state, None, causal=True, need_weights=self.explicit)[0], state

    def step(self, x, state=None):
        out, state = self(x[:, None], state)
        return out[:, 0], state


class Diagonal(nn.Module):
    """A diagonal state space, whose channels know nothing of each other, and a gated linear layer that mixes them."""

    def __init__(self, width, method):
        super().__init__()
        self.core, self.mix = DiagonalStateSpace(width, method=method), nn.Linear(width, 2 * width)

    def mixed(self, out, state):
        return glu(self.mix(gelu(out)), -1), state

    def forward(self, x, state=None):
        return self.mixed(*self.core(x, state))

    def step(self, x, state=None):
        return self.mixed(*self.core.step(x, state))


KINDS = {  # name -> a layer of that width
    "LSTM, torch.nn": lambda width: Stepped(nn.LSTM, width),
    "LSTM, seqlib.nn": lambda width: Stepped(LSTM, width),
    "GRU, seqlib.nn": lambda width: Stepped(GRU, width),
    "minGRU, loop": lambda width: MinGRU(width, width, method="loop"),
    "minGRU, scan": lambda width: MinGRU(width, width),
    "Mamba": lambda width: Mamba(width),
    "diagonal, scan": lambda width: Diagonal(width, "chunked"),
    "diagonal, convolution": lambda width: Diagonal(width, "convolution"),
    "linear attention": lambda width: LinearAttention(width, 1),
    "attention, explicit": lambda width: Attention(width, True),
    "attention, fused": lambda width: Attention(width, False),
}


def parameters(net):
    """How many there are."""
    return sum(w.numel() for w in net.parameters())


@cache
def width(kind):
    """The multiple of 8 with which the parameters are nearest to those of the LSTM."""
    wanted = parameters(nn.LSTM(UNITS, UNITS))
    sizes = {d: parameters(KINDS[kind](d)) for d in range(EVERY, WIDEST + 1, EVERY)}
    return min(sizes, key=lambda d: abs(sizes[d] - wanted))


def built(kind):
    """The layer of that width."""
    return KINDS[kind](width(kind))
