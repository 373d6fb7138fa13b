"""The attending decoder with each cell, score and depth: values, outputs and gradients, all with flat names."""

from dataclasses import dataclass, field

import numpy as np

from seqlib.reference import attending_decoder

D, H, K, A = 1, 3, 2, 4  # of a word, a state, what is attended to, s̃: no two alike


@dataclass(frozen=True)
class DecoderCase:
    """`cell` is a CellCase, `score` a ScoreCase, `options` more of those of seqlib.reference.stacked."""

    cell: object
    score: object
    attend: str
    layers: int = 1
    options: dict = field(default_factory=dict)

    @property
    def K(self):
        """The width of what is attended to."""
        return H if self.score.one_width else K

    def draw(self, lengths=(3, 2), source_lengths=(2, 4), seed=0):
        """Values by name, the lengths of targets and sources, and a random cotangent of s̃."""
        rng, values, B = np.random.default_rng([seed, 5]), {}, len(lengths)
        T, S = max(lengths), max(source_lengths)
        told = self.K if self.attend == "before" else A
        for layer in range(self.layers):
            drawn, _, _ = self.cell.draw(B, 1, D + told if layer == 0 else H, H, seed=rng.integers(1000))
            values |= {f"{layer} {name}": value for name, value in drawn.items() if name != "x"}
        shapes = {f"score {name}": shape for name, shape in self.score.shapes(H, self.K, S).items()}
        shapes |= {"W_c": (A, self.K + H), "y": (B, T, D), "h": (B, S, self.K)}
        values |= {name: rng.normal(size=shape) for name, shape in shapes.items()}
        return values, (np.array(lengths), np.array(source_lengths)), rng.normal(size=(B, T, A))

    def params(self, values):
        """The Params."""
        module, names = self.cell.module, self.cell.params
        return attending_decoder.Params(
            [module.Params(*(values[f"{layer} {name}"] for name in names)) for layer in range(self.layers)],
            self.score.kind(*(values[f"score {name}"] for name in self.score.kind._fields)),
            values["W_c"],
        )

    def initial(self, values):
        """The initial states by layer."""
        return [tuple(values[f"{layer} {name}"] for name in self.cell.initial) for layer in range(self.layers)]

    def run(self, values, lengths):
        """s̃ and the cache."""
        ends = dict(zip(("lengths", "source_lengths"), lengths, strict=True))
        return attending_decoder.forward(
            self.cell.module,
            self.params(values),
            values["y"],
            values["h"],
            self.initial(values),
            attend=self.attend,
            **ends,
            **self.cell.options,
            **self.options,
        )

    def loss(self, values, lengths, dout):
        """The number whose gradients `by_hand` gives."""
        return (self.run(values, lengths)[0] * dout).sum()

    def by_hand(self, values, lengths, dout):
        """s̃, and the gradients by the names of the values."""
        out, cache = self.run(values, lengths)
        return out, self.flat(attending_decoder.backward(dout, cache))

    def flat(self, grads):
        """Gradients by the names of the values."""
        found = {"y": grads.y, "h": grads.h, "W_c": grads.params.W_c}
        found |= {f"score {name}": value for name, value in grads.params.score._asdict().items()}
        for layer in range(self.layers):
            found |= {f"{layer} {name}": getattr(grads.params.layers[layer], name) for name in self.cell.params}
            found |= {
                f"{layer} {name}": value for name, value in zip(self.cell.initial, grads.initial[layer], strict=True)
            }
        return found
