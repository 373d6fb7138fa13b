"""What chapter 7 says of depth: as many weights in one layer or in several, for a task that one can do, and one not.

    python tests/benchmarks/longer_training.py 07_depth 07_asked

Hypotheses about the second, `asked`, set before its first run here (a trial of one and two layers, with seeds 0 to 2,
had been seen): on seeds 10 to 14, each arm at the best of its rates by seeds 0 to 2,
    two layers, and four with residual connections, end below 0.1 nats;
    one layer, and two that keep the directions apart, do not come below the `sum_floor` of tasks.Membership.
The rates went up to 0.08 at first. As this was the best for three arms of five, 0.16 was tried after the first run on
seeds 10 to 14, for all; it was the best for none, so nothing changed.
The control `asked_hidden` was added after trials with seeds 0 to 2 and 10 to 14, so no hypothesis was set for it.
"""

import runpy
from functools import partial
from pathlib import Path

import numpy as np
import torch
from torch import nn

from seqlib.batching import Batch
from seqlib.evidence import rounded
from seqlib.tasks import Membership
from seqlib.training import Cosine, fit

BLANKS = runpy.run_path(str(Path(__file__).with_name("longer_07.py")))
Reader, losses, parsed, states = (BLANKS[name] for name in ("Reader", "losses", "parsed", "states"))

CHAPTER = "07"
TRIED = [0, 1, 2]  # the seeds by which rates are chosen


class Asked(Reader):
    """A Reader whose read-out is linear, or has a layer of `hidden` units with a ReLU."""

    def __init__(self, n_ids, n_out, view, *, hidden=0, **layers):
        super().__init__(n_ids, n_out, view, **layers)
        if hidden:
            width = self.readout.in_features
            self.readout = nn.Sequential(nn.Linear(width, hidden), nn.ReLU(), nn.Linear(hidden, n_out))


def network(arm, embedding, units):
    """What makes a Reader that of an arm, as "4" or "4, residual" or "2, apart".

    Each layer of it has so many units that all have about as many weights as one layer of `units`.
    """
    net = parsed(arm)
    layers, kind = net.values()
    if kind not in ("", "residual", "apart"):
        raise ValueError(f"an arm is a number of layers, or that and residual or apart, got {arm!r}")

    def weights(units, layers):
        below = units if kind == "apart" else 2 * units
        return sum(6 * units * ((below if k else embedding) + units + 2) for k in range(layers))

    width = min(range(1, units + 1), key=lambda h: abs(weights(h, layers) - weights(units, 1)))
    return {"view": states, "units": width} | net


def best(arms, grids):
    """The rate of each arm with the least median in the grids."""
    found = {}
    for arm in arms:
        tried = {float(rate): np.median(values) for grid in grids for rate, values in grid[arm].items()}
        found[arm] = [min(tried, key=tried.get)]
    return found


def depth(seeds, arms, embedding, units, **how):
    """Loss at the blank of the networks of each arm, by rate."""
    how |= {"embedding": embedding, "units": units}
    return {
        arm: {f"{rate}": losses(seeds, network(arm, embedding, units), rate=rate, **how) for rate in rates}
        for arm, rates in arms.items()
    }


def depth_at_best(arms, earlier, **how):
    """The same, at the rate of each arm that was best before."""
    return depth(arms=best(arms, earlier), **how)


def ask(B, rng, symbols, T):
    """Draw a batch of the task, with lengths, as a Reader needs them."""
    batch = Membership(T, symbols).sample(B, rng)
    return Batch((*batch.inputs, np.full(B, T)), batch.y, batch.mask)


def asked_loss(net, *, seed, symbols, T, batch, embedding, units, steps, rate, clip, fresh):
    """The loss on fresh sequences, after training."""
    build = partial(Asked, symbols, 2, embedding=embedding, **{"units": units} | net)
    how = {"lr": rate, "schedule": Cosine(steps), "clip_norm": clip, "seed": seed, "loss": "cross_entropy"}
    draw = partial(ask, symbols=symbols, T=T)
    trained = fit(build, lambda step: draw(batch, np.random.default_rng([seed, step])), steps=steps, **how).model
    test = draw(fresh, np.random.default_rng([seed, 99, 0]))
    with torch.no_grad():
        out = trained.eval()(torch.as_tensor(test.inputs[0]), test.inputs[1])[test.mask]
    return nn.functional.cross_entropy(out.double(), torch.as_tensor(test.y[test.mask])).item()


def asked(seeds, arms, embedding, units, **how):
    """Loss of the networks of each arm when the last symbol asks for the others, by rate."""
    how |= {"embedding": embedding, "units": units}
    return {
        arm: {
            f"{rate}": [
                rounded(asked_loss(network(arm, embedding, units), seed=seed, rate=rate, **how)) for seed in seeds
            ]
            for rate in rates
        }
        for arm, rates in arms.items()
    }


def asked_at_best(arms, earlier, **how):
    """The same, at the rate of each arm that was best before."""
    return asked(arms=best(arms, earlier), **how)


def asked_hidden(seeds, tuning, rates, **how):
    """Loss of one layer whose read-out has a hidden layer: by rate for the seeds of tuning, at the best for others."""
    net = {"view": states, "hidden": how.pop("hidden")}

    def at(rate, seeds):
        return {f"{rate}": [rounded(asked_loss(net, seed=seed, rate=rate, **how)) for seed in seeds]}

    tried = {name: values for rate in rates for name, values in at(rate, tuning).items()}
    (rate,) = best(["1"], [{"1": tried}])["1"]
    return {"tuning": tried, "at the best rate": at(rate, seeds)}


ARMS = ["1", "2", "4", "4, residual", "8", "8, residual"]
GRID = [0.005, 0.01, 0.02, 0.04]
EDGES = {arm: [0.08, 0.16] for arm in ARMS} | {"8": [0.00125, 0.0025, 0.08, 0.16]}  # its best was the smallest
CLIPPED = {"steps": 400} | BLANKS["COMMON"] | {"clip": 1.0}
ASKED = {"steps": 500, "symbols": 4, "T": 12, "embedding": 8, "units": 16, "batch": 32, "clip": 1.0, "fresh": 2000}
ASKED_ARMS = ["1", "2", "2, apart", "4", "4, residual"]
ASKED_GRID = [0.01, 0.02, 0.04, 0.08]
HELD_OUT = "nats, on fresh sequences"
MEASUREMENTS = {
    "depth_grid": {
        "what": "loss by layers and rate",
        "unit": BLANKS["UNIT"],
        "measure": depth,
        "settings": CLIPPED | {"seeds": TRIED, "arms": dict.fromkeys(ARMS, GRID)},
    },
    "depth_edge": {
        "what": "loss by layers, beyond the grid, until no best rate is the last that was tried",
        "unit": BLANKS["UNIT"],
        "measure": depth,
        "settings": CLIPPED | {"seeds": TRIED, "arms": EDGES},
    },
    "depth": {
        "what": "loss by layers, at the best rate",
        "unit": BLANKS["UNIT"],
        "measure": depth_at_best,
        "reads": ["07_depth_grid", "07_depth_edge"],
        "settings": CLIPPED | {"seeds": BLANKS["UNSEEN"], "arms": ARMS},
    },
    "asked_grid": {
        "what": "has the last symbol come by now: loss by layers and rate",
        "unit": HELD_OUT,
        "measure": asked,
        "settings": ASKED | {"seeds": TRIED, "arms": dict.fromkeys(ASKED_ARMS, ASKED_GRID)},
    },
    "asked_edge": {
        "what": "has the last symbol come by now: loss by layers, beyond the grid",
        "unit": HELD_OUT,
        "measure": asked,
        "settings": ASKED | {"seeds": TRIED, "arms": {arm: [0.16] for arm in ASKED_ARMS}},
    },
    "asked": {
        "what": "has the last symbol come by now: loss by layers, at the best rate",
        "unit": HELD_OUT,
        "measure": asked_at_best,
        "reads": ["07_asked_grid", "07_asked_edge"],
        "settings": ASKED | {"seeds": BLANKS["UNSEEN"], "arms": ASKED_ARMS},
    },
    "asked_hidden": {  # 14 units per direction and 16 of the read-out have about as many weights as 16 without
        "what": "has the last symbol come by now: loss of one layer with a hidden layer in its read-out",
        "unit": HELD_OUT,
        "measure": asked_hidden,
        "settings": ASKED
        | {"units": 14, "hidden": 16, "seeds": BLANKS["UNSEEN"], "tuning": TRIED, "rates": [*ASKED_GRID, 0.16]},
    },
}
