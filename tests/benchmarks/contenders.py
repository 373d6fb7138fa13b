"""Who runs against whom, and in what situation: layers of seqlib.nn and torch.nn, the plain loop, products alone.

Every layer of seqlib.nn runs; what it must reach stands in BARS of speed.py.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import torch
from torch.nn.utils.rnn import pack_padded_sequence

from seqlib import nn
from seqlib.nn.recurrent import Recurrent

CELLS = {  # name -> how many blocks of H rows its weights have
    name: kind.gates for name, kind in vars(nn).items() if isinstance(kind, type) and issubclass(kind, Recurrent)
}
SIZES = [  # T, B, D, H
    (32, 32, 32, 32),
    (50, 64, 32, 128),
    (100, 64, 128, 128),
    (200, 32, 128, 256),
    (100, 128, 256, 512),
    (500, 32, 64, 64),
]


class Situation(NamedTuple):
    """One way in which layers are used: options of the layer, whether it is trained, what it reads."""

    what: str
    options: Mapping = MappingProxyType({})
    training: bool = True
    packed: bool = False
    single: bool = False  # one step of one sequence

    def size(self, size):
        """T, B, D, H, of one step of one sequence if that is all."""
        return (1, 1, *size[2:]) if self.single else size

    def reads(self, size):
        """What the layer gets at this size: a batch, or a packed batch of lengths from T/4 to T."""
        T, B, D, _ = self.size(size)
        x = torch.randn(T, B, D)
        return pack_padded_sequence(x, torch.linspace(T, T / 4, B).long()) if self.packed else x


SITUATIONS = {
    "training": Situation("forward and backward pass of one layer"),
    "bidirectional": Situation("forward and backward pass of one layer in both directions", {"bidirectional": True}),
    "three layers": Situation("forward and backward pass of three layers", {"num_layers": 3}),
    "packed": Situation("forward and backward pass of one layer, a packed batch of lengths from T/4 to T", packed=True),
    "inference": Situation("forward pass of one layer without a gradient", training=False),
    "one step": Situation("one step of one sequence without a gradient", training=False, single=True),
}


def layers(cell, D, H, options, loop=False):
    """The layer by who made it, all with the same weights."""
    torch.manual_seed(0)
    theirs = getattr(torch.nn, cell)(D, H, **options)
    found = {"torch": theirs, "seqlib": getattr(nn, cell)(D, H, **options)}
    if loop:
        found["loop"] = getattr(nn, cell)(D, H, **options, gradient="autograd")
    for layer in found.values():
        layer.load_state_dict(theirs.state_dict())
    return found


def runs(cell, situation, size, loop=False):
    """Who -> the function that does what the situation asks for once."""
    x = situation.reads(size)
    found = layers(cell, *size[2:], situation.options, loop)
    if not situation.training:
        return {who: lambda layer=layer: _read(layer, x) for who, layer in found.items()}
    cotangent = torch.randn_like(_data(found["torch"](x)[0]))
    return {who: lambda layer=layer: training_step(layer, x, cotangent) for who, layer in found.items()}


def training_step(layer, x, cotangent):
    """One forward and backward pass; the loss is the output against a random cotangent."""
    layer.zero_grad(set_to_none=True)
    (_data(layer(x)[0]) * cotangent).sum().backward()


def _read(layer, x):
    with torch.no_grad():
        layer(x)


def _data(out):
    return out if isinstance(out, torch.Tensor) else out.data


def products(cell, size):
    """The function that makes the matrix products of a training step of one layer and nothing else, in as few calls as
    can be.
    """
    T, B, D, H = size
    G = CELLS[cell] * H
    x, h, step, many, rows = (torch.randn(*shape) for shape in ((T * B, D), (B, H), (B, G), (T * B, G), (T * B, H)))
    w_x, w = torch.randn(G, D), torch.randn(G, H)

    def run():
        torch.mm(x, w_x.t())
        for _ in range(T):
            torch.mm(h, w.t())
            torch.mm(step, w)
        torch.mm(many, w_x)
        torch.mm(many.t(), x)
        torch.mm(many.t(), rows)

    return run
