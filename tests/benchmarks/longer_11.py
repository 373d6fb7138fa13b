"""Copying through one context vector: how long a sequence it holds, and what reading from the end is worth.

    python tests/benchmarks/longer_training.py 11

The rate is the best of the three of `rates` (other seeds), for either size: the one at which the mean share of copies
of TRAINED symbols is largest; so it is with two layers, in `depth`, of which no hypothesis was set and one seed (45)
had been seen. `order`, `gap` and `depth` go with the 64 units of `lengths`. Of a control, "first one last", two
other networks had hinted, at 0.01, and it was said before these runs: fewer symbols of TRAINED are right than when
reading from the end, and fewer than in order.
"""

import numpy as np
import torch

from seqlib.decoding import greedy
from seqlib.evidence import rounded
from seqlib.nn import LSTM, EncoderDecoder
from seqlib.tasks import Copying
from seqlib.text import BOS, EOS
from seqlib.training import Cosine, fit

CHAPTER = "11"
B, E, SYMBOLS, TRAINED, TESTED = 64, 16, 8, 8, 11
CASES = 200  # sequences of each length that a network is tested on
TRIED = [0.005, 0.01, 0.02]
TUNING, FRESH = [40, 41], list(range(45, 50))


def network(H, layers):
    """A deep LSTM that reads, and one that writes."""
    one, other = (LSTM(E, H, num_layers=layers, batch_first=True) for _ in range(2))
    task = Copying(TRAINED, SYMBOLS)
    return EncoderDecoder(one, other, task.vocab_size, task.n_out)


def waiting(batch, gap):
    """The same batch with EOS read `gap` more times before the first symbol is written."""
    source, lengths, previous = batch.inputs
    longer = np.concatenate([source, np.zeros((len(source), gap), source.dtype)], 1)
    for row, n in zip(longer, lengths, strict=True):
        row[n : n + gap] = EOS
    return batch._replace(inputs=(longer, lengths + gap, previous))


def first_one_last(batch):
    """The same batch with the first symbol read after the others: x_2, ..., x_n, x_1, EOS."""
    source, lengths, previous = batch.inputs
    moved = source.copy()
    for row, n in zip(moved, lengths, strict=True):
        row[: n - 1] = np.roll(row[: n - 1], -1)
    return batch._replace(inputs=(moved, lengths, previous))


def sampled(length, way, gap, rng, size):
    """Sequences to be copied; way: "in order", "from the end" or "first one last", as the source is read."""
    batch = Copying(length, SYMBOLS, reverse_source=way == "from the end").sample(size, rng)
    return waiting(first_one_last(batch) if way == "first one last" else batch, gap)


def trained(H, layers, steps, rate, seed, way="in order", gap=0):
    """A network after training on lengths of 1 to TRAINED."""

    def data(step):
        return sampled((1, TRAINED), way, gap, np.random.default_rng([seed, step]), B)

    how = {"lr": rate, "schedule": Cosine(steps), "clip_norm": 1.0, "batch_size": B, "seed": seed}
    return fit(lambda: network(H, layers), data, loss="cross_entropy", steps=steps, **how).model


def scores(model, seed, way="in order", gap=0):
    """The share of sequences of each length that greedy search copies without a mistake, and of symbols by place.

    Symbols are those of sequences of TRAINED symbols, each predicted after the true symbols before it.
    """
    exact = []
    for n in range(1, TESTED + 1):
        (source, lengths, previous), y, _ = sampled(n, way, gap, np.random.default_rng([seed, 10**6, n]), CASES)
        state = model.encode(source, lengths)
        ids = greedy(model, [[BOS]] * CASES, max_length=n + 1, eos=EOS, state=state).ids
        right = np.zeros(CASES, bool) if ids.shape[1] < n + 1 else (ids == y).all(1)
        exact.append(rounded(right.mean(), 3))
        if n == TRAINED:
            with torch.no_grad():
                logits = model(torch.tensor(source), lengths, torch.tensor(previous))[0].numpy()
            symbols = [rounded(share, 3) for share in (logits.argmax(2) == y).mean(0)]
    return {"exact": exact, "symbols": symbols}


def measured(seeds, **how):
    """The scores, by name: one list per seed."""
    read = {name: how[name] for name in ("way", "gap") if name in how}
    runs = [scores(trained(seed=seed, **how), seed, **read) for seed in seeds]
    return {name: [run[name] for run in runs] for name in runs[0]}


def lengths(steps, seeds, rate, networks):
    """Name of the network -> scores; networks: name -> H, layers, by how much steps are multiplied."""
    return {
        name: measured(seeds, H=H, layers=layers, steps=steps * times, rate=rate)
        for name, (H, layers, times) in networks.items()
    }


def rates(steps, tuning, sizes, tried, layers=1):
    """H -> rate -> scores."""
    return {
        f"{H}": {f"{rate}": measured(tuning, H=H, layers=layers, steps=steps, rate=rate) for rate in tried}
        for H in sizes
    }


def order(steps, seeds, rate, H, ways):
    """Name of the way -> scores; ways: name -> how the source is read, and the gap."""
    return {
        name: measured(seeds, H=H, layers=1, steps=steps, rate=rate, way=way, gap=gap)
        for name, (way, gap) in ways.items()
    }


COPIED = "copying through one context vector: share copied without a mistake by length, share of symbols by place"
MEASUREMENTS = {
    "lengths": {
        "what": COPIED,
        "unit": "share",
        "measure": lengths,
        "settings": {
            "steps": 400,
            "seeds": FRESH,
            "rate": 0.02,
            "networks": {
                "32 units": [32, 1, 1],
                "64 units": [64, 1, 1],
                "32 units, four times the steps": [32, 1, 4],
            },
        },
    },
    "order": {
        "what": f"{COPIED}, read in other orders",
        "unit": "share",
        "measure": order,
        "settings": {
            "steps": 400,
            "seeds": FRESH,
            "rate": 0.02,
            "H": 64,
            "ways": {"reversed": ["from the end", 0], "first one last": ["first one last", 0]},
        },
    },
    "gap": {
        "what": f"{COPIED}, the same with a gap before writing",
        "unit": "share",
        "measure": order,
        "settings": {
            "steps": 400,
            "seeds": FRESH,
            "rate": 0.02,
            "H": 64,
            "ways": {"in order, gap": ["in order", 5], "reversed, gap": ["from the end", 5]},
        },
    },
    "rates": {
        "what": f"{COPIED}, at three rates",
        "unit": "share",
        "measure": rates,
        "settings": {"steps": 400, "tuning": TUNING, "sizes": [32, 64], "tried": TRIED},
    },
    "depth": {
        "what": f"{COPIED}, two layers: as many units as one layer, and about as many weights",
        "unit": "share",
        "measure": lengths,
        "settings": {
            "steps": 400,
            "seeds": FRESH,
            "rate": 0.02,
            "networks": {"two layers of 64 units": [64, 2, 1], "two layers of 39 units": [39, 2, 1]},
        },
    },
    "depth_rates": {
        "what": f"{COPIED}, two layers, at three rates",
        "unit": "share",
        "measure": rates,
        "settings": {"steps": 400, "tuning": TUNING, "sizes": [64, 39], "tried": TRIED, "layers": 2},
    },
}
