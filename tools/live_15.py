"""The small network of chapter 15 that recalls what stands in its context, with the maps of its two heads.

Two layers of attention, of one head each, and nothing else: 24 features, rotary positions. Keys are letters and values
digits; what belongs to what is drawn anew for every sequence. The file has all that another program needs to go on
with any sequence of its own; and one sequence with all that the network does with it, computed from the weights as
they are written.
"""

import numpy as np
from torch import nn

from seqlib.nn import TransformerModel
from seqlib.reference import losses, multi_head, normalisation
from seqlib.tasks import AssociativeRecall
from seqlib.training import Cosine, fit

TASK = AssociativeRecall(12, 5, 8, 8)
SYMBOLS = [*"abcdefgh", *"12345678"]
D_MODEL, SEED, STEPS = 24, 0, 500
OPTIONS = {"optimiser": "adam", "batch_size": 64, "lr": 0.01, "clip_norm": 1.0, "seed": SEED}
SHOWN_INPUT = "c 4 f 1 a 7 f 1 c 4 h 3 a 7 h 3 f 1 b 8 c 4 b"
DIGITS = 3  # after the point, of weights and of what comes out


def network():
    """The network before training; what a block has beside attention adds 0 for ever."""
    model = TransformerModel(TASK.vocab_size, TASK.n_out, D_MODEL, 1, 2, 1, positions="rotary")
    for block in model.core.blocks:
        for part in (block.linear1, block.linear2, block.norm2):
            for parameter in part.parameters():
                nn.init.zeros_(parameter).requires_grad_(False)
    return model


def train(steps=STEPS):
    """The weights that learn, by torch's names, rounded."""
    model = fit(network, TASK, steps=steps, schedule=Cosine(steps, 0.1, steps // 10), **OPTIONS).model
    learned = {name: p for name, p in model.named_parameters() if p.requires_grad}
    return {name: np.round(p.detach().double().numpy(), DIGITS) for name, p in learned.items()}


def run(weights, ids):
    """What each head looks at, and the probabilities of values after every step: (2, B, T, T), (B, T, V)."""
    h, maps = weights["embedding.words.weight"][ids], []
    for layer in (0, 1):
        of = {
            name.removeprefix(f"core.layers.{layer}."): w
            for name, w in weights.items()
            if name.startswith(f"core.layers.{layer}.")
        }
        matrices = np.split(of["self_attn.in_proj_weight"], 3), np.split(of["self_attn.in_proj_bias"], 3)
        params = multi_head.Params(
            *matrices[0], of["self_attn.out_proj.weight"], *matrices[1], of["self_attn.out_proj.bias"]
        )
        normed, _ = normalisation.forward(normalisation.LayerNorm(of["norm1.weight"], of["norm1.bias"]), h)
        read, cache = multi_head.forward(params, normed, n_heads=1, causal=True, rotary=multi_head.Rotary())
        maps.append(cache.weights[:, 0])
        h = h + read
    last = normalisation.LayerNorm(weights["core.norm.weight"], weights["core.norm.bias"])
    answers = normalisation.forward(last, h)[0] @ weights["readout.weight"].T + weights["readout.bias"]
    return np.array(maps), np.exp(losses.log_softmax(answers))


def quality(weights):
    """On a thousand sequences: the loss at all keys, and of those that have been there the share that is right."""
    batch = TASK.sample(1000, np.random.default_rng([SEED, 10**6]))
    keys, y = batch.inputs[0][:, ::2], batch.y[:, ::2]
    p = run(weights, batch.inputs[0])[1][:, ::2]
    seen = np.array([[key in row[:j] for j, key in enumerate(row)] for row in keys.tolist()])
    found = {
        "loss": -np.log(np.take_along_axis(p, y[..., None], 2)).mean(),
        "recalled": (p.argmax(2) == y)[seen].mean(),
    }
    return {name: round(float(value), 4) for name, value in found.items()}


def live(weights):
    """All that stands in the file."""
    ids = [SYMBOLS.index(symbol) for symbol in SHOWN_INPUT.split()]
    maps, p = run(weights, np.array([ids]))
    return {
        "what": "two layers of attention that say which digit stood beside a letter earlier in the sequence",
        "task": {"name": TASK.name, **TASK.settings},
        "symbols": SYMBOLS,
        "convention": {"norm": "layer", "norm_first": True, "eps": 1e-5, "rotary": 10_000, "pairs": "interleaved"},
        "training": OPTIONS | {"steps": STEPS, "schedule": "cosine to 0.1, a tenth of it warm-up"},
        "quality": {
            "of": "1000 sequences",
            "floor": round(TASK.floor, 4),
            "values in context": round(TASK.level("values in context"), 4),
            "values alone": round(TASK.level("values alone"), 4),
            "chance": round(TASK.chance, 4),
        }
        | quality(weights),
        "parameters": sum(w.size for w in weights.values()),
        "weights": {name: w.tolist() for name, w in weights.items()},
        "input": SHOWN_INPUT.split(),
        "attention": np.round(maps[:, 0], DIGITS).tolist(),
        "probabilities": np.round(p[0], DIGITS).tolist(),
    }


def recall(steps=STEPS):
    """A network that recalls."""
    return live(train(steps))


MODELS = {"recall": recall}
