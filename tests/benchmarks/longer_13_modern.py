"""From the block of 2017 to a modern one, one change at a time, on the characters of chapter 10.

    python tests/benchmarks/longer_training.py 13_modern

A seed draws the split of the text (that of longer_10.py), the batches and the weights. A network reads windows of T
characters that begin anywhere, each by itself; the held-out text is cut into such windows. The rate of an arm is chosen
by the validation text, on a seed of its own. What Kneser-Ney needs for the same texts stands in 10_characters.
"""

import runpy
import time
from functools import cache
from pathlib import Path

import numpy as np
import torch

from seqlib.batching import Batch
from seqlib.evidence import rounded
from seqlib.nn import TransformerModel
from seqlib.tasks import topics
from seqlib.text import Vocabulary
from seqlib.training import Cosine, fit

tuned = runpy.run_path(str(Path(__file__).with_name("longer_rates.py")))["tuned"]
CHAPTER = "13"
B, T = 8, 64
D_MODEL, HEADS, LAYERS = 64, 4, 2
BLOCK_2017 = {"positions": "sinusoidal", "norm_first": False, "norm": "layer", "activation": "relu"}
CHANGES = {
    "pre-norm": {"norm_first": True},
    "RMSNorm": {"norm": "rms"},
    "rotary": {"positions": "rotary"},
    "SwiGLU": {"activation": "swiglu"},
}


def arms(changes):
    """Name -> options: the block of 2017, and with each change after those before it."""
    found = {"2017": BLOCK_2017}
    for name in changes:
        found[f"+ {name}"] = list(found.values())[-1] | CHANGES[name]
    return found


@cache
def encoded(seed):
    """The ids of the three texts of a split, and how many characters there are."""
    texts = topics.split(seed)
    vocabulary = Vocabulary.build([list(texts.train)])
    return {part: vocabulary.encode(list(text)) for part, text in texts._asdict().items()}, len(vocabulary)


def network(V, activation, **options):
    """A causal Transformer; with SwiGLU, which has three matrices, two thirds of the hidden units."""
    hidden = round(8 * D_MODEL / 3) if activation == "swiglu" else 4 * D_MODEL
    return TransformerModel(V, V, D_MODEL, HEADS, LAYERS, hidden, activation=activation, **options)


def windows(ids, starts):
    """The windows that begin there, and the character after each of theirs."""
    whole = np.stack([ids[start : start + T + 1] for start in starts])
    return Batch((whole[:, :-1],), whole[:, 1:], np.ones((len(starts), T), bool))


@cache
def trained(options, steps, rate, seed):
    """A network after training, the mean loss of its last steps, and the CPU seconds that it took."""
    ids, V = encoded(seed)

    def data(step):
        rng = np.random.default_rng([seed, step])
        return windows(ids["train"], rng.integers(0, len(ids["train"]) - T, B))

    schedule = Cosine(steps, warmup=steps // 10)
    how = {"lr": rate, "schedule": schedule, "clip_norm": 1.0, "batch_size": B, "seed": seed, "loss": "cross_entropy"}
    began = time.process_time()
    run = fit(lambda: network(V, **dict(options)), data, steps=steps, **how)
    return run.model.eval(), float(np.mean(run.loss[-20:])), time.process_time() - began


def bits(model, ids):
    """Bits of each character of the text but the first, by place in its window  (windows, T)."""
    batch = windows(ids, range(0, len(ids) - T, T))
    with torch.no_grad():
        log_p = model(torch.tensor(batch.inputs[0]))[0].log_softmax(-1).double()
    return -log_p.gather(2, torch.tensor(batch.y)[..., None])[..., 0].numpy() / np.log(2)


def scores(options, steps, rate, seed):
    """Bits per character of the test, by eighths of the window too, and of the training; CPU seconds."""
    model, last, seconds = trained(options, steps, rate, seed)
    of_test = bits(model, encoded(seed)[0]["test"])
    eighths = [rounded(part.mean(), 4) for part in np.split(of_test, 8, axis=1)]
    told = {"bits": rounded(of_test.mean(), 4), "training": rounded(last / np.log(2), 4), "seconds": rounded(seconds)}
    return told | {"eighths": eighths}


def modern(steps, seeds, tuning, tried, changes):
    """The tuning, the rate of each arm, its parameters, and its scores, one per seed."""
    options = {name: tuple(how.items()) for name, how in arms(changes).items()}

    def loss(arm, rate, seed):
        model = trained(options[arm], steps, rate, seed)[0]
        return rounded(bits(model, encoded(seed)[0]["valid"]).mean(), 4)

    found, chosen = tuned(options, tried, tuning, loss)
    runs = {arm: [] for arm in options}
    for seed in seeds:
        for arm, how in options.items():
            runs[arm].append(scores(how, steps, chosen[arm], seed))
    V = encoded(seeds[0])[1]
    size = {arm: sum(p.numel() for p in network(V, **dict(how)).parameters()) for arm, how in options.items()}
    values = {arm: {name: [run[name] for run in of] for name in of[0]} for arm, of in runs.items()}
    return {"tuning": found, "chosen": chosen, "parameters": size, "arms": values}


MEASUREMENTS = {
    "modern": {
        "what": "characters of chapter 10: bits per character of held-out topics, as a block of 2017 becomes modern",
        "unit": "bits per character, seconds",
        "measure": modern,
        "settings": {
            "steps": 300,
            "seeds": list(range(10, 15)),
            "tuning": [20],
            "tried": [0.003, 0.01, 0.03],
            "changes": list(CHANGES),
        },
    }
}
