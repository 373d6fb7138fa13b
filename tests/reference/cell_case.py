"""A cell of the registry, with the oracles that it is held against: a plain loop of torch, and torch's own layer."""

from dataclasses import dataclass, field
from types import ModuleType

import numpy as np
import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


@dataclass(frozen=True)
class CellCase:
    """`module` has Params, forward and backward; `torch_step` is its formula written a second time.

    `layer` is torch's own, None where it has none. `more` names further parameters: name -> rows of H.
    """

    module: ModuleType
    torch_step: object  # (parameters by name, x, state) -> new state
    layer: type | None  # torch's, or None where torch has none
    gates: int = 1
    biases: tuple = ("b_h",)
    states: tuple = ("h",)
    options: dict = field(default_factory=dict)
    more: dict = field(default_factory=dict)

    @property
    def params(self):
        """The names of the parameters."""
        return ["W_xh", "W_hh", *self.biases, *self.more]

    @property
    def initial(self):
        """The names of the initial states."""
        return [f"{s}0" for s in self.states]

    @property
    def parts(self):
        """Everything that has a gradient."""
        return [*self.params, "x", *self.initial]

    def draw(self, B, T, D, H, lengths=None, seed=0):
        """Arguments of forward by name, the mask, and a random cotangent of each output."""
        rng, G = np.random.default_rng(seed), self.gates * H
        arguments = {
            "W_xh": rng.normal(size=(G, D)),
            "W_hh": rng.normal(size=(G, H)) / np.sqrt(H),
            **{name: rng.normal(size=G) for name in self.biases},
            "x": rng.normal(size=(B, T, D)),
        }
        arguments |= {name: rng.normal(size=(rows, H)) for name, rows in self.more.items()}
        arguments |= {name: rng.normal(size=(B, H)) for name in self.initial}
        mask = None if lengths is None else np.arange(T) < np.array(lengths)[:, None]
        cotangents = {"hs": rng.normal(size=(B, T, H))} | {f"{s}_T": rng.normal(size=(B, H)) for s in self.states}
        return arguments, mask, cotangents

    def run(self, arguments, mask=None):
        """The outputs by name, and the cache."""
        params = self.module.Params(*(arguments[name] for name in self.params))
        initial = {name: arguments[name] for name in self.initial if name in arguments}
        hs, cache = self.module.forward(params, arguments["x"], mask=mask, **initial, **self.options)
        finals = {f"{s}_T": states[:, -1] for s, states in zip(self.states, cache.states, strict=True)}
        return {"hs": hs} | finals, cache

    def by_hand(self, arguments, mask, cotangents, **options):
        """Outputs and gradients, by name, of our own backward pass."""
        outputs, cache = self.run(arguments, mask)
        given = {f"d{name}": value for name, value in cotangents.items() if name != "hs"}
        grads = self.module.backward(cotangents["hs"], cache, **given, **options)
        gradients = {name: getattr(grads.params, name) for name in self.params}
        return outputs, gradients | {name: getattr(grads, name) for name in ("x", *self.initial)}

    def loss(self, values, mask, cotangents):
        """The number whose gradients `by_hand` gives."""
        outputs, _ = self.run(values, mask)
        return sum((outputs[name] * cotangents[name]).sum() for name in cotangents)

    def loop(self, arguments, mask):
        """Leaves and outputs of the same network as a plain loop of torch."""
        leaves = {name: torch.tensor(value, requires_grad=True) for name, value in arguments.items()}
        B, T, _ = arguments["x"].shape
        state, hs = [leaves[name] for name in self.initial], []
        for t in range(T):
            new = self.torch_step(leaves, leaves["x"][:, t], state)
            real = torch.ones(B, 1, dtype=bool) if mask is None else torch.tensor(mask[:, t, None])
            state = [torch.where(real, n, s) for n, s in zip(new, state, strict=True)]
            hs.append(torch.where(real, new[0], torch.zeros_like(new[0])))
        return leaves, {"hs": torch.stack(hs, 1)} | {f"{s}_T": v for s, v in zip(self.states, state, strict=True)}

    def by_autograd(self, arguments, mask, cotangents):
        """Outputs and gradients of the plain loop."""
        return _differentiated(*self.loop(arguments, mask), cotangents)

    def by_layer(self, arguments, mask, cotangents):
        """Outputs and gradients of torch's layer, packed."""
        B, T, D = arguments["x"].shape
        H = arguments["W_hh"].shape[1]
        layer = self.layer(D, H, batch_first=True, dtype=torch.float64, **self.options)
        named = dict(zip(("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"), self.params, strict=False))
        state = {theirs: torch.tensor(arguments[ours]) for theirs, ours in named.items()}
        if len(self.biases) == 1:  # torch has two biases all the same, and only their sum matters
            bias = state["bias_ih_l0"]
            state |= {"bias_ih_l0": 0.25 * bias, "bias_hh_l0": 0.75 * bias}
        layer.load_state_dict(state)
        inputs = {name: torch.tensor(arguments[name], requires_grad=True) for name in ("x", *self.initial)}
        lengths = [T] * B if mask is None else mask.sum(1).tolist()
        packed = pack_padded_sequence(inputs["x"], lengths, batch_first=True, enforce_sorted=False)
        initial = tuple(inputs[name][None] for name in self.initial)
        out, finals = layer(packed, initial if len(initial) > 1 else initial[0])
        hs, _ = pad_packed_sequence(out, batch_first=True, total_length=T)
        finals = finals if isinstance(finals, tuple) else (finals,)
        outputs = {"hs": hs} | {f"{s}_T": final[0] for s, final in zip(self.states, finals, strict=True)}
        leaves = {ours: getattr(layer, theirs) for theirs, ours in named.items()} | inputs
        result = _differentiated(leaves, outputs, cotangents)
        if len(self.biases) == 1:
            torch.testing.assert_close(layer.bias_ih_l0.grad, layer.bias_hh_l0.grad)
        return result


def _differentiated(leaves, outputs, cotangents):
    sum((outputs[name] * torch.tensor(value)).sum() for name, value in cotangents.items()).backward()
    gradients = {name: leaf.grad.numpy() for name, leaf in leaves.items()}
    return {name: value.detach().numpy() for name, value in outputs.items()}, gradients
