"""The encoder–decoder with every part in turn, and its oracle: a loop of torch over sentences, words, layers, queries.

Everything has one flat name, "encoder 0 backward W_hh": the values and their gradients. The loop takes one sentence at
a time, cut to its length, so that it knows neither padding nor masks.
"""

from dataclasses import dataclass

import numpy as np
import torch

from seqlib.reference import encoder_decoder
from seqlib.reference.bidirectional import Directions
from seqlib.reference.bridge import Affine

WAYS = ("forward", "backward")
D_X, D_Y, H_X, H, A = 2, 3, 2, 4, 5  # embeddings, states of the encoder and of the decoder, attentional vector
V_X, V_Y = 6, 5  # words of the source, of the target


@dataclass(frozen=True)
class ModelCase:
    """`cell` is a CellCase, `score` a ScoreCase or None; with `mapped` the bridge has maps.

    Without maps the states are as wide as they have to be: an encoder of H / directions.
    """

    cell: object
    score: object = None
    layers: int = 1
    both: bool = False
    mapped: bool = False
    attend: str = "after"
    input_feeding: bool = False

    @property
    def ways(self):
        """The directions of the encoder."""
        return WAYS if self.both else WAYS[:1]

    @property
    def width(self):
        """Of a state of the encoder, in one direction."""
        return H_X if self.mapped and not self._one_width else H // len(self.ways)

    @property
    def way(self):
        """The options that say how it attends."""
        return {"attend": self.attend, "input_feeding": self.input_feeding}

    @property
    def told(self):
        """How many features a step of the decoder reads behind those of the word."""
        return A if self.input_feeding else self.width * len(self.ways) if self.attend == "before" else 0

    @property
    def _one_width(self):
        return self.score is not None and self.score.one_width

    def draw(self, source_lengths=(4, 2, 3), target_lengths=(2, 5, 3), seed=0):
        """Values by name, the words (source, lengths, previous, y, mask), and a random cotangent of the logits."""
        rng, values, K = np.random.default_rng([seed, 11]), {}, self.width * len(self.ways)
        B, S, T = len(source_lengths), max(source_lengths), max(target_lengths)
        for layer in range(self.layers):
            for way in self.ways:
                place = f"encoder {layer} {way} "
                drawn, _, _ = self.cell.draw(B, 1, D_X if layer == 0 else K, self.width, seed=rng.integers(1000))
                values |= {place + name: value for name, value in drawn.items() if name != "x"}
            drawn, _, _ = self.cell.draw(B, 1, D_Y + self.told if layer == 0 else H, H, seed=rng.integers(1000))
            values |= {f"decoder {layer} {name}": drawn[name] for name in self.cell.params}
            for state in self.cell.states if self.mapped else ():
                values[f"bridge {layer} {state} W"] = rng.normal(size=(H, K))
                values[f"bridge {layer} {state} b"] = rng.normal(size=H)
        shapes = {"E_x": (V_X, D_X), "E_y": (V_Y, D_Y), "W_o": (V_Y, H), "b_o": (V_Y,)}
        if self.score is not None:
            shapes |= {f"score {name}": shape for name, shape in self.score.shapes(H, K, S).items()}
            shapes |= {"W_c": (A, K + H), "W_o": (V_Y, A)}
        values |= {name: rng.normal(size=shape) for name, shape in shapes.items()}
        lengths, mask = np.array(source_lengths), np.arange(T) < np.array(target_lengths)[:, None]
        source, previous, y = (rng.integers(V, size=size) for V, size in ((V_X, (B, S)), (V_Y, (B, T)), (V_Y, (B, T))))
        return values, (source, lengths, previous, y, mask), rng.normal(size=(B, T, V_Y))

    def params(self, values):
        """The Params, and the initial states."""
        layers, cell = range(self.layers), self.cell

        def each(make):
            return [
                Directions(*(make(f"encoder {layer} {way} ") for way in WAYS))
                if self.both
                else make(f"encoder {layer} forward ")
                for layer in layers
            ]

        maps = [
            [Affine(values[f"bridge {layer} {state} W"], values[f"bridge {layer} {state} b"]) for state in cell.states]
            for layer in layers
            if self.mapped
        ]
        score = None
        if self.score is not None:
            score = self.score.kind(*(values[f"score {name}"] for name in self.score.kind._fields))
        params = encoder_decoder.Params(
            values["E_x"],
            each(lambda place: cell.module.Params(*(values[place + name] for name in cell.params))),
            maps or None,
            values["E_y"],
            [cell.module.Params(*(values[f"decoder {layer} {name}"] for name in cell.params)) for layer in layers],
            values["W_o"],
            values["b_o"],
            score,
            values.get("W_c"),
        )
        return params, each(lambda place: tuple(values[place + name] for name in cell.initial))

    def forward(self, values, words):
        """Logits and cache."""
        (source, lengths, previous, _, mask), (params, initial) = words, self.params(values)
        options = self.way | self.cell.options
        return encoder_decoder.forward(
            self.cell.module, params, source, lengths, previous, mask=mask, initial=initial, **options
        )

    def loss(self, values, words):
        """The loss and its cache."""
        (*inputs, y, mask), (params, initial) = words, self.params(values)
        options = self.way | self.cell.options
        return encoder_decoder.loss(self.cell.module, params, inputs, y, mask, initial=initial, **options)

    def flat(self, grads):
        """Gradients by the names of the values."""
        params, cell, found = grads.params, self.cell, {}
        for layer in range(self.layers):
            sides = [params.encoder[layer]], [grads.initial[layer]]
            if self.both:
                sides = params.encoder[layer], grads.initial[layer]
            for way, weights, start in zip(self.ways, *sides, strict=True):
                place = f"encoder {layer} {way} "
                found |= {place + name: getattr(weights, name) for name in cell.params}
                found |= {place + name: value for name, value in zip(cell.initial, start, strict=True)}
            found |= {f"decoder {layer} {name}": getattr(params.decoder[layer], name) for name in cell.params}
            for state, affine in zip(cell.states, params.bridge[layer] if self.mapped else (), strict=False):
                found |= {f"bridge {layer} {state} {name}": value for name, value in affine._asdict().items()}
        found |= {name: getattr(params, name) for name in ("E_x", "E_y", "W_o", "b_o")}
        if self.score is not None:
            found |= {f"score {name}": value for name, value in params.score._asdict().items()} | {"W_c": params.W_c}
        return found

    def by_hand(self, values, words, dlogits):
        """Logits and gradients of our own backward pass."""
        logits, cache = self.forward(values, words)
        return logits, self.flat(encoder_decoder.backward(dlogits, cache))

    def by_loop(self, values, words, cut=()):
        """The leaves of torch, and for each sentence the logits of its words and the words that they should be.

        No gradient goes through what is `cut`: "states", all of the encoder's top layer, or "last", what the bridge
        makes of the last ones.
        """
        leaves = {name: torch.tensor(value, requires_grad=True) for name, value in values.items()}
        source, lengths, previous, y, mask = words
        answers = []
        for b, (n, m) in enumerate(zip(lengths, mask.sum(1), strict=True)):
            h, starts = self._encode(leaves, b, source[b, :n])
            h = [state.detach() if "states" in cut else state for state in h]
            starts = [[state.detach() if "last" in cut else state for state in start] for start in starts]
            answers.append((self._decode(leaves, h, starts, previous[b, :m]), torch.tensor(y[b, :m])))
        return leaves, answers

    def _encode(self, leaves, b, ids):
        """The states of the top layer, [forward; backward] of each word, and the decoder's initial ones by layer."""
        x, starts = [leaves["E_x"][i] for i in ids], []
        for layer in range(self.layers):
            outs, lasts = [], []
            for way in self.ways:
                place = f"encoder {layer} {way} "
                weights = {name: leaves[place + name] for name in self.cell.params}
                state, out = [leaves[place + name][b][None] for name in self.cell.initial], []
                for word in x if way == "forward" else x[::-1]:
                    state = self.cell.torch_step(weights, word[None], state)
                    out.append(state[0][0])
                outs.append(out if way == "forward" else out[::-1])
                lasts.append(state)
            x = [torch.cat(both) for both in zip(*outs, strict=True)]
            start = [torch.cat(both, 1) for both in zip(*lasts, strict=True)]
            if self.mapped:
                maps = [
                    (leaves[f"bridge {layer} {state} W"], leaves[f"bridge {layer} {state} b"])
                    for state in self.cell.states
                ]
                start = [v @ W.T + b for v, (W, b) in zip(start, maps, strict=True)]
                start[0] = torch.tanh(start[0])
            starts.append(start)
        return x, starts

    def _decode(self, leaves, h, states, ids):
        """The logits after each word, one step of all layers at a time."""
        logits, score, out = [], self.score, torch.zeros(A, dtype=torch.float64)
        weights = {name.removeprefix("score "): leaf for name, leaf in leaves.items() if name.startswith("score ")}

        def attended(query):
            e = torch.stack([score.pair(weights, query, key, place) for place, key in enumerate(h)])
            return sum(a * key for a, key in zip(torch.softmax(e, 0), h, strict=True))

        for i in ids:
            x = leaves["E_y"][i][None]
            if self.attend == "before":
                context = attended(states[-1][0][0])
                x = torch.cat([x, context[None]], 1)
            if self.input_feeding:
                x = torch.cat([x, out[None]], 1)
            for layer in range(self.layers):
                of_layer = {name: leaves[f"decoder {layer} {name}"] for name in self.cell.params}
                states[layer] = self.cell.torch_step(of_layer, x, states[layer])
                x = states[layer][0]
            out = x[0]
            if score is not None:
                context = context if self.attend == "before" else attended(out)
                out = torch.tanh(leaves["W_c"] @ torch.cat([context, out]))
            logits.append(leaves["W_o"] @ out + leaves["b_o"])
        return torch.stack(logits)
