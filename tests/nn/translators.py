"""Small encoder-decoders of every kind, a batch, a task, and their formulas written once more, for one sentence."""

import math

import numpy as np
import torch

import seqlib.nn
from seqlib.batching import Batch, mask_from_lengths, pad
from seqlib.nn import Attention, EncoderDecoder
from seqlib.text import BOS, EOS

V, K = 9, 7  # ids of the source and of the target
LENGTHS = [5, 2, 4, 1]
SCORES = ("additive", "dot", "scaled dot", "general", "concat", "location")
# how the decoder attends -> the options of the model
WAYS = {
    "none": {},
    "after": {"attend": "after"},
    "fed": {"attend": "after", "input_feeding": True},
    "before": {"attend": "before"},
}
DOUBLE = {"dtype": torch.float64}


def made(way="none", maker=seqlib.nn, cell="LSTM", layers=2, both=False, H=(4, 4), score="general", **more):
    """A model in float64, `H` the widths of a direction of the encoder and of the decoder."""
    torch.manual_seed(0)
    kind, width = getattr(maker, cell), H[0] * (2 if both else 1)
    encoder = kind(3, H[0], layers, bidirectional=both, batch_first=True, **DOUBLE)
    told = {"fed": H[1], "before": width}.get(way, 0)
    decoder = kind(5 + told, H[1], layers, batch_first=True, **DOUBLE)
    if way != "none":
        more["attention"] = attention(score, H[1], width)
    return EncoderDecoder(encoder, decoder, V, K, **WAYS[way], **more)


def attention(score, query_size=4, key_size=4, longest=6, **more):
    """An Attention in float64, with parameters large enough to tell keys apart."""
    more |= {"longest": longest} if score == "location" else {}
    module = Attention(score, query_size, key_size, **DOUBLE, **more)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.mul_(3)
    return module


def batch(T=6, lengths=LENGTHS):
    """Sources, their lengths, and what the decoder reads."""
    torch.manual_seed(1)
    source = torch.randint(4, V, (len(lengths), max(lengths)))
    previous = torch.randint(3, K, (len(lengths), T))
    previous[:, 0] = BOS
    return source, torch.tensor(lengths), previous


def score(module, q, k, s):
    """The score of one query with the key at position s, as its formula is written."""
    return {
        "additive": lambda: module.v @ torch.tanh(module.weight_q @ q + module.weight_k @ k),
        "dot": lambda: (q * k).sum(),
        "scaled dot": lambda: (q * k).sum() / math.sqrt(len(k)),
        "general": lambda: q @ module.weight @ k,
        "concat": lambda: module.v @ torch.tanh(module.weight @ torch.cat([q, k])),
        "location": lambda: module.weight[s] @ q,
    }[module.score]()


def attended(module, q, keys, values, kept=None):
    """The mean of the values of those keys that are kept, and the weights, for one query."""
    kept = range(len(keys)) if kept is None else kept
    terms = [torch.exp(score(module, q, keys[s], s)) for s in kept]
    weights = torch.stack([term / sum(terms) for term in terms])
    return sum(w * values[s] for w, s in zip(weights, kept, strict=True)), weights


def by_hand(model, way, source, previous):
    """Logits, final states and weights of one sentence without padding, the decoder one step at a time."""
    keys, finals = model.encoder(model.source_embedding.weight[source][None])
    finals = finals if isinstance(finals, tuple) else (finals,)
    layers, d = model.decoder.num_layers, 2 if model.encoder.bidirectional else 1
    s, logits, alignment = [], [], []
    for name, state in zip("hc", finals, strict=False):
        rows = []
        for layer in range(layers):
            start = torch.cat([state[layer * d + k, 0] for k in range(d)])
            maps = getattr(model.bridge, name)
            if len(maps):
                start = maps[layer].weight @ start + maps[layer].bias
                start = start.tanh() if name == "h" else start
            rows.append(start)
        s.append(torch.stack(rows)[:, None])
    a = torch.zeros(model.decoder.hidden_size, **DOUBLE)
    for word in previous:
        read = model.target_embedding.weight[word]
        if way == "before":
            m, weights = attended(model.alignment, s[0][-1, 0], keys[0], keys[0])
            read = torch.cat([read, m])
        if way == "fed":
            read = torch.cat([read, a])
        out, after = model.decoder(read[None, None], tuple(s) if len(s) > 1 else s[0])
        s, a = after if isinstance(after, tuple) else (after,), out[0, 0]
        if way in ("after", "fed"):
            m, weights = attended(model.alignment, a, keys[0], keys[0])
        if way != "none":
            a = torch.tanh(model.combine.weight @ torch.cat([m, a]))
            alignment.append(weights)
        logits.append(model.readout.weight @ a + model.readout.bias)
    return torch.stack(logits), s, torch.stack(alignment) if alignment else None


class Copies:
    """Sentences of a few words, to be written again: a task as the data of `fit`."""

    loss = "cross_entropy"

    def __init__(self, wider=0):
        self.wider = wider

    def sample(self, B, rng):
        """A batch, with so many more columns of padding than it needs."""
        words = [rng.integers(4, K, rng.integers(1, 4)) for _ in range(B)]
        source, lengths = pad(words)
        y, n = pad([[*row, EOS] for row in words])
        previous, _ = pad([[BOS, *row] for row in words])
        source, previous, y = (np.pad(part, ((0, 0), (0, self.wider))) for part in (source, previous, y))
        return Batch((source, lengths, previous), y, mask_from_lengths(n, y.shape[1]))
