"""What chapter 5 says of more training than fits on its page: adding over a distance, and a latch of fifty steps."""

import numpy as np
import torch

from seqlib.nn import RNN, SequenceModel
from seqlib.tasks import Adding, Latch
from seqlib.training import fit

CHAPTER = "05"
H, RATES = 32, [0.0015, 0.005, 0.015]
BLOCKS = 8  # a curve of losses is stored as the medians of so many stretches of equal length


def layer(network, start, D):
    """A recurrent layer with one of its starts."""
    core = (RNN if network == "RNN" else torch.nn.LSTM)(D, H, batch_first=True)
    with torch.no_grad():
        if start.startswith("forget bias"):
            core.bias_ih_l0[H : 2 * H] = float(start.split()[-1])
            core.bias_hh_l0[H : 2 * H] = 0
    return core


def adding(T, network, rate, seed, steps):
    """The losses of a training on the adding problem, over chance."""
    options = {"steps": steps, "lr": rate, "clip_norm": 1.0, "seed": seed}
    history = fit(lambda: SequenceModel(layer(network, "default", 2), 1), Adding(T), **options)
    return history.loss / Adding(T).chance


def stretches(runs):
    """stretch -> its median loss, one for each run."""
    cuts = [np.array_split(loss, BLOCKS) if len(loss) >= BLOCKS else [loss] * BLOCKS for loss in runs]
    return {f"{k + 1}": [float(f"{np.median(cut[k]):.3g}") for cut in cuts] for k in range(BLOCKS)}


def both_tuned(T, networks, rates, steps, seeds):
    """network -> rate -> stretch of the training -> one value per seed."""
    return {
        network: {f"{rate:g}": stretches([adding(T, network, rate, seed, steps) for seed in seeds]) for rate in rates}
        for network in networks
    }


def latch(T, networks, rate, steps, seeds):
    """network -> one value per seed: the loss at the end of the training, over chance."""
    task, found = Latch(T), {}
    for name in networks:
        network, start = ("RNN", "default") if name == "RNN" else ("LSTM", name)
        options = {"steps": steps, "lr": rate, "clip_norm": 1.0}

        def build(network=network, start=start):
            return SequenceModel(layer(network, start, 8), task.n_out, vocab_size=task.vocab_size)

        runs = [fit(build, task, seed=seed, **options) for seed in seeds]
        found[name] = [float(f"{np.median(run.loss[-50:]) / task.chance:.3g}") for run in runs]
    return found


MEASUREMENTS = {
    # two networks, each at three rates: the first three seeds choose a rate, the others are scored
    "adding": {
        "what": "squared error on the adding problem over chance: medians of eight stretches of the training, Adam",
        "unit": "chance",
        "measure": both_tuned,
        "settings": {"T": 40, "networks": ["LSTM", "RNN"], "rates": RATES, "steps": 800, "seeds": list(range(8))},
    },
    "latch": {
        "what": "loss on the latch over chance: the median of the last 50 steps, Adam",
        "unit": "chance",
        "measure": latch,
        "settings": {
            "T": 50,
            "networks": ["RNN", "default", "forget bias 1", "forget bias 5"],
            "rate": 0.005,
            "steps": 400,
            "seeds": [0, 1, 2, 3, 4],
        },
    },
}
