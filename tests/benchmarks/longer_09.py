"""Where a vector goes into a recurrent network: three ways and a control, at three rates, for two lengths of training.

python tests/benchmarks/longer_training.py 09
"""

import numpy as np
import torch

from seqlib.evidence import rounded
from seqlib.nn import GRU, ConditionedModel
from seqlib.tasks import Captions
from seqlib.tasks.captions import PICTURE
from seqlib.training import Cosine, fit

CHAPTER = "09"
H, B, TASK = 32, 64, Captions()


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


def where(steps, seeds, rates):
    """Steps -> way -> rate -> score -> one value per seed."""
    found = {}
    for n in steps:
        found[f"{n}"] = {}
        for way, tried in rates.items():
            found[f"{n}"][way] = {}
            for rate in tried:
                runs = [trained(way, rate, n, seed) for seed in seeds]
                found[f"{n}"][way][f"{rate}"] = {k: [rounded(r[k], 4) for r in runs] for k in runs[0]}
    return found


MEASUREMENTS = {
    "where": {
        "what": "captions: expected loss per word, and at the place, of GRUs told the picture in several ways",
        "unit": "nats",
        "measure": where,
        "settings": {
            "steps": [250, 1000],
            "seeds": list(range(40, 45)),
            "rates": {way: [0.01, 0.02, 0.05] for way in ("state", "first", "every")} | {"nowhere": [0.02]},
        },
    },
}
