"""Copying with attention: the networks of longer_11.py, of which the decoder may look at every state of the encoder.

    python tests/benchmarks/longer_training.py 12_lengths 12_ways 12_rates

Seeds, data and tests are those of longer_11.py, and "no attention" is its network of 32 units. The rate of each network
is the best of the three of `rates` (other seeds), at which the mean share of copies of 1 to 8 symbols is largest; that
of a network which is trained on up to 12 is that of the same network trained on up to 8.
"""

import numpy as np
import torch

from seqlib.decoding import greedy
from seqlib.evidence import rounded
from seqlib.nn import LSTM, Attention, EncoderDecoder
from seqlib.tasks import Copying
from seqlib.text import BOS, EOS
from seqlib.training import Cosine, fit

CHAPTER = "12"
B, E, SYMBOLS = 64, 16, 8
TESTED = 18  # the longest sequences of the test
CASES = 200  # sequences of each length that a network is tested on
TUNING, FRESH = [40, 41], list(range(45, 50))


def network(H, score, attend="after", feeding=False):
    """An LSTM that reads, and one that writes; score None: without attention."""
    task = Copying(TESTED, SYMBOLS)
    told = H if feeding or attend == "before" else 0
    one, other = LSTM(E, H, batch_first=True), LSTM(E + told, H, batch_first=True)
    if score is None:
        return EncoderDecoder(one, other, task.vocab_size, task.n_out)
    longest = TESTED + 1 if score == "location" else None  # a row for each place, though no training has so many
    attention = Attention(score, H, longest=longest)
    how = {"attention": attention, "attend": attend, "input_feeding": feeding}
    return EncoderDecoder(one, other, task.vocab_size, task.n_out, **how)


def trained(H, score, attend, feeding, longest, steps, rate, seed):
    """A network after training on lengths of 1 to `longest`."""
    task = Copying((1, longest), SYMBOLS)

    def data(step):
        return task.sample(B, np.random.default_rng([seed, step]))

    def built():
        return network(H, score, attend, feeding)

    how = {"lr": rate, "schedule": Cosine(steps), "clip_norm": 1.0, "batch_size": B, "seed": seed}
    return fit(built, data, loss="cross_entropy", steps=steps, **how).model


def scores(model, seed):
    """The share of sequences of each length that greedy search copies without a mistake, and where the model looks.

    At 8 and 12 symbols, after the true symbols before it, and by place: `found`, the share in which the largest weight
    is that of the symbol to be written; `largest`, the mean of the largest weight.
    """
    told = {"exact": []}
    for n in range(1, TESTED + 1):
        batch = Copying(n, SYMBOLS).sample(CASES, np.random.default_rng([seed, 10**6, n]))
        (source, lengths, previous), y, _ = batch
        state = model.encode(source, lengths)
        ids = greedy(model, [[BOS]] * CASES, max_length=n + 1, eos=EOS, state=state).ids
        right = np.zeros(CASES, bool) if ids.shape[1] < n + 1 else (ids == y).all(1)
        told["exact"].append(rounded(right.mean(), 3))
        if n in (8, 12):
            with torch.no_grad():
                weights = model(torch.tensor(source), lengths, torch.tensor(previous))[1].weights
            if weights is not None:
                weights = weights[:, :n].numpy()  # without the step that writes EOS
                found, largest = (weights.argmax(2) == np.arange(n)).mean(0), weights.max(2).mean(0)
                told[f"found {n}"] = [rounded(v, 3) for v in found]
                told[f"largest {n}"] = [rounded(v, 3) for v in largest]
    return told


def measured(seeds, **how):
    """The scores, by name: one list per seed."""
    runs = [scores(trained(seed=seed, **how), seed) for seed in seeds]
    return {name: [run[name] for run in runs] for name in runs[0]}


def lengths(steps, seeds, H, networks):
    """Name of the network -> scores; networks: name -> score, attend, input feeding, longest in the training, rate."""
    found = {}
    for name, (score, attend, feeding, longest, rate) in networks.items():
        how = {"score": score, "attend": attend, "feeding": feeding, "longest": longest, "rate": rate}
        found[name] = measured(seeds, H=H, steps=steps, **how)
    return found


def rates(steps, tuning, H, tried, networks):
    """Name of the network -> rate -> shares copied, by seed and length; networks: name -> score, attend, feeding."""
    found = {}
    for name, (score, attend, feeding) in networks.items():
        how = {"H": H, "score": score, "attend": attend, "feeding": feeding, "longest": 8, "steps": steps}
        found[name] = {f"{rate}": measured(tuning, rate=rate, **how)["exact"] for rate in tried}
    return found


COPIED = "copying with attention: share copied without a mistake by length"
KINDS = {
    "no attention": [None, "after", False],
    "dot": ["dot", "after", False],
    "scaled dot": ["scaled dot", "after", False],
    "general": ["general", "after", False],
    "additive": ["additive", "after", False],
    "concat": ["concat", "after", False],
    "location": ["location", "after", False],
    "dot, input feeding": ["dot", "after", True],
    "additive, before the step": ["additive", "before", False],
}
BEST = {"no attention": 0.04, "general": 0.01, "additive": 0.01}  # the others: 0.02
NETWORKS = {name: [*kind, 8, BEST.get(name, 0.02)] for name, kind in KINDS.items()}
MORE = {f"{name}, trained up to 12": [*KINDS[name], 12, NETWORKS[name][-1]] for name in ("no attention", "dot")}
WAYS = ("dot, input feeding", "additive, before the step")
MEASUREMENTS = {
    "lengths": {
        "what": COPIED,
        "unit": "share",
        "measure": lengths,
        "settings": {
            "steps": 400,
            "seeds": FRESH,
            "H": 32,
            "networks": {name: how for name, how in NETWORKS.items() if name not in WAYS} | MORE,
        },
    },
    "ways": {
        "what": f"{COPIED}, where the recurrence is told what was looked at",
        "unit": "share",
        "measure": lengths,
        "settings": {
            "steps": 400,
            "seeds": FRESH,
            "H": 32,
            "networks": {name: NETWORKS[name] for name in WAYS},
        },
    },
    "rates": {
        "what": f"{COPIED}, at three rates",
        "unit": "share",
        "measure": rates,
        "settings": {"steps": 400, "tuning": TUNING, "H": 32, "tried": [0.01, 0.02, 0.04], "networks": KINDS},
    },
}
