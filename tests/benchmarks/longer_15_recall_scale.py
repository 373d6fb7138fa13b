"""Associative recall by the width of the network, after the same number of steps; and at other rates.

    python tests/benchmarks/longer_training.py 15_recall_

Schaeffer et al. 2023 speak of abilities that emerge with scale. Here widths from 8 to 128 learn for as many steps. Of
a measure, the largest change from one width to the next is compared with the change from the first width to the last.
Written down before the recording: above 0.75 is sudden, below 0.5 is not; a straight line has 0.25. All at one rate.

The rates: of networks that do not fall at 0.003 the least loss is looked up at other rates, each tried once. With 0.01
an LSTM came below what values alone tell. So all of them learn for 3000 steps at that rate, once more with one seed: a
look, of which nothing was written down before.
"""

import itertools
import math
import runpy
from pathlib import Path

import numpy as np

from seqlib.evidence import rounded

RECALL = runpy.run_path(str(Path(__file__).with_name("longer_15_recall.py")))
CHAPTER = "15"
ARMS, STAYS, followed, transformer, text = (
    RECALL[name] for name in ("ARMS", "STAYS", "followed", "transformer", "text")
)


def rates(seeds, sequences, tried, steps):
    """Arm -> rate -> the least loss at repeated keys that was seen, one per seed, of those that did not fall."""
    stay = [arm for arm, (_, steps_) in ARMS.items() if steps_ == STAYS]
    return {
        arm: {
            f"{rate:g}": [rounded(min(followed(arm, seed, sequences, steps, rate)[2]["loss"]), 4) for seed in seeds]
            for rate in tried
        }
        for arm in stay
    }


def longer(seeds, sequences, rate, steps):
    """Arm -> the steps, and the losses at repeated keys there, one line per seed, of those that did not fall."""
    found = {}
    for arm, (_, usual) in ARMS.items():
        for seed in seeds if usual == STAYS else ():
            _, at, of = followed(arm, seed, sequences, steps, rate)
            found.setdefault(arm, {"at": text(at), "loss": []})["loss"].append(text(of["loss"]))
    return found


def scale(seeds, sequences, widths, steps):
    """Measure -> width -> values, one per seed, after so many steps; and the largest change to the next width."""
    found = {}
    for width, seed in itertools.product(widths, seeds):
        last = followed("2 layers", seed, sequences, steps, build=lambda width=width: transformer(2, None, width))[2]
        for name, values in last.items():
            if name != "seconds":
                found.setdefault(name, {}).setdefault(f"{width}", []).append(rounded(values[-1], 4))
    return {"metrics": found, "largest": {name: largest(of) for name, of in found.items()}}


def largest(of):
    """The largest change from one width to the next, of the change from the first to the last: one per seed."""
    runs, found = np.array(list(of.values())).T, []
    for run in runs:
        whole = abs(run[-1] - run[0])
        found.append(rounded(float(np.abs(np.diff(run)).max() / whole)) if whole else math.inf)
    return found


MEASUREMENTS = {
    "recall_scale": {
        "what": "associative recall after a fixed number of steps, two layers of attention, by width",
        "unit": "nats, probability, share",
        "measure": scale,
        "settings": {"seeds": list(range(250, 255)), "sequences": 128, "widths": [8, 16, 32, 64, 128], "steps": 150},
    },
    "recall_rates": {
        "what": "the least loss at repeated keys of those networks that do not fall, at other rates",
        "unit": "nats",
        "measure": rates,
        "settings": {"seeds": [945], "sequences": 128, "tried": [0.001, 0.01], "steps": STAYS},
    },
    "recall_longer": {
        "what": "the loss at repeated keys of those networks that do not fall, over many more steps at a higher rate",
        "unit": "nats",
        "measure": longer,
        "settings": {"seeds": [255], "sequences": 128, "rate": 0.01, "steps": 3000},
    },
}
