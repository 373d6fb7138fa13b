"""Where a vector goes into a recurrent network, at several rates, and what waiting is worth after longer training.

python tests/benchmarks/longer_training.py 09

The first grid of rates ended where each of the three ways was best. It is kept as it was measured; two larger rates
have a file of their own, and so have other seeds, for what was expected after that.
"""

import numpy as np
import torch

from seqlib.evidence import rounded
from seqlib.nn import GRU, ConditionedModel, SequenceModel
from seqlib.tasks import Captions, Phrases
from seqlib.tasks.captions import PICTURE
from seqlib.training import Cosine, fit

CHAPTER = "09"
H, B, TASK = 32, 64, Captions()
TRIED, FRESH = list(range(40, 45)), list(range(45, 50))
WAYS = ("state", "first", "every")


def build(way):
    """A GRU that is told the picture in one of the ways of ConditionedModel."""
    words = TASK.n_in - TASK.n_given
    return ConditionedModel(
        GRU(TASK.n_in if way in ("first", "every") else words, H, batch_first=True), TASK.n_out, TASK.n_given, way
    )


def scores(model):
    """The expected loss per word over all captions, and that at the name of the place alone."""
    batch, P = TASK.every_case()
    x, lengths = batch.inputs
    with torch.no_grad():
        log_p = torch.log_softmax(model(torch.tensor(x, dtype=torch.float32), lengths)[0].double(), -1).numpy()
    places = np.isin(batch.y, TASK.vocabulary.encode(PICTURE[3]))
    at_place = batch._replace(mask=places & batch.mask)
    return {
        "loss": P @ batch.losses(log_p) / (P @ batch.mask.sum(1)),
        "place": P @ at_place.losses(log_p) / (P @ at_place.mask.sum(1)),
    }


def trained(way, rate, steps, seed):
    """The scores after training."""
    how = {"lr": rate, "schedule": Cosine(steps), "clip_norm": 1.0, "batch_size": B, "seed": seed}
    return scores(fit(lambda: build(way), TASK, steps=steps, **how).model)


def where(steps, times, seeds, rates):
    """Steps -> way -> rate -> score -> one value per seed."""
    found = {}
    for n in [steps * k for k in times]:
        found[f"{n}"] = {}
        for way, tried in rates.items():
            found[f"{n}"][way] = {}
            for rate in tried:
                runs = [trained(way, rate, n, seed) for seed in seeds]
                found[f"{n}"][way][f"{rate}"] = {k: [rounded(r[k], 4) for r in runs] for k in runs[0]}
    return found


def waited(delay, rate, steps, seed):
    """The expected loss per word, after training, of a reader of phrases that answers with a delay."""
    task = Phrases(delay=delay)
    how = {"lr": rate, "schedule": Cosine(steps), "clip_norm": 1.0, "batch_size": B, "seed": seed}
    model = fit(lambda: SequenceModel(GRU(8, H, batch_first=True), 12, vocab_size=12), task, steps=steps, **how).model
    batch, P = task.every_case()
    x, *lengths = batch.inputs
    with torch.no_grad():
        log_p = torch.log_softmax(model(torch.tensor(x), *lengths)[0].double(), -1).numpy()
    return P @ batch.losses(log_p) / (P @ batch.mask.sum(1))


def waiting(steps, seeds, delays, rate):
    """Delay -> one loss per seed."""
    return {f"{d}": [rounded(waited(d, rate, steps, seed), 4) for seed in seeds] for d in delays}


TOLD = "captions: expected loss per word, and at the place, of GRUs told the picture in several ways"
MEASUREMENTS = {
    "where": {
        "what": TOLD,
        "unit": "nats",
        "measure": where,
        "settings": {
            "steps": 250,
            "times": [1, 4],
            "seeds": TRIED,
            "rates": {way: [0.01, 0.02, 0.05] for way in WAYS} | {"nowhere": [0.02]},
        },
    },
    "where_larger": {
        "what": f"{TOLD}, at larger rates",
        "unit": "nats",
        "measure": where,
        "settings": {"steps": 250, "times": [1, 4], "seeds": TRIED, "rates": {way: [0.1, 0.2] for way in WAYS}},
    },
    "where_fresh": {
        "what": f"{TOLD}, with other seeds than those that the rates were chosen with",
        "unit": "nats",
        "measure": where,
        "settings": {"steps": 250, "times": [1], "seeds": FRESH, "rates": {way: [0.05, 0.1] for way in WAYS}},
    },
    "waiting": {
        "what": "phrases: expected loss per word of readers from left to right that answer with a delay",
        "unit": "nats",
        "measure": waiting,
        "settings": {"steps": 1000, "seeds": FRESH, "delays": [0, 1, 2, 3], "rate": 0.03},
    },
    "waiting_less": {
        "what": "phrases: the same for the longer delays, after as few steps as on the page",
        "unit": "nats",
        "measure": waiting,
        "settings": {"steps": 250, "seeds": FRESH, "delays": [2, 3], "rate": 0.03},
    },
}
