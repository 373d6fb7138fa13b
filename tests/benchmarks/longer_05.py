"""What chapter 5 says of more training than fits on its page: adding, latches of several lengths, numbers of writes."""

import numpy as np
import torch

from seqlib.evidence import rounded
from seqlib.nn import RNN, SequenceModel, open_gate
from seqlib.tasks import Adding, Latch
from seqlib.training import evaluate, fit

CHAPTER = "05"
H, RATES = 32, [0.0015, 0.005, 0.015]
BLOCKS = 8  # a curve of losses is stored as the medians of so many stretches of equal length
SEEDS = [0, 1, 2, 3, 4]


KNOWN = {"RNN": ("", "relu and identity"), "LSTM": ("", "bias 0", "bias 1", "bias 3", "bias 5", "f held at 1")}


def layer(network, D):
    """A recurrent layer with one of its KNOWN starts."""
    kind, _, start = network.partition(", ")
    if start not in KNOWN[kind]:
        raise ValueError(f"{kind} has no start {start!r}, only {', '.join(filter(None, KNOWN[kind]))}")
    if kind == "RNN":
        core = RNN(D, H, nonlinearity="relu" if start else "tanh", batch_first=True)
        if start == "relu and identity":
            with torch.no_grad():
                core.weight_hh_l0.copy_(torch.eye(H))
                core.bias_ih_l0.zero_()
                core.bias_hh_l0.zero_()
        return core
    core = torch.nn.LSTM(D, H, batch_first=True)
    if start.startswith("bias"):
        open_gate(core, "f", float(start.split()[-1]))
    if start == "f held at 1":  # in float32 the slope of σ is 0 there: training leaves it as it is
        open_gate(core, "f", 50.0)
        with torch.no_grad():
            core.weight_ih_l0[H : 2 * H] = 0
            core.weight_hh_l0[H : 2 * H] = 0
    return core


def run(task, network, rate, seed, steps, clip_norm):
    """One training; its losses are over chance."""

    def build():
        if isinstance(task, Adding):
            return SequenceModel(layer(network, 2), 1)
        return SequenceModel(layer(network, 8), task.n_out, vocab_size=task.vocab_size)

    history = fit(build, task, seed=seed, steps=steps, lr=rate, clip_norm=clip_norm)
    return history.loss / task.chance, history.model


def stretches(runs):
    """stretch -> its median loss, one for each run."""
    cuts = [np.array_split(loss, BLOCKS) if len(loss) >= BLOCKS else [loss] * BLOCKS for loss in runs]
    return {f"{k + 1}": [rounded(np.median(cut[k])) for cut in cuts] for k in range(BLOCKS)}


def adding(T, networks, rates, steps, seeds):
    """network -> rate -> stretch of the training -> one value per seed."""
    return {
        network: {
            f"{rate:g}": stretches([run(Adding(T), network, rate, seed, steps, 1.0)[0] for seed in seeds])
            for rate in rates
        }
        for network in networks
    }


def steps_needed(loss):
    """The first step at which the mean of ten losses is below a tenth of chance; one more than all if there is none."""
    low = np.convolve(loss, np.ones(10) / 10, "valid") < 0.1
    return int(10 + low.argmax()) if low.any() else len(loss) + 1


def latches(tasks, networks, rates, steps, seeds, clip_norm=1.0):
    """T and writes -> network -> rate -> the loss at the end over chance, and the steps needed."""
    found = {}
    for T, writes in tasks:
        by_network = found[f"{T}, {writes}"] = {}
        for network in networks:
            by_rate = by_network[network] = {}
            for rate in rates:
                losses = [run(Latch(T, writes=writes), network, rate, seed, steps, clip_norm)[0] for seed in seeds]
                by_rate[f"{rate:g}"] = {
                    "end": [rounded(np.median(loss[-50:])) for loss in losses],
                    "steps needed": [steps_needed(loss) for loss in losses],
                }
    return found


def writes(T, trained, tried, networks, rate, steps, seeds):
    """writes in training -> network -> the loss at the end, and with other numbers of writes on fresh sequences."""
    found = {}
    for number in trained:
        by_network = found[f"{number}"] = {}
        for network in networks:
            runs = [run(Latch(T, writes=number), network, rate, seed, steps, 1.0) for seed in seeds]
            by_network[network] = {"end": [rounded(np.median(loss[-50:])) for loss, _ in runs]}
            for other in tried:
                task, models = Latch(T, writes=other), zip(runs, seeds, strict=True)
                by_network[network][f"{other}"] = [
                    rounded(evaluate(model, task, batches=8, seed=seed + 500) / task.chance)
                    for (_, model), seed in models
                ]
    return found


STARTS = ["RNN", "LSTM", "LSTM, bias 0", "LSTM, bias 1", "LSTM, bias 3", "LSTM, bias 5"]
OVER_CHANCE = "the median loss of the last 50 steps over chance, Adam, norm clipped to 1"
ADDING = "squared error on the adding problem over chance: medians of eight stretches of the training, Adam"
MEASUREMENTS = {
    # two networks, each at three rates: the first three seeds choose a rate, the others are scored
    "adding": {
        "what": ADDING,
        "unit": "chance",
        "measure": adding,
        "settings": {"T": 40, "networks": ["LSTM", "RNN"], "rates": RATES, "steps": 800, "seeds": list(range(8))},
    },
    # the same at a lower and a higher rate, so that no best rate lies at the edge of what was tried
    "adding_edges": {
        "what": f"{ADDING}, a lower and a higher rate",
        "unit": "chance",
        "measure": adding,
        "settings": {
            "T": 40,
            "networks": ["LSTM", "RNN"],
            "rates": [0.0005, 0.03],
            "steps": 800,
            "seeds": list(range(8)),
        },
    },
    "adding_relu": {
        "what": f"{ADDING}, the network that learnt it in chapter 4",
        "unit": "chance",
        "measure": adding,
        "settings": {
            "T": 40,
            "networks": ["RNN, relu and identity"],
            "rates": RATES,
            "steps": 800,
            "seeds": list(range(8)),
        },
    },
    "latches": {
        "what": f"latches: {OVER_CHANCE}; and the steps until the mean of ten losses is below a tenth of chance",
        "unit": "chance; steps, one more than all where they were not enough",
        "measure": latches,
        "settings": {
            "tasks": [[10, 1], [20, 1], [30, 1], [50, 1], [20, 3]],
            "networks": STARTS,
            "rates": [0.005],
            "steps": 400,
            "seeds": SEEDS,
        },
    },
    "writes": {
        "what": f"the latch with several writes: {OVER_CHANCE}; then the loss with other numbers of writes",
        "unit": "chance",
        "measure": writes,
        "settings": {
            "T": 20,
            "trained": [3, 10],
            "tried": [1, 3, 10],
            "networks": ["LSTM, f held at 1", "LSTM, bias 5", "LSTM, bias 3", "LSTM, bias 1"],
            "rate": 0.005,
            "steps": 1000,
            "seeds": SEEDS,
        },
    },
    # three of the arms of "latches" once more, without clipping
    "unclipped": {
        "what": "latches, not clipped: the median loss of the last 50 steps over chance, Adam; and the steps needed",
        "unit": "chance; steps, one more than all where they were not enough",
        "measure": latches,
        "settings": {
            "tasks": [[20, 1], [20, 3]],
            "networks": ["LSTM, bias 1", "LSTM, bias 3", "LSTM, bias 5"],
            "rates": [0.005],
            "steps": 400,
            "seeds": SEEDS,
            "clip_norm": None,
        },
    },
}
