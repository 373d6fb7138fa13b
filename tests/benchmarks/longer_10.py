"""What chapter 10 says of characters: LSTMs, frozen and adaptive, against Kneser–Ney and compressors, on five splits.

    python tests/benchmarks/longer_training.py 10_characters

A seed draws the split of the text, and the weights. Whatever is chosen (the weights of the mixtures, the rate of the
dynamic evaluation) is chosen on the validation text, and the test text is read once.
"""

import bz2
import copy
import lzma
from functools import partial

import numpy as np
import torch

from seqlib.batching import chunks
from seqlib.evidence import rounded
from seqlib.nn import LSTM, SequenceModel
from seqlib.reference import kneser_ney
from seqlib.tasks import topics
from seqlib.text import Vocabulary
from seqlib.training import Cosine, evaluate, fit

CHAPTER = "10"
MIXED = [k / 10 for k in range(11)]  # weights of the first model in a mixture
COMPRESSORS = {
    "lzma": partial(lzma.compress, preset=9 | lzma.PRESET_EXTREME),
    "bz2": partial(bz2.compress, compresslevel=9),
}


def encoded(seed):
    """The split, the vocabulary of its training characters, and the ids of the three texts."""
    texts = topics.split(seed)
    vocabulary = Vocabulary.build([list(texts.train)])
    return texts, vocabulary, {part: vocabulary.encode(list(text)) for part, text in texts._asdict().items()}


def network(V, embedding, units, dropout):
    """An LSTM between an embedding of V symbols and a read-out for as many."""
    return SequenceModel(LSTM(embedding, units, batch_first=True), V, vocab_size=V, dropout=dropout)


def trained(ids, V, seed, steps, batch, length, rate, **sizes):
    """A language model of one long text, with its state carried from chunk to chunk."""
    how = {"steps": steps, "schedule": Cosine(steps), "lr": rate, "clip_norm": 1.0, "loss": "cross_entropy"}
    return fit(partial(network, V, **sizes), chunks(ids, batch, length), seed=seed, **how).model.eval()


def frozen(model, ids):
    """Bits of each symbol but the first, the text read at one go."""
    with torch.no_grad():
        log_p = model(torch.tensor(ids)[None, :-1])[0][0].log_softmax(-1).double()
    return -log_p.gather(1, torch.tensor(ids)[1:, None])[:, 0].numpy() / np.log(2)


class Kept:
    """The cross-entropy, which keeps the bits of each symbol: those before the step that is made of them."""

    def __init__(self):
        self.bits = []

    def __call__(self, model, batch):
        """The mean loss of a chunk in nats."""
        nats = torch.nn.functional.cross_entropy(
            model(*batch.inputs)[0][batch.mask], batch.y[batch.mask], reduction="none"
        )
        self.bits.extend((nats.detach().double() / np.log(2)).tolist())
        return nats.mean()


def dynamic(model, ids, rate, length):
    """Bits of each symbol but the first by a copy that is trained on each chunk after it has been scored."""
    adapting, text, kept = copy.deepcopy(model), chunks(ids, 1, length), Kept()
    adapting.dropout = 0.0
    fit(adapting, text, steps=len(text), loss=kept, optimiser="sgd", lr=rate, clip_norm=1.0)
    return np.array(kept.bits)


def mixture(weight, one, other):
    """Bits of each symbol, if its probability is the weighted mean of two, given by their bits."""
    return -np.log2(weight * 2.0**-one + (1 - weight) * 2.0**-other)


def best_weight(one, other):
    """The weight of the first in the mixture that needs the fewest bits for a validation text."""
    return min(MIXED, key=lambda weight: mixture(weight, one, other).mean())


def compressed(compress, before, text):
    """Bits per character that a compressor adds for a text after what it has read before."""
    sizes = [len(compress(whole.encode())) for whole in (before + text, before)]
    return 8 * (sizes[0] - sizes[1]) / len(text)


def characters(seeds, steps, orders, order, batch, length, rate, embedding, units, dropout, rates, adapt):
    """Bits per character of the test texts, split by split; and the weights and rates chosen on validation."""
    found = {"frozen": {}, "adaptive": {}, "chosen": {}, "mixed": []}

    def note(kind, name, value):
        found[kind].setdefault(name, []).append(rounded(float(np.mean(value)), 4))

    for seed in seeds:
        texts, vocabulary, ids = encoded(seed)
        V, bits = len(vocabulary), {part: {} for part in ("valid", "test")}
        for n in orders:
            kn = kneser_ney.fit(ids["train"], n, V)
            for part, kept in bits.items():
                kept[f"KN-{n}"] = -kn.score(ids[part])[1:] / np.log(2)
            note("frozen", f"KN-{n}", bits["test"][f"KN-{n}"])
            if n == order:
                for part, kept in bits.items():
                    kept["adaptive KN"] = -kn.adaptive(ids[part])[1:] / np.log(2)
        model = trained(
            ids["train"], V, seed, steps, batch, length, rate, embedding=embedding, units=units, dropout=dropout
        )
        note(
            "frozen",
            "LSTM on its training text",
            evaluate(model, chunks(ids["train"], batch, length), loss="cross_entropy") / np.log(2),
        )
        on_valid = {lr: dynamic(model, ids["valid"], lr, adapt) for lr in rates}
        lr = min(on_valid, key=lambda lr: on_valid[lr].mean())
        bits["valid"] |= {"LSTM": frozen(model, ids["valid"]), "dynamic LSTM": on_valid[lr]}
        bits["test"] |= {"LSTM": frozen(model, ids["test"]), "dynamic LSTM": dynamic(model, ids["test"], lr, adapt)}
        found["chosen"].setdefault("rate", []).append(lr)
        for kind, one, other in (("frozen", "LSTM", f"KN-{order}"), ("adaptive", "dynamic LSTM", "adaptive KN")):
            for name in dict.fromkeys((one, *([other] if kind == "adaptive" else []))):
                note(kind, name, bits["test"][name])
            weight = best_weight(bits["valid"][one], bits["valid"][other])
            found["chosen"].setdefault(f"weight of the {one}", []).append(weight)
            note(kind, "mixture", mixture(weight, bits["test"][one], bits["test"][other]))
        curve = [mixture(weight, bits["test"]["LSTM"], bits["test"][f"KN-{order}"]).mean() for weight in MIXED]
        found["mixed"].append([rounded(float(value), 4) for value in curve])
        for name, compress in COMPRESSORS.items():
            note("adaptive", name, compressed(compress, texts.train, texts.test))
            note("adaptive", f"{name} alone", compressed(compress, "", texts.test))
    return found


MEASUREMENTS = {
    "characters": {
        "what": "what LSTM, Kneser-Ney, their mixtures and compressors need for held-out topics, frozen and adaptive",
        "unit": "bits per character",
        "measure": characters,
        "settings": {"seeds": list(range(10, 15)), "steps": 2000, "orders": list(range(1, 9)), "order": 6}
        | {"batch": 16, "length": 64, "rate": 0.004, "embedding": 32, "units": 256, "dropout": 0.25}
        | {"rates": [0.1, 0.3, 1.0, 3.0], "adapt": 128},
    }
}
