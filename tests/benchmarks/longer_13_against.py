"""A Transformer against chapter 12's recurrent networks with attention, after as much CPU time.

    python tests/benchmarks/longer_training.py 13_against 13_heads

Steps are given to each arm by how long one takes: `steps` is for the slowest arm, and each arm has its own multiple,
measured beforehand on the machine of the stored values; the CPU time that each run took is among its scores. Runs of
different arms follow each other, seed by seed. The rate of an arm is tuned for the smaller number of steps.
The heads of `heads` are those of the Transformers that translated dates after the larger number (dates_heads.py).
"""

import runpy
import time
from functools import cache
from itertools import product
from pathlib import Path

import numpy as np
import torch

from seqlib.evidence import rounded
from seqlib.nn import GRU, LSTM, Attention, EncoderDecoder, TransformerTranslator
from seqlib.tasks import Copying, Translation
from seqlib.training import Cosine, evaluate, fit

tuned = runpy.run_path(str(Path(__file__).with_name("longer_rates.py")))["tuned"]
HEADS = runpy.run_path(str(Path(__file__).with_name("dates_heads.py")))
CHAPTER = "13"
B, SYMBOLS, LONGEST = 64, 8, 20
TESTED = [5, 10, 15, 20, 21, 22, 24, 26, 28, 30]
CASES = 200  # sequences of each length that a network is tested on
WINDOWS = 12  # a curve is the mean loss of so many parts of the training
DATES = {part: Translation("dates", part) for part in ("train", "valid", "test")}
TASKS = {"copying": Copying((1, LONGEST), SYMBOLS), "dates": DATES["train"]}


def network(task, kind, size):
    """A Transformer of 2 + 2 layers, or a recurrent network that reads in both directions and attends (dot)."""
    task = TASKS[task]
    if kind == "Transformer":
        return TransformerTranslator(task.vocab_size, task.n_out, size, 4, 2)
    cell, E = (LSTM if kind == "LSTM" else GRU), 24
    reads = cell(E, size // 2, batch_first=True, bidirectional=True)
    writes = cell(E, size, batch_first=True)
    return EncoderDecoder(reads, writes, task.vocab_size, task.n_out, attention=Attention("dot", size))


@cache
def trained(task, kind, size, steps, rate, seed):
    """A network after training, and its curve: the CPU seconds at the end of each part, and the mean loss in it."""
    at = [0.0]

    def data(step):
        return TASKS[task].sample(B, np.random.default_rng([seed, step]))

    schedule = Cosine(steps, warmup=steps // 10)
    how = {"lr": rate, "schedule": schedule, "clip_norm": 1.0, "batch_size": B, "seed": seed, "loss": "cross_entropy"}
    began = time.process_time()
    run = fit(
        lambda: network(task, kind, size),
        data,
        steps=steps,
        on_step=lambda step: at.append(time.process_time() - began),
        **how,
    )
    parts = [part for part in np.array_split(np.arange(steps), WINDOWS) if len(part)]
    curve = [[rounded(at[part[-1] + 1]), rounded(float(np.mean(np.array(run.loss)[part])))] for part in parts]
    return run.model.eval(), curve


def answers(model, batch):
    """The log-probabilities of every symbol after the true ones before it  (B, T, V)."""
    source, lengths, previous = batch.inputs
    with torch.no_grad():
        return torch.log_softmax(model(torch.tensor(source), lengths, torch.tensor(previous))[0].double(), -1).numpy()


def right(log_p, batch):
    """Which targets greedy search writes without a mistake: where each true symbol is the likeliest so far  (B,)."""
    return ((log_p.argmax(2) == batch.y) | ~batch.mask).all(1)


def expected(log_p, batch, P):
    """The expected loss per token, and the expected share without a mistake, of sequences of these probabilities."""
    loss = P @ batch.losses(log_p) / (P @ batch.mask.sum(1))
    return {"loss": rounded(loss), "exact": rounded(P @ right(log_p, batch), 4)}


def loss(model, task, seed):
    """The loss per token: on fresh sequences of the trained lengths, or expected over all dates for validation."""
    if task == "copying":
        test = TASKS[task].sample(1000, np.random.default_rng([seed, 10**6]))
        return rounded(evaluate(model, [test], loss="cross_entropy"))
    batch, P = DATES["valid"].every_case()
    return expected(answers(model, batch), batch, P)["loss"]


def scores(model, task, seed, tested):
    """The loss, and the share without a mistake: by length, or expected over all dates of the test."""
    if task == "dates":
        batch, P = DATES["test"].every_case()
        return expected(answers(model, batch), batch, P)
    exact = []
    for n in tested:
        batch = Copying(n, SYMBOLS).sample(CASES, np.random.default_rng([seed, 10**6, n]))
        exact.append(rounded(right(answers(model, batch), batch).mean()))
    return {"loss": loss(model, task, seed), "exact": exact}


def against(steps, seeds, tuning, tried, longer, tested, arms):
    """Task -> arm -> scores, one per seed, after each number of steps; the tuning, rates, parameters and levels.

    longer: by how much `steps` are multiplied; arms: task -> name -> kind, size, steps in a step of the slowest.
    """
    values = {}
    for task, named in arms.items():

        def run(arm, rate, seed, times=1, named=named, task=task):
            kind, size, speed = named[arm]
            return trained(task, kind, size, round(times * steps * speed), rate, seed)

        def tried_loss(arm, rate, seed, run=run, task=task):
            return loss(run(arm, rate, seed)[0], task, seed)

        found, chosen = tuned(named, tried, tuning, tried_loss)
        of_arm = {arm: {f"{times}": [] for times in longer} for arm in named}
        for seed in seeds:
            for times, arm in product(longer, named):
                model, curve = run(arm, chosen[arm], seed, times)
                told = scores(model, task, seed, tested) | {"seconds": curve[-1][0], "curve": curve}
                of_arm[arm][f"{times}"].append(told)
        size = {arm: sum(p.numel() for p in network(task, *named[arm][:2]).parameters()) for arm in named}
        values[task] = {"tuning": found, "chosen": chosen, "parameters": size}
        values[task]["arms"] = {
            arm: {times: {name: [one[name] for one in runs] for name in runs[0]} for times, runs in of.items()}
            for arm, of in of_arm.items()
        }
    values["levels"] = {
        "floor, dates": rounded(DATES["test"].floor),
        "ceiling, dates": rounded(DATES["test"].ceiling, 4),
        "chance, copying": rounded(TASKS["copying"].chance),
    }
    return values


def against_edge(steps, tuning, tried, arms):
    """Task -> arm -> rate -> the losses of the tuning, at rates beyond those of `against`."""
    found = {}
    for task, named in arms.items():

        def tried_loss(arm, rate, seed, named=named, task=task):
            kind, size, speed = named[arm]
            return loss(trained(task, kind, size, round(steps * speed), rate, seed)[0], task, seed)

        found[task] = tuned(named, tried, tuning, tried_loss)[0]
    return found


def heads(steps, seeds, cases, forms, every, earlier):
    """What switching off costs and whether the weights lie on the gold links, one per seed; the maps of the first."""
    rate, equal = earlier[0]["dates"]["chosen"]["Transformer"], np.full(cases, 1 / cases)
    models = [trained("dates", "Transformer", 32, steps, rate, seed)[0] for seed in seeds]
    cost = []
    for seed, model in zip(seeds, models, strict=True):
        batch = DATES["test"].sample(cases, np.random.default_rng([seed, 10**6]))
        cost.append(HEADS["effects"](model, lambda model, batch=batch: expected(answers(model, batch), batch, equal)))
    gold = [HEADS["on_gold"](model, DATES["test"], every) for model in models]
    return {
        "off": {name: {score: [run[name][score] for run in cost] for score in cost[0][name]} for name in cost[0]},
        "on gold": {name: [run[name] for run in gold] for name in gold[0]},
        "drawn": HEADS["drawn"](models[0], DATES["test"], forms),
    }


SEEDS, TUNING, STEPS = list(range(150, 155)), [140, 141], 90
ARMS = {
    "copying": {"Transformer": ["Transformer", 32, 1.0], "LSTM": ["LSTM", 64, 1.6]},
    "dates": {"Transformer": ["Transformer", 32, 1.0], "GRU": ["GRU", 64, 1.6]},
}
MEASUREMENTS = {
    "against": {
        "what": "copying and dates after equal CPU time: a Transformer and recurrent networks with attention; loss per "
        "token, share without a mistake, CPU seconds, curve of the training",
        "unit": "nats, share, seconds",
        "measure": against,
        "settings": {
            "steps": STEPS,
            "seeds": SEEDS,
            "tuning": TUNING,
            "tried": [0.005, 0.01, 0.02],
            "longer": [1, 3],
            "tested": TESTED,
            "arms": ARMS,
        },
    },
    "against_edge": {
        "what": "the same tuning at twice the largest of its rates: loss per token",
        "unit": "nats",
        "measure": against_edge,
        "settings": {"steps": STEPS, "tuning": TUNING, "tried": [0.04], "arms": ARMS},
    },
    "heads": {
        "what": "dates into Somali: what is lost when a head is switched off; maps of all heads over six dates",
        "unit": "nats, share, percent",
        "measure": heads,
        "reads": ["13_against"],
        "settings": {
            "steps": 3 * STEPS,
            "seeds": SEEDS,
            "forms": ["full en", "full en_GB", "long en", "medium en_GB", "short en", "short en_GB"],
            "cases": 1000,
            "every": 8,
        },
    },
}
