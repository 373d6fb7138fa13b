"""What chapter 10 shows of one model of characters: what it writes, and where its bits go.

    python tests/benchmarks/longer_training.py 10_written

The network and the training are those of longer_10.py, on one split.
"""

import runpy
from pathlib import Path

import numpy as np

from seqlib.decoding import greedy, sample
from seqlib.evidence import rounded
from seqlib.reference import kneser_ney

CHAPTER = "10"
S = runpy.run_path(str(Path(__file__).with_name("longer_10.py")))
SETTINGS = {
    "temperature 0.5": {"temperature": 0.5},
    "temperature 1": {},
    "temperature 1.5": {"temperature": 1.5},
    "top-k 5": {"top_k": 5},
    "top-p 0.9": {"top_p": 0.9},
}


def next_log_probs(model, vocabulary, prompt):
    """log p of every character after a prompt, by the character, the most probable first."""
    logits, _ = model.prefill(vocabulary.encode(list(prompt))[None])
    log_p = logits[0].double().log_softmax(-1).numpy()
    return [[vocabulary.tokens[i], round(float(log_p[i]), 4)] for i in np.argsort(-log_p, kind="stable")]


def written(
    seeds, steps, prompt, contexts, settings, long, window, order, batch, length, rate, embedding, units, dropout
):
    """Samples, the distributions they are drawn from, the bits of each character of a passage, and the loss."""
    (seed,) = seeds
    texts, vocabulary, ids = S["encoded"](seed)
    V, first = len(vocabulary), vocabulary.encode(list(prompt))
    model = S["trained"](
        ids["train"], V, seed, steps, batch, length, rate, embedding=embedding, units=units, dropout=dropout
    )
    kn = kneser_ney.fit(ids["train"], order, V)
    bits = {"LSTM": S["frozen"](model, ids["test"]), f"KN-{order}": -kn.score(ids["test"])[1:] / np.log(2)}
    found = {"bits per character": {name: rounded(float(values.mean()), 4) for name, values in bits.items()}}
    weight = S["best_weight"](S["frozen"](model, ids["valid"]), -kn.score(ids["valid"])[1:] / np.log(2))
    mixed = S["mixture"](weight, *bits.values())
    found["bits per character"]["mixture"], found["weight"] = rounded(float(mixed.mean()), 4), weight
    low, high = window
    found["passage"] = {
        name: [[letter, rounded(float(v))] for letter, v in zip(texts.test[low + 1 :], values[low:high], strict=False)]
        for name, values in bits.items()
    }
    found["samples"] = {}
    for name, how in settings.items():
        made = sample(model, first, rng=np.random.default_rng([seed, 10]), max_length=long, **how)
        found["samples"][name] = "".join(vocabulary.decode(made.ids[0]))
    found["samples"]["greedy"] = "".join(vocabulary.decode(greedy(model, first, max_length=long).ids[0]))
    found["samples"][f"KN-{order}, temperature 1"] = "".join(
        vocabulary.decode(sample(kn, first, rng=np.random.default_rng([seed, 10]), max_length=long).ids[0])
    )
    found["next"] = {context: next_log_probs(model, vocabulary, context) for context in contexts}
    return found


MEASUREMENTS = {
    "written": {
        "what": "samples of an LSTM of characters, its distributions, and the bits of a passage",
        "unit": "bits per character",
        "measure": written,
        "settings": {"seeds": [10], "steps": 2000, "prompt": "The ", "long": 240, "window": [2000, 2120], "order": 6}
        | {"contexts": ["The method is c", "The value of the ", "If the objec"], "settings": SETTINGS, "batch": 16}
        | {"length": 64, "rate": 0.004, "embedding": 32, "units": 256, "dropout": 0.25},
    }
}
