"""What chapter 1 says of more networks, and of longer training, than fit on its page: the game of blanks."""

import numpy as np
import torch

from seqlib.nn import RNN, SequenceModel
from seqlib.reference import losses
from seqlib.tasks import Blanks
from seqlib.training import fit

CHAPTER = "01"
MIXED, FAR = Blanks((1, 8)), Blanks(40)


def network(task):
    """The page's network."""
    return SequenceModel(RNN(16, 48, batch_first=True, dtype=torch.float64), task.n_out, vocab_size=task.vocab_size)


def excess(model, distance, seed, n=400):
    """The loss minus the floor at the blank, over fresh sentences, in nats: never less than what rounding leaves."""
    task = Blanks(distance)
    drawn = task.sentences(n, np.random.default_rng([seed, distance]))
    x = np.stack([task.vocabulary.encode(words[:-1]) for words in drawn])
    with torch.no_grad():
        log_q = losses.log_softmax(model(torch.from_numpy(x))[0][:, -1].numpy())
    p = np.array([list(task.answer_distribution(words[2]).values()) for words in drawn])
    loss = -(p * log_q[:, task.vocabulary.encode(task.answers)]).sum(1).mean()
    return round(float(loss - task.floor), 4)


def trained(task, seed, steps, rate=5e-3):
    """The model, trained with the settings of the page."""
    options = {"lr": rate, "batch_size": 64, "clip_norm": 1.0, "seed": seed}
    return fit(lambda: network(task), task, steps=steps, **options).model


def remembered(distances, steps, seeds):
    """distance -> one excess per seed, of networks that were trained on distances 1 to 8."""
    models = [trained(MIXED, seed, steps) for seed in seeds]
    return {f"{d}": [excess(model, d, seed) for model, seed in zip(models, seeds, strict=True)] for d in distances}


def patient(rates, steps, seeds):
    """rate -> one excess per seed at distance 40, of networks that were trained on it."""
    return {f"{rate:g}": [excess(trained(FAR, seed, steps, rate), 40, seed) for seed in seeds] for rate in rates}


MEASUREMENTS = {
    "remembered": {
        "what": "loss at the blank minus its floor, trained on distances 1 to 8, fresh sentences of longer distances",
        "unit": "nats",
        "measure": remembered,
        "settings": {"distances": [20, 50, 100, 200], "steps": 800, "seeds": list(range(100, 148))},
    },
    "patient": {
        "what": "loss at the blank minus its floor, trained and scored at distance 40, Adam",
        "unit": "nats",
        "measure": patient,
        "settings": {"rates": [0.001, 0.002, 0.005], "steps": 8000, "seeds": [0, 1, 2, 3, 4]},
    },
}
