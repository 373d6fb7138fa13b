"""Attention with each score, and its oracle: loops of torch over the sequences, the queries and the keys."""

from dataclasses import dataclass

import numpy as np
import torch

from seqlib.reference import attention
from seqlib.reference.attention_scores import Additive, Concat, Dot, General, Location, ScaledDot

A = 4  # units of a hidden layer of a score
SIZES = {"B": 3, "T": 2, "S": 4, "Dq": 3, "Dk": 2, "Dv": 5}  # no two axes of an array are alike


@dataclass(frozen=True)
class ScoreCase:
    """`kind` is the NamedTuple; `pair` its formula for one query q, one key k and the place s, a second time."""

    kind: type
    shapes: object  # (Dq, Dk, S) -> a shape for each parameter, by name
    pair: object  # (parameters by name, q (Dq,), k (Dk,), s) -> a number
    one_width: bool = False

    def sizes(self, **changed):
        """Sizes of every axis, with Dk = Dq where the score needs it."""
        sizes = SIZES | changed
        return sizes | {"Dk": sizes["Dq"]} if self.one_width else sizes

    def draw(self, seed=0, **changed):
        """Parameters, queries, keys and values by name, and random cotangents of context and weights."""
        rng, size = np.random.default_rng(seed), self.sizes(**changed)
        B, T, S, Dq, Dk, Dv = (size[name] for name in SIZES)
        shapes = self.shapes(Dq, Dk, S) | {"query": (B, T, Dq), "keys": (B, S, Dk), "values": (B, S, Dv)}
        arrays = {name: rng.normal(size=shape) for name, shape in shapes.items()}
        return arrays, {"context": rng.normal(size=(B, T, Dv)), "weights": rng.normal(size=(B, T, S))}

    def build(self, arrays):
        """The score with its parameters."""
        return self.kind(*(arrays[name] for name in self.kind._fields))

    def run(self, arrays, mask=None):
        """Context and weights by name, and the cache."""
        context, cache = attention.forward(
            self.build(arrays), arrays["query"], arrays["keys"], arrays.get("values"), mask
        )
        return {"context": context, "weights": cache.weights}, cache

    def by_hand(self, arrays, mask, cotangents):
        """Outputs and gradients, by name, of our own backward pass."""
        outputs, cache = self.run(arrays, mask)
        grads = attention.backward(cotangents["context"], cache, cotangents.get("weights"))
        gradients = grads.score._asdict() | {"query": grads.query, "keys": grads.keys}
        return outputs, gradients | ({} if grads.values is None else {"values": grads.values})

    def loss(self, arrays, mask, cotangents):
        """The number whose gradients `by_hand` gives."""
        outputs, _ = self.run(arrays, mask)
        return sum((outputs[name] * cotangents[name]).sum() for name in cotangents)

    def pairs(self, leaves, b, t, places):
        """The scores of one query with the keys at these places, one at a time."""
        return torch.stack([self.pair(leaves, leaves["query"][b, t], leaves["keys"][b, s], s) for s in places])

    def by_loop(self, arrays, mask, cotangents):
        """Outputs and gradients of a loop that only touches what the mask allows."""
        leaves = {name: torch.tensor(value, requires_grad=True) for name, value in arrays.items()}
        values = leaves.get("values", leaves["keys"])
        (B, T, _), S = arrays["query"].shape, arrays["keys"].shape[1]
        context, weights = torch.zeros(B, T, values.shape[2]).double(), torch.zeros(B, T, S).double()
        for b, t in np.ndindex(B, T):
            row = np.ones(S, bool) if mask is None else mask[b] if mask.ndim == 2 else mask[b, t]
            places = np.flatnonzero(row)
            if len(places):
                share = torch.softmax(self.pairs(leaves, b, t, places), 0)
                weights[b, t, places] = share
                context[b, t] = sum(a * values[b, s] for a, s in zip(share, places, strict=True))
        outputs = {"context": context, "weights": weights}
        total = sum((outputs[name] * torch.tensor(value)).sum() for name, value in cotangents.items())
        found = torch.autograd.grad(total, list(leaves.values()), allow_unused=True)
        gradients = {
            name: np.zeros(leaf.shape) if g is None else g.numpy()
            for (name, leaf), g in zip(leaves.items(), found, strict=True)
        }
        return {name: value.detach().numpy() for name, value in outputs.items()}, gradients


SCORES = {
    "additive": ScoreCase(
        Additive,
        lambda Dq, Dk, S: {"W_a": (A, Dq), "U_a": (A, Dk), "v_a": (A,)},
        lambda w, q, k, s: w["v_a"] @ torch.tanh(w["W_a"] @ q + w["U_a"] @ k),
    ),
    "concat": ScoreCase(
        Concat,
        lambda Dq, Dk, S: {"W_a": (A, Dq + Dk), "v_a": (A,)},
        lambda w, q, k, s: w["v_a"] @ torch.tanh(w["W_a"] @ torch.cat([q, k])),
    ),
    "dot": ScoreCase(Dot, lambda Dq, Dk, S: {}, lambda w, q, k, s: q @ k, one_width=True),
    "scaled dot": ScoreCase(ScaledDot, lambda Dq, Dk, S: {}, lambda w, q, k, s: q @ k / len(k) ** 0.5, one_width=True),
    "general": ScoreCase(General, lambda Dq, Dk, S: {"W_a": (Dq, Dk)}, lambda w, q, k, s: q @ w["W_a"] @ k),
    "location": ScoreCase(Location, lambda Dq, Dk, S: {"W_a": (S + 2, Dq)}, lambda w, q, k, s: (w["W_a"] @ q)[s]),
}
