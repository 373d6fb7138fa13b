"""Layers of a cell of the registry, in one direction or both, with the oracle that they are held against: torch's own.

Everything has one flat name, "layer 1 backward W_hh": the values, the outputs, the gradients.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from seqlib.reference import bidirectional, stacked
from seqlib.reference.bidirectional import Directions

WAYS = ("forward", "backward")
SUFFIX = {"forward": "", "backward": "_reverse"}
TORCH = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")


@dataclass(frozen=True)
class StackCase:
    """`cell` is a CellCase; with `alone` one layer goes through `seqlib.reference.bidirectional` itself."""

    cell: object
    layers: int = 1
    both: bool = True
    residual: bool = False
    alone: bool = False

    @property
    def ways(self):
        """The directions of a layer."""
        return WAYS if self.both else WAYS[:1]

    @property
    def places(self):
        """The prefix of each direction of each layer, in torch's order."""
        return [f"layer {layer} {way} " for layer in range(self.layers) for way in self.ways]

    def draw(self, B, T, D, H, lengths=None, seed=0):
        """All values by name, the lengths, and a random cotangent of each output."""
        rng, values, cotangents = np.random.default_rng([seed, 7]), {}, {}
        width = len(self.ways) * H
        for number, place in enumerate(self.places):
            below = D if number < len(self.ways) else width
            arguments, _, given = self.cell.draw(B, T, below, H, seed=1000 * seed + number)
            values |= {place + name: value for name, value in arguments.items() if name != "x"}
            cotangents |= {place + name: value for name, value in given.items() if name != "hs"}
        lengths = None if lengths is None else np.array(lengths)
        values["x"] = rng.normal(size=(B, T, D))
        return values, lengths, cotangents | {"hs": rng.normal(size=(B, T, width))}

    def run(self, values, lengths):
        """The outputs by name, and the cache."""
        params = [self._layer(layer, lambda p: self._params(values, p)) for layer in range(self.layers)]
        initial = [
            self._layer(layer, lambda p: self._tuple(values, p, self.cell.initial)) for layer in range(self.layers)
        ]
        given = {"lengths": lengths, **self.cell.options}
        if self.alone:
            hs, cache = bidirectional.forward(self.cell.module, params[0], values["x"], initial[0], **given)
            finals = [cache.final]
        else:
            given["residual"] = self.residual
            hs, cache = stacked.forward(self.cell.module, params, values["x"], initial, **given)
            finals = cache.final
        return {"hs": hs} | self._flat(finals, [f"{s}_T" for s in self.cell.states]), cache

    def by_hand(self, values, lengths, cotangents):
        """Outputs and gradients, by name, of our own backward pass."""
        outputs, cache = self.run(values, lengths)
        names = [f"{s}_T" for s in self.cell.states]
        dfinal = [self._layer(layer, lambda p: self._tuple(cotangents, p, names)) for layer in range(self.layers)]
        if self.alone:
            grads = bidirectional.backward(cotangents["hs"], cache, dfinal[0])
            dparams, dinitial = [grads.params], [grads.initial]
        else:
            grads = stacked.backward(cotangents["hs"], cache, dfinal)
            dparams, dinitial = grads.params, grads.initial
        gradients = self._flat(dparams, self.cell.params) | self._flat(dinitial, self.cell.initial)
        return outputs, gradients | {"x": grads.x}

    def loss(self, values, lengths, cotangents):
        """The number whose gradients `by_hand` gives."""
        outputs, _ = self.run(values, lengths)
        return sum((outputs[name] * cotangents[name]).sum() for name in cotangents)

    def by_layer(self, kind, values, lengths, cotangents):
        """Outputs and gradients of layers of torch, or with its interface, packed.

        Without residual connections it is one module of all layers; with them one module for each, and a sum between.
        """
        B, T, _ = values["x"].shape
        leaves = {
            name: torch.tensor(value, requires_grad=True)
            for name, value in values.items()
            if name == "x" or name.endswith(tuple(self.cell.initial))
        }
        x, lengths = leaves["x"], torch.tensor([T] * B if lengths is None else lengths)
        outputs, found, per = {}, {}, 1 if self.residual else self.layers
        for first in range(0, self.layers, per):
            places = self.places[first * len(self.ways) : (first + per) * len(self.ways)]
            module, named = self._module(kind, x.shape[-1], per, places, values)
            packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
            start = tuple(torch.stack([leaves[place + name] for place in places]) for name in self.cell.initial)
            out, finals = module(packed, start if len(start) > 1 else start[0])
            out, _ = pad_packed_sequence(out, batch_first=True, total_length=T)
            x = out + x if self.residual and first else out
            for s, final in zip(self.cell.states, finals if isinstance(finals, tuple) else (finals,), strict=True):
                outputs |= {f"{place}{s}_T": f for place, f in zip(places, final, strict=True)}
            found |= named
        outputs["hs"] = x
        sum((outputs[name] * torch.tensor(value)).sum() for name, value in cotangents.items()).backward()
        gradients = {name: leaf.grad.numpy() for name, leaf in (leaves | found).items()}
        return {name: value.detach().numpy() for name, value in outputs.items()}, gradients

    def _module(self, kind, width, layers, places, values):
        """The module with these weights, and its parameters by our names."""
        H, suffixes = values[places[0] + "W_hh"].shape[1], [SUFFIX[way] for way in self.ways]
        options = {"num_layers": layers, "bidirectional": self.both, "batch_first": True, "dtype": torch.float64}
        module = kind(width, H, **options, **self.cell.options)
        ends = [f"_l{layer}{suffix}" for layer in range(layers) for suffix in suffixes]
        state, named = {}, {}
        for place, end in zip(places, ends, strict=True):
            theirs = {
                kind + end: torch.tensor(values[place + n]) for kind, n in zip(TORCH, self.cell.params, strict=False)
            }
            if len(self.cell.biases) == 1:  # torch has two biases all the same, and only their sum matters
                bias = theirs["bias_ih" + end]
                theirs |= {"bias_ih" + end: 0.25 * bias, "bias_hh" + end: 0.75 * bias}
            state |= theirs
            named |= {place + n: getattr(module, kind + end) for kind, n in zip(TORCH, self.cell.params, strict=False)}
        module.load_state_dict(state)
        return module, named

    def _layer(self, layer, make):
        """What `make` gives for a layer: for its only direction, or Directions."""
        made = [make(f"layer {layer} {way} ") for way in self.ways]
        return Directions(*made) if self.both else made[0]

    def _params(self, values, place):
        return self.cell.module.Params(*self._tuple(values, place, self.cell.params))

    def _tuple(self, values, place, names):
        return tuple(values[place + name] for name in names)

    def _flat(self, layers, names):
        """Lists over the layers as a dictionary."""
        parts = [part for layer in layers for part in (layer if self.both else (layer,))]
        flat = {}
        for place, part in zip(self.places, parts, strict=True):
            part = part._asdict().values() if hasattr(part, "_asdict") else part
            flat |= {place + name: value for name, value in zip(names, part, strict=False)}
        return flat
