"""Stacks of Transformer blocks with every part in turn, and their oracle: torch, sequence by sequence, head by head.

Everything has one flat name, "blocks 0 attention W_q": the values and their gradients. The oracle takes one sequence,
one head and one query at a time, and only what that query may attend to, so that it knows no masks.
"""

from dataclasses import dataclass, field

import numpy as np
import torch
from torch.nn import functional

from seqlib.reference import transformer
from seqlib.reference.feed_forward import FeedForward, SwiGLU
from seqlib.reference.multi_head import Params, Rotary
from seqlib.reference.normalisation import LayerNorm, RMSNorm
from seqlib.reference.transformer import Block, Options, Stack

B, T, S, D, D_S, F = 3, 4, 5, 6, 2, 7  # no two axes of an array are alike, but T of queries and T of keys
HEADS, D_K, D_V = 4, 2, 3
LENGTHS, SOURCE_LENGTHS = np.array([4, 1, 3]), np.array([5, 3, 1])
ACTIVATIONS = {
    "relu": torch.relu,
    "gelu": functional.gelu,
    "gelu_tanh": lambda a: functional.gelu(a, approximate="tanh"),
    "silu": functional.silu,
}


def flat(tree, prefix=""):
    """The arrays of nested NamedTuples and lists by name; what is None is left out."""
    named = tree._asdict().items() if hasattr(tree, "_fields") else enumerate(tree)
    found = {}
    for name, value in named:
        if isinstance(value, np.ndarray):
            found[f"{prefix}{name}"] = value
        elif value is not None:
            found |= flat(value, f"{prefix}{name} ")
    return found


@dataclass(frozen=True)
class TransformerCase:
    """`n_kv` heads of keys and values; with `cross` it is a decoder with a source; `modern` is RMSNorm and SwiGLU."""

    layers: int = 1
    modern: bool = False
    cross: bool = False
    n_kv: int = HEADS
    biases: bool = True
    end: bool = False  # a norm at the end
    options: dict = field(default_factory=dict)

    @property
    def settings(self):
        """The options, with the number of heads."""
        return Options(HEADS, **self.options)

    def _attention(self, rng, width):
        sizes = (HEADS * D_K, D), (self.n_kv * D_K, width), (self.n_kv * D_V, width), (D, HEADS * D_V)
        matrices = [0.5 * rng.normal(size=size) for size in sizes]
        return Params(*matrices, *(rng.normal(size=size[0]) if self.biases else None for size in sizes))

    def _norm(self, rng):
        gain = rng.choice([-1, 1], D) * rng.uniform(0.5, 1.5, D)
        return RMSNorm(gain) if self.modern else LayerNorm(gain, rng.normal(size=D) if self.biases else None)

    def _network(self, rng):
        if self.modern:
            return SwiGLU(rng.normal(size=(F, D)), rng.normal(size=(F, D)), rng.normal(size=(D, F)))
        b_1, b_2 = (rng.normal(size=size) if self.biases else None for size in (F, D))
        return FeedForward(rng.normal(size=(F, D)), b_1, rng.normal(size=(D, F)), b_2)

    def draw(self, seed=0):
        """The parameters as a Stack; x and, for a decoder, the source, by name; a cotangent of the output."""
        rng = np.random.default_rng([seed, 13])
        blocks = []
        for _ in range(self.layers):
            parts = self._attention(rng, D), self._norm(rng), self._network(rng), self._norm(rng)
            blocks.append(Block(*parts, *((self._attention(rng, D_S), self._norm(rng)) if self.cross else ())))
        inputs = {"x": rng.normal(size=(B, T, D))} | ({"source": rng.normal(size=(B, S, D_S))} if self.cross else {})
        return Stack(blocks, self._norm(rng) if self.end else None), inputs, rng.normal(size=(B, T, D))

    def run(self, stack, inputs, masks):
        """The output and the cache; masks are those of x and of the source, or None."""
        return transformer.forward(stack, inputs["x"], inputs.get("source"), *masks, options=self.settings)

    def by_hand(self, stack, inputs, masks, dout):
        """The output, and gradients by name, of our own backward pass."""
        out, cache = self.run(stack, inputs, masks)
        return out, self.named(transformer.backward(dout, cache))

    def named(self, grads):
        """Gradients by name."""
        return flat(grads.params) | {"x": grads.x} | ({} if grads.source is None else {"source": grads.source})

    def values(self, stack, inputs):
        """All that has a gradient, by name."""
        return flat(stack) | inputs

    def total(self, values, stack, masks, dout):
        """The number whose gradients `by_hand` gives, for values by name in the shape of the stack."""
        inputs = {name: values[name] for name in ("x", "source") if name in values}
        return (self.run(_filled(stack, values), inputs, masks)[0] * dout).sum()

    def by_loop(self, stack, inputs, masks, dout):
        """Output and gradients of the oracle."""
        leaves = {name: torch.tensor(value, requires_grad=True) for name, value in self.values(stack, inputs).items()}
        out = torch.stack([self._sequence(leaves, b, masks) for b in range(len(inputs["x"]))])
        (out * torch.tensor(dout)).sum().backward()
        return out.detach().numpy(), {
            name: np.zeros(leaf.shape) if leaf.grad is None else leaf.grad.numpy() for name, leaf in leaves.items()
        }

    def _sequence(self, leaves, b, masks):
        x, options = leaves["x"][b], self.settings
        mask = [None if given is None else given[b] for given in masks]
        for layer in range(self.layers):
            at = f"blocks {layer} "
            parts = [
                (lambda x, at=at: self._attend(leaves, f"{at}attention ", x, x, mask[0], True), "attention"),
                (lambda x, at=at: self._think(leaves, f"{at}feed_forward ", x), "feed_forward"),
            ]
            if self.cross:
                asked = leaves["source"][b]
                look = lambda x, at=at, asked=asked: self._attend(leaves, f"{at}cross ", x, asked, mask[1], False)  # noqa: E731
                parts.insert(1, (look, "cross"))
            for part, name in parts:
                norm = f"{at}norm_{name} "
                if options.norm_first:
                    x = x + part(self._normalise(leaves, norm, x))
                else:
                    x = self._normalise(leaves, norm, x + part(x))
        return self._normalise(leaves, "norm ", x) if self.end else x

    def _normalise(self, leaves, at, x):
        eps = self.settings.eps
        if self.modern:
            return functional.rms_norm(x, (D,), leaves[at + "gain"], eps)
        return functional.layer_norm(x, (D,), leaves[at + "gain"], leaves.get(at + "bias"), eps)

    def _think(self, leaves, at, x):
        if self.modern:
            hidden = functional.silu(x @ leaves[at + "W_gate"].T) * (x @ leaves[at + "W_up"].T)
            return hidden @ leaves[at + "W_down"].T
        hidden = ACTIVATIONS[self.settings.activation or "relu"](
            functional.linear(x, leaves[at + "W_1"], leaves.get(at + "b_1"))
        )
        return functional.linear(hidden, leaves[at + "W_2"], leaves.get(at + "b_2"))

    def _attend(self, leaves, at, x, asked, mask, own):
        rotary = self.settings.rotary if own else None
        q, k, v = (
            functional.linear(z, leaves[at + f"W_{n}"], leaves.get(at + f"b_{n}"))
            for n, z in zip("qkv", (x, asked, asked), strict=True)
        )
        rows = []
        for t in range(len(x)):
            allowed = np.ones(len(asked), bool) if mask is None else mask if mask.ndim == 1 else mask[t]
            places = [s for s in np.flatnonzero(allowed) if not (own and self.settings.causal and s > t)]
            contexts = [] if places else [torch.zeros(HEADS * D_V, dtype=torch.float64)]
            for head in range(HEADS if places else 0):
                shared = head // (HEADS // self.n_kv)
                query = q[t, head * D_K : (head + 1) * D_K]
                keys = k[places, shared * D_K : (shared + 1) * D_K]
                if rotary is not None:
                    query = _turned(query, t, rotary)
                    keys = torch.stack([_turned(key, s, rotary) for key, s in zip(keys, places, strict=True)])
                shares = torch.softmax(keys @ query / D_K**0.5, 0)
                contexts.append(shares @ v[places, shared * D_V : (shared + 1) * D_V])
            rows.append(functional.linear(torch.cat(contexts), leaves[at + "W_o"], leaves.get(at + "b_o")))
        return torch.stack(rows)


def _turned(vector, place, rotary):
    """One vector as complex numbers, times e^{iωt}: the formula a second time."""
    where = place if rotary.positions is None else rotary.positions[place]
    half = len(vector) // 2
    pairs = vector.view(half, 2) if rotary.pairs == "interleaved" else vector.view(2, half).T
    angle = where * torch.tensor([rotary.base ** (-2 * i / len(vector)) for i in range(half)], dtype=torch.float64)
    turned = torch.view_as_real(torch.view_as_complex(pairs.contiguous()) * torch.polar(torch.ones_like(angle), angle))
    return turned.reshape(-1) if rotary.pairs == "interleaved" else turned.T.reshape(-1)


def _filled(tree, values, prefix=""):
    """The tree with its arrays taken from values by name."""
    if isinstance(tree, np.ndarray) or tree is None:
        return values.get(prefix.strip(), tree)
    if hasattr(tree, "_fields"):
        return type(tree)(*(_filled(value, values, f"{prefix}{name} ") for name, value in tree._asdict().items()))
    return [_filled(value, values, f"{prefix}{i} ") for i, value in enumerate(tree)]


MASKS = np.arange(T) < LENGTHS[:, None], np.arange(S) < SOURCE_LENGTHS[:, None]
TRANSFORMERS = {
    "encoder, post-norm": TransformerCase(options={"norm_first": False}),
    "encoder, pre-norm, deep": TransformerCase(layers=3, end=True, options={"activation": "gelu"}),
    "decoder alone": TransformerCase(layers=2, end=True, options={"causal": True, "activation": "gelu_tanh"}),
    "decoder, post-norm, deep": TransformerCase(layers=2, cross=True, options={"norm_first": False, "causal": True}),
    "decoder, pre-norm": TransformerCase(cross=True, biases=False, options={"causal": True, "activation": "silu"}),
    "modern": TransformerCase(
        layers=2, modern=True, n_kv=2, biases=False, end=True, options={"causal": True, "eps": 0.1, "rotary": Rotary()}
    ),
    "modern, halves": TransformerCase(
        modern=True,
        n_kv=1,
        options={"rotary": Rotary(np.array([3.0, 5.0, 6.0, 10.0]), 100.0, "halves"), "norm_first": False},
    ),
}
