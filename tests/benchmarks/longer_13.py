"""Where things stand: positions of four kinds, and none, on two tasks that cannot be done without the order.

    python tests/benchmarks/longer_training.py 13_positions 13_positions_longer

A sequence of independent symbols is labelled at each place: with the symbol LAG places before it ("lag"), or with the
one that stands as far from the end as this from the beginning ("reversed"). The order determines every label, so the
least possible loss is 0. Networks that attend in both directions and have no positions see a bag; causal ones see one
bag for each place. `bag` and `prefix_bag` say how much can be right of what only sees these.
"""

import math
import runpy
from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import torch

from seqlib.batching import Batch, mask_from_lengths
from seqlib.evidence import rounded
from seqlib.nn import TransformerModel
from seqlib.training import Cosine, evaluate, fit

tuned = runpy.run_path(str(Path(__file__).with_name("longer_rates.py")))["tuned"]
CHAPTER = "13"
SYMBOLS, LAG, B = 8, 3, 32
TRAINED = (LAG + 1, 16)  # lengths in the training
TESTED = [4, 8, 12, 16, 18, 20, 24, 28, 32]
CASES = 300  # sequences of each length that a network is tested on
D_MODEL, HEADS, LAYERS = 32, 2, 2


def labelled(task, lengths, rng):
    """Sequences of these lengths, and the label of each place; ids from 1, 0 is padding."""
    lengths = np.asarray(lengths)
    x = rng.integers(1, SYMBOLS + 1, (len(lengths), lengths.max()))
    mask, at = mask_from_lengths(lengths), np.arange(x.shape[1])
    if task == "lag":
        y, counted = np.roll(x, LAG, 1), mask & (at >= LAG)
    else:
        y, counted = np.take_along_axis(x, (lengths[:, None] - 1 - at) % x.shape[1], 1), mask
    return Batch((np.where(mask, x, 0), lengths), np.where(counted, y, 0), counted)


def drawn(task, size, rng):
    """Sequences of lengths in the training."""
    return labelled(task, rng.integers(TRAINED[0], TRAINED[1] + 1, size), rng)


def network(causal, positions):
    """Two layers of two heads, pre-norm."""
    longest = max(TESTED) if positions == "learned" else None
    ids = SYMBOLS + 1
    return TransformerModel(ids, ids, D_MODEL, HEADS, LAYERS, causal=causal, positions=positions, longest=longest)


@cache
def trained(task, causal, positions, steps, rate, seed):
    """A network after training."""

    def data(step):
        return drawn(task, B, np.random.default_rng([seed, step]))

    schedule = Cosine(steps, warmup=steps // 20)
    how = {"lr": rate, "schedule": schedule, "clip_norm": 1.0, "batch_size": B, "seed": seed, "loss": "cross_entropy"}
    return fit(lambda: network(causal, positions), data, steps=steps, **how).model.eval()


def inside(model, task, seed):
    """The loss per label on fresh sequences of lengths in the training."""
    test = drawn(task, 1000, np.random.default_rng([seed, 10**6]))
    return rounded(evaluate(model, [test], loss="cross_entropy"))


def scores(model, task, seed, tested):
    """The loss inside; the share of right labels by length; and by place, of sequences of the length tested last."""
    share, right = [], np.zeros(0)
    for n in tested:
        (x, lengths), y, mask = labelled(task, [n] * CASES, np.random.default_rng([seed, 10**6, n]))
        with torch.no_grad():
            right = model(torch.tensor(x), lengths)[0].argmax(2).numpy() == y
        share.append(rounded(right[mask].mean()))
    places = [rounded(v) for v in right[:, LAG if task == "lag" else 0 :].mean(0)]
    return {"loss": inside(model, task, seed), "share": share, "places": places}


def divided(n, parts, most):
    """The ways to divide n among so many symbols, the commonest first, none of which occurs more than `most` times."""
    if parts == 1:
        return [(n,)] if n <= most else []
    return [(k, *rest) for k in range(min(n, most), -1, -1) for rest in divided(n - k, parts - 1, k)]


def bags(n):
    """How often each symbol occurs among n, the commonest first -> how likely that is, whichever symbols they are."""
    found = {}
    for counts in divided(n, SYMBOLS, n):
        ways = math.factorial(n) // math.prod(math.factorial(c) for c in counts)
        orders = math.factorial(SYMBOLS) // math.prod(math.factorial(k) for k in Counter(counts).values())
        found[counts] = ways * orders / SYMBOLS**n
    return found


def bag(task, n):
    """The largest expected share of right labels of one that sees a place's symbol and how often each symbol occurs.

    The label is any of the other n - 1 symbols, each as likely; but in the middle of an odd length that is reversed,
    which this place is with probability 1 / n, it is the symbol itself.
    """
    middle = n % 2 / n if task == "reversed" else 0.0
    total = 0.0
    for counts, p in bags(n).items():
        for u, count in enumerate(counts):
            others = np.array(counts) - (np.arange(SYMBOLS) == u)
            answer = (1 - middle) * others / (n - 1) + middle * (np.arange(SYMBOLS) == u)
            total += p * count / n * answer.max()
    return rounded(total)


def prefix_bag(n):
    """The largest expected share right of one that, at each place from LAG on, sees how often each stands before it."""
    return rounded(np.mean([sum(p * counts[0] / t for counts, p in bags(t).items()) for t in range(LAG, n)]))


def measured(steps, seeds, rates, tested, arms):
    """Arm -> score -> one value per seed; arms: name -> task, causal, positions; rates: name -> rate."""
    values = {}
    for arm, (task, causal, kind) in arms.items():
        runs = [scores(trained(task, causal, kind, steps, rates[arm], seed), task, seed, tested) for seed in seeds]
        values[arm] = {name: [run[name] for run in runs] for name in runs[0]}
    return values


def positions(steps, seeds, tuning, tried, tested, arms):
    """The losses of the tuning, the rate of each arm, its scores, and what a bag allows by length."""

    def loss(arm, rate, seed):
        task, causal, kind = arms[arm]
        return inside(trained(task, causal, kind, steps, rate, seed), task, seed)

    found, chosen = tuned(arms, tried, tuning, loss)
    levels = {f"bag, {task}": {f"{n}": bag(task, n) for n in tested} for task in ("lag", "reversed")}
    levels["prefix bag, lag"] = {f"{n}": prefix_bag(n) for n in tested}
    values = measured(steps, seeds, chosen, tested, arms)
    return {"tuning": found, "chosen": chosen, "arms": values, "levels": levels}


def positions_longer(steps, seeds, tested, arms, earlier):
    """The scores of some arms after more steps, at the rates that were chosen for fewer."""
    return {"arms": measured(steps, seeds, earlier[0]["chosen"], tested, arms)}


KINDS = {"none": None, "sinusoidal": "sinusoidal", "learned": "learned", "rotary": "rotary"}
ARMS = {f"lag, causal, {name}": ["lag", True, kind] for name, kind in KINDS.items()}
ARMS |= {"lag, none": ["lag", False, None]}
ARMS |= {f"reversed, {name}": ["reversed", False, kind] for name, kind in KINDS.items()}
LONGER = ("lag, causal, none", "reversed, sinusoidal", "reversed, learned", "reversed, rotary")
WHAT = "labels that need the order, positions of four kinds: loss inside, share right by length and by place"
SEEDS = list(range(130, 135))
MEASUREMENTS = {
    "positions": {
        "what": WHAT,
        "unit": "nats, share",
        "measure": positions,
        "settings": {
            "steps": 300,
            "seeds": SEEDS,
            "tuning": [120, 121],
            "tried": [0.003, 0.01, 0.03],
            "tested": TESTED,
            "arms": ARMS,
        },
    },
    "positions_longer": {
        "what": f"{WHAT}, after four times the steps",
        "unit": "nats, share",
        "measure": positions_longer,
        "reads": ["13_positions"],
        "settings": {
            "steps": 1200,
            "seeds": SEEDS,
            "tested": TESTED,
            "arms": {name: ARMS[name] for name in LONGER},
        },
    },
}
